//! How well a recovered Raman spectrum agrees with the true one.

use crate::spectrum::peaks::{PeakLimits, find_peaks};
use crate::spectrum::{Axis, AxisKind};

/// Standard deviation and radius in points of the window of the structural similarity.
const WINDOW: (f64, usize) = (1.5, 5);
/// `(0.01)^2` and `(0.03)^2`: what keeps the similarity finite over nothing, for data of range 1.
const SMALL: (f64, f64) = (1e-4, 9e-4);
/// Least prominence of a peak, of curves from 0 to 1.
const PROMINENCE: f64 = 0.05;
/// PSNR of an estimate without any error.
const PERFECT_DB: f64 = 120.0;

/// Agreement of one spectrum.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Score {
    /// Mean square error.
    pub mse: f64,
    /// Mean absolute error.
    pub mae: f64,
    /// `10 log10(1 / mse)`, at most 120.
    pub psnr_db: f64,
    /// Pearson correlation; 0 where one side is constant.
    pub r: f64,
    /// `1 - mse / variance of the truth`; 0 where the truth is constant.
    pub r2: f64,
    /// Structural similarity along the curve.
    pub ssim: f64,
}

/// Scores an estimate against the truth as they stand. Empty or unequal curves score 0.
#[must_use]
pub fn score(estimate: &[f64], truth: &[f64]) -> Score {
    if estimate.len() != truth.len() || truth.is_empty() {
        return Score::default();
    }
    let n = truth.len() as f64;
    let pairs = || estimate.iter().zip(truth);
    let mse = pairs().map(|(e, t)| (e - t) * (e - t)).sum::<f64>() / n;
    let mae = pairs().map(|(e, t)| (e - t).abs()).sum::<f64>() / n;
    let (me, mt) = (estimate.iter().sum::<f64>() / n, truth.iter().sum::<f64>() / n);
    let (mut et, mut ee, mut tt) = (0.0, 0.0, 0.0);
    for (e, t) in pairs() {
        let (e, t) = (e - me, t - mt);
        (et, ee, tt) = (et + e * t, ee + e * e, tt + t * t);
    }
    let varies = ee > 0.0 && tt > 0.0;
    Score {
        mse,
        mae,
        psnr_db: if mse > 0.0 { (-10.0 * mse.log10()).min(PERFECT_DB) } else { PERFECT_DB },
        r: if varies { et / (ee * tt).sqrt() } else { 0.0 },
        r2: if tt > 0.0 { 1.0 - mse * n / tt } else { 0.0 },
        ssim: ssim(estimate, truth),
    }
}

/// The curve from 0 to 1; a constant one is 0.
#[must_use]
pub fn min_max(curve: &[f64]) -> Vec<f64> {
    let (low, high) =
        curve.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
    let span = high - low;
    curve.iter().map(|v| if span > 0.0 { (v - low) / span } else { 0.0 }).collect()
}

/// `2 hits / (peaks of both)` of the peaks of the curves from 0 to 1: those within `max(2, points / 250)` points of each
/// other are hits, nearest first, each once. 1 where neither has a peak.
#[must_use]
pub fn peak_f1(estimate: &[f64], truth: &[f64]) -> f64 {
    let (found, there) = (peaks(estimate), peaks(truth));
    if found.is_empty() && there.is_empty() {
        return 1.0;
    }
    let reach = (truth.len() as f64 / 250.0).max(2.0);
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (i, a) in found.iter().enumerate() {
        for (j, b) in there.iter().enumerate() {
            let off = a.abs_diff(*b);
            if off as f64 <= reach {
                pairs.push((off, i, j));
            }
        }
    }
    pairs.sort_unstable();
    let (mut taken, mut hit) = (vec![false; found.len()], vec![false; there.len()]);
    let mut hits = 0;
    for (_, i, j) in pairs {
        if let (Some(taken @ false), Some(hit @ false)) = (taken.get_mut(i), hit.get_mut(j)) {
            (*taken, *hit) = (true, true);
            hits += 1;
        }
    }
    2.0 * f64::from(hits) / (found.len() + there.len()) as f64
}

fn peaks(curve: &[f64]) -> Vec<usize> {
    let y: Vec<f32> = min_max(curve).into_iter().map(|v| v as f32).collect();
    let Ok(axis) = Axis::even(AxisKind::Pixel, 0.0, y.len().max(2) as f64 - 1.0, y.len()) else {
        return Vec::new();
    };
    let limits = PeakLimits { prominence: PROMINENCE, significance: 0.0 };
    find_peaks(&axis, &y, limits).into_iter().map(|peak| peak.index).collect()
}

/// Means in Gaussian windows; the curve is mirrored at its ends, the end points twice.
fn windowed(curve: &[f64]) -> Vec<f64> {
    let (sigma, radius) = WINDOW;
    let reach = radius as isize;
    let weights: Vec<f64> = (-reach..=reach).map(|d| (-0.5 * (d as f64 / sigma).powi(2)).exp()).collect();
    let total: f64 = weights.iter().sum();
    let n = curve.len() as isize;
    let at = |i: isize| {
        let folded = i.rem_euclid(2 * n);
        let inside = if folded < n { folded } else { 2 * n - 1 - folded };
        curve.get(inside as usize).copied().unwrap_or_default()
    };
    (0..n).map(|i| (-reach..=reach).zip(&weights).map(|(d, w)| w * at(i + d)).sum::<f64>() / total).collect()
}

fn ssim(a: &[f64], b: &[f64]) -> f64 {
    let product = |x: &[f64], y: &[f64]| windowed(&x.iter().zip(y).map(|(x, y)| x * y).collect::<Vec<f64>>());
    let (ma, mb) = (windowed(a), windowed(b));
    let (aa, bb, ab) = (product(a, a), product(b, b), product(a, b));
    let (c1, c2) = SMALL;
    let sum: f64 = (0..a.len())
        .map(|i| {
            let (va, vb, cov) = (aa[i] - ma[i] * ma[i], bb[i] - mb[i] * mb[i], ab[i] - ma[i] * mb[i]);
            (2.0 * ma[i] * mb[i] + c1) * (2.0 * cov + c2)
                / ((ma[i] * ma[i] + mb[i] * mb[i] + c1) * (va + vb + c2))
        })
        .sum();
    sum / a.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(centres: &[f64], points: usize) -> Vec<f64> {
        (0..points)
            .map(|i| centres.iter().map(|c| 1.0 / (1.0 + ((i as f64 - c) / 4.0).powi(2))).sum())
            .collect()
    }

    #[test]
    fn the_truth_itself_scores_best() {
        let truth = lines(&[100.0, 300.0], 500);
        let best = score(&truth, &truth);
        assert!(
            (best.psnr_db - 120.0).abs() < 1e-9
                && (best.r - 1.0).abs() < 1e-12
                && (best.ssim - 1.0).abs() < 1e-9
        );
        assert!((peak_f1(&truth, &truth) - 1.0).abs() < 1e-12);
        let zero = score(&[0.0; 500], &truth);
        assert!(zero.r.abs() < 1e-12 && zero.r2 < 0.0 && zero.psnr_db < 30.0);
        assert!(peak_f1(&[0.0; 500], &truth).abs() < 1e-12);
    }

    #[test]
    fn peaks_count_within_their_reach_and_once() {
        let truth = lines(&[100.0, 300.0], 500);
        assert!((peak_f1(&lines(&[102.0, 298.0], 500), &truth) - 1.0).abs() < 1e-12);
        assert!((peak_f1(&lines(&[105.0, 300.0], 500), &truth) - 0.5).abs() < 1e-12);
        assert!((peak_f1(&lines(&[100.0], 500), &truth) - 2.0 / 3.0).abs() < 1e-12);
        assert!((peak_f1(&[1.0; 20], &[2.0; 20]) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_to_compare_scores_nothing() {
        assert_eq!(score(&[], &[]), Score::default());
        assert_eq!(score(&[1.0], &[1.0, 2.0]), Score::default());
        assert!(score(&[1.0; 3], &[2.0; 3]).r.abs() < 1e-12);
    }
}
