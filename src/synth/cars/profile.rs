//! What the light source of the CRIMSON generator does, and which lines can be seen under it.

use super::super::Rng;
use super::background::{CarsBackground, stretch};
use super::model::{Resonance, intensity, susceptibility};

/// Least step from dip to peak, in standard deviations of the noise.
const LEAST_STEP: f64 = 3.0;
/// Least CARS at the centre of a line, in units of the highest.
const LEAST_LEVEL: f64 = 0.1;

/// A profile of height 1 over an axis from 0 to 2000 cm-1.
pub(super) fn profile(rng: &mut Rng, axis: &[f64]) -> Vec<f64> {
    let u: Vec<f64> = axis.iter().map(|w| w / 2000.0).collect();
    let shape = match rng.below(3) {
        0 => CarsBackground::two_sigmoids(rng),
        1 => CarsBackground::Gaussian { centre: rng.uniform(0.0, 1.0), sigma: rng.uniform(0.25, 0.75) },
        _ => CarsBackground::polynomial(rng),
    };
    let mut values = shape.over(&u);
    let most = values.iter().copied().fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    for v in &mut values {
        *v /= most;
    }
    if matches!(shape, CarsBackground::Polynomial { .. }) {
        stretch(&mut values, 0.0, 1.0);
    }
    values
}

/// The lines whose dip and peak stand out of noise of this standard deviation.
pub(super) fn visible(
    axis: &[f64],
    lines: &[Resonance],
    background: &[f64],
    profile: &[f64],
    noise: f64,
) -> Vec<Resonance> {
    let measured = |lines: &[Resonance]| -> Vec<f64> {
        let (re, im) = susceptibility(axis, lines);
        intensity(&re, &im, background).iter().zip(profile).map(|(i, p)| i * p).collect()
    };
    let all = measured(lines);
    let most = all.iter().copied().fold(0.0, f64::max);
    let near = |line: &Resonance| {
        let at = axis.partition_point(|w| *w < line.centre);
        let first = axis.partition_point(|w| *w < line.centre - 2.0 * line.half_width);
        let last = axis.partition_point(|w| *w <= line.centre + 2.0 * line.half_width);
        (at.min(axis.len().saturating_sub(1)), first, last)
    };
    let seen = |line: &&Resonance| {
        let (at, first, last) = near(line);
        let around = all.get(first..last).unwrap_or_default();
        let low = around.iter().copied().fold(f64::INFINITY, f64::min);
        let high = around.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        high - low >= LEAST_STEP * noise && all.get(at).is_some_and(|level| *level >= LEAST_LEVEL * most)
    };
    lines.iter().filter(seen).copied().collect()
}
