//! Searching made-up libraries whose answers are known.

use proptest::prelude::*;

use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum, metrics, resample};

use super::super::testing::{lines_over, peak, peak_over};
use super::super::{EntryId, Facts, Library, LibraryError};
use super::*;

const PLACES: [f64; 8] = [230.0, 341.0, 464.0, 612.0, 780.0, 988.0, 1086.0, 1320.0];

fn minerals() -> Library {
    let mut library = Library::new("minerals");
    for (i, at) in PLACES.iter().enumerate() {
        let pair = [*at, *at + 40.0 + i as f64];
        for (specimen, shift) in [("a", 0.0), ("b", 1.5)] {
            let facts =
                Facts { name: format!("M{i} {specimen}"), group: format!("M{i}"), ..Facts::default() };
            let moved: Vec<f64> = pair.iter().map(|line| line + shift).collect();
            library.add(facts, lines_over(&moved, 100.0, 1500.0, 1061));
        }
    }
    library
}

fn with(metric: Metric) -> SearchOptions {
    SearchOptions { metric, ..SearchOptions::default() }
}

fn scaled(spectrum: &Spectrum, f: impl Fn(f32) -> f32) -> Spectrum {
    let y: Vec<f32> = spectrum.y().iter().map(|v| f(*v)).collect();
    spectrum.derive(Arc::clone(spectrum.axis()), y, "changed").unwrap()
}

#[test]
fn every_entry_finds_itself_first_by_every_metric() {
    let library = minerals();
    let index = Index::new(&library).unwrap();
    for metric in Metric::ALL {
        for entry in library.entries() {
            let ranking = index.search(&entry.spectrum, &with(metric)).unwrap();
            let first = &ranking.hits[0];
            assert_eq!((first.entry, &*first.species), (entry.id, entry.facts.group.as_str()));
            // The angle of two equal curves is the root of the rounding error of their cosine.
            assert!(first.score > 0.999 && first.score <= 1.0, "{metric:?} {}", first.score);
            assert_eq!((ranking.hits.len(), first.specimens), (8, 2));
            let gap = first.score - ranking.hits[1].score;
            assert!((first.margin.unwrap() - gap).abs() < 1e-12 && gap > 0.1);
            assert_eq!(ranking.hits[7].margin, None);
        }
    }
}

#[test]
fn scores_are_those_of_the_metrics_written_out() {
    let library = minerals();
    let index = Index::new(&library).unwrap();
    // Shorter than the library at both ends, with an offset, on the library's own points.
    let source = &library.entries()[5].spectrum;
    let range = source.axis().range(300.0, 1200.0);
    let axis = Axis::new(AxisKind::RamanShift, source.x()[range.clone()].to_vec()).unwrap();
    let y: Vec<f32> =
        source.y()[range.clone()].iter().enumerate().map(|(i, v)| 40.0 * v + 3.0 + 0.01 * i as f32).collect();
    let query = Spectrum::new(axis, y.clone(), Metadata::default()).unwrap();
    for metric in [Metric::Cosine, Metric::Pearson, Metric::Sad] {
        let options = SearchOptions { fold: None, ..with(metric) };
        for hit in index.search(&query, &options).unwrap().hits {
            let entry = &library.get(hit.entry).unwrap().spectrum.y()[range.clone()];
            let expected = match metric {
                Metric::Cosine => metrics::cosine(&y, entry),
                Metric::Pearson => metrics::pearson(&y, entry),
                _ => 1.0 - metrics::sad_rad(&y, entry) * std::f64::consts::FRAC_2_PI,
            };
            // Worst for an entry whose lines lie outside the overlap: only its tails are left, in single precision.
            assert!((hit.score - expected).abs() < 1e-4, "{metric:?} {} {expected}", hit.score);
            assert!((hit.overlap - 1.0).abs() < 1e-12 && hit.low_cm1 >= 299.9 && hit.high_cm1 <= 1200.1);
        }
    }
}

#[test]
fn weighted_windows_decide_what_counts() {
    let mut library = Library::new("two");
    library.add(Facts::named("left"), lines_over(&[300.0, 900.0], 100.0, 1500.0, 1401));
    library.add(Facts::named("right"), lines_over(&[500.0, 1200.0], 100.0, 1500.0, 1401));
    let index = Index::new(&library).unwrap();
    let query = lines_over(&[300.0, 1200.0, 1200.0], 100.0, 1500.0, 1401);
    let window = |low_cm1, high_cm1, weight| Window { low_cm1, high_cm1, weight };
    let first = |windows: Vec<Window>| {
        let options = SearchOptions { windows, ..SearchOptions::default() };
        index.search(&query, &options).unwrap().hits[0].species.to_string()
    };
    assert_eq!(first(vec![]), "right");
    assert_eq!(first(vec![window(200.0, 700.0, 1.0)]), "left");
    assert_eq!(first(vec![window(200.0, 700.0, 8.0), window(700.0, 1500.0, 0.5)]), "left");
    // A weighted score is the weighted correlation.
    let options = SearchOptions {
        windows: vec![window(200.0, 700.0, 3.0), window(600.0, 1300.0, 1.0)],
        ..with(Metric::Cosine)
    };
    let hit = &index.search(&query, &options).unwrap().hits[0];
    let entry = &library.get(hit.entry).unwrap().spectrum;
    let weigh = |s: &Spectrum| -> Vec<f32> {
        let root = |x: f64| match x {
            x if (200.0..=700.0).contains(&x) => 3.0_f32.sqrt(),
            x if (600.0..=1300.0).contains(&x) => 1.0,
            _ => 0.0,
        };
        s.x().iter().zip(s.y()).map(|(x, y)| root(*x) * y).collect()
    };
    assert!((hit.score - metrics::cosine(&weigh(&query), &weigh(entry))).abs() < 1e-5);
}

#[test]
fn unusable_windows_and_queries_are_refused_with_a_sentence() {
    let index = Index::new(&minerals()).unwrap();
    let search = |spectrum: &Spectrum, windows: Vec<Window>| {
        index.search(spectrum, &SearchOptions { windows, ..SearchOptions::default() })
    };
    let window = |low_cm1, high_cm1, weight| vec![Window { low_cm1, high_cm1, weight }];
    let query = peak(464.0);
    for bad in [window(500.0, 400.0, 1.0), window(400.0, 500.0, 0.0), window(f64::NAN, 500.0, 1.0)] {
        assert!(matches!(search(&query, bad), Err(LibraryError::BadWindow { .. })));
    }
    assert!(matches!(search(&query, window(3000.0, 3100.0, 1.0)), Err(LibraryError::OutsideGrid { .. })));
    let ch = peak_over(2900.0, 2800.0, 3100.0, 300);
    assert!(search(&ch, vec![]).unwrap_err().to_string().contains("too little range"));
    let flat = scaled(&query, |_| 7.0);
    assert!(search(&flat, vec![]).unwrap_err().to_string().contains("flat between 100 and 1500"));
    let nm =
        Spectrum::new(query.axis().relabelled(AxisKind::Wavelength), query.y(), Metadata::titled("no laser"));
    let said = search(&nm.unwrap(), vec![]).unwrap_err().to_string();
    assert!(said.contains("\"no laser\"") && said.contains("laser wavelength"), "{said}");
}

#[test]
fn a_query_in_nanometres_is_converted_by_its_laser() {
    let index = Index::new(&minerals()).unwrap();
    let mut query = minerals().entries()[4].spectrum.clone();
    query.meta.laser_nm = Some(532.0);
    let nm = query.converted(&AxisKind::Wavelength).unwrap();
    assert_eq!(&*index.search(&nm, &SearchOptions::default()).unwrap().hits[0].species, "M2");
}

#[test]
fn little_overlap_ranks_behind_enough_overlap_whatever_its_score() {
    let mut library = Library::new("ranges");
    library.add(Facts::named("poor but whole"), peak(700.0));
    library.add(Facts::named("good but short"), peak_over(1086.0, 1060.0, 1500.0, 350));
    library.add(Facts::named("elsewhere"), peak_over(2900.0, 2800.0, 3100.0, 300));
    let nameless = peak(464.0).axis().relabelled(AxisKind::Pixel);
    let pixels = Spectrum::new(nameless, peak(464.0).y(), Metadata::default()).unwrap();
    library.add(Facts::named("pixels"), pixels);
    let index = Index::new(&library).unwrap();
    assert_eq!(index.skipped().iter().map(|(id, _)| *id).collect::<Vec<_>>(), [EntryId(3)]);
    let query = lines_over(&[1086.0, 712.0], 100.0, 1110.0, 900);
    let ranking = index.search(&query, &SearchOptions::default()).unwrap();
    let order: Vec<(&str, bool)> = ranking.hits.iter().map(|h| (&*h.species, h.enough_overlap)).collect();
    assert_eq!(order, [("poor but whole", true), ("good but short", false)]);
    assert!(ranking.hits[1].score > ranking.hits[0].score && ranking.hits[0].margin.is_none());
    assert_eq!((ranking.compared, ranking.left_out), (2, 1));
}

#[test]
fn a_synonym_is_folded_and_the_margin_goes_to_the_next_substance() {
    let mut library = minerals();
    library.add(Facts::named("Synonym of M3"), lines_over(&[612.0, 655.0], 90.0, 1510.0, 1700));
    let index = Index::new(&library).unwrap();
    let query = library.entries()[6].spectrum.clone();
    let folded = index.search(&query, &SearchOptions::default()).unwrap();
    assert_eq!(folded.hits[0].folded[0].species.as_ref(), "Synonym of M3");
    assert!(folded.hits[0].margin.unwrap() > 0.1);
    let options = SearchOptions { fold: None, max_hits: 1, ..SearchOptions::default() };
    let kept = index.search(&query, &options).unwrap();
    assert!(kept.hits.len() == 1 && kept.hits[0].margin.unwrap() < 1e-3);
}

#[test]
fn many_queries_get_the_answers_of_single_ones() {
    let library = minerals();
    let index = Index::new(&library).unwrap();
    let mut queries: Vec<Spectrum> = library.entries().iter().map(|e| e.spectrum.clone()).collect();
    queries.insert(3, peak_over(2900.0, 2800.0, 3100.0, 300));
    for metric in Metric::ALL {
        let all = index.search_all(&queries, &with(metric));
        assert_eq!(all.len(), queries.len());
        for (query, answer) in queries.iter().zip(all) {
            match (index.search(query, &with(metric)), answer) {
                (Ok(single), Ok(batch)) => assert_eq!(single, batch),
                (single, batch) => assert!(single.is_err() && batch.is_err()),
            }
        }
    }
}

#[test]
fn grids_and_libraries_that_make_no_sense_are_refused() {
    let empty = Library::new("empty");
    assert!(matches!(Index::new(&empty), Err(LibraryError::NothingToSearch)));
    let grid = |low_cm1, high_cm1, step_cm1| Grid { low_cm1, high_cm1, step_cm1 };
    assert!(matches!(Index::with_grid(&empty, grid(100.0, 900.0, 1.0)), Err(LibraryError::NothingToSearch)));
    let library = minerals();
    for bad in [grid(9.0, 1.0, 1.0), grid(1.0, 9.0, 0.0), grid(0.0, 1e9, 1e-3), grid(f64::NAN, 1.0, 1.0)] {
        assert!(matches!(Index::with_grid(&library, bad), Err(LibraryError::BadGrid { .. })));
    }
    let coarse = Index::with_grid(&library, grid(200.0, 1400.0, 4.0)).unwrap();
    assert_eq!(coarse.grid().len(), 301);
    let query = &library.entries()[9].spectrum;
    assert_eq!(coarse.search(query, &with(Metric::Derivative)).unwrap().hits[0].entry, EntryId(9));
}

#[test]
fn entries_on_one_grid_are_taken_as_they_are() {
    let index = Index::new(&minerals()).unwrap();
    assert_eq!(index.grid().len(), 1061);
    let spectrum = minerals().entries()[0].spectrum.clone();
    let same =
        resample::resample(spectrum.axis(), spectrum.y(), index.grid(), resample::Interpolation::Linear, 0.0);
    assert!(same.iter().zip(spectrum.y()).all(|(a, b)| (a - b).abs() < 1e-5));
}

proptest! {
    #[test]
    fn the_scale_of_the_query_changes_nothing(
        entry in 0_usize..16, exponent in -25_i32..25, metric in 0_usize..4, offset in -0.2_f32..0.2,
    ) {
        let library = minerals();
        let index = Index::new(&library).unwrap();
        let options = SearchOptions { fold: None, ..with(Metric::ALL[metric]) };
        let query = scaled(&library.entries()[entry].spectrum, |v| v + offset);
        let other = scaled(&query, |v| v * 10.0_f32.powi(exponent));
        let (a, b) = (index.search(&query, &options).unwrap(), index.search(&other, &options).unwrap());
        prop_assert_eq!(a.hits[0].entry, b.hits[0].entry);
        for (a, b) in a.hits.iter().zip(&b.hits) {
            prop_assert!((a.score - b.score).abs() < 1e-4, "{} {}", a.score, b.score);
        }
    }

    #[test]
    fn an_entry_finds_its_species_first_through_noise(
        entry in 0_usize..16, metric in 0_usize..4, noise in prop::collection::vec(-0.06_f32..0.06, 1061),
    ) {
        let library = minerals();
        let index = Index::new(&library).unwrap();
        let clean = &library.entries()[entry];
        let y: Vec<f32> = clean.spectrum.y().iter().zip(&noise).map(|(v, n)| v + n).collect();
        let query = clean.spectrum.derive(Arc::clone(clean.spectrum.axis()), y, "noise").unwrap();
        let ranking = index.search(&query, &with(Metric::ALL[metric])).unwrap();
        prop_assert_eq!(&*ranking.hits[0].species, clean.facts.group.as_str());
    }
}
