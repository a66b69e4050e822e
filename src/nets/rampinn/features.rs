//! What classical retrieval makes of a CARS spectrum: where the network of our own form begins.
//!
//! Without a reference the logarithm of the intensity gives the phase but for a slow error (the background's and that
//! of the window's ends). `sqrt(I) sin` and `cos` of that phase span the answer with slow coefficients, so that the
//! network has slow curves to find and lines only to mend.

use super::hilbert::Hilbert;

/// Intensities below this part of the highest are noise to a logarithm.
const FLOOR: f32 = 0.01;
/// Stiffness of the blind reference at 1024 points.
const STIFFNESS: f64 = 1e7;
/// Least strength of lines that curves are scaled by.
const LEAST: f32 = 1e-3;

/// Curves made from one spectrum of height 1.
#[derive(Debug, Clone)]
pub struct Retrieved {
    /// `[point, channel]` one after the other.
    pub channels: Vec<f32>,
    /// Curves that answers are put together from. `[curve][point]`
    pub bases: [Vec<f32>; 3],
    /// How strong the lines are: unit of corrections.
    pub unit: f32,
}

/// Makes them, for one number of points.
#[derive(Debug, Clone)]
pub struct Retriever {
    hilbert: Hilbert,
    stiffness: f64,
}

impl Retriever {
    /// Channels that the network sees.
    pub const CHANNELS: usize = 12;

    /// For spectra of so many points.
    pub fn new(points: usize) -> Self {
        let stiffness = STIFFNESS * (points as f64 / 1024.0).powi(4);
        Self { hilbert: Hilbert::new(points), stiffness }
    }

    /// Of one spectrum of height 1.
    pub fn of(&self, x: &[f32]) -> Retrieved {
        let n = x.len();
        let root: Vec<f32> = x.iter().map(|v| v.max(0.0).sqrt()).collect();
        let log: Vec<f32> = x.iter().map(|v| 0.25 * (v.max(0.0).powi(2) + FLOOR * FLOOR).ln()).collect();
        let phase = self.hilbert.of_level(&log);
        let slow = smooth(&log, self.stiffness);
        let lines: Vec<f32> = log.iter().zip(&slow).map(|(l, s)| l - s).collect();
        let unit = (lines.iter().map(|v| f64::from(v * v)).sum::<f64>() / n.max(1) as f64).sqrt() as f32;
        let unit = unit.max(LEAST);
        let turned = self.hilbert.of_level(&lines);
        let noise = noise(x);
        let reference: Vec<f32> = slow.iter().map(|s| s.exp()).collect();
        let sine: Vec<f32> = root.iter().zip(&turned).map(|(r, p)| r * p.sin()).collect();
        let cosine: Vec<f32> = root.iter().zip(&turned).map(|(r, p)| r * p.cos()).collect();
        let mut channels = Vec::with_capacity(n * Self::CHANNELS);
        for i in 0..n {
            channels.extend([
                x[i],
                root[i],
                0.5 * log[i],
                phase[i],
                root[i] * phase[i].sin(),
                root[i] * phase[i].cos(),
                lines[i] / unit,
                turned[i] / unit,
                sine[i] / unit,
                reference[i],
                0.25 * unit.ln(),
                0.1 * (noise / unit).max(1e-6).ln(),
            ]);
        }
        Retrieved { channels, bases: [sine, cosine, reference], unit }
    }
}

/// Standard deviation of the noise of one point, from fourth differences.
fn noise(x: &[f32]) -> f32 {
    let mut rough: Vec<f32> =
        x.windows(5).map(|w| (w[0] - 4.0 * w[1] + 6.0 * w[2] - 4.0 * w[3] + w[4]).abs()).collect();
    if rough.is_empty() {
        return 0.0;
    }
    let middle = rough.len() / 2;
    let (_, median, _) = rough.select_nth_unstable_by(middle, f32::total_cmp);
    // A normal variable's median deviation, and the sum of the squared binomials.
    1.482_6 * *median / 70.0_f32.sqrt()
}

/// The curve that minimises `sum (y - z)^2 + stiffness sum (second difference of z)^2`.
fn smooth(y: &[f32], stiffness: f64) -> Vec<f32> {
    let n = y.len();
    if n < 3 {
        return y.to_vec();
    }
    let band = |i: usize, offset: usize| -> f64 {
        // Sum over the second differences that both points take part in.
        let taps = [1.0, -2.0, 1.0];
        let first = (i + offset).saturating_sub(2);
        let last = i.min(n - 3);
        (first..=last)
            .filter(|s| i - s < 3 && i + offset - s < 3)
            .map(|s| taps[i - s] * taps[i + offset - s])
            .sum()
    };
    let mut lower = vec![(0.0_f64, 0.0_f64); n];
    let mut z = vec![0.0_f64; n];
    let (mut g1, mut t1, mut b1, mut u1) = (0.0, 0.0, 0.0, 0.0);
    let (mut e1, mut e2, mut b2, mut u2) = (0.0, 0.0, 0.0, 0.0);
    for i in 0..n {
        let b = if i + 2 < n { stiffness * band(i, 2) } else { 0.0 };
        let right = if i + 1 < n { stiffness * band(i, 1) } else { 0.0 };
        let t = right - b1 * g1;
        let pivot = 1.0 + stiffness * band(i, 0) - e2 * b2 - g1 * t1;
        let u = f64::from(y[i]) - e2 * u2 - g1 * u1;
        lower[i] = (t / pivot, b / pivot);
        z[i] = u / pivot;
        (b2, u2, e2) = (b1, u1, e1);
        (g1, t1, b1, u1, e1) = (lower[i].0, t, b, u, lower[i].1);
    }
    let (mut below1, mut below2) = (0.0, 0.0);
    for i in (0..n).rev() {
        let value = z[i] - lower[i].1 * below2 - lower[i].0 * below1;
        z[i] = value;
        (below2, below1) = (below1, value);
    }
    z.iter().map(|v| *v as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_is_smooth_already_and_noise_is_not() {
        let line: Vec<f32> = (0..200).map(|i| 0.3 + 0.01 * i as f32).collect();
        let found = smooth(&line, 1e6);
        assert!(found.iter().zip(&line).all(|(a, b)| (a - b).abs() < 1e-4));
        let comb: Vec<f32> = (0..200).map(|i| if i % 2 == 0 { 1.0 } else { 0.0 }).collect();
        assert!(smooth(&comb, 1e6)[20..180].iter().all(|v| (v - 0.5).abs() < 0.02));
    }

    #[test]
    fn an_isolated_line_on_a_flat_background_is_retrieved_by_the_first_curve() {
        let n = 1024;
        let (w, g, r) = (512.0, 8.0, 0.05);
        let mut x = Vec::new();
        let mut truth = Vec::new();
        for i in 0..n {
            let d = w - i as f64;
            let (re, im) = (r * g * d / (d * d + g * g), r * g * g / (d * d + g * g));
            x.push(((1.0 + re).powi(2) + im * im) as f32);
            truth.push(im as f32);
        }
        let most = x.iter().copied().fold(0.0, f32::max);
        for v in &mut x {
            *v /= most;
        }
        let made = Retriever::new(n).of(&x);
        assert_eq!(made.channels.len(), n * Retriever::CHANNELS);
        let peak = made.bases[0].iter().copied().fold(f32::MIN, f32::max);
        assert!((made.bases[0][512] - peak).abs() < 1e-6);
        let expected = truth[512] / most.sqrt();
        assert!((peak - expected).abs() < 0.15 * expected, "{peak} {expected}");
    }

    #[test]
    fn darkness_and_flatness_give_finite_curves() {
        for x in [vec![0.0; 64], vec![1.0; 64], vec![-0.5; 64]] {
            let made = Retriever::new(64).of(&x);
            let all = made.channels.iter().chain(made.bases.iter().flatten());
            assert!(all.chain([&made.unit]).all(|v| v.is_finite()));
        }
    }
}
