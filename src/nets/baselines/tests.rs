//! The four networks held against their published sizes, their gradients, and one mixture to learn.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor};

use crate::nets::{Dropout, Separator, SeparatorConfig, separation_loss};
use crate::synth::Rng;

const BASELINES: [(&str, usize); 4] =
    [("conv-tasnet", 3_461_297), ("dprnn", 38_982_913), ("afrcnn", 15_730_184), ("tdanet", 2_498_563)];

/// Bands of two substances and their mixture: `[1, point]` and `[1, 2, point]`.
fn mixture(points: usize, device: &Device) -> (Tensor<2>, Tensor<3>) {
    let band =
        |p: usize, centre: f64, width: f64| (1.0 / (1.0 + ((p as f64 - centre) / width).powi(2))) as f32;
    let at = |share: f64| share * points as f64;
    let first = |p| band(p, at(0.2), 4.0) + 0.5 * band(p, at(0.55), 6.0);
    let second = |p| band(p, at(0.35), 3.0) + 0.8 * band(p, at(0.8), 5.0);
    let pure: Vec<f32> = (0..points).map(first).chain((0..points).map(second)).collect();
    let mixed: Vec<f32> = (0..points).map(|p| 0.6 * pure[p] + 0.4 * pure[points + p]).collect();
    let tensor = |values: &[f32]| Tensor::<1>::from_floats(values, device);
    (tensor(&mixed).reshape([1, points]), tensor(&pure).reshape([1, 2, points]))
}

fn tiny(name: &str) -> SeparatorConfig {
    SeparatorConfig::named(name, "tiny").unwrap()
}

#[test]
fn parameter_counts_are_the_published_ones() {
    for (name, count) in BASELINES {
        let config = SeparatorConfig::named(name, "paper").unwrap();
        assert_eq!(Separator::new(&config, 1, &Device::flex()).num_params(), count, "{name}");
    }
}

#[test]
fn every_preset_passes_its_own_check_and_keeps_its_name_in_json() {
    for name in SeparatorConfig::NAMES {
        for preset in SeparatorConfig::presets(name).unwrap() {
            let config = SeparatorConfig::named(name, preset).unwrap();
            assert_eq!(config.check(), Ok(()), "{name} {preset}");
            assert_eq!((config.name(), config.sources()), (name, 2));
            let text = serde_json::to_string(&config).unwrap();
            assert!(text.contains(&format!("\"network\":\"{name}\"")), "{text}");
            assert_eq!(serde_json::from_str::<SeparatorConfig>(&text).unwrap(), config);
        }
    }
}

#[test]
fn unknown_names_are_answered_with_the_known_ones() {
    let problem = SeparatorConfig::named("convtasnet", "tiny").unwrap_err();
    assert_eq!(
        problem,
        "there is no network convtasnet: choose one of rssnet, conv-tasnet, dprnn, afrcnn, tdanet"
    );
    let problem = SeparatorConfig::named("dprnn", "huge").unwrap_err();
    assert_eq!(problem, "dprnn has no preset huge: choose one of paper, small, tiny");
}

#[test]
fn impossible_sizes_are_refused_with_a_sentence() {
    let mut broken: Vec<(SeparatorConfig, &str)> = Vec::new();
    for (name, _) in BASELINES {
        for (key, value, says) in [
            ("channels", 0, "channels is 0: it must be 1 to 4096"),
            ("stride", 50, "a stride of 50 leaves points out"),
            ("sources", 4, "4 sources: the loss orders 3 at most"),
        ] {
            let mut json = serde_json::to_value(tiny(name)).unwrap();
            json[key] = value.into();
            broken.push((serde_json::from_value(json).unwrap(), says));
        }
    }
    for (name, key, value, says) in [
        ("conv-tasnet", "taps", 4, "4 taps: it must be an odd number"),
        ("conv-tasnet", "blocks", 40, "40 blocks: the last would be 2^40 points wide"),
        ("dprnn", "chunk", 33, "a chunk of 33 points: it must be even"),
        ("tdanet", "heads", 7, "7 heads do not divide 64 hidden channels"),
    ] {
        let mut json = serde_json::to_value(tiny(name)).unwrap();
        json[key] = value.into();
        broken.push((serde_json::from_value(json).unwrap(), says));
    }
    for (config, says) in broken {
        let problem = config.check().unwrap_err();
        assert!(problem.contains(says), "{}: {problem}", config.name());
    }
}

#[test]
fn spectra_of_any_length_come_out_as_long_as_they_went_in() {
    for (name, _) in BASELINES {
        let net = Separator::new(&tiny(name), 3, &Device::flex());
        for points in [64, 101, 256] {
            let (x, _) = mixture(points, &Device::flex());
            let x = Tensor::cat(vec![x.clone(), x.clone() * 0.5, x.neg()], 0);
            let y = net.forward(x, &mut Dropout::none());
            assert_eq!(y.dims(), [3, 2, points], "{name}");
            let values: Vec<f32> = y.into_data().try_to_vec().unwrap();
            assert!(values.iter().all(|v| v.is_finite()), "{name} at {points} points");
            assert!(values.iter().any(|v| v.abs() > 1e-6), "{name} at {points} points");
        }
    }
}

#[test]
fn a_spectrum_comes_out_the_same_in_any_company() {
    for (name, _) in BASELINES {
        let net = Separator::new(&tiny(name), 4, &Device::flex());
        let (x, references) = mixture(128, &Device::flex());
        let other = references.narrow(1, 0, 1).reshape([1, 128]);
        let alone: Vec<f32> = net.forward(x.clone(), &mut Dropout::none()).into_data().try_to_vec().unwrap();
        let both = net.forward(Tensor::cat(vec![other, x], 0), &mut Dropout::none());
        let both: Vec<f32> = both.narrow(0, 1, 1).into_data().try_to_vec().unwrap();
        let largest = alone.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
        for (a, b) in alone.iter().zip(&both) {
            // Products of more rows are summed in another order.
            assert!((a - b).abs() <= 1e-5 * largest, "{name}: {a} {b}");
        }
    }
}

/// Parameters whose gradient is missing, not finite, or nothing but zeros.
struct Silent<'a> {
    grads: &'a GradientsParams,
    path: Vec<String>,
    found: Vec<String>,
    seen: usize,
}

impl ModuleVisitor for Silent<'_> {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.seen += 1;
        let grad: Option<Vec<f32>> =
            self.grads.get::<D>(param.id).map(|grad| grad.into_data().try_to_vec().unwrap());
        let sound =
            grad.is_some_and(|grad| grad.iter().all(|v| v.is_finite()) && grad.iter().any(|v| *v != 0.0));
        if !sound {
            self.found.push(self.path.join("."));
        }
    }
}

#[test]
fn every_parameter_gets_a_gradient() {
    let device = Device::flex().autodiff();
    for (name, _) in BASELINES {
        let net = Separator::new(&tiny(name), 5, &device);
        let (x, references) = mixture(256, &device);
        let mut dropout = Dropout::new(0.1, Rng::new(1, 2));
        let loss = separation_loss(net.forward(x, &mut dropout), references);
        let grads = GradientsParams::from_grads(loss.backward(), &net);
        let mut silent = Silent { grads: &grads, path: Vec::new(), found: Vec::new(), seen: 0 };
        net.visit(&mut silent);
        assert!(silent.seen > 20, "{name} has {} parameters", silent.seen);
        assert_eq!(silent.found, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_gradient_is_the_slope_of_the_loss() {
    let device = Device::flex().autodiff();
    for (name, _) in BASELINES {
        let net = Separator::new(&tiny(name), 6, &device);
        let (x, references) = mixture(128, &device);
        let loss = |x: Tensor<2>| separation_loss(net.forward(x, &mut Dropout::none()), references.clone());
        let x = x.require_grad();
        let grads = loss(x.clone()).backward();
        let grad = x.grad(&grads).unwrap();
        let x = x.inner();
        // Along the gradient itself, where the slope is its length.
        let length: f32 = grad.clone().powi_scalar(2).sum().sqrt().into_scalar();
        let at = |h: f32| -> f32 {
            loss(Tensor::from_inner(x.clone() + grad.clone() * (h / length))).inner().into_scalar()
        };
        let h = 2e-3;
        let slope = (at(h) - at(-h)) / (2.0 * h);
        assert!((slope / length - 1.0).abs() < 0.03, "{name}: slope {slope}, length {length}");
    }
}

#[test]
fn one_mixture_is_learned_by_heart() {
    let device = Device::flex().autodiff();
    for (name, _) in BASELINES {
        let mut net = Separator::new(&tiny(name), 7, &device);
        let mut adam = AdamConfig::new().init();
        let (x, references) = mixture(256, &device);
        let mut losses = Vec::new();
        for _ in 0..60 {
            let loss = separation_loss(net.forward(x.clone(), &mut Dropout::none()), references.clone());
            losses.push(loss.clone().inner().into_scalar::<f32>());
            let grads = GradientsParams::from_grads(loss.backward(), &net);
            net = adam.step(3e-3, net, grads);
        }
        println!("{name}: {:.1} dB to {:.1} dB", losses[0], losses[59]);
        assert!(losses[59] < losses[0] - 8.0, "{name}: {} dB, then {} dB", losses[0], losses[59]);
    }
}

#[test]
fn outputs_are_those_of_pytorch() {
    // Written out in PyTorch from the published descriptions and run in float64 on the same weights.
    let theirs = [
        ("conv-tasnet", [0.055_955, 0.021_26, -0.195_227, -0.004_013]),
        ("dprnn", [0.001_239, -0.002_632, -0.081_455, -0.002_662]),
        ("afrcnn", [-0.029_483, -0.028_427, 0.119_017, -0.011_624]),
        ("tdanet", [-0.071_954, 0.019_351, 0.226_428, -0.035_778]),
    ];
    let device = Device::flex();
    let wave = |i: usize| (i as f32 * 0.37).sin() + (i as f32 * 0.011).cos();
    let x = Tensor::<1>::from_floats((0..400).map(wave).collect::<Vec<_>>().as_slice(), &device);
    for (name, theirs) in theirs {
        let net = Separator::new(&tiny(name), 9, &device);
        let y = net.forward(x.clone().reshape([2, 200]), &mut Dropout::none());
        let y: Vec<f32> = y.into_data().try_to_vec().unwrap();
        for ([batch, source, point], theirs) in
            [[0, 0, 50], [0, 1, 100], [1, 0, 150], [1, 1, 199]].into_iter().zip(theirs)
        {
            let ours = y[(batch * 2 + source) * 200 + point];
            // Six decimals are given.
            assert!((ours - theirs).abs() < 3e-6, "{name}: {ours} {theirs}");
        }
    }
}
