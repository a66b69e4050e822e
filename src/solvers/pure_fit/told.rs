//! What a network is told about a fit: numbers of the order of 1.

use super::Fitted;
use crate::synth::Rng;

/// Numbers of each class, and of the whole.
const EACH: usize = 3;
const WHOLE: usize = 2;

/// How many numbers there are for so many classes.
pub fn told_count(classes: usize) -> usize {
    EACH * classes + WHOLE
}

/// Of every class its amount over the largest, the log odds of that and how far it stands out of its deviation; how much
/// is left over, and how noisy the mixture is.
pub fn told(fitted: &Fitted) -> Vec<f32> {
    numbers(&fitted.weights, &fitted.sigma, fitted.excess, fitted.noise)
}

/// The same for amounts that are off by as much as they may be.
pub fn told_again(fitted: &Fitted, rng: &mut Rng) -> Vec<f32> {
    let moved: Vec<f64> =
        fitted.weights.iter().zip(&fitted.sigma).map(|(w, s)| (w + s * rng.normal()).max(0.0)).collect();
    numbers(&moved, &fitted.sigma, fitted.excess, fitted.noise)
}

fn numbers(weights: &[f64], sigma: &[f64], excess: f64, noise: f64) -> Vec<f32> {
    let most = weights.iter().copied().fold(0.0, f64::max);
    let mut all = Vec::with_capacity(told_count(weights.len()));
    for (weight, sigma) in weights.iter().zip(sigma) {
        let level = if most > 0.0 { weight / most } else { 0.0 };
        let bounded = level.clamp(0.005, 0.98);
        let out = if *sigma > 0.0 { (weight / sigma).min(1e6) } else { 0.0 };
        all.push(level as f32);
        all.push((0.25 * (bounded / (1.0 - bounded)).ln()) as f32);
        all.push((0.25 * out.asinh()) as f32);
    }
    all.push((0.25 * (excess + 1e-3).ln()) as f32);
    let loud = if most > 0.0 { (noise / most).min(1e3) } else { 1e3 };
    all.push((0.25 * (loud + 1e-4).ln()) as f32);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_many_as_stated_and_finite_whatever_was_fitted() {
        for (weights, sigma, excess, noise) in [
            (vec![1e9, 0.0, 3.0], vec![1.0, 0.0, 1e-30], 0.2, 1.0),
            (vec![0.0; 3], vec![0.0; 3], 0.0, 0.0),
            (vec![1e-30, 1e-35, 0.0], vec![1.0; 3], 1.0, 1e20),
        ] {
            let all = numbers(&weights, &sigma, excess, noise);
            assert_eq!(all.len(), told_count(3));
            assert!(all.iter().all(|v| v.is_finite() && v.abs() < 6.0), "{all:?}");
        }
        assert!((numbers(&[2.0, 1.0], &[1.0; 2], 0.1, 0.1)[3] - 0.5).abs() < 1e-6);
    }
}
