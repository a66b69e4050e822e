//! Pipelines and searches as jobs.

use std::sync::Arc;

use super::{finish, jobs};
use crate::jobs::{Failure, Indexes, SearchJob};
use crate::library::{Facts, Library, SearchOptions};
use crate::process::{Pipeline, References};
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum, SpectrumSet};

const POINTS: usize = 500;

fn line(at_cm1: f64) -> Vec<f32> {
    let axis = axis();
    axis.values().iter().map(|x| libm::exp(-((x - at_cm1) / 10.0).powi(2)) as f32 + 0.1).collect()
}

fn axis() -> Axis {
    Axis::even(AxisKind::RamanShift, 100.0, 1098.0, POINTS).unwrap()
}

fn spectrum(at_cm1: f64) -> Arc<Spectrum> {
    Arc::new(Spectrum::new(axis(), line(at_cm1), Metadata::titled(format!("line at {at_cm1}"))).unwrap())
}

fn set(rows: usize) -> Arc<SpectrumSet> {
    let lines: Vec<Vec<f32>> = (0..7_u8).map(|i| line(200.0 + 50.0 * f64::from(i))).collect();
    let block = lines.iter().cycle().take(rows).flatten().copied().collect();
    Arc::new(SpectrumSet::new(axis(), block, rows, Metadata::titled("map")).unwrap())
}

fn library(lines: &[f64]) -> Arc<Library> {
    let mut library = Library::new("lines");
    for at in lines {
        library.add(Facts::named(format!("S{at}")), Spectrum::clone(&spectrum(*at)));
    }
    Arc::new(library)
}

fn pipeline() -> Pipeline {
    "crop:150-900|arpls|normalize:max".parse().unwrap()
}

#[test]
fn a_map_is_prepared_as_its_rows_are_whether_quick_or_long() {
    let (jobs, bell) = jobs();
    // The second is large enough to be long work.
    for rows in [5, 2200] {
        let set = set(rows);
        let steps: Pipeline = "crop:150-900|normalize:max".parse().unwrap();
        let mut handle = jobs.prepare_set(Arc::clone(&set), steps.clone(), References::none());
        let done = finish(&bell, &mut handle).1.unwrap();
        let single = steps.run(&set.spectrum(3).unwrap(), &References::none()).unwrap();
        assert_eq!(done.set.row(3), Some(single.y()));
        assert_eq!(done.set.len(), rows);
    }
}

#[test]
fn a_pipeline_that_cannot_run_or_is_cancelled_gives_nothing() {
    let (jobs, bell) = jobs();
    let beyond: Pipeline = "crop:2000-3000".parse().unwrap();
    let mut handle = jobs.prepare_set(set(3), beyond, References::none());
    let refused = finish(&bell, &mut handle).1.unwrap_err().to_string();
    assert!(refused.contains("2000"), "{refused}");
    let mut handle = jobs.prepare_set(set(3000), pipeline(), References::none());
    handle.cancel();
    assert_eq!(finish(&bell, &mut handle).1.map(|done| done.set.len()), Err(Failure::Cancelled));
}

fn search(at_cm1: f64, library: &Arc<Library>, indexes: &Arc<Indexes>) -> SearchJob {
    SearchJob {
        spectrum: spectrum(at_cm1),
        pipeline: Pipeline::default(),
        references: References::none(),
        library: Arc::clone(library),
        options: SearchOptions::default(),
        indexes: Arc::clone(indexes),
    }
}

#[test]
fn a_search_ranks_the_library_and_refuses_with_a_sentence() {
    let (jobs, bell) = jobs();
    let (library, indexes) = (library(&[300.0, 500.0, 700.0]), Arc::new(Indexes::default()));
    for at in [300.0, 500.0, 700.0] {
        let mut handle = jobs.search(search(at, &library, &indexes));
        let ranking = finish(&bell, &mut handle).1.unwrap();
        assert_eq!((&*ranking.hits[0].name, ranking.compared), (format!("S{at}").as_str(), 3));
    }
    let mut handle = jobs.search(search(300.0, &Arc::new(Library::new("none")), &indexes));
    assert!(matches!(finish(&bell, &mut handle).1, Err(Failure::Refused(why)) if !why.is_empty()));
    let cut = SearchJob { pipeline: "crop:5000-6000".parse().unwrap(), ..search(300.0, &library, &indexes) };
    let mut handle = jobs.search(cut);
    assert!(finish(&bell, &mut handle).1.unwrap_err().to_string().contains("5000"));
}
