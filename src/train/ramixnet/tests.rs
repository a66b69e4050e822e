//! Names, axes, ranges, and a small training from spectra to a card.

use burn::tensor::Device;

use super::adapt::adapted;
use super::{Mixing, RamixPlan, Substances, hindrances, pure_name, substance_name, train_ramixnet};
use crate::nets::{Version, load_model};
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};
use crate::synth::Rng;
use crate::train::{Crew, Task as _};

fn spectrum(lines: &[f64], noise: f64, seed: u64) -> Spectrum {
    let axis = Axis::even(AxisKind::RamanShift, 300.0, 1700.0, 281).unwrap();
    let mut rng = Rng::new(seed, 0);
    let height = |x: &f64| {
        let lines: f64 = lines.iter().map(|at| libm::exp(-((x - at) / 12.0).powi(2))).sum();
        (500.0 * lines + 200.0 + 0.1 * x + 500.0 * noise * rng.normal()) as f32
    };
    let y: Vec<f32> = axis.values().iter().map(height).collect();
    Spectrum::new(axis, y, Metadata::default()).unwrap()
}

fn three() -> Vec<(String, Spectrum)> {
    let lines: [(&str, &[f64]); 3] =
        [("a", &[500.0, 1000.0]), ("b", &[700.0, 1300.0, 1500.0]), ("c", &[620.0, 900.0, 1600.0])];
    let one =
        |(k, (name, lines)): (usize, &(&str, &[f64]))| ((*name).to_owned(), spectrum(lines, 0.003, k as u64));
    lines.iter().enumerate().map(one).collect()
}

#[test]
fn counters_of_repeated_measurements_are_no_part_of_a_name() {
    for (label, name) in [
        ("alanine_shot0", "alanine"),
        ("aspartic acid_shot12", "aspartic acid"),
        ("toluene_2", "toluene"),
        ("Toluene (3)", "Toluene"),
        ("run 4", "run 4"),
        ("pyridine scan 4", "pyridine"),
        ("1,2-dichloroethane", "1,2-dichloroethane"),
        ("nylon-6", "nylon-6"),
        ("PM2", "PM2"),
        ("sodium_acetate", "sodium acetate"),
        ("_1", "_1"),
    ] {
        assert_eq!(substance_name(label), name, "{label}");
    }
}

#[test]
fn pure_spectra_share_an_axis_lose_their_background_and_have_height_one() {
    let substances = Substances::new(&three()).unwrap();
    assert_eq!((substances.names.join(""), substances.points), ("abc".to_owned(), 281));
    for (mean, height) in substances.means.iter().zip(&substances.heights) {
        let top = mean.iter().copied().fold(0.0_f32, f32::max);
        assert!((top - 1.0).abs() < 1e-6 && (height / 500.0 - 1.0).abs() < 0.1, "{height}");
        assert!(mean[..20].iter().all(|v| v.abs() < 0.1));
    }
    // A falling axis, and one that covers less.
    let mut odd = three();
    let falling: Vec<f64> = odd[1].1.axis().values().iter().rev().copied().collect();
    let y: Vec<f32> = odd[1].1.y().iter().rev().copied().collect();
    let axis = Axis::new(AxisKind::RamanShift, falling).unwrap();
    odd[1].1 = Spectrum::new(axis, y, Metadata::default()).unwrap();
    let turned = Substances::new(&odd).unwrap();
    let off =
        turned.means[1].iter().zip(&substances.means[1]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(off < 1e-3, "{off}");
}

#[test]
fn spectra_that_cannot_be_trained_are_refused_with_a_sentence() {
    let said = |all: &[(String, Spectrum)]| Substances::new(all).unwrap_err().to_string();
    assert!(said(&[]).contains("found none"));
    assert!(said(&three()[..1]).contains("at least 2 substances"));
    let far = Axis::even(AxisKind::RamanShift, 3000.0, 3500.0, 100).unwrap();
    let far = Spectrum::new(far, vec![1.0; 100], Metadata::default()).unwrap();
    let mut apart = three();
    apart[2].1 = far;
    assert!(said(&apart).contains('c'), "{}", said(&apart));
    let mut flat = three();
    let axis = flat[0].1.axis().clone();
    flat[0].1 = Spectrum::new(axis, vec![5.0; 281], Metadata::default()).unwrap();
    assert!(said(&flat).contains("nothing stands out"), "{}", said(&flat));
}

#[test]
fn everything_that_hinders_is_said_at_once_and_before_anything_is_computed() {
    assert_eq!(hindrances(&three()), Vec::<String>::new());
    let mut wrong = three();
    let far = Axis::even(AxisKind::RamanShift, 3000.0, 3500.0, 100).unwrap();
    wrong[2].1 = Spectrum::new(far, vec![1.0; 100], Metadata::default()).unwrap();
    for (name, _) in &mut wrong {
        "salt".clone_into(name);
    }
    let said = hindrances(&wrong);
    let [few, apart] = said.as_slice() else { panic!("{said:?}") };
    assert!(few.contains("found salt"), "{few}");
    assert!(apart.contains("salt"), "{apart}");
    assert_eq!(hindrances(&[]).len(), 1);
}

#[test]
fn the_word_pure_is_no_part_of_a_name_unless_it_is_all_of_it() {
    for (label, name) in [("pure_toluene_2", "toluene"), ("pure", "pure"), ("purely", "purely"), ("a", "a")] {
        assert_eq!(pure_name(label), name, "{label}");
    }
}

#[test]
fn ranges_grow_with_what_repeated_spectra_show() {
    let calm = adapted(&Substances::new(&three()).unwrap()).unwrap();
    let mut noisy = three();
    for k in 0..4 {
        noisy.push(("a".into(), spectrum(&[500.0 + 2.0 * k as f64, 1000.0 + 2.0 * k as f64], 0.05, 20 + k)));
    }
    let wide = adapted(&Substances::new(&noisy).unwrap()).unwrap();
    assert!(wide.noise.1 > calm.noise.1 && wide.own_shift_cm1 > calm.own_shift_cm1, "{wide:?} {calm:?}");
    assert!(wide.own_response >= calm.own_response);
    let [mixed, held] = Substances::new(&noisy).unwrap().split();
    assert_eq!((mixed[0].len(), held[0].len(), mixed[1].len(), held[1].len()), (4, 1, 1, 1));
}

#[test]
fn batches_are_the_same_however_they_are_cut_and_the_validation_is_apart() {
    let substances = Substances::new(&three()).unwrap();
    let task = Mixing::new(&substances, adapted(&substances).unwrap(), 7, false).unwrap();
    let (whole, second) = (task.batch(0, 6), task.batch(3, 3));
    assert_eq!(whole.x[3 * 281..], second.x[..]);
    assert_eq!(whole.present[9..], second.present[..]);
    assert_ne!(task.trained(0).fitted.input, task.held_out(0, 0, None).fitted.input);
    assert!(
        (0..20).all(|k| task.held_out(1, k, Some(true)).other && !task.held_out(1, k, Some(false)).other)
    );
}

#[test]
fn a_short_training_names_what_it_was_given_and_can_be_stopped_and_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let substances = Substances::new(&three()).unwrap();
    let mut plan = RamixPlan::new(Version::II, substances.names.clone(), 3);
    plan.samples = 1536;
    plan.course.validate_every = 512;
    (plan.course.cool_down, plan.course.cool_to, plan.course.average) = (768, 1536, 0.9);
    let crew = Crew::of_cpu(Device::flex(), 2).unwrap();
    let run = |go_on: bool| {
        train_ramixnet(&plan, &substances, None, folder.path(), (&crew, "CPU"), "", &|| go_on, &mut |_| {})
    };
    assert!(run(false).unwrap().is_none(), "a stopped training has no model yet");
    let trained = run(true).unwrap().unwrap();
    let panel = trained.card.panel.clone().unwrap();
    assert_eq!(panel.check(3), Ok(()));
    assert_eq!(trained.card.training.samples, 1536);
    assert!(panel.scores.f1 > 0.9 && panel.scores.dosage_mae.unwrap() < 0.1, "{:?}", panel.scores);
    assert!(
        panel.scores.false_flags_percent < 8.0 && panel.scores.flagged_percent > 70.0,
        "{:?}",
        panel.scores
    );
    let bytes = std::fs::read(folder.path().join("model.safetensors")).unwrap();
    let net = load_model(&bytes, &trained.card, &Device::flex()).unwrap();
    assert_eq!(net.pures().unwrap().dims(), [3, 281]);
}
