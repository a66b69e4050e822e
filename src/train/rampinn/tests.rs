use burn::tensor::Device;

use super::super::{Checkpoint, Crew, Limits, LoopSettings, Task, Trainer};
use super::*;
use crate::nets::{RampinnConfig, RampinnForm, arrays_of, from_bytes, load_model};
use crate::synth::cars::CarsPreset;

fn plan(form: RampinnForm) -> CarsPlan {
    let config = RampinnConfig { form, ..RampinnConfig::preset("tiny").unwrap() };
    let plan = CarsPlan::new(config, "tiny");
    let course = LoopSettings { batch: 4, at_once: 2, validate_every: 16, warm_up: 0, ..plan.course.clone() };
    CarsPlan { validation: 2, course, ..plan }
}

#[test]
fn examples_depend_on_seed_and_number_only_and_stay_within_their_range() {
    for mixture in [CarsMixture::Advised, CarsMixture::Broad] {
        let draw = CarsDraw::new(&RampinnConfig::preset("tiny").unwrap(), mixture);
        for k in 0..60 {
            let (a, b) = (draw.trained(3, k), draw.trained(3, k));
            assert_eq!((&a.input, &a.raman, &a.background), (&b.input, &b.raman, &b.background));
            assert_ne!(a.input, draw.trained(4, k).input);
            assert_eq!((a.input.len(), a.raman.len(), a.background.len()), (POINTS, POINTS, POINTS));
            assert!((a.input.iter().copied().fold(f32::MIN, f32::max) - 1.0).abs() < 1e-6);
            assert!(a.raman.iter().chain(&a.background).all(|v| (0.0..=1.0).contains(v)));
            assert!((1.0..=2500.0).contains(&a.weight));
            assert!(a.retrieved.is_some());
        }
    }
}

#[test]
fn the_published_form_needs_no_retrieval() {
    let config = RampinnConfig::preset("small").unwrap();
    assert!(CarsDraw::new(&config, CarsMixture::Advised).trained(1, 1).retrieved.is_none());
}

#[test]
fn spectra_of_other_lengths_are_brought_onto_the_network_s_points_with_their_lines_in_place() {
    let draw = CarsDraw::new(&RampinnConfig::preset("tiny").unwrap(), CarsMixture::Broad);
    let sample = CarsPreset::GanStretch.sample(1, 0);
    let example = draw.example(&sample, false);
    let place = |y: &[f32]| y.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0;
    let truth: Vec<f32> = sample.raman.iter().map(|v| *v as f32).collect();
    let expected = place(&truth) as f64 / 69.0;
    let found = place(&example.raman) as f64 / 1023.0;
    assert!((found - expected).abs() < 1.0 / 69.0, "{found} {expected}");
}

#[test]
fn a_training_goes_on_exactly_and_its_model_can_be_loaded() {
    for form in [RampinnForm::Paper, RampinnForm::Retrieval] {
        let plan = plan(form);
        let crew = Crew::of_cpu(Device::flex(), 2).unwrap();
        let task = Recovery::new(&plan, crew.device());
        let stored = serde_json::to_value(&plan).unwrap();
        let train = |folder: &std::path::Path, samples: u64, resume: bool| {
            let net = first_cars_network(&plan, crew.device()).unwrap();
            let course = plan.course.clone();
            let mut trainer =
                Trainer::new(&task, net, &crew, course, stored.clone(), folder, plan.seed).unwrap();
            if resume {
                trainer = trainer.resume(&Checkpoint::newest(folder).unwrap().unwrap()).unwrap();
            }
            let limits = Limits { samples: Some(samples), ..Limits::default() };
            trainer.run(limits, std::time::Instant::now(), &mut |_| {}).unwrap();
            (trainer.average().unwrap(), trainer.course().clone())
        };
        let (whole, parts) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (at_once, course) = train(whole.path(), 48, false);
        train(parts.path(), 24, false);
        let (later, _) = train(parts.path(), 48, true);
        assert!(at_once.iter().zip(&later).all(|(a, b)| a.values == b.values), "{form:?}");
        assert!(course.rows.iter().all(|row| row.loss.is_finite()), "{form:?}");
        let first = arrays_of(&first_cars_network(&plan, crew.device()).unwrap()).unwrap();
        assert!(at_once.iter().zip(&first).any(|(a, b)| a.values != b.values), "{form:?}");
        assert_eq!(course.last_scores().unwrap().len(), task.sets().len());

        let card = export_cars(whole.path(), &at_once, &plan, (&course, &task.sets()), "CPU", 24.0).unwrap();
        let bytes = std::fs::read(whole.path().join("model.safetensors")).unwrap();
        let net = load_model(&bytes, &card, crew.device()).unwrap();
        assert_eq!(arrays_of(&net).unwrap().len(), from_bytes(&bytes).unwrap().len());
        assert!(card.scores.iter().any(|score| score.name == "weak_r_percent"));
    }
}

#[test]
fn the_validation_tells_decibels_first_and_then_correlations() {
    let plan = plan(RampinnForm::Retrieval);
    let task = Recovery::new(&plan, &Device::flex());
    let sets = task.sets();
    assert_eq!(sets.len(), 12);
    assert_eq!((sets[0].name, sets[6].name, sets[11].items.end), ("mix_psnr_db", "mix_r_percent", 24));
    let net = first_cars_network(&plan, &Device::flex()).unwrap();
    let figures = task.judge(&net, 0..24, &Device::flex()).unwrap();
    assert!(figures[..12].iter().all(|db| (0.0..=100.0).contains(db)));
    assert!(figures[12..].iter().all(|r| (-100.0..=100.0).contains(r)));
    let zero = task.zero_db();
    assert_eq!(zero[0].0, "mix");
    // Specification section 10.2: 24.4 dB of the set that was handed over.
    assert!((15.0..35.0).contains(&zero[0].1), "{zero:?}");
}
