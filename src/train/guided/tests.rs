//! A whole training of a very small network, and what its data is made of.

use std::path::{Path, PathBuf};
use std::time::Instant;

use burn::tensor::Device;

use super::super::tests::material;
use super::super::{
    Checkpoint, Crew, DataPlan, Limits, LoopSettings, Plan, Task as _, Trainer, export, first_network,
};
use super::draw::Hidden;
use super::library::Censored;
use super::task::Guidance;
use crate::nets::{GuidedConfig, ModelCard, load_model};
use crate::synth::Truth;

fn plan() -> Plan<GuidedConfig> {
    let data = DataPlan {
        also: Vec::new(),
        library: PathBuf::from("toy"),
        splits: None,
        split: String::new(),
        low_cm1: 150.0,
        high_cm1: 1410.0,
        points: 64,
        prepare: String::new(),
        preprocessing: String::new(),
        hold_out: 0.25,
        citation: String::new(),
        licence: String::new(),
    };
    Plan {
        network: GuidedConfig::preset("tiny").unwrap(),
        preset: "tiny".into(),
        data,
        realistic: false,
        validation: 4,
        from: None,
        seed: 3,
        course: LoopSettings { batch: 4, validate_every: 16, ..LoopSettings::default() },
    }
}

fn train(folder: &Path, steps: u64) -> ModelCard<GuidedConfig> {
    let (plan, material) = (plan(), material());
    let task = Guidance::new(&plan, &material).unwrap();
    let crew = Crew::of_cpu(Device::flex(), 2).unwrap();
    let net = first_network(&plan, crew.device()).unwrap();
    let stored = serde_json::to_value(&plan).unwrap();
    let mut trainer =
        Trainer::new(&task, net, &crew, plan.course.clone(), stored, folder, plan.seed).unwrap();
    if let Some(checkpoint) = Checkpoint::newest(folder).unwrap() {
        trainer = trainer.resume(&checkpoint).unwrap();
    }
    let limits = Limits { steps: Some(steps), ..Limits::default() };
    trainer.run(limits, Instant::now(), &mut |_| {}).unwrap();
    let weights = trainer.average().unwrap();
    let calibration = task.calibration(&plan.network, &weights, &crew).unwrap();
    let input = task.input_si_snr_db();
    export(folder, &weights, &plan, trainer.course(), &material, ("the CPU", input), calibration).unwrap()
}

#[test]
fn a_run_that_goes_on_ends_where_one_without_a_break_does() {
    let (whole, halves) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = train(whole.path(), 8);
    train(halves.path(), 4);
    let second = train(halves.path(), 8);
    assert_eq!(first.weights.sha256, second.weights.sha256);
    assert_eq!(first.validation.len(), 2);
    assert!(first.validation[0].lacking_db.is_some_and(f64::is_finite));
    let calibration = first.calibration.clone().unwrap();
    assert!(
        calibration.band > 0.0 && calibration.level > 0.0 && calibration.trust.len() == 5,
        "{calibration:?}"
    );
    let text = std::fs::read_to_string(whole.path().join("model.json")).unwrap();
    let bytes = std::fs::read(whole.path().join("model.safetensors")).unwrap();
    let card = ModelCard::<GuidedConfig>::from_json(&text).unwrap();
    assert_eq!(card, first);
    load_model(&bytes, &card, &Device::flex()).unwrap();
}

#[test]
fn the_same_samples_give_the_same_batch() {
    let task = Guidance::new(&plan(), &material()).unwrap();
    let (one, two) = (task.batch(5, 3).unwrap(), task.batch(6, 2).unwrap());
    assert_eq!(one.len(), 3);
    for (a, b) in one[1..].iter().zip(&two) {
        assert_eq!((&a.channels, &a.truths, &a.same), (&b.channels, &b.truths, &b.same));
    }
    let known = task.candidates_db();
    // What is stored is found; what is hidden is not.
    assert!(known[0] > known[2] + 3.0, "{known:?}");
}

#[test]
fn what_is_hidden_is_what_was_mixed() {
    let material = material();
    let library = Censored::new(&material).unwrap();
    // Rows 2 and 3 are of species 1, rows 8 and 9 of species 4; row 3 was blended in.
    let truth = Truth { rows: vec![2, 8], groups: vec![1, 4], blended: vec![3], ..Truth::default() };
    let hidden = |kind| -> Vec<usize> {
        let mask = library.hidden(&truth, kind);
        (0..mask.len()).filter(|row| mask[*row]).collect()
    };
    assert!(hidden(Hidden::Nothing).is_empty() && hidden(Hidden::Invented).is_empty());
    assert_eq!(hidden(Hidden::Specimens), [2, 3, 8]);
    assert_eq!(hidden(Hidden::Species(0b10)), [2, 3, 8, 9]);
    let mask = library.hidden(&truth, Hidden::Specimens);
    assert!(!library.lists(1, &mask) && library.lists(4, &mask));
}
