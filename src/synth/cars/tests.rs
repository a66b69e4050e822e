use std::path::Path;

use super::preset::{Breadth, Crowd, between};
use super::*;

/// The vectors handed over with the project, where they are.
fn golden() -> Option<serde_json::Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/cars/golden.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: no {}", path.display());
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

fn numbers(value: &serde_json::Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

#[test]
fn golden_spectra_are_reproduced() {
    let Some(golden) = golden() else { return };
    let cases = golden.as_array().unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        let axis = between(0.0, 1.0, case["L"].as_u64().unwrap() as usize);
        let (a, w, g) = (numbers(&case["A"]), numbers(&case["Omega"]), numbers(&case["Gamma"]));
        let lines: Vec<Resonance> = a
            .iter()
            .zip(&w)
            .zip(&g)
            .map(|((a, w), g)| Resonance { amplitude: *a, centre: *w, half_width: *g })
            .collect();
        let (mut re, mut im) = susceptibility(&axis, &lines);
        let most = re.iter().zip(&im).map(|(r, i)| r * r + i * i).fold(0.0, f64::max).sqrt();
        re.iter_mut().chain(&mut im).for_each(|v| *v /= most);
        let powers = numbers(&case["nrb_poly"]);
        let background: Vec<f64> =
            axis.iter().map(|u| powers.iter().fold(0.0, |sum, c| sum * u + c)).collect();
        let cars = intensity(&re, &im, &background);
        for (found, name) in [(&re, "re"), (&im, "im"), (&background, "nrb"), (&cars, "cars")] {
            for (found, expected) in found.iter().zip(numbers(&case[name])) {
                // Nine digits are given.
                assert!((found - expected).abs() < 5e-9, "{name}: {found} {expected}");
            }
        }
    }
}

#[test]
fn samples_depend_on_seed_number_and_preset_only() {
    for preset in CarsPreset::ALL {
        assert_eq!(preset.sample(5, 17), preset.sample(5, 17));
        assert_ne!(preset.sample(5, 17), preset.sample(5, 18));
        assert_ne!(preset.sample(5, 17), preset.sample(6, 17));
    }
    let (a, b) = (CarsPreset::Mix.sample(1, 0), CarsPreset::Houhou.sample(1, 0));
    assert_ne!(a.lines, b.lines);
}

#[test]
fn what_is_measured_follows_from_the_truth_up_to_the_noise() {
    for preset in CarsPreset::ALL.into_iter().filter(|p| *p != CarsPreset::Crimson) {
        for k in 0..20 {
            let sample = preset.sample(3, k);
            assert_eq!(sample.axis.len(), preset.axis().len());
            assert!(sample.axis.windows(2).all(|w| w[0] < w[1]));
            let (re, im) = susceptibility(&sample.axis, &sample.lines);
            assert_eq!(im, sample.raman);
            let clean = intensity(&re, &im, &sample.background);
            let most = clean.iter().copied().fold(0.0, f64::max);
            let rest: f64 =
                sample.cars.iter().zip(&clean).map(|(i, c)| (i - sample.factor * c).powi(2)).sum::<f64>()
                    / clean.len() as f64;
            // The noisiest has a standard deviation of 0.006 of the highest point, or 0.003.
            assert!(rest > 0.0 && rest.sqrt() < 0.007 * most.max(0.6), "{} {k}: {rest}", preset.name());
        }
    }
}

#[test]
fn scaled_samples_keep_within_one_and_obey_the_forward_relation() {
    for preset in CarsPreset::ALL {
        for k in 0..30 {
            let sample = preset.sample(11, k);
            let scaled = sample.scaled();
            let most = scaled.input.iter().copied().fold(0.0, f32::max);
            assert!((most - 1.0).abs() < 1e-6);
            assert!(scaled.raman.iter().chain(&scaled.background).all(|v| (0.0..=1.0).contains(v)));
            if sample.profile.is_none() {
                // Im chi_R <= |chi|; noise of up to a tenth of the highest point may lower it.
                let over = sample.raman.iter().copied().fold(0.0, f64::max) / scaled.scale.sqrt();
                assert!(over < 1.1, "{} {k}: {over}", preset.name());
            }
        }
    }
}

#[test]
fn a_dark_spectrum_is_scaled_without_a_division_by_zero() {
    let sample = CarsSample {
        axis: vec![0.0, 1.0],
        cars: vec![0.0, -1.0],
        raman: vec![0.0; 2],
        background: vec![0.0; 2],
        profile: None,
        factor: 1.0,
        lines: Vec::new(),
    };
    let scaled = sample.scaled();
    assert_eq!((scaled.scale, scaled.input), (1.0, vec![0.0, -1.0]));
}

#[test]
fn weak_lines_are_weak_and_crowds_are_crowded() {
    let mean = |preset: CarsPreset, of: &dyn Fn(&CarsSample) -> f64| {
        (0..400).map(|k| of(&preset.sample(2, k))).sum::<f64>() / 400.0
    };
    let height = |s: &CarsSample| s.raman.iter().copied().fold(0.0, f64::max);
    // Logarithmically between 0.01 and 0.2: 0.0634 in the mean; Im reaches a little less than |chi|.
    let weak = mean(CarsPreset::Weak, &height);
    assert!((0.05..0.064).contains(&weak), "{weak}");
    let count = |s: &CarsSample| s.lines.len() as f64;
    for (crowd, expected) in [(Crowd::Few, 8.0), (Crowd::Some, 22.5), (Crowd::Many, 40.0)] {
        let found = mean(CarsPreset::Vector(Breadth::Medium, crowd), &count);
        // The standard errors are 0.2 to 0.3.
        assert!((found - expected).abs() < 1.2, "{crowd:?} {found}");
    }
}

#[test]
fn lines_that_drown_in_noise_are_not_asked_for() {
    let (mut least, mut dropped) = (usize::MAX, 0);
    for k in 0..200 {
        let sample = CarsPreset::Crimson.sample(4, k);
        least = least.min(sample.lines.len());
        dropped += usize::from(sample.lines.len() < 2);
        let profile = sample.profile.as_ref().unwrap();
        assert!(profile.iter().all(|p| (0.0..=1.0).contains(p)));
    }
    assert!(least < 2 && dropped < 100, "{least} {dropped}");
}
