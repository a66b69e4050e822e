//! Helpers for the tests of this floor.

use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};

use super::{Pipeline, References};

/// A spectrum over Raman shifts.
pub(super) fn spectrum(x: &[f64], y: &[f32]) -> Spectrum {
    Spectrum::new(Axis::new(AxisKind::RamanShift, x.to_vec()).unwrap(), y, Metadata::default()).unwrap()
}

/// A spectrum over 0, 1, 2, ... cm-1.
pub(super) fn over_points(y: &[f32]) -> Spectrum {
    let x: Vec<f64> = (0..y.len()).map(|i| i as f64).collect();
    spectrum(&x, y)
}

/// Runs a pipeline in its text form.
pub(super) fn run(steps: &str, spectrum: &Spectrum) -> Spectrum {
    steps.parse::<Pipeline>().unwrap().run(spectrum, &References::none()).unwrap()
}

/// The message with which a pipeline refuses, while being read or run.
pub(super) fn error(steps: &str, spectrum: &Spectrum) -> String {
    steps
        .parse::<Pipeline>()
        .and_then(|pipeline| pipeline.run(spectrum, &References::none()))
        .unwrap_err()
        .to_string()
}

/// Reproducible noise of about unit variance (sum of twelve uniform numbers from a linear congruence).
pub(super) fn noise(seed: u64, n: usize) -> Vec<f64> {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..n).map(|_| (0..12).map(|_| uniform()).sum::<f64>() - 6.0).collect()
}

/// A spectrum like a measured one: four bands on a curved background.
pub(super) fn measured_like(n: usize, noise_sigma: f64, seed: u64) -> Vec<f32> {
    let noise = noise(seed, n);
    (0..n)
        .map(|i| {
            let u = i as f64 / n as f64;
            let bands = [(0.2, 400.0, 5.0), (0.42, 900.0, 8.0), (0.45, 300.0, 6.0), (0.8, 150.0, 12.0)];
            let signal: f64 = bands
                .iter()
                .map(|(at, height, width)| height / (1.0 + ((i as f64 - at * n as f64) / width).powi(2)))
                .sum();
            (signal + 500.0 + 800.0 * u - 700.0 * u * u + noise_sigma * noise[i]) as f32
        })
        .collect()
}
