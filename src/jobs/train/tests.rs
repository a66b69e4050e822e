//! Small trainings from beginning to end, stopped on the way, and refused.

use std::path::Path;

use burn::tensor::Device;

use super::{ModelShelf, NewModel, PureSpectrum, TrainJob, TrainStart, Watched, folder_name};
use crate::jobs::tests::{finish, jobs};
use crate::jobs::{Failure, Jobs, TrainStage};
use crate::methods::{Method as _, Trained, find};
use crate::nets::Version;
use crate::process::{Pipeline, References};
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};
use crate::synth::Rng;
use crate::train::Crew;
use crate::train::ramixnet::{RamixPlan, Substances, train_ramixnet};

/// Enough to be stopped among them.
const MIXTURES: u64 = 3072;

fn spectrum(lines: &[f64], low: f64, seed: u64) -> Spectrum {
    let axis = Axis::even(AxisKind::RamanShift, low, low + 700.0, 141).unwrap();
    let mut rng = Rng::new(seed, 0);
    let height = |x: &f64| {
        let lines: f64 = lines.iter().map(|at| libm::exp(-((x - low - at) / 14.0).powi(2))).sum();
        (500.0 * lines + 200.0 + 1.5 * rng.normal()) as f32
    };
    let y: Vec<f32> = axis.values().iter().map(height).collect();
    Spectrum::new(axis, y, Metadata::titled("measured")).unwrap()
}

fn pures() -> Vec<(String, Spectrum)> {
    let of = |name: &str, lines: &[f64], seed| (name.to_owned(), spectrum(lines, 300.0, seed));
    vec![of("a", &[100.0, 400.0], 1), of("b", &[220.0, 600.0], 2), of("a", &[100.0, 400.0], 3)]
}

fn new(name: &str, measured: Vec<(String, Spectrum)>) -> NewModel {
    let pure = |(substance, spectrum)| PureSpectrum {
        substance,
        spectrum,
        steps: Pipeline::default(),
        references: References::none(),
    };
    NewModel {
        name: name.to_owned(),
        version: Version::II,
        pures: measured.into_iter().map(pure).collect(),
        minutes: 5.0,
        samples: Some(MIXTURES),
        seed: 3,
    }
}

fn job(models: &Path, start: TrainStart) -> TrainJob {
    TrainJob { models: models.to_owned(), start, course: Watched::default() }
}

fn begin(models: &Path, name: &str, measured: Vec<(String, Spectrum)>) -> TrainJob {
    job(models, TrainStart::New(Box::new(new(name, measured))))
}

fn run(jobs: &Jobs, bell: &crate::jobs::tests::Bell, job: &TrainJob) -> Result<&'static Trained, Failure> {
    finish(bell, &mut jobs.train("training", job.clone())).1
}

#[test]
fn folders_are_named_like_models_as_far_as_every_system_allows() {
    for (name, folder) in [
        ("Solvents, lab 3", "solvents-lab-3"),
        (" ../../etc ", "etc"),
        ("Öl & Wasser", "l-wasser"),
        ("水", "model"),
        ("", "model"),
        ("CON", "con-model"),
        ("com1", "com1-model"),
        ("comb", "comb-model"),
    ] {
        assert_eq!(folder_name(name), folder, "{name}");
    }
    assert!(folder_name(&"long ".repeat(40)).len() <= 40);
}

#[test]
fn a_training_that_was_stopped_and_taken_up_gives_the_model_of_one_that_was_not() {
    let (jobs, bell) = jobs();
    let folder = tempfile::tempdir().unwrap();
    let models = folder.path().join("models");
    assert!(ModelShelf::read(&models).models.is_empty(), "a folder that is not there is empty");

    let asked = begin(&models, "Stopped one", pures());
    let mut handle = jobs.train("training", asked.clone());
    let learned = || asked.course.now().samples >= 64;
    bell.wait(|| learned().then_some(()));
    handle.cancel();
    assert_eq!(finish(&bell, &mut handle).1.unwrap_err(), Failure::Cancelled);
    let shelf = ModelShelf::read(&models);
    let [there] = shelf.unfinished.as_slice() else { panic!("{shelf:?}") };
    assert_eq!((there.name.as_str(), there.substances.join("")), ("Stopped one", "ab".to_owned()));
    assert!(there.samples >= 64 && there.samples < MIXTURES && there.all == MIXTURES, "{there:?}");
    let again = run(&jobs, &bell, &begin(&models, "stopped  ONE", pures())).unwrap_err().to_string();
    assert!(again.contains("already"), "{again}");

    let went_on = job(&models, TrainStart::GoOn(there.folder.clone()));
    let model = run(&jobs, &bell, &went_on).unwrap();
    let course = went_on.course.now();
    assert_eq!((course.stage, course.samples), (TrainStage::Finishing, MIXTURES));
    assert_eq!((model.name(), model.id()), ("Stopped one", "ramixnet:stopped-one"));
    assert_eq!(find("ramixnet:stopped-one").unwrap().info(), model.info());

    let substances = Substances::new(&pures()).unwrap();
    let plan = RamixPlan::new(Version::II, substances.names.clone(), 3).with_samples(MIXTURES);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let crew = Crew::of_cpu(Device::flex(), threads).unwrap();
    let out = folder.path().join("straight");
    let straight =
        train_ramixnet(&plan, &substances, None, &out, (&crew, "CPU"), "", &|| true, &mut |_| {}).unwrap();
    let straight = straight.unwrap().card;
    assert_eq!(straight.weights.sha256, model.card.weights.sha256, "the same seeds give the same bytes");

    let shelf = ModelShelf::read(&models);
    assert!(shelf.unfinished.is_empty() && shelf.troubles.is_empty(), "{shelf:?}");
    assert!(std::ptr::eq(shelf.models[0], model), "a model that is known is not made again");
    let gone = finish(&bell, &mut jobs.models(models.clone(), Some(model.folder.clone()))).1.unwrap();
    model.forget();
    assert!(gone.models.is_empty() && !model.folder.exists());
    let error = find("ramixnet:stopped-one").err().unwrap().to_string();
    assert!(error.contains("no trained model 'ramixnet:stopped-one'"), "{error}");
}

#[test]
fn what_was_reached_can_be_used_as_it_is() {
    let (jobs, bell) = jobs();
    let folder = tempfile::tempdir().unwrap();
    let asked = begin(folder.path(), "as it is", pures());
    let mut handle = jobs.train("training", asked.clone());
    bell.wait(|| (asked.course.now().samples >= 64).then_some(()));
    handle.cancel();
    finish(&bell, &mut handle).1.unwrap_err();
    let there = ModelShelf::read(folder.path()).unfinished.remove(0);
    let model = run(&jobs, &bell, &job(folder.path(), TrainStart::AsItIs(there.folder))).unwrap();
    assert_eq!(model.card.training.samples, there.samples);
    assert!(model.card.panel.is_some());
    model.forget();
}

#[test]
fn spectra_that_cannot_be_trained_together_leave_nothing_behind() {
    let (jobs, bell) = jobs();
    let folder = tempfile::tempdir().unwrap();
    let mut apart = pures();
    apart[1].1 = spectrum(&[100.0], 2000.0, 4);
    let mut flat = pures();
    flat[1].1 = Spectrum::new(flat[1].1.axis().clone(), vec![5.0; 141], Metadata::titled("empty")).unwrap();
    for (measured, word) in
        [(pures()[..1].to_vec(), "2 substances"), (apart, "b"), (flat, "nothing stands out")]
    {
        let said = run(&jobs, &bell, &begin(folder.path(), "no", measured)).unwrap_err().to_string();
        assert!(said.contains(word), "{said}");
        assert!(!folder.path().join("no").exists());
    }
    std::fs::create_dir_all(folder.path().join("mine")).unwrap();
    let other = Some(folder.path().join("mine"));
    let kept = finish(&bell, &mut jobs.models(folder.path().to_owned(), other)).1.unwrap_err();
    assert!(kept.to_string().contains("left alone") && folder.path().join("mine").is_dir(), "{kept}");
}
