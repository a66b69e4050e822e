use std::path::Path;

use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor};

use super::*;
use crate::nets::{Array, Design as _, arrays_of, with_arrays};
use crate::synth::cars::CarsPreset;

fn numbers<const D: usize>(x: Tensor<D>) -> Vec<f32> {
    x.into_data().try_to_vec::<f32>().unwrap()
}

fn rows(values: &[f64], device: &Device) -> Tensor<2> {
    let values: Vec<f32> = values.iter().map(|v| *v as f32).collect();
    Tensor::<1>::from_floats(values.as_slice(), device).reshape([1, values.len()])
}

fn config(form: RampinnForm) -> RampinnConfig {
    RampinnConfig { form, ..RampinnConfig::preset("tiny").unwrap() }
}

/// Spectra of the training's generator with their answers.
fn samples(count: u64, points: usize, device: &Device) -> (Vec<Vec<f32>>, CarsTruth) {
    let scaled: Vec<_> = (0..count).map(|k| CarsPreset::Mix.sample(5, k).scaled()).collect();
    let cut = |y: &[f32]| y[..points].to_vec();
    let all = |of: fn(&crate::synth::cars::CarsScaled) -> &[f32]| {
        let values: Vec<f32> = scaled.iter().flat_map(|s| cut(of(s))).collect();
        Tensor::<1>::from_floats(values.as_slice(), device).reshape([scaled.len(), points])
    };
    let truth = CarsTruth {
        raman: all(|s| &s.raman),
        background: all(|s| &s.background),
        weight: Tensor::ones([scaled.len(), 1], device),
    };
    (scaled.iter().map(|s| cut(&s.input)).collect(), truth)
}

fn input(config: &RampinnConfig, spectra: &[Vec<f32>], device: &Device) -> CarsInput {
    CarsInput::of(config, &spectra.iter().map(Vec::as_slice).collect::<Vec<_>>(), device)
}

#[test]
fn the_published_sizes_have_the_published_parameters() {
    let device = Device::flex();
    for (name, expected) in [("full", 6_409_890), ("small", 403_050)] {
        let config = RampinnConfig::preset(name).unwrap();
        let arrays = arrays_of(&Rampinn::new(&config, 1, &device)).unwrap();
        // Stored statistics are no parameters in the published count.
        let stored = |array: &&Array| {
            array.name.rsplit('.').next().is_some_and(|last| last == "mean" || last == "log_variance")
        };
        let count: usize = arrays.iter().filter(|a| !stored(a)).map(|a| a.values.len()).sum();
        assert_eq!(count, expected, "{name}");
        let blank = with_arrays(config.blank(&device), &arrays).unwrap();
        assert_eq!(arrays_of(&blank).unwrap(), arrays);
    }
}

#[test]
fn every_preset_can_be_built_and_wrong_sizes_are_refused() {
    for name in RampinnConfig::PRESETS {
        let config = RampinnConfig::preset(name).unwrap();
        assert_eq!(config.check(), Ok(()), "{name}");
        assert!(1024_usize.is_multiple_of(config.step()), "{name}");
    }
    let tiny = RampinnConfig::preset("tiny").unwrap();
    let wrong = |config: RampinnConfig| config.check().unwrap_err();
    assert!(wrong(RampinnConfig { taps: 4, ..tiny.clone() }).contains("odd"));
    assert!(wrong(RampinnConfig { heads: 3, ..tiny.clone() }).contains("3 heads"));
    assert!(wrong(RampinnConfig { widths: vec![8], ..tiny.clone() }).contains("2 to 10"));
    assert!(wrong(RampinnConfig { widths: vec![8, 0], ..tiny }).contains("a width is 0"));
    assert!(RampinnConfig::preset("paper").is_none());
}

#[test]
fn an_untrained_published_network_answers_nearly_nothing() {
    let device = Device::flex();
    let config = RampinnConfig::preset("small").unwrap();
    let net = Rampinn::new(&config, 1, &device);
    let (spectra, _) = samples(2, 1024, &device);
    let answer = net.forward(&input(&config, &spectra, &device));
    assert_eq!(answer.raman.dims(), [2, 1024]);
    // sigmoid(-3) and sigmoid(0).
    assert!(numbers(answer.raman).iter().all(|v| (v - 0.047_426).abs() < 1e-5));
    assert!(numbers(answer.background).iter().all(|v| (v - 0.5).abs() < 1e-5));
}

#[test]
fn an_untrained_network_of_our_own_answers_near_what_retrieval_finds() {
    let device = Device::flex();
    let config = config(RampinnForm::Retrieval);
    let net = Rampinn::new(&config, 1, &device);
    let (spectra, _) = samples(1, 1024, &device);
    let raman = numbers(net.forward(&input(&config, &spectra, &device)).raman);
    let retrieved = Retriever::new(1024).of(&spectra[0]);
    let off: f32 = raman.iter().zip(&retrieved.bases[0]).map(|(a, b)| (a - b).powi(2)).sum();
    assert!(raman.iter().all(|v| v.is_finite()));
    assert!((off / 1024.0).sqrt() < 2.0 * retrieved.unit, "{off} {}", retrieved.unit);
}

#[test]
fn a_spectrum_is_answered_alike_alone_and_among_others() {
    let device = Device::flex();
    for form in [RampinnForm::Paper, RampinnForm::Retrieval] {
        let config = config(form);
        let net = Rampinn::new(&config, 3, &device);
        let (spectra, _) = samples(3, 256, &device);
        let together = numbers(net.forward(&input(&config, &spectra, &device)).raman);
        let alone = numbers(net.forward(&input(&config, &spectra[1..2], &device)).raman);
        let off = alone.iter().zip(&together[256..]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(off < 1e-5, "{form:?} {off}");
    }
}

#[test]
fn every_parameter_has_a_gradient_and_one_batch_is_learned() {
    let device = Device::flex().autodiff();
    for form in [RampinnForm::Paper, RampinnForm::Retrieval] {
        let config = config(form);
        let mut net = Rampinn::new(&config, 5, &device);
        let mut optimiser = AdamConfig::new().init();
        let (spectra, truth) = samples(4, 256, &device);
        let input = input(&config, &spectra, &device);
        let physics = Physics::new(256, &device);
        let mut losses = Vec::new();
        for _ in 0..60 {
            let (answer, pull) = net.forward_training(&input);
            let loss = rampinn_loss(&answer, &input.spectra, &truth, &physics, &RampinnLoss::supervised());
            losses.push(numbers(loss.clone().inner())[0]);
            let loss = match pull {
                Some(pull) => loss + pull,
                None => loss,
            };
            let gradients = GradientsParams::from_grads(loss.backward(), &net);
            assert_eq!(gradients.len(), arrays_of(&net).unwrap().len(), "{form:?}");
            net = optimiser.step(5e-3, net, gradients);
        }
        assert!(losses[59] < 0.5 * losses[0], "{form:?} {} {}", losses[0], losses[59]);
    }
}

#[test]
fn stored_statistics_come_to_those_of_the_batch() {
    let device = Device::flex().autodiff();
    let config = config(RampinnForm::Paper);
    let mut net = Rampinn::new(&config, 5, &device);
    let mut optimiser = AdamConfig::new().init();
    let (spectra, _) = samples(4, 64, &device);
    let input = input(&config, &spectra, &device);
    let first = numbers(net.forward_training(&input).1.unwrap().inner())[0];
    let mut last = first;
    for step in 0..200 {
        let pull = net.forward_training(&input).1.unwrap();
        last = numbers(pull.clone().inner())[0];
        if last < 0.1 * first {
            break;
        }
        let gradients = GradientsParams::from_grads(pull.backward(), &net);
        // Far in big steps, then near in small ones.
        net = optimiser.step(0.1 * 0.98_f64.powi(step), net, gradients);
    }
    assert!(last < 0.1 * first, "{first} {last}");
}

#[test]
fn losses_are_the_published_ones() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/cars/golden.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: no {}", path.display());
        return;
    };
    let cases: serde_json::Value = serde_json::from_str(&text).unwrap();
    let device = Device::flex();
    for case in cases.as_array().unwrap() {
        let list = |name: &str| -> Vec<f64> {
            case[name].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
        };
        let curve = |name: &str| rows(&list(name), &device);
        let expected = |name: &str| case["loss"][name].as_f64().unwrap() as f32;
        let answer = CarsAnswer { raman: curve("pred"), background: curve("pred_nrb") };
        let points = list("pred").len();
        let physics = Physics::new(points, &device);
        let off = physics.measured(&answer) - curve("cars");
        // Published without the taper.
        let kk = numbers((off.clone() * off).mean())[0];
        assert!((kk - expected("kk_forward_matrix")).abs() < 1e-5 * kk.max(1.0), "{kk}");
        let smooth = numbers(roughness(&answer.background, Smoothness::First))[0];
        assert!((smooth - expected("smooth_mean_sq_diff")).abs() < 1e-3 * smooth, "{smooth}");
        let truth = CarsTruth {
            raman: curve("im"),
            background: curve("pred_nrb"),
            weight: Tensor::ones([1, 1], &device),
        };
        let data =
            numbers(rampinn_loss(&answer, &curve("cars"), &truth, &physics, &RampinnLoss::data_only()))[0];
        assert!((data - 10.0 * expected("data_mse")).abs() < 1e-4 * data, "{data}");
        let real = Hilbert::new(points).of(&list("im").iter().map(|v| *v as f32).collect::<Vec<_>>());
        for (found, expected) in real.iter().zip(list("re_from_im_matrix")) {
            assert!((f64::from(-found) - expected).abs() < 1e-5, "{found} {expected}");
        }
    }
}

#[test]
fn the_ends_of_the_window_do_not_count_as_inconsistent() {
    let device = Device::flex();
    let physics = Physics::new(200, &device);
    let answer =
        CarsAnswer { raman: Tensor::zeros([1, 200], &device), background: Tensor::zeros([1, 200], &device) };
    let with_spike = |at: usize| {
        let mut x = vec![0.0; 200];
        x[at] = 1.0;
        numbers(physics.inconsistency(&answer, &rows(&x, &device)))[0] * 200.0
    };
    assert_eq!((with_spike(0), with_spike(199)), (0.0, 0.0));
    assert!((with_spike(3) - 0.5).abs() < 1e-6 && (with_spike(100) - 1.0).abs() < 1e-6);
}

#[test]
fn in_decibels_weak_spectra_count_like_strong_ones() {
    let device = Device::flex();
    let loss = |size: f64| {
        let line: Vec<f64> = (0..64).map(|i| size / (1.0 + (f64::from(i) - 32.0).powi(2) / 9.0)).collect();
        let truth = CarsTruth {
            raman: rows(&line, &device),
            background: rows(&[0.5; 64], &device),
            weight: Tensor::ones([1, 1], &device),
        };
        let half: Vec<f64> = line.iter().map(|v| 0.9 * v).collect();
        let answer = CarsAnswer { raman: rows(&half, &device), background: rows(&[0.5; 64], &device) };
        let parts = RampinnLoss { smooth: 0.0, consistent: 0.0, ..RampinnLoss::decibels() };
        numbers(rampinn_loss(&answer, &rows(&[0.5; 64], &device), &truth, &Physics::new(64, &device), &parts))
            [0]
    };
    assert!((loss(0.8) - loss(0.02)).abs() < 1e-3);
}
