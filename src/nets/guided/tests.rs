//! What every refinement must keep.

use burn::tensor::{Device, Tensor};

use super::*;
use crate::synth::Rng;

fn curve(seed: u64, points: usize) -> Vec<f32> {
    let mut rng = Rng::new(seed, 0);
    let (at, width) = (rng.uniform(4.0, points as f64 - 4.0), rng.uniform(1.0, 3.0));
    (0..points).map(|i| (-((i as f64 - at) / width).powi(2)).exp() as f32).collect()
}

fn scene(slots: usize) -> Scene {
    let slot = |k: usize| Slot {
        likely: curve(k as u64, 32),
        stored: curve(k as u64, 32),
        confidence: 0.5,
        lacking: k + 1 == slots,
    };
    let slots: Vec<Slot> = (0..slots).map(slot).collect();
    let mixture = (0..32).map(|i| slots.iter().map(|s| s.likely[i]).sum::<f32>() + 0.25).collect();
    Scene { mixture, background: vec![0.25; 32], slots, exact: false, noise: 0.01 }
}

fn run(net: &Guided, config: &GuidedConfig, scene: &Scene) -> Refined {
    let mut channels = Vec::new();
    scene.channels(config, &mut channels);
    let device = Device::flex();
    let flat = |values: &[f32]| Tensor::<1>::from_floats(values, &device);
    let x = flat(&channels).reshape([scene.slots.len(), scene.points(), config.inputs()]);
    net.forward(x, flat(&scene.sizes()))
}

fn numbers<const D: usize>(x: Tensor<D>) -> Vec<f32> {
    x.into_data().try_to_vec::<f32>().unwrap()
}

#[test]
fn presets_are_usable_and_wrong_sizes_are_named() {
    for name in GuidedConfig::PRESETS {
        assert_eq!(GuidedConfig::preset(name).unwrap().check(), Ok(()), "{name}");
    }
    let tiny = GuidedConfig::preset("tiny").unwrap();
    for (wrong, word) in [
        (GuidedConfig { taps: 4, ..tiny.clone() }, "taps"),
        (GuidedConfig { widths: vec![8], ..tiny.clone() }, "scales"),
        (GuidedConfig { widths: vec![8, 9], ..tiny.clone() }, "heads"),
        (GuidedConfig { groups: 3, ..tiny.clone() }, "groups"),
        (GuidedConfig { widths: vec![0, 8], ..tiny }, "width"),
    ] {
        assert!(wrong.check().unwrap_err().contains(word), "{wrong:?}");
    }
}

#[test]
fn slots_are_refined_alike_wherever_they_stand_and_whatever_the_units() {
    let config = GuidedConfig::preset("tiny").unwrap();
    let net = Guided::new(&config, 1, &Device::flex());
    let scene = scene(3);
    let first = run(&net, &config, &scene);
    let mut turned = scene.clone();
    turned.slots.swap(0, 1);
    let second = run(&net, &config, &turned);
    let (a, b) = (numbers(first.corrections.clone()), numbers(second.corrections));
    let off = (0..32).map(|i| (a[i] - b[32 + i]).abs()).fold(0.0, f32::max);
    assert!(off < 1e-4, "{off}");
    let mut louder = scene;
    let times = |curve: &mut Vec<f32>| curve.iter_mut().for_each(|v| *v *= 1024.0);
    times(&mut louder.mixture);
    times(&mut louder.background);
    louder.slots.iter_mut().for_each(|slot| {
        times(&mut slot.likely);
        times(&mut slot.stored);
    });
    louder.noise *= 1024.0;
    let off = numbers(run(&net, &config, &louder).corrections)
        .iter()
        .zip(&a)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max);
    assert!(off < 1e-4, "{off}");
    assert_eq!(first.judged.unwrap().odds.dims(), [3, Judged::QUESTIONS]);
}

#[test]
fn the_plain_form_sees_four_channels_and_corrects_only() {
    let config = GuidedConfig { form: Form::Plain, ..GuidedConfig::preset("tiny").unwrap() };
    let refined = run(&Guided::new(&config, 1, &Device::flex()), &config, &scene(2));
    assert!(refined.judged.is_none() && refined.corrections.dims() == [2, 32]);
}

#[test]
fn decibels_are_those_of_the_spec() {
    let device = Device::flex();
    let rows = |values: &[f32]| Tensor::<1>::from_floats(values, &device).reshape([1, 4]);
    let truth = rows(&[1.0, -1.0, 1.0, -1.0]);
    let found = rows(&[3.3 + 5.0, -2.7 + 5.0, 2.7 + 5.0, -3.3 + 5.0]);
    let terms = Terms::new(&found, &truth);
    assert!((numbers(terms.shape)[0] - 20.0).abs() < 1e-3);
    // |t|^2 = 4 against |2 t + n|^2 = 16 + 0.36.
    assert!((numbers(terms.level)[0] - 10.0 * (4.0_f32 / 16.36).log10()).abs() < 1e-3);
}

#[test]
fn the_loss_falls_with_what_is_wrong_and_every_weight_has_a_gradient() {
    let device = Device::flex().autodiff();
    let config = GuidedConfig::preset("tiny").unwrap();
    let net = Guided::new(&config, 2, &device);
    let scene = scene(2);
    let mut channels = Vec::new();
    scene.channels(&config, &mut channels);
    let flat = |values: &[f32]| Tensor::<1>::from_floats(values, &device);
    let x = flat(&channels).reshape([2, 32, config.inputs()]);
    let refined = net.forward(x, flat(&scene.sizes()));
    let truths = flat(&curve(9, 32)).reshape([1, 32]);
    let column = |a: f32, b: f32| flat(&[a, b]).reshape([2, 1]);
    let targets = Targets {
        truths: truths.clone(),
        pairs: column(1.0, 0.0),
        chosen: column(1.0, 0.0),
        idle: flat(&[0.0, 1.0]),
        verdicts: flat(&[0.0, 1.0, 1.0, 0.0, 0.0, 1.0]).reshape([2, Judged::QUESTIONS]),
    };
    let loss = |components: Tensor<2>| {
        guided_loss(components.clone(), &Terms::new(&components, &truths), &refined, &targets, 1)
    };
    let near = Tensor::cat(vec![truths.clone(), truths.zeros_like() + 1e-3], 0);
    let far = Tensor::cat(
        vec![truths.clone() + refined.corrections.clone().slice([0..1, 0..32]), truths.clone()],
        0,
    );
    let (near, far) = (numbers(loss(near).inner())[0], numbers(loss(far.clone()).inner())[0]);
    assert!(near + 10.0 < far, "{near} {far}");
    let components = refined.corrections.clone();
    let gradients = burn::optim::GradientsParams::from_grads(loss(components).backward(), &net);
    assert_eq!(gradients.len(), crate::nets::arrays_of(&net).unwrap().len());
}

#[test]
fn the_answer_is_what_is_sure_then_what_is_strong() {
    let (powers, lacking) = ([5.0, 1.0, 9.0], [false, false, true]);
    assert_eq!(chosen_slots(&powers, &lacking, None, 2), [0, 1]);
    assert_eq!(chosen_slots(&powers, &lacking, Some(&[2.0, -1.0, 1.0]), 2), [2, 0]);
    assert_eq!(chosen_slots(&powers, &lacking, Some(&[-2.0, -1.0, -1.0]), 2), [2, 0]);
    assert_eq!(chosen_slots(&powers, &lacking, Some(&[-2.0, 1.0, -1.0]), 9), [1, 2, 0]);
}
