//! Whole trainings of very small networks.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use burn::tensor::Device;

use super::separator::Separation;
use super::{
    Checkpoint, Crew, DataPlan, Limits, LoopSettings, Material, Plan, TrainError, Trainer, export,
    first_network,
};
use crate::nets::{ModelCard, RssnetConfig, SeparatorConfig, load_model};
use crate::synth::{Pures, Rng};

const POINTS: usize = 64;

/// Eight species of two spectra each: a line of their own on a floor.
pub(in crate::train) fn material() -> Material {
    let (mut values, mut groups) = (Vec::new(), Vec::new());
    for row in 0..16 {
        let mut rng = Rng::new(5, row);
        let centre = 4.0 + 7.0 * (row / 2) as f64 + rng.uniform(-0.5, 0.5);
        values.extend((0..POINTS).map(|i| {
            let away = (i as f64 - centre) / 2.0;
            (0.05 + (-away * away).exp()) as f32
        }));
        groups.push((row / 2) as u32);
    }
    let x = (0..POINTS).map(|i| 150.0 + 20.0 * i as f64).collect();
    let pures = Arc::new(Pures::new(x, values, groups).unwrap());
    let (trained, held_out) = ((0..12).collect(), (12..16).collect());
    let specimens = (0..16).collect();
    Material { pures, trained, held_out, species: 6, specimens, left_out: 0, warnings: Vec::new() }
}

fn network(channels: usize, dropout: f64) -> SeparatorConfig {
    let tiny = RssnetConfig::preset("tiny").unwrap();
    let small = RssnetConfig { channels, hidden: 16, heads: 2, repeats: 2, chunk: 8, dropout, ..tiny };
    SeparatorConfig::Rssnet(small)
}

fn plan() -> Plan {
    let data = DataPlan {
        library: PathBuf::from("toy"),
        also: Vec::new(),
        splits: None,
        split: String::new(),
        low_cm1: 150.0,
        high_cm1: 1410.0,
        points: POINTS,
        prepare: String::new(),
        preprocessing: "despike".into(),
        hold_out: 0.25,
        citation: "nobody".into(),
        licence: String::new(),
    };
    let course =
        LoopSettings { batch: 5, at_once: 2, validate_every: 35, patience: 1, ..LoopSettings::default() };
    Plan {
        network: network(8, 0.1),
        preset: "test".into(),
        data,
        realistic: false,
        validation: 6,
        from: None,
        seed: 7,
        course,
    }
}

/// Trains to this many steps in a folder, from its checkpoint when it has one; the model is written when asked.
fn train(folder: &Path, plan: &Plan, threads: usize, steps: u64, model: bool) -> Result<(), TrainError> {
    let material = material();
    let task = Separation::new(plan, &material)?;
    let crew = Crew::of_cpu(Device::flex(), threads)?;
    let net = first_network(plan, crew.device())?;
    let stored = serde_json::to_value(plan).unwrap();
    let mut trainer = Trainer::new(&task, net, &crew, plan.course.clone(), stored, folder, plan.seed)?;
    if let Some(checkpoint) = Checkpoint::newest(folder)? {
        trainer = trainer.resume(&checkpoint)?;
    }
    let limits = Limits { steps: Some(steps), ..Limits::default() };
    trainer.run(limits, Instant::now(), &mut |_| {})?;
    if model {
        export(folder, &trainer.average()?, plan, trainer.course(), &material, ("the CPU", -1.0), None)?;
    }
    Ok(())
}

/// The state in a folder, without what the clock decides.
fn state(folder: &Path) -> Checkpoint {
    let mut checkpoint = Checkpoint::newest(folder).unwrap().unwrap();
    let course = &mut checkpoint.manifest.course;
    course.seconds = 0.0;
    course.rows.iter_mut().for_each(|row| row.minutes = 0.0);
    checkpoint
}

fn bits(checkpoint: &Checkpoint) -> Vec<Vec<u32>> {
    checkpoint.vectors.iter().map(|vector| vector.iter().map(|v| v.to_bits()).collect()).collect()
}

#[test]
fn twenty_steps_are_ten_and_ten_after_a_kill_bit_for_bit() {
    let (whole, halves) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    train(whole.path(), &plan(), 2, 20, false).unwrap();
    train(halves.path(), &plan(), 2, 10, false).unwrap();
    // What a kill leaves behind: the table runs ahead of the checkpoint, a part is half written.
    let log = halves.path().join("log.csv");
    let ahead = std::fs::read_to_string(&log).unwrap() + "11,55,9.9,1.0,0.001,,\n";
    std::fs::write(&log, ahead).unwrap();
    let half = halves.path().join("checkpoints/000000000011.weights.0.safetensors");
    std::fs::write(half, b"half").unwrap();
    train(halves.path(), &plan(), 2, 20, false).unwrap();
    let (whole_state, halves_state) = (state(whole.path()), state(halves.path()));
    assert_eq!(whole_state.manifest.course, halves_state.manifest.course);
    assert_eq!(bits(&whole_state), bits(&halves_state));
    // The table has the same lines but for the minutes.
    let table = |folder: &Path| {
        let text = std::fs::read_to_string(folder.join("log.csv")).unwrap();
        let cut = |line: &str| {
            line.split(',').enumerate().filter(|(i, _)| *i != 2).map(|(_, cell)| cell.to_owned()).collect()
        };
        text.lines().map(cut).collect::<Vec<Vec<String>>>()
    };
    assert_eq!(table(whole.path()), table(halves.path()));
    assert!(table(whole.path()).iter().any(|line| line.len() == 6 && !line[5].is_empty()));
}

#[test]
fn a_run_is_a_function_of_seed_and_threads() {
    let run = |plan: &Plan, threads| {
        let folder = tempfile::tempdir().unwrap();
        train(folder.path(), plan, threads, 4, false).unwrap();
        bits(&state(folder.path()))
    };
    let base = run(&plan(), 3);
    assert_eq!(base, run(&plan(), 3));
    assert_ne!(base, run(&Plan { seed: 8, ..plan() }, 3));
}

#[test]
fn threads_and_portions_change_roundings_only() {
    let weights = |threads, at_once| {
        let folder = tempfile::tempdir().unwrap();
        let mut plan = plan();
        plan.course.at_once = at_once;
        plan.network = network(8, 0.0);
        train(folder.path(), &plan, threads, 1, false).unwrap();
        Checkpoint::newest(folder.path()).unwrap().unwrap().vectors[1].clone()
    };
    let one = weights(1, 5);
    let scale = one.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
    for (threads, at_once) in [(2, 5), (3, 0), (5, 2)] {
        let other = weights(threads, at_once);
        let away = one.iter().zip(&other).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>().sqrt();
        // Sums of f32 in another order.
        assert!(away < 1e-4 * scale, "{threads} {at_once}: {away} of {scale}");
    }
}

#[test]
fn the_loss_falls_and_the_model_that_comes_out_can_be_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = plan();
    plan.course = LoopSettings { batch: 8, rate: 5e-3, validate_every: 160, average: 0.9, ..plan.course };
    train(folder.path(), &plan, 2, 60, true).unwrap();
    let rows = state(folder.path()).manifest.course.rows;
    let (first, last) = (rows.first().unwrap().loss, rows.last().unwrap().loss);
    assert!(last < first - 3.0, "the loss went from {first} to {last}");
    let judged: Vec<f64> = rows.iter().filter_map(|row| row.scores.first().copied()).collect();
    assert_eq!(judged.len(), 3);
    assert!(judged[2] > judged[0], "{judged:?}");
    let card = std::fs::read_to_string(folder.path().join("model.json")).unwrap();
    let card = ModelCard::<SeparatorConfig>::from_json(&card).unwrap();
    assert_eq!((card.training.samples, card.validation.len(), card.data.spectra), (480, 3, 12));
    let weights = std::fs::read(folder.path().join("model.safetensors")).unwrap();
    load_model(&weights, &card, &Device::flex()).unwrap();
    let curve = std::fs::read_to_string(folder.path().join("curve.svg")).unwrap();
    assert!(curve.contains("held out"));
}

#[test]
fn weights_of_another_training_can_be_the_beginning() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), &plan(), 2, 3, true).unwrap();
    let from = folder.path().join("model.safetensors");
    let again = Plan { from: Some(from.clone()), seed: 99, ..plan() };
    let started = first_network(&again, &Device::flex()).unwrap();
    let expected = state(folder.path()).vectors[3].clone();
    let arrays = crate::nets::arrays_of(&started).unwrap();
    let found: Vec<f32> = arrays.iter().flat_map(|array| array.values.clone()).collect();
    // Half precision keeps eleven bits.
    assert!(found.iter().zip(&expected).all(|(f, e)| (f - e).abs() <= 6e-4 * e.abs().max(1e-4)));
    let wrong =
        first_network(&Plan { network: network(16, 0.0), ..again }, &Device::flex()).unwrap_err().to_string();
    assert!(wrong.contains("model.safetensors") && wrong.contains("were expected"), "{wrong}");
}

#[test]
fn a_checkpoint_of_another_network_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), &plan(), 1, 1, false).unwrap();
    let other = Plan { network: network(64, 0.1), ..plan() };
    let error = train(folder.path(), &other, 1, 2, false).unwrap_err().to_string();
    assert!(error.contains("another network"), "{error}");
}

#[test]
fn a_training_that_goes_astray_stops_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let mut arrays = crate::nets::arrays_of(&first_network(&plan(), &Device::flex()).unwrap()).unwrap();
    for array in &mut arrays {
        array.values.fill(f32::MAX);
    }
    let from = folder.path().join("huge.safetensors");
    std::fs::write(&from, crate::nets::to_bytes(&arrays, crate::nets::Precision::Single).unwrap()).unwrap();
    let error = train(folder.path(), &Plan { from: Some(from), ..plan() }, 1, 3, false).unwrap_err();
    assert!(error.to_string().contains("--resume"), "{error}");
    assert_eq!(Checkpoint::newest(folder.path()).unwrap(), None);
}

#[test]
fn no_time_means_no_step_but_a_saved_run() {
    let folder = tempfile::tempdir().unwrap();
    let (plan, material) = (plan(), material());
    let task = Separation::new(&plan, &material).unwrap();
    let crew = Crew::of_cpu(Device::flex(), 1).unwrap();
    let net = first_network(&plan, crew.device()).unwrap();
    let stored = serde_json::Value::Null;
    let mut trainer = Trainer::new(&task, net, &crew, plan.course.clone(), stored, folder.path(), 1).unwrap();
    let limits = Limits { minutes: Some(0.0), ..Limits::default() };
    trainer.run(limits, Instant::now(), &mut |_| {}).unwrap();
    assert_eq!(state(folder.path()).manifest.course.step, 0);
}
