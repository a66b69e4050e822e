//! A small library of known lines, a mixture, and what methods say about it; for tests.

use std::sync::Arc;

use super::{
    Components, Method, Outcome, References, Request, Uncertainty, Unlisted, Unwatched, find, methods,
};
use crate::library::{Facts, Library};
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};
use crate::synth::Rng;

/// Line positions of each species; two rows of quartz and near relatives among them.
pub const LINES: [(&str, &str, &[f64]); 6] = [
    ("Calcite A", "Calcite", &[282.0, 712.0, 1086.0]),
    ("Quartz A", "Quartz", &[206.0, 464.0, 808.0]),
    ("Quartz B", "Quartz", &[207.0, 465.0, 1160.0]),
    ("Gypsum A", "Gypsum", &[415.0, 620.0, 1008.0]),
    ("Anatase A", "Anatase", &[396.0, 515.0, 639.0]),
    ("Urea A", "Urea", &[550.0, 1010.0, 1175.0]),
];
pub const POINTS: usize = 600;

pub fn axis() -> Arc<Axis> {
    Arc::new(Axis::even(AxisKind::RamanShift, 150.0, 1349.0, POINTS).unwrap())
}

pub fn curve(lines: &[f64]) -> Vec<f32> {
    let height = |x: f64| {
        let line = |(k, at): (usize, &f64)| libm::exp(-((x - at) / 8.0).powi(2)) / (k + 1) as f64;
        lines.iter().enumerate().map(line).sum::<f64>() as f32
    };
    axis().values().iter().map(|x| height(*x)).collect()
}

/// All of them but one group.
pub fn library(without: &str) -> Library {
    let mut library = Library::new("test");
    for (name, group, lines) in LINES.iter().filter(|(_, group, _)| *group != without) {
        let facts = Facts { group: (*group).to_owned(), ..Facts::named(*name) };
        library.add(facts, Spectrum::new(axis(), curve(lines), Metadata::titled(*name)).unwrap());
    }
    library
}

/// 600 counts of calcite, 300 of the first quartz, a wide background, noise of 3 counts.
pub fn mixed() -> Spectrum {
    let mut rng = Rng::new(11, 0);
    let (calcite, quartz) = (curve(LINES[0].2), curve(LINES[1].2));
    let y: Vec<f32> = (0..POINTS)
        .map(|i| {
            let background = 500.0 + 200.0 * libm::sin(3.0 * i as f64 / POINTS as f64);
            600.0 * calcite[i] + 300.0 * quartz[i] + (background + 3.0 * rng.normal()) as f32
        })
        .collect();
    Spectrum::new(axis(), y, Metadata::titled("mixture")).unwrap()
}

/// The whole library on its axis.
pub fn references() -> References {
    References::new(&library(""), &axis()).unwrap()
}

/// What a method says about a mixture of two.
pub fn outcome_of(id: &str, mixture: &Spectrum) -> Outcome {
    let references = references();
    let request = Request::new(mixture, Some(&references)).with_components(Components::Exactly(2));
    find(id).unwrap().run(&request, &Unwatched).unwrap()
}

/// The same answer of two components from a method that knows how sure it is: both have bands and intervals, and the
/// library does not hold the second.
pub fn unsure(mut outcome: Outcome) -> Outcome {
    for (component, share) in outcome.components.iter_mut().zip([(0.6, 0.72), (0.28, 0.4)]) {
        component.uncertainty = Some(Uncertainty { band: vec![5.0; component.spectrum.len()], share });
    }
    let second = &mut outcome.components[1];
    let nearest = second.species.take();
    second.name = "Not in the library".to_owned();
    second.unlisted = Some(Unlisted { probability: 0.91, peaks_cm1: vec![464.5, 206.0], nearest });
    outcome
}

/// The methods that fit spectra of a library: what they find here is known beforehand. A trained network's answer is not.
pub fn fitting() -> impl Iterator<Item = &'static dyn Method> {
    methods().iter().copied().filter(|method| method.info().needs_library)
}
