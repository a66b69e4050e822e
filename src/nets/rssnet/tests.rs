//! Counts, parity with a reference model's numbers, what the loss must ignore, and that the network learns.

use std::path::Path;

use burn::module::Module as _;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor};

use super::{Rssnet, RssnetConfig};
use crate::nets::init::Init;
use crate::nets::{Array, Dropout, arrays_of, from_bytes, separation_loss, with_arrays};
use crate::synth::Rng;

/// Largest difference relative to the largest number.
fn off(ours: &[f32], theirs: &[f32]) -> f32 {
    assert_eq!(ours.len(), theirs.len());
    let top = theirs.iter().fold(f32::MIN_POSITIVE, |top, v| top.max(v.abs()));
    ours.iter().zip(theirs).fold(0.0_f32, |off, (a, b)| off.max((a - b).abs())) / top
}

fn numbers<const D: usize>(x: Tensor<D>) -> Vec<f32> {
    x.into_data().try_to_vec::<f32>().unwrap()
}

fn net(preset: &str, device: &Device) -> Rssnet {
    Rssnet::new(&mut Init::new(device, 1), &RssnetConfig::preset(preset).unwrap())
}

#[test]
fn every_preset_has_the_parameters_of_the_specification() {
    let counts = [("paper", 5_245_188), ("medium", 1_344_644), ("small", 352_836), ("tiny", 96_548)];
    for (preset, count) in counts {
        assert_eq!(net(preset, &Device::flex()).num_params(), count, "{preset}");
    }
    assert_eq!(RssnetConfig::PRESETS.map(|name| RssnetConfig::preset(name).is_some()), [true; 4]);
    let depthwise = RssnetConfig { side: super::Side::Depthwise, ..RssnetConfig::preset("paper").unwrap() };
    assert_eq!(Rssnet::new(&mut Init::new(&Device::flex(), 1), &depthwise).num_params(), 5_179_908);
}

#[test]
fn sizes_that_cannot_be_built_or_judged_are_refused_with_a_sentence() {
    let small = RssnetConfig::preset("small").unwrap();
    let refused = |config: RssnetConfig| config.check().unwrap_err();
    assert!(refused(RssnetConfig { sources: 4, ..small.clone() }).contains("orders 3 at most"));
    assert!(refused(RssnetConfig { heads: 3, ..small.clone() }).contains("3 heads do not divide 128"));
    assert!(refused(RssnetConfig { chunk: 45, ..small.clone() }).contains("must be even"));
    assert!(refused(RssnetConfig { stride: 9, ..small.clone() }).contains("leaves points out"));
    assert!(refused(RssnetConfig { channels: 0, ..small.clone() }).contains("channels is 0"));
    assert_eq!(small.check(), Ok(()));
}

/// Arrays of a fixture; `None` with a notice where the shared data is absent.
fn fixture(name: &str) -> Option<Vec<Array>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/fixtures").join(name);
    let Ok(bytes) = std::fs::read(&path) else {
        println!("skipped: {} is not there", path.display());
        return None;
    };
    Some(from_bytes(&bytes).unwrap())
}

/// The name that the reference model gives to one of our parameters.
fn their_name(ours: &str) -> String {
    let mut name = ours.to_owned();
    for (from, to) in [
        ("encoder.map.weight", "enc.weight"),
        ("code_norm.norm.gain", "gln.w"),
        ("code_norm.norm.shift", "gln.b"),
        ("code_norm.slope", "eact.weight"),
        ("bottleneck", "bott"),
        ("recurrence", "rec"),
        ("masks.slope", "mact.weight"),
        ("masks.map", "mask"),
        ("decoder.map", "dec"),
        ("block.", "blocks.0."),
        ("p1.Dense.", "p1."),
        ("input_norm.norm.gain", "inorm.w"),
        ("input_norm.norm.shift", "inorm.b"),
        ("input_norm.slope", "iact.weight"),
        (".input.", ".inp."),
        (".output.", ".out."),
        (".global.", ".ga."),
        ("before.gain", "ln1.weight"),
        ("before.shift", "ln1.bias"),
        ("after.gain", "ln2.weight"),
        ("after.shift", "ln2.bias"),
        ("qkv.weight", "mha.in_proj_weight"),
        ("qkv.bias", "mha.in_proj_bias"),
        ("mix.", "mha.out_proj."),
        ("widen.", "f1."),
        ("wide_norm.gain", "n1.w"),
        ("wide_norm.shift", "n1.b"),
        ("ga.local.taps", "ga.dw.weight"),
        ("ga.local.bias", "ga.dw.bias"),
        ("narrow.", "f2."),
        ("narrow_norm.gain", "n2.w"),
        ("narrow_norm.shift", "n2.b"),
        (".local.local.", ".LOC."),
        (".local.", ".la."),
        ("taps", "conv.weight"),
        ("norm.gain", "norm.w"),
        ("norm.shift", "norm.b"),
    ] {
        name = name.replace(from, to);
    }
    // Inside local attention: la.<i>.local -> la.<i>.loc; the biases of plain layers stand beside their taps.
    for i in 0..3 {
        name = name.replace(&format!("la.{i}.local."), &format!("la.{i}.loc."));
        name = name.replace(&format!("la.{i}.la."), &format!("la.{i}.loc."));
    }
    for i in 0..4 {
        name = name.replace(&format!("down.{i}.bias"), &format!("down.{i}.conv.bias"));
    }
    name
}

/// Their numbers in our order: matrices and taps lie transposed, the decoder's window comes before the spectrum.
fn their_numbers(ours: &Array, theirs: &Array) -> Vec<f32> {
    let v = &theirs.values;
    assert_eq!(v.len(), ours.values.len(), "{}", ours.name);
    if ours.name == "decoder.map.weight" {
        let [inputs, sources, kernel] = theirs.shape[..] else { panic!("{:?}", theirs.shape) };
        let at = |c: usize, k: usize, s: usize| v[(c * sources + s) * kernel + k];
        let row = |c: usize| (0..kernel).flat_map(move |k| (0..sources).map(move |s| at(c, k, s)));
        return (0..inputs).flat_map(row).collect();
    }
    let [rows, columns] = ours.shape[..] else { return v.clone() };
    (0..rows).flat_map(|r| (0..columns).map(move |c| v[c * rows + r])).collect()
}

fn find<'a>(arrays: &'a [Array], name: &str) -> &'a Array {
    arrays.iter().find(|a| a.name == name).unwrap_or_else(|| panic!("{name} is not in the fixture"))
}

/// The network of a fixture with its weights.
fn loaded(preset: &str, fixture: &[Array], device: &Device) -> Rssnet {
    let net = net(preset, device);
    let mut arrays = arrays_of(&net).unwrap();
    for array in &mut arrays {
        let theirs = find(fixture, &format!("weights.{}", their_name(&array.name)));
        array.values = their_numbers(array, theirs);
    }
    with_arrays(net, &arrays).unwrap()
}

fn tensor<const D: usize>(array: &Array, device: &Device) -> Tensor<D> {
    let shape: [usize; D] = array.shape.clone().try_into().unwrap();
    Tensor::<1>::from_floats(array.values.as_slice(), device).reshape(shape)
}

#[test]
fn outputs_and_loss_are_those_of_the_reference_model() {
    for preset in ["tiny", "small"] {
        let Some(fixture) = fixture(&format!("rssnet_{preset}.safetensors")) else { return };
        let device = Device::flex();
        let net = loaded(preset, &fixture, &device);
        let output = net.forward(tensor(find(&fixture, "input"), &device), &mut Dropout::none());
        let wanted = &find(&fixture, "output").values;
        let reference = tensor(find(&fixture, "reference"), &device);
        let loss = numbers(separation_loss(output.clone(), reference))[0];
        assert!(off(&numbers(output), wanted) < 1e-4, "{preset}");
        let theirs = find(&fixture, "loss").values[0];
        assert!((loss - theirs).abs() < 1e-4 * theirs.abs().max(1.0), "{preset}: {loss} {theirs}");
    }
}

#[test]
fn what_happens_inside_is_what_happens_in_the_reference_model() {
    let Some(fixture) = fixture("rssnet_tiny.safetensors") else { return };
    let device = Device::flex();
    let net = loaded("tiny", &fixture, &device);
    let near = |ours: Vec<f32>, name: &str| {
        let off = off(&ours, &find(&fixture, name).values);
        assert!(off < 1e-4, "{name} is off by {off}");
    };
    let code = net.encode(tensor(find(&fixture, "input"), &device));
    near(numbers(code.clone().swap_dims(1, 2)), "tap.enc");
    let (chunks, _) = net.chunks(code.clone());
    // [batch, chunk, place, channel] here, [batch, channel, place, chunk] there.
    near(numbers(net.step(chunks, &mut Dropout::none()).permute([0, 3, 2, 1])), "tap.block0");
    let features = net.separate(code, &mut Dropout::none());
    near(numbers(features.clone().swap_dims(1, 2)), "tap.sep");
    let masks = net.masks(features);
    let [batch, points, all] = masks.dims();
    near(numbers(masks.reshape([batch, points, 2, all / 2]).permute([0, 2, 3, 1])), "tap.masks");
}

#[test]
fn gradients_are_those_of_the_reference_model() {
    let Some(fixture) = fixture("rssnet_tiny.safetensors") else { return };
    let device = Device::flex().autodiff();
    let net = loaded("tiny", &fixture, &device);
    let output = net.forward(tensor(find(&fixture, "input"), &device), &mut Dropout::none());
    let loss = separation_loss(output, tensor(find(&fixture, "reference"), &device));
    let gradients = GradientsParams::from_grads(loss.backward(), &net);
    let found = crate::nets::weights::gradients_of(&net, &gradients).unwrap();
    let mut worst = (0.0, String::new());
    for array in &found {
        let theirs = find(&fixture, &format!("grad.{}", their_name(&array.name)));
        let off = off(&array.values, &their_numbers(array, theirs));
        if off > worst.0 {
            worst = (off, array.name.clone());
        }
    }
    assert!(worst.0 < 1e-3, "{worst:?}");
}

#[test]
fn the_loss_ignores_order_scale_and_offset() {
    let device = Device::flex();
    let mut rng = Rng::new(3, 0);
    let mut draw = || {
        let values: Vec<f32> = (0..2 * 2 * 50).map(|_| rng.normal() as f32).collect();
        Tensor::<1>::from_floats(values.as_slice(), &device).reshape([2, 2, 50])
    };
    let (estimate, reference) = (draw(), draw());
    let loss = |e: &Tensor<3>, r: &Tensor<3>| numbers(separation_loss(e.clone(), r.clone()))[0];
    let first = loss(&estimate, &reference);
    assert!((loss(&estimate, &reference.clone().flip([1])) - first).abs() < 1e-5);
    assert!((loss(&(estimate.clone() * -3.5 + 0.7), &reference) - first).abs() < 1e-4);
    assert!(loss(&(estimate + reference.clone()), &reference) < first - 1.0);
}

#[test]
fn si_snr_has_the_specification_s_value() {
    let device = Device::flex();
    let r = [1.0_f32, -1.0, 1.0, -1.0];
    let n = [1.0_f32, 1.0, -1.0, -1.0];
    let e: Vec<f32> = r.iter().zip(n).map(|(r, n)| 3.0 * r + 0.3 * n + 5.0).collect();
    let tensor = |v: &[f32]| Tensor::<1>::from_floats(v, &device).reshape([1, 1, 4]);
    let value = numbers(crate::nets::loss::si_snr_table(tensor(&e), tensor(&r)))[0];
    assert!((value - 20.0).abs() < 1e-3, "{value}");
}

#[test]
fn the_smallest_network_learns_one_mixture_by_heart() {
    let device = Device::flex().autodiff();
    let mut net = net("tiny", &device);
    let mut optimiser = AdamConfig::new().init();
    let peak = |at: f32, width: f32| (0..256).map(move |i| (-((i as f32 - at) / width).powi(2)).exp());
    let first: Vec<f32> = peak(60.0, 3.0).zip(peak(150.0, 5.0)).map(|(a, b)| a + 0.6 * b).collect();
    let second: Vec<f32> = peak(100.0, 4.0).zip(peak(200.0, 3.0)).map(|(a, b)| 0.8 * a + b).collect();
    let mixture: Vec<f32> = first.iter().zip(&second).map(|(a, b)| 0.6 * a + 0.4 * b).collect();
    let mixture = Tensor::<1>::from_floats(mixture.as_slice(), &device).reshape([1, 256]);
    let both: Vec<f32> = first.into_iter().chain(second).collect();
    let both = Tensor::<1>::from_floats(both.as_slice(), &device).reshape([1, 2, 256]);
    let mut loss = f32::INFINITY;
    for _ in 0..60 {
        let estimates = net.forward(mixture.clone(), &mut Dropout::none());
        let tensor = separation_loss(estimates, both.clone());
        loss = numbers(tensor.clone().inner())[0];
        let gradients = GradientsParams::from_grads(tensor.backward(), &net);
        net = optimiser.step(1e-3, net, gradients);
    }
    assert!(loss < -20.0, "{loss} dB after 60 steps");
}
