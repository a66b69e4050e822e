//! The method from end to end, whatever the network has learned: axes, raw spectra, numbers of components, wishes, files.

use std::sync::Arc;

use super::super::testing::{LINES, axis, curve, mixed, references};
use super::super::{
    Components, MethodError, Outcome, References, Request, Settings, Unwatched, find, prepare,
};
use super::model::model;
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};

fn run(request: &Request) -> Result<Outcome, MethodError> {
    find("rssnet")?.run(request, &Unwatched)
}

/// Two lines on a slope over any axis.
fn over(axis: &Axis) -> Spectrum {
    let line = |x: f64, at: f64| 300.0 * libm::exp(-((x - at) / 10.0).powi(2));
    let y: Vec<f32> =
        axis.values().iter().map(|x| (line(*x, 520.0) + line(*x, 800.0) + 0.01 * x) as f32).collect();
    Spectrum::new(axis.clone(), y, Metadata::default()).unwrap()
}

fn adds_up(outcome: &Outcome) {
    for (i, y) in outcome.mixture.y().iter().enumerate() {
        let parts: f32 = outcome.components.iter().map(|c| c.spectrum[i]).sum();
        assert!((outcome.background[i] + parts + outcome.residual[i] - y).abs() < 1e-2, "point {i}");
    }
    let shares: f64 = outcome.components.iter().map(|c| c.share).sum();
    assert!(outcome.components.is_empty() || (shares - 1.0).abs() < 1e-9);
}

#[test]
fn any_axis_is_taken_and_the_answer_lies_on_it() {
    for (low, high, points) in
        [(150.0, 1500.0, 1024), (100.0, 3500.0, 1700), (400.0, 1000.0, 100), (300.0, 900.0, 40)]
    {
        let axis = Axis::even(AxisKind::RamanShift, low, high, points).unwrap();
        let mixture = over(&axis);
        let outcome = run(&Request::new(&mixture, None).with_components(Components::Exactly(2))).unwrap();
        assert!(outcome.components.iter().all(|c| c.spectrum.len() == points), "{points}");
        adds_up(&outcome);
        let partial = outcome.notes.iter().any(|n| n.contains("were measured"));
        assert_eq!(partial, low > 200.0, "{:?}", outcome.notes);
        assert_eq!(outcome.notes.iter().any(|n| n.contains("was taken apart")), high > 2000.0);
        let beyond = axis.nearest(2000.0);
        if high > 2000.0 {
            assert!(outcome.components.iter().all(|c| c.spectrum[beyond].abs() <= 0.0));
        }
    }
}

#[test]
fn descending_axes_and_wavelengths_come_through_the_usual_preparation() {
    let mut nm = over(&Axis::even(AxisKind::RamanShift, 150.0, 1500.0, 500).unwrap());
    nm.meta.laser_nm = Some(785.0);
    let nm = nm.converted(&AxisKind::Wavelength).unwrap();
    let falling = over(&Axis::even(AxisKind::RamanShift, 1500.0, 150.0, 500).unwrap());
    for spectrum in [nm, falling.clone()] {
        let (ready, _) = prepare(&spectrum, None, None).unwrap();
        adds_up(&run(&Request::new(&ready, None)).unwrap());
    }
    let refused = run(&Request::new(&falling, None)).unwrap_err().to_string();
    assert!(refused.contains("low to high"), "{refused}");
}

#[test]
fn flat_short_and_foreign_spectra_are_refused_with_a_sentence() {
    let axis = |low, high, points| Axis::even(AxisKind::RamanShift, low, high, points).unwrap();
    let flat = Spectrum::new(axis(150.0, 1500.0, 100), vec![7.0_f32; 100], Metadata::default()).unwrap();
    assert!(run(&Request::new(&flat, None)).unwrap_err().to_string().contains("flat"));
    let two = Spectrum::new(axis(150.0, 1500.0, 2), vec![1.0_f32, 2.0], Metadata::default()).unwrap();
    assert!(run(&Request::new(&two, None)).unwrap_err().to_string().contains("2 points"));
    assert!(prepare(&two, None, None).unwrap_err().to_string().contains("2 points"));
    let far = run(&Request::new(&over(&axis(2500.0, 3500.0, 300)), None)).unwrap_err().to_string();
    assert!(far.contains("150 to 1500") && far.contains("another method"), "{far}");
}

#[test]
fn a_raw_spectrum_is_prepared_and_the_same_answer_comes_twice() {
    let references = references();
    let mixture = mixed();
    let request = Request::new(&mixture, Some(&references));
    let first = run(&request).unwrap();
    assert!((first.diagnostic("prepared").unwrap() - 1.0).abs() < 1e-12);
    assert!(first.notes.iter().any(|n| n.contains("prepared for the network")), "{:?}", first.notes);
    assert!(first.notes[0].starts_with("model: "), "{:?}", first.notes);
    // 500 to 700 counts of fluorescence belong to nobody.
    assert!(first.background.iter().all(|b| (300.0..900.0).contains(b)));
    adds_up(&first);
    let again = run(&request).unwrap();
    assert_eq!((&first.components, &first.residual), (&again.components, &again.residual));
    let never = run(&request.with_settings(Settings::default().with("prepare", "never"))).unwrap();
    assert!(never.diagnostic("prepared").unwrap().abs() < 1e-12);
}

#[test]
fn numbers_of_components_are_kept_and_beyond_two_is_said() {
    let mixture = mixed();
    for count in 1..=4 {
        let outcome = run(&Request::new(&mixture, None).with_components(Components::Exactly(count))).unwrap();
        assert!((1..=count).contains(&outcome.components.len()), "{count}");
        let short = outcome.notes.iter().any(|n| n.contains(&format!("of {count} components asked for")));
        assert_eq!(short, outcome.components.len() < count, "{:?}", outcome.notes);
        let beyond = outcome.notes.iter().any(|n| n.contains("trained on mixtures of two"));
        assert_eq!(beyond, outcome.components.len() > 2, "{count} {:?}", outcome.notes);
    }
    let said = |count| {
        run(&Request::new(&mixture, None).with_components(Components::Exactly(count)))
            .unwrap_err()
            .to_string()
    };
    assert!(said(0).contains("at least one") && said(9).contains("up to 8"));
}

#[test]
fn without_a_library_nothing_is_named_and_wishes_are_refused() {
    let mixture = mixed();
    let outcome = run(&Request::new(&mixture, None).with_components(Components::Exactly(2))).unwrap();
    assert_eq!(outcome.library, None);
    for (k, component) in outcome.components.iter().enumerate() {
        assert_eq!(component.name, format!("Component {}", k + 1));
        assert!(
            component.species.is_none() && component.library_part.is_none() && component.entries.is_empty()
        );
    }
    let refused = run(&Request::new(&mixture, None).with_excluded(["Quartz"])).unwrap_err().to_string();
    assert!(refused.contains("Quartz") && refused.contains("without a reference library"), "{refused}");
}

#[test]
fn what_is_fixed_is_fitted_first_and_has_its_amount() {
    let references = references();
    let pure = curve(LINES[1].2);
    let y: Vec<f32> = pure.iter().map(|v| 300.0 * v).collect();
    let mixture = Spectrum::new(axis(), y, Metadata::default()).unwrap();
    let request = Request::new(&mixture, Some(&references)).with_components(Components::Exactly(1));
    let outcome = run(&request.with_fixed(["Quartz"])).unwrap();
    let quartz = &outcome.components[0];
    assert_eq!((outcome.components.len(), quartz.name.as_str()), (1, "Quartz"));
    assert!((quartz.entries[0].weight - 300.0).abs() < 1.0, "{:?}", quartz.entries);
    assert_eq!(quartz.library_part.as_ref(), Some(&quartz.spectrum));
    assert!(outcome.diagnostic("passes").unwrap().abs() < 1e-12, "nothing was left for the network");
}

#[test]
fn a_component_that_is_like_nothing_has_no_name() {
    let references = references();
    let mixture = mixed();
    let strict = Settings::default().with("min_match", 1.0);
    let request = Request::new(&mixture, Some(&references)).with_components(Components::Exactly(2));
    let outcome = run(&request.clone().with_settings(strict)).unwrap();
    assert!(outcome.components.iter().all(|c| c.species.is_none() && c.library_part.is_none()));
    assert!(outcome.notes.iter().any(|n| n.contains("like no library spectrum")), "{:?}", outcome.notes);
    let lax = run(&request.with_settings(Settings::default().with("min_match", 0.0))).unwrap();
    let mut names: Vec<&str> = lax.components.iter().filter_map(|c| c.species.as_deref()).collect();
    assert_eq!(names.len(), lax.components.len());
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), lax.components.len(), "no name twice");
}

#[test]
fn a_range_beyond_the_library_still_names_what_it_can() {
    let wide = Arc::new(Axis::even(AxisKind::RamanShift, 100.0, 2000.0, 900).unwrap());
    let references = References::new(&super::super::testing::library(""), &wide).unwrap();
    let mixture = over(&wide);
    let lax = Settings::default().with("min_match", 0.0);
    let outcome = run(&Request::new(&mixture, Some(&references)).with_settings(lax)).unwrap();
    adds_up(&outcome);
    assert!(outcome.components.iter().all(|c| c.species.is_some()));
}

#[test]
fn models_that_are_missing_or_altered_are_refused_with_their_file() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let said = |path: &std::path::Path| model(&path.display().to_string()).unwrap_err().to_string();
    assert!(said(&at("none.json")).contains("none.json"));
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let card = std::fs::read_to_string(source.join("rssnet.json")).unwrap();
    let weights = std::fs::read(source.join("rssnet.safetensors")).unwrap();
    std::fs::write(at("rssnet.json"), &card).unwrap();
    assert!(said(&at("rssnet.json")).contains("rssnet.safetensors"));
    std::fs::write(at("rssnet.safetensors"), &weights[..weights.len() - 2]).unwrap();
    assert!(said(&at("rssnet.json")).contains("cut short or altered"));
    let mut flipped = weights.clone();
    *flipped.last_mut().unwrap() ^= 1;
    std::fs::write(at("rssnet.safetensors"), &flipped).unwrap();
    assert!(said(&at("rssnet.json")).contains("altered"));
    std::fs::write(at("rssnet.safetensors"), &weights).unwrap();
    let loaded = model(&at("rssnet.safetensors").display().to_string()).unwrap();
    assert_eq!(loaded.card, model(&folder.path().display().to_string()).unwrap().card);
    std::fs::write(at("other.json"), "{").unwrap();
    assert!(said(&at("other.json")).contains("no model card"));
    let mixture = mixed();
    let missing = Settings::default().with("model", at("none.json").display().to_string());
    assert!(run(&Request::new(&mixture, None).with_settings(missing)).is_err());
}
