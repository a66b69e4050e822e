//! What all methods have in common, on a small library of known lines; what those that fit its spectra have.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::library::{Facts, Library};
use crate::solvers::Metric;
use crate::spectrum::metrics::pearson;
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};
use crate::synth::Rng;

use super::testing::{LINES, POINTS, axis, curve, fitting, library, mixed};
use super::{
    Components, MethodError, Outcome, References, Request, Settings, Unwatched, Watch, find, methods,
};

fn run(
    id: &str,
    library: &Library,
    components: Components,
    settings: Settings,
) -> Result<Outcome, MethodError> {
    let references = References::new(library, &axis())?;
    let mixture = mixed();
    let request =
        Request::new(&mixture, Some(&references)).with_components(components).with_settings(settings);
    find(id)?.run(&request, &Unwatched)
}

fn names(outcome: &Outcome) -> Vec<&str> {
    outcome.components.iter().map(|c| c.name.as_str()).collect()
}

#[test]
fn every_method_that_fits_a_library_finds_the_pair_asked_for_and_its_amounts() {
    // How close a network comes depends on its training.
    for method in fitting().filter(|method| !method.info().network) {
        let outcome = run(method.id(), &library(""), Components::Exactly(2), Settings::default()).unwrap();
        assert_eq!(names(&outcome), ["Calcite", "Quartz"], "{}", method.id());
        let calcite = &outcome.components[0];
        // Lines of equal width: shares go as heights, 600 : 300. Noise of 3 on 600 counts over some 20 points.
        assert!((calcite.share - 2.0 / 3.0).abs() < 0.01, "{}: {}", method.id(), calcite.share);
        assert!((calcite.entries[0].weight - 600.0).abs() < 6.0, "{}: {:?}", method.id(), calcite.entries);
        assert_eq!(calcite.entries[0].name, "Calcite A");
        assert!(pearson(&calcite.spectrum, &curve(LINES[0].2)) > 0.999, "{}", method.id());
        assert!(outcome.unexplained.peaks.is_empty() && (outcome.unexplained.noise - 3.0).abs() < 0.6);
        assert!(
            (outcome.unexplained.ratio - 1.0).abs() < 0.3,
            "{}: {}",
            method.id(),
            outcome.unexplained.ratio
        );
    }
}

#[test]
fn an_automatic_answer_has_no_components_that_are_not_there() {
    for id in ["evidence", "nnomp", "nnols", "sunsal", "nnls"] {
        let outcome = run(id, &library(""), Components::Auto, Settings::default()).unwrap();
        assert_eq!(names(&outcome), ["Calcite", "Quartz"], "{id}");
    }
}

/// 300 species of five random lines each, and a mixture of two of them with noise of a thirtieth of the first.
fn crowd() -> (Library, Spectrum) {
    let mut library = Library::new("crowd");
    let mut rng = Rng::new(3, 0);
    let mut y = vec![0.0_f32; POINTS];
    for k in 0..300 {
        let lines: Vec<f64> = (0..5).map(|_| rng.uniform(150.0, 1349.0)).collect();
        let row = curve(&lines);
        let amount = [90.0, 40.0].get(k).copied().unwrap_or(0.0);
        y.iter_mut().zip(&row).for_each(|(y, v)| *y += amount * v);
        let name = format!("species {k}");
        library.add(Facts::named(&*name), Spectrum::new(axis(), row, Metadata::titled(&*name)).unwrap());
    }
    let y: Vec<f32> = y.iter().map(|y| y + (3.0 * rng.normal()) as f32).collect();
    (library, Spectrum::new(axis(), y, Metadata::titled("mixture")).unwrap())
}

#[test]
fn nnls_answers_with_the_strongest_of_many_that_fit_noise() {
    let (library, mixture) = crowd();
    let references = References::new(&library, &axis()).unwrap();
    let outcome = find("nnls").unwrap().run(&Request::new(&mixture, Some(&references)), &Unwatched).unwrap();
    let atoms = outcome.diagnostics.iter().find(|d| d.name == "atoms").unwrap().value;
    assert!(atoms > 50.0, "the point of this test: {atoms} rows have weight");
    assert_eq!(names(&outcome), ["species 0", "species 1"]);
    // Asked for nothing weaker than the whole, it still gives the strongest.
    let strict =
        Request::new(&mixture, Some(&references)).with_settings(Settings::default().with("min_share", 1.0));
    let outcome = find("nnls").unwrap().run(&strict, &Unwatched).unwrap();
    assert_eq!(names(&outcome), ["species 0"]);
}

#[test]
fn the_evidence_search_is_sure_of_what_is_there_and_shows_what_is_not() {
    let sure = run("evidence", &library(""), Components::Auto, Settings::default()).unwrap();
    assert!(sure.components.iter().all(|c| c.confidence.is_some_and(|p| p > 0.9)), "{:?}", sure.components);
    let axis_shift = sure.diagnostic("axis_shift").unwrap();
    assert!(axis_shift.abs() < 1e-9, "{axis_shift}");
    let without = run("evidence", &library("Quartz"), Components::Auto, Settings::default()).unwrap();
    assert_eq!(without.components[0].name, "Calcite");
    let at = without.unexplained.peaks[0].position_cm1;
    assert!((at - 206.0).abs() <= 4.0, "{at}");
}

#[test]
fn an_axis_that_is_off_is_noticed_and_the_components_lie_where_the_sample_has_them() {
    let off = Arc::new(Axis::even(AxisKind::RamanShift, 152.4, 1351.4, POINTS).unwrap());
    let moved = Spectrum::new(Arc::clone(&off), mixed().y().to_vec(), Metadata::default()).unwrap();
    let references = References::new(&library(""), &off).unwrap();
    let request = Request::new(&moved, Some(&references)).with_components(Components::Exactly(2));
    let outcome = find("evidence").unwrap().run(&request, &Unwatched).unwrap();
    assert_eq!(names(&outcome), ["Calcite", "Quartz"]);
    let shift = outcome.diagnostic("axis_shift").unwrap();
    assert!((shift - 2.4).abs() < 0.5, "{shift}");
    // The curves of the unmoved mixture, point by point: only the positions were relabelled.
    assert!(pearson(&outcome.components[0].spectrum, &curve(LINES[0].2)) > 0.99);
}

#[test]
fn the_parts_of_an_outcome_add_up_to_the_mixed() {
    for method in methods() {
        let outcome = run(method.id(), &library(""), Components::Exactly(2), Settings::default()).unwrap();
        for (i, y) in outcome.mixture.y().iter().enumerate() {
            let parts: f32 = outcome.components.iter().map(|c| c.spectrum[i]).sum();
            // A few roundings of f32 at 1,300 counts.
            assert!((outcome.background[i] + parts + outcome.residual[i] - y).abs() < 1e-3);
            assert!((outcome.reconstruction[i] + outcome.residual[i] - y).abs() < 1e-3);
        }
        let shares: f64 = outcome.components.iter().map(|c| c.share).sum();
        assert!((shares - 1.0).abs() < 1e-12);
    }
}

#[test]
fn what_the_library_lacks_is_shown_as_peaks() {
    let outcome = run("nnomp", &library("Quartz"), Components::Exactly(1), Settings::default()).unwrap();
    let at: Vec<f64> = outcome.unexplained.peaks.iter().map(|p| p.position_cm1).collect();
    assert_eq!(at.len(), 3, "{at:?}");
    for (found, line) in at.iter().zip(LINES[1].2) {
        // Highest first; the noise moves a maximum by a point or two of 2 cm-1.
        assert!((found - line).abs() <= 4.0, "{at:?}");
    }
    // 300 counts, less what smoothing and the background's cosines take of a line without an owner.
    let height = outcome.unexplained.peaks[0].height;
    assert!(height > 210.0 && height < 305.0, "{height}");
    assert!(outcome.notes.iter().any(|n| n.contains("no component explains")));
    let calcite = &outcome.components[0].spectrum;
    assert!(pearson(calcite, &curve(LINES[0].2)) > 0.995, "the missing lines were given to calcite");
}

#[test]
fn without_detail_a_component_is_its_library_part() {
    let plain = Settings::default().with("detail", false).with("metric", "noise");
    let outcome = run("nnols", &library(""), Components::Exactly(2), plain).unwrap();
    for component in &outcome.components {
        assert_eq!(Some(&component.spectrum), component.library_part.as_ref());
    }
    assert_eq!(outcome.settings.iter().count(), find("nnols").unwrap().info().settings.len());
}

#[test]
fn very_large_and_very_small_intensities_change_nothing() {
    let references = References::new(&library(""), &axis()).unwrap();
    let ordinary = mixed();
    for factor in [1e-20_f32, 1e20] {
        let y: Vec<f32> = ordinary.y().iter().map(|v| v * factor).collect();
        let scaled = Spectrum::new(axis(), y, Metadata::default()).unwrap();
        for method in methods() {
            let shares = |s: &Spectrum| -> Vec<f64> {
                let request = Request::new(s, Some(&references)).with_components(Components::Exactly(2));
                let outcome = method.run(&request, &Unwatched).unwrap();
                outcome.components.iter().map(|c| c.share).collect()
            };
            for (a, b) in shares(&ordinary).iter().zip(shares(&scaled)) {
                assert!((a - b).abs() < 1e-4, "{} {factor}", method.id());
            }
        }
    }
}

#[test]
fn what_cannot_be_done_is_refused_with_a_sentence() {
    let library = library("");
    let said = |components, settings| run("nnomp", &library, components, settings).unwrap_err().to_string();
    assert!(said(Components::Exactly(0), Settings::default()).contains("at least one"));
    assert!(said(Components::Exactly(6), Settings::default()).contains("5 species"));
    assert!(said(Components::Auto, Settings::default().with("lambda", 1.0)).contains("no setting 'lambda'"));
    let mixture = mixed();
    let method = find("nnomp").unwrap();
    let refused = method.run(&Request::new(&mixture, None), &Unwatched).unwrap_err();
    assert_eq!(refused, MethodError::NeedsLibrary { method: "NNOMP" });
    let other = Arc::new(Axis::even(AxisKind::RamanShift, 150.0, 1349.0, POINTS / 2).unwrap());
    let references = References::new(&library, &other).unwrap();
    let refused = method.run(&Request::new(&mixture, Some(&references)), &Unwatched).unwrap_err();
    assert!(refused.to_string().contains("300 points"), "{refused}");
    let Err(unknown) = find("nnompf") else { panic!("there is no such method") };
    assert!(unknown.to_string().contains("did you mean 'nnomp'"), "{unknown}");
}

/// Cancels after so many questions.
struct Impatient(AtomicUsize);

impl Watch for Impatient {
    fn progress(&self, done: f32, what: &str) {
        assert!((0.0..=1.0).contains(&done) && !what.is_empty());
    }

    fn cancelled(&self) -> bool {
        self.0.fetch_sub(1, Ordering::Relaxed) <= 1
    }
}

#[test]
fn a_cancelled_method_ends_without_an_outcome() {
    let references = References::new(&library(""), &axis()).unwrap();
    let mixture = mixed();
    let request = Request::new(&mixture, Some(&references));
    for method in methods() {
        for patience in [1, 2] {
            let ended = method.run(&request, &Impatient(AtomicUsize::new(patience)));
            assert_eq!(ended, Err(MethodError::Cancelled), "{} {patience}", method.id());
        }
    }
}

#[test]
fn an_outcome_survives_json() {
    let outcome = run("sunsal", &library(""), Components::Auto, Settings::default()).unwrap();
    let json = serde_json::to_string(&outcome).unwrap();
    let back: Outcome = serde_json::from_str(&json).unwrap();
    assert_eq!((back.settings, back.asked, &back.method), (outcome.settings, outcome.asked, &outcome.method));
    assert_eq!((back.components.len(), back.diagnostics.len()), (2, outcome.diagnostics.len()));
    for (a, b) in back.components.iter().zip(&outcome.components) {
        assert_eq!(
            (&a.name, &a.species, &a.spectrum, &a.library_part),
            (&b.name, &b.species, &b.spectrum, &b.library_part)
        );
        assert_eq!((a.entries[0].id, a.confidence), (b.entries[0].id, b.confidence));
    }
    assert_eq!((back.residual, back.background), (outcome.residual, outcome.background));
}

#[test]
fn dictionaries_are_made_once_for_each_metric() {
    let references = References::new(&library(""), &axis()).unwrap();
    let first = references.dictionary(Metric::Cosines(12)).unwrap();
    assert!(Arc::ptr_eq(&first, &references.dictionary(Metric::Cosines(12)).unwrap()));
    assert!(!Arc::ptr_eq(&first, &references.dictionary(Metric::Cosines(8)).unwrap()));
    let unit = references.unit_dictionary(Metric::Cosines(12)).unwrap();
    // Rows were rounded to f32 on the way.
    assert!(unit.scales().iter().all(|s| (s - 1.0).abs() < 1e-6));
}

#[test]
fn every_setting_of_every_method_accepts_its_default() {
    for method in methods() {
        let info = method.info();
        assert!(info.about.ends_with('.') && info.id.chars().all(|c| c.is_ascii_lowercase()), "{}", info.id);
        let references = References::new(&library(""), &axis()).unwrap();
        let mixture = mixed();
        let settings = Request::new(&mixture, Some(&references)).resolved(info).unwrap().spelled_out();
        assert!(Request::new(&mixture, None).with_settings(settings).resolved(info).is_ok(), "{}", info.id);
        assert!(info.settings.iter().all(|s| !s.what.is_empty() && !s.what.ends_with('.')));
    }
}
