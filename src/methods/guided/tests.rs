//! The method from end to end, whatever the network has learned.

use super::super::testing::{axis, curve, library, mixed, references};
use super::super::{Components, Outcome, References, Request, Settings, Unwatched, find};
use crate::spectrum::metrics::cosine;
use crate::spectrum::resample::on_axis;
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};

fn run(request: &Request) -> Outcome {
    find("guided").unwrap().run(request, &Unwatched).unwrap()
}

fn adds_up(outcome: &Outcome) {
    let largest = outcome.mixture.y().iter().fold(0.0_f32, |m, v| m.max(v.abs()));
    for (i, y) in outcome.mixture.y().iter().enumerate() {
        let parts: f32 = outcome.components.iter().map(|c| c.spectrum[i]).sum();
        assert!(
            (outcome.background[i] + parts + outcome.residual[i] - y).abs() < 1e-5 * largest,
            "point {i}"
        );
    }
    let shares: f64 = outcome.components.iter().map(|c| c.share).sum();
    assert!(outcome.components.is_empty() || (shares - 1.0).abs() < 1e-9);
}

#[test]
fn every_component_has_a_band_and_a_share_within_its_interval() {
    let (mixture, references) = (mixed(), references());
    for components in [Components::Auto, Components::Exactly(2), Components::Exactly(3)] {
        let outcome = run(&Request::new(&mixture, Some(&references)).with_components(components));
        adds_up(&outcome);
        assert!(!outcome.components.is_empty() && outcome.notes[0].starts_with("model: guided"));
        for component in &outcome.components {
            let known = component.uncertainty.as_ref().unwrap();
            assert_eq!(known.band.len(), mixture.len());
            assert!(known.band.iter().all(|b| *b > 0.0 && b.is_finite()));
            let (low, high) = known.share;
            assert!(low <= component.share && component.share <= high && low >= 0.0 && high <= 1.0);
            assert_eq!(component.species.is_none(), component.unlisted.is_some(), "{}", component.name);
        }
    }
    let twice = [(); 2].map(|()| run(&Request::new(&mixture, Some(&references))).components);
    assert_eq!(twice[0], twice[1]);
}

#[test]
fn a_range_that_the_network_does_not_know_gets_the_answer_of_the_search() {
    let far = Axis::even(AxisKind::RamanShift, 2150.0, 3349.0, 600).unwrap();
    let mut shifted = crate::library::Library::new("far");
    for entry in library("").entries() {
        let spectrum = Spectrum::new(far.clone(), entry.spectrum.y().to_vec(), Metadata::default()).unwrap();
        shifted.add(entry.facts.clone(), spectrum);
    }
    let references = References::new(&shifted, &std::sync::Arc::new(far.clone())).unwrap();
    let mixture = Spectrum::new(far, mixed().y().to_vec(), Metadata::default()).unwrap();
    let request = Request::new(&mixture, Some(&references));
    let outcome = run(&request);
    let names = |o: &Outcome| o.components.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
    let searched = find("evidence").unwrap().run(&request, &Unwatched).unwrap();
    assert_eq!(names(&outcome), names(&searched));
    assert!(outcome.notes.iter().any(|n| n.contains("not refined")), "{:?}", outcome.notes);
    assert!(outcome.components.iter().all(|c| c.uncertainty.is_none()));
    adds_up(&outcome);
}

#[test]
fn wishes_and_foreign_models_are_heeded() {
    let (mixture, references) = (mixed(), references());
    let fixed = run(&Request::new(&mixture, Some(&references)).with_fixed(["Quartz"]));
    assert!(fixed.components.iter().any(|c| c.name == "Quartz" && c.confidence.is_none()));
    let without = run(&Request::new(&mixture, Some(&references)).with_excluded(["Calcite"]));
    assert!(without.components.iter().all(|c| c.name != "Calcite"));
    adds_up(&without);
    let wrong = Settings::default().with("model", "nowhere/guided.json");
    let request = Request::new(&mixture, Some(&references)).with_settings(wrong);
    let said = find("guided").unwrap().run(&request, &Unwatched).unwrap_err().to_string();
    assert!(said.contains("nowhere"), "{said}");
    let rssnet = concat!(env!("CARGO_MANIFEST_DIR"), "/models/rssnet.json");
    let request =
        Request::new(&mixture, Some(&references)).with_settings(Settings::default().with("model", rssnet));
    let said = find("guided").unwrap().run(&request, &Unwatched).unwrap_err().to_string();
    assert!(said.contains("rssnet.json"), "{said}");
}

#[test]
fn a_line_of_nothing_in_the_library_does_not_disturb_the_sum() {
    let references = References::new(&library("Urea"), &axis()).unwrap();
    let urea = curve(&[550.0, 1010.0, 1175.0]);
    let y: Vec<f32> = mixed().y().iter().zip(&urea).map(|(a, b)| a + 400.0 * b).collect();
    let mixture = Spectrum::new(axis(), y, Metadata::default()).unwrap();
    let outcome = run(&Request::new(&mixture, Some(&references)));
    adds_up(&outcome);
    for component in outcome.components.iter().filter(|c| c.unlisted.is_some()) {
        assert!(component.name.starts_with("Not in the library") && component.entries.is_empty());
        assert!(component.unlisted.as_ref().is_some_and(|u| (0.0..=1.0).contains(&u.probability)));
    }
}

#[test]
fn a_substance_that_the_own_library_lacks_stands_beside_it() {
    let urea = curve(&[550.0, 1010.0, 1175.0]);
    let y: Vec<f32> = mixed().y().iter().zip(&urea).map(|(a, b)| a + 400.0 * b).collect();
    let mixture = Spectrum::new(axis(), y, Metadata::default()).unwrap();
    let own = References::new(&library("Urea"), &axis()).unwrap();
    let noted = |outcome: &Outcome| outcome.notes.iter().any(|n| n.contains("leave bands over"));
    let outcome = run(&Request::new(&mixture, Some(&own)));
    adds_up(&outcome);
    assert!(noted(&outcome), "{:?}", outcome.notes);
    let lacking = outcome.components.iter().find(|c| c.unlisted.is_some()).unwrap();
    assert!(cosine(&lacking.spectrum, &urea) > 0.95, "{}", cosine(&lacking.spectrum, &urea));
    let said = lacking.unlisted.as_ref().unwrap();
    assert!(said.probability > 0.8 && said.peaks_cm1.iter().any(|p| (p - 550.0).abs() < 3.0), "{said:?}");
    for name in ["Calcite", "Quartz"] {
        assert!(outcome.components.iter().any(|c| c.name == name), "{name}");
    }
    // The library has it; a number is asked for; the library was measured elsewhere.
    assert!(!noted(&run(&Request::new(&mixture, Some(&references())))));
    let two = Request::new(&mixture, Some(&own)).with_components(Components::Exactly(2));
    assert!(!noted(&run(&two)));
    let elsewhere = Axis::even(AxisKind::RamanShift, 150.5, 1348.7, 611).unwrap();
    let mut foreign = crate::library::Library::new("foreign");
    for entry in library("Urea").entries() {
        let y = on_axis(entry.spectrum.axis(), entry.spectrum.y(), &elsewhere);
        let spectrum = Spectrum::new(elsewhere.clone(), y, Metadata::default()).unwrap();
        foreign.add(entry.facts.clone(), spectrum);
    }
    let foreign = References::new(&foreign, &axis()).unwrap();
    assert!(!noted(&run(&Request::new(&mixture, Some(&foreign)))));
}

#[test]
fn where_no_name_is_rather_right_the_spectra_are_those_of_the_blind_network() {
    let (one, other) = (curve(&[340.0, 760.0, 950.0]), curve(&[245.0, 880.0, 1120.0]));
    let y: Vec<f32> = one.iter().zip(&other).map(|(a, b)| 600.0 * a + 300.0 * b + 200.0).collect();
    let mixture = Spectrum::new(axis(), y, Metadata::default()).unwrap();
    let references = references();
    let outcome = run(&Request::new(&mixture, Some(&references)).with_components(Components::Exactly(2)));
    adds_up(&outcome);
    let note = "no name is more likely right than wrong";
    assert!(outcome.notes.iter().any(|n| n.contains(note)), "{:?}", outcome.notes);
    let alone = Request::new(&mixture, None).with_components(Components::Exactly(2));
    let blind = find("rssnet").unwrap().run(&alone, &Unwatched).unwrap();
    for component in &outcome.components {
        let best =
            blind.components.iter().map(|c| cosine(&c.spectrum, &component.spectrum)).fold(-1.0, f64::max);
        assert!(best > 0.999, "{}: {best}", component.name);
        assert!(component.unlisted.is_some(), "{}", component.name);
    }
    assert_eq!(outcome.components.len(), 2);
    let known = mixed();
    let outcome = run(&Request::new(&known, Some(&references)).with_components(Components::Exactly(2)));
    assert!(!outcome.notes.iter().any(|n| n.contains(note)));
}
