//! Counts, parity with a reference model's numbers, statistics, and that the network learns.

use std::path::Path;

use burn::module::Module as _;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor};

use super::{Answers, Ramixnet, RamixnetConfig, Version, ramixnet_loss, share_statistics};
use crate::nets::{Array, Design as _, Dropout, Statistics, arrays_of, from_bytes, with_arrays};
use crate::synth::Rng;

fn numbers<const D: usize>(x: Tensor<D>) -> Vec<f32> {
    x.into_data().try_to_vec::<f32>().unwrap()
}

fn rows(values: &[f32], count: usize) -> Tensor<2> {
    let width = values.len() / count;
    Tensor::<1>::from_floats(values, &Device::flex()).reshape([count, width])
}

fn off(ours: &[f32], theirs: &[f32]) -> f32 {
    assert_eq!(ours.len(), theirs.len());
    let top = theirs.iter().fold(f32::MIN_POSITIVE, |top, v| top.max(v.abs()));
    ours.iter().zip(theirs).fold(0.0_f32, |off, (a, b)| off.max((a - b).abs())) / top
}

#[test]
fn both_versions_have_the_parameters_of_the_specification() {
    for (version, count) in [(Version::I, 203_492), (Version::II, 335_208)] {
        let config = RamixnetConfig::new(version, 4);
        let net = Ramixnet::new(&config, 1, &Device::flex());
        // Stored statistics are numbers of the file, not weights: two a channel.
        let stored: usize = 2 * config.widths.iter().sum::<usize>();
        assert_eq!(net.num_params() - stored, count, "{version:?}");
    }
}

#[test]
fn sizes_that_cannot_be_built_are_refused_with_a_sentence() {
    let base = RamixnetConfig::new(Version::II, 4);
    let refused = |config: RamixnetConfig| config.check().unwrap_err();
    assert!(refused(RamixnetConfig { classes: 0, ..base.clone() }).contains("classes is 0"));
    assert!(refused(RamixnetConfig { taps: vec![3], ..base.clone() }).contains("numbers of taps"));
    assert!(refused(RamixnetConfig { taps: vec![15, 11, 7, 5, 4], ..base.clone() }).contains("must be odd"));
    assert!(refused(RamixnetConfig { told: 1 << 20, ..base.clone() }).contains("at most 65536"));
    assert_eq!(base.check(), Ok(()));
    assert_eq!(base.least_points(), 32);
}

/// `[out, in, tap]` to `[tap and in, out]`.
fn taps_first(theirs: &Array) -> Vec<f32> {
    let [outputs, inputs, taps] = theirs.shape[..] else { panic!("{:?}", theirs.shape) };
    let mut ours = Vec::with_capacity(theirs.values.len());
    for tap in 0..taps {
        for input in 0..inputs {
            ours.extend((0..outputs).map(|out| theirs.values[(out * inputs + input) * taps + tap]));
        }
    }
    ours
}

/// `[out, in]` to `[in, out]`; `bins` of the input are turned from channel first to bin first.
fn turned(theirs: &Array, bins: usize) -> Vec<f32> {
    let [outputs, inputs] = theirs.shape[..] else { panic!("{:?}", theirs.shape) };
    let channels = inputs / bins;
    let mut ours = Vec::with_capacity(theirs.values.len());
    for bin in 0..bins {
        for channel in 0..channels {
            ours.extend((0..outputs).map(|out| theirs.values[out * inputs + channel * bins + bin]));
        }
    }
    ours
}

/// The reference's numbers for one of our arrays.
fn theirs(name: &str, fixture: &[Array]) -> Vec<f32> {
    let find = |name: String| fixture.iter().find(|a| a.name == name).unwrap_or_else(|| panic!("{name}"));
    let parts: Vec<&str> = name.split('.').collect();
    match parts[..] {
        ["body", stage, "conv", "map", "weight"] => {
            taps_first(find(format!("weights.body.{}.weight", 4 * stage.parse::<usize>().unwrap())))
        }
        ["body", stage, "norm", what] => {
            let what = match what {
                "gain" => "weight",
                "shift" => "bias",
                "mean" => "running_mean",
                _ => "running_var",
            };
            find(format!("weights.body.{}.{what}", 4 * stage.parse::<usize>().unwrap() + 1)).values.clone()
        }
        [head, layer, what] => {
            let head = if head == "presence" { "cls" } else { "reg" };
            let (place, bins) = if layer == "first" { (0, 8) } else { (3, 1) };
            let array = find(format!("weights.{head}.{place}.{what}"));
            if what == "weight" { turned(array, bins) } else { array.values.clone() }
        }
        _ => panic!("{name}"),
    }
}

#[test]
fn answers_are_those_of_the_reference() {
    for (name, version) in [("I", Version::I), ("II", Version::II)] {
        let file = format!("../shared/data/fixtures/ramixnet_{name}.safetensors");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let Ok(bytes) = std::fs::read(&path) else {
            println!("skipped: {} is not there", path.display());
            return;
        };
        let fixture = from_bytes(&bytes).unwrap();
        let blank = RamixnetConfig::new(version, 4).blank(&Device::flex());
        let mut arrays =
            arrays_of(&Ramixnet::new(&RamixnetConfig::new(version, 4), 1, &Device::flex())).unwrap();
        for array in &mut arrays {
            let values = theirs(&array.name, &fixture);
            assert_eq!(values.len(), array.values.len(), "{}", array.name);
            array.values = values;
        }
        let net = with_arrays(blank, &arrays).unwrap();
        let get = |name: &str| fixture.iter().find(|a| a.name == name).unwrap().values.clone();
        let answers = net.forward(rows(&get("input"), 3), None, Statistics::Stored, &mut Dropout::none());
        let presence = off(&numbers(answers.presence), &get("presence_logits"));
        assert!(presence < 1e-4, "{name}: presence off by {presence}");
        if let Some(dosage) = answers.dosage {
            let dosage = off(&numbers(dosage), &get("dosage_logits"));
            assert!(dosage < 1e-4, "{name}: dosage off by {dosage}");
        }
    }
}

#[test]
fn even_odds_cost_ln_2_and_a_dosage_its_square_ten_times() {
    let zeros = || rows(&[0.0; 6], 2);
    let present = || rows(&[1.0, 0.0, 0.0, 1.0, 1.0, 0.0], 2);
    let only = Answers { presence: zeros(), dosage: None };
    let loss = numbers(ramixnet_loss(&only, present(), zeros()))[0];
    assert!((loss - std::f32::consts::LN_2).abs() < 1e-6, "{loss}");
    // A dosage of sigmoid(0) = 0.5 against 0.3 everywhere: 10 * 0.04 on top.
    let both = Answers { presence: zeros(), dosage: Some(zeros()) };
    let loss = numbers(ramixnet_loss(&both, present(), zeros() + 0.3))[0];
    assert!((loss - 1.093_147).abs() < 1e-5, "{loss}");
}

/// Spectra with a line at one of two places, and which.
fn lines(count: usize, points: usize, rng: &mut Rng) -> (Vec<f32>, Vec<f32>, Vec<f32>) {
    let (mut x, mut present, mut dosage) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..count {
        let both = [rng.unit() < 0.5, rng.unit() < 0.5];
        let level = both.map(|there| if there { rng.uniform(0.3, 1.0) as f32 } else { 0.0 });
        present.extend(both.map(|there| f32::from(u8::from(there))));
        dosage.extend(level);
        x.extend((0..points).map(|i| {
            let line = |at: f32| (-((i as f32 - at) / 2.0).powi(2)).exp();
            level[0] * line(14.0) + level[1] * line(44.0) + 0.02 * rng.normal() as f32
        }));
    }
    (x, present, dosage)
}

#[test]
fn two_lines_are_learned_and_stored_statistics_answer_like_a_batch() {
    let device = Device::flex().autodiff();
    let base = RamixnetConfig::new(Version::II, 2);
    let config = RamixnetConfig { widths: vec![8, 8], taps: vec![7, 5], bins: 8, hidden: 16, ..base };
    let mut net = Ramixnet::new(&config, 5, &device);
    let mut optimiser = AdamConfig::new().init();
    let mut rng = Rng::new(1, 0);
    let on = |values: &[f32], width: usize| {
        Tensor::<1>::from_floats(values, &device).reshape([values.len() / width, width])
    };
    let mut losses = Vec::new();
    for step in 0..120 {
        let (x, present, dosage) = lines(32, 64, &mut rng);
        let mut dropout = Dropout::new(super::DROPOUT_RATE, Rng::new(9, step));
        let answers = net.forward(on(&x, 64), None, Statistics::Batch, &mut dropout);
        let loss = ramixnet_loss(&answers, on(&present, 2), on(&dosage, 2));
        losses.push(numbers(loss.clone().inner())[0]);
        let gradients = GradientsParams::from_grads(loss.backward(), &net);
        net = optimiser.step(1e-2, net, gradients);
    }
    assert!(losses[119] < 0.3 * losses[0], "{} {}", losses[0], losses[119]);
    let net = net.valid();
    let (x, present, _) = lines(64, 64, &mut rng);
    let mut arrays = arrays_of(&net).unwrap();
    share_statistics(&net, &mut arrays, std::slice::from_ref(&x), 64, &Device::flex()).unwrap();
    let stored = with_arrays(net.clone(), &arrays).unwrap();
    let run = |net: &Ramixnet, statistics| {
        numbers(net.forward(rows(&x, 64), None, statistics, &mut Dropout::none()).presence)
    };
    let (batch, stored) = (run(&net, Statistics::Batch), run(&stored, Statistics::Stored));
    assert!(off(&stored, &batch) < 1e-3, "{}", off(&stored, &batch));
    let right = stored.iter().zip(&present).filter(|(odds, there)| (**odds > 0.0) == (**there > 0.5)).count();
    assert!(right >= 122, "{right} of 128");
}

#[test]
fn any_length_and_any_number_of_classes_pass_and_what_is_told_counts() {
    let config = RamixnetConfig { told: 3, kept: 50, ..RamixnetConfig::new(Version::II, 13) };
    let net = Ramixnet::new(&config, 2, &Device::flex());
    for points in [32, 881, 1381] {
        let x = rows(&vec![0.5; 2 * points], 2);
        let told = rows(&[0.0, 0.0, 0.0, 1.0, -1.0, 2.0], 2);
        let answers = net.forward(x, Some(&told), Statistics::Stored, &mut Dropout::none());
        let presence = numbers(answers.presence);
        assert_eq!((presence.len(), answers.dosage.unwrap().dims()), (26, [2, 13]));
        assert!(presence[..13] != presence[13..]);
    }
    assert_eq!(net.pures().unwrap().dims(), [13, 50]);
}
