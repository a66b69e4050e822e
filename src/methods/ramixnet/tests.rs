//! The shipped model on mixtures that the program makes itself.

use std::sync::Arc;

use super::classifier;
use crate::methods::{Components, MethodError, Request, Unwatched, find};
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};
use crate::synth::Rng;

/// A mixture of the model's own pure spectra under a slope, and something else.
fn mixture(levels: &[(&str, f32)], other: f32, axis: &Axis, counts: f32) -> Spectrum {
    let ready = classifier("").unwrap();
    let mut y = vec![0.0_f32; axis.len()];
    for (name, level) in levels {
        let class = ready.names().iter().position(|n| n.eq_ignore_ascii_case(name)).unwrap();
        let curve = crate::spectrum::resample::on_axis(&ready.axis, &ready.pures[class], axis);
        y.iter_mut().zip(&curve).for_each(|(y, v)| *y += level * v);
    }
    let mut rng = Rng::new(5, 0);
    for (y, x) in y.iter_mut().zip(axis.values()) {
        let strange: f64 =
            [430.0, 890.0, 1330.0].iter().map(|at| libm::exp(-((x - at) / 9.0_f64).powi(2))).sum();
        *y += other * strange as f32 + 0.5 - 1e-4 * *x as f32 + (0.004 * rng.normal()) as f32;
        *y *= counts;
    }
    Spectrum::new(Arc::new(axis.clone()), y, Metadata::titled("mixture")).unwrap()
}

fn wide() -> Axis {
    Axis::even(AxisKind::RamanShift, 250.0, 2600.0, 1200).unwrap()
}

#[test]
fn the_four_are_named_and_dosed_whatever_the_brightness() {
    for counts in [1.0, 30_000.0] {
        let measured = mixture(&[("toluene", 1.0), ("o-xylene", 0.5)], 0.0, &wide(), counts);
        let verdicts = classifier("").unwrap().judge(&[&measured], &Unwatched).unwrap();
        let verdict = verdicts[0].as_ref().unwrap();
        let present = verdict.substances.iter().filter(|f| f.present);
        let mut names: Vec<&str> = present.map(|f| f.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["o-xylene", "toluene"], "{verdict:?}");
        let of = |name: &str| verdict.substances.iter().find(|f| f.name == name).unwrap();
        let (toluene, xylene, absent) = (of("toluene"), of("o-xylene"), of("aniline"));
        assert!((toluene.dosage.unwrap() - 1.0).abs() < 0.12 && (xylene.dosage.unwrap() - 0.5).abs() < 0.12);
        let (low, high) = xylene.interval.unwrap();
        assert!(low <= xylene.dosage.unwrap() && xylene.dosage.unwrap() <= high && high - low < 0.6);
        assert!(absent.dosage.is_none() && absent.raw_dosage.unwrap() < 0.15 && absent.share.is_none());
        assert!((toluene.share.unwrap() + xylene.share.unwrap() - 1.0).abs() < 1e-9);
        assert!(!verdict.other, "{verdict:?}");
    }
}

#[test]
fn something_else_is_flagged_and_said() {
    let measured = mixture(&[("pyridine", 1.0)], 0.7, &wide(), 1000.0);
    let verdict = classifier("").unwrap().judge(&[&measured], &Unwatched).unwrap().remove(0).unwrap();
    assert!(verdict.other && verdict.notes.iter().any(|n| n.contains("something else")), "{verdict:?}");
}

#[test]
fn an_outcome_adds_up_and_its_components_are_the_pure_spectra() {
    let measured = mixture(&[("aniline", 0.6), ("pyridine", 1.0)], 0.0, &wide(), 500.0);
    let outcome = find("ramixnet").unwrap().run(&Request::new(&measured, None), &Unwatched).unwrap();
    let names: Vec<&str> = outcome.components.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["pyridine", "aniline"]);
    let top = outcome.components[0].spectrum.iter().copied().fold(0.0_f32, f32::max);
    assert!((top / 500.0 - 1.0).abs() < 0.1, "{top}");
    for (k, y) in measured.y().iter().enumerate() {
        let sum: f32 = outcome.components.iter().map(|c| c.spectrum[k]).sum();
        assert!((y - outcome.background[k] - sum - outcome.residual[k]).abs() < 0.05);
    }
    assert_eq!(outcome.concentrations.len(), 2);
    assert!(outcome.diagnostic("presence of toluene").unwrap() < 0.5);
    assert!(
        outcome
            .components
            .iter()
            .all(|c| c.uncertainty.as_ref().is_some_and(|u| u.share.0 <= c.share && c.share <= u.share.1))
    );
    let three = Request::new(&measured, None).with_components(Components::Exactly(3));
    assert_eq!(find("ramixnet").unwrap().run(&three, &Unwatched).unwrap().components.len(), 3);
}

#[test]
fn hostile_spectra_have_errors_or_answers_but_no_panic() {
    let ready = classifier("").unwrap();
    let far = Axis::even(AxisKind::RamanShift, 2600.0, 3400.0, 500).unwrap();
    let part = Axis::even(AxisKind::RamanShift, 300.0, 1100.0, 300).unwrap();
    let flat = Spectrum::new(wide(), vec![7.0; 1200], Metadata::default()).unwrap();
    let mut spikes = vec![0.0; 1200];
    spikes[600] = 3e38;
    let huge = Spectrum::new(wide(), spikes, Metadata::default()).unwrap();
    let outside =
        Spectrum::new(far, (0..500).map(|i| i as f32).collect::<Vec<_>>(), Metadata::default()).unwrap();
    let measured = mixture(&[("toluene", 1.0)], 0.0, &part, 10.0);
    let said = ready.judge(&[&flat, &huge, &outside, &measured], &Unwatched).unwrap();
    assert!(matches!(said[2], Err(MethodError::OutsideModel { .. })), "{:?}", said[2]);
    let finite = |k: usize| said[k].as_ref().unwrap().substances.iter().all(|f| f.probability.is_finite());
    assert!(finite(0) && finite(1));
    assert!(said[3].as_ref().unwrap().notes[0].contains("were measured"), "{:?}", said[3]);
    assert!(classifier("/nowhere/model.json").unwrap_err().to_string().contains("/nowhere/model.json"));
    assert!(ready.judge(&[], &Unwatched).unwrap().is_empty());
}

#[test]
fn an_answer_does_not_depend_on_what_else_is_asked() {
    let ready = classifier("").unwrap();
    let all: Vec<Spectrum> = (1..=20)
        .map(|k| mixture(&[("toluene", 0.05 * k as f32), ("aniline", 1.0)], 0.0, &wide(), 1.0))
        .collect();
    let together = ready.judge(&all.iter().collect::<Vec<_>>(), &Unwatched).unwrap();
    let alone = ready.judge(&[&all[7]], &Unwatched).unwrap().remove(0).unwrap();
    let seventh = together[7].as_ref().unwrap();
    for (a, b) in seventh.substances.iter().zip(&alone.substances) {
        assert!(
            (a.probability - b.probability).abs() < 1e-4
                && (a.raw_dosage.unwrap() - b.raw_dosage.unwrap()).abs() < 1e-4
        );
    }
}
