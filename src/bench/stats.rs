//! Means, rates and their 95 % intervals, and correlations: the few statistics that the tables need.

use crate::spectrum::metrics;
use crate::synth::Rng;

/// Two-sided 95 % quantile of the normal distribution.
const Z95: f64 = 1.959_963_985;
/// Resamples of a bootstrap; the ends of the interval then wander by a few percent of its width.
const RESAMPLES: usize = 2_000;
/// Seed of every bootstrap: the interval belongs to the values, not to the run.
const BOOTSTRAP_SEED: u64 = 0x0B00_757A;

/// Arithmetic mean, `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Share of true ones in percent, `None` of nothing.
pub fn percent(hits: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| 100.0 * hits as f64 / of as f64)
}

/// Wilson's 95 % interval of a rate, in percent: sensible also near 0 and 100 % and for few trials.
pub fn wilson_percent(hits: usize, of: usize) -> Option<[f64; 2]> {
    if of == 0 {
        return None;
    }
    let (n, p) = (of as f64, hits as f64 / of as f64);
    let z2 = Z95 * Z95;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z95 / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    Some([100.0 * (centre - half).max(0.0), 100.0 * (centre + half).min(1.0)])
}

/// 95 % percentile bootstrap interval of a mean: no assumption about the values' distribution, which caps make lopsided.
pub fn bootstrap_mean(values: &[f64]) -> Option<[f64; 2]> {
    if values.is_empty() {
        return None;
    }
    let mut rng = Rng::new(BOOTSTRAP_SEED, values.len() as u64);
    let mut means: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let sum: f64 = (0..values.len()).map(|_| values[rng.below(values.len())]).sum();
            sum / values.len() as f64
        })
        .collect();
    means.sort_by(f64::total_cmp);
    let at = |share: f64| means[((RESAMPLES - 1) as f64 * share).round() as usize];
    Some([at(0.025), at(0.975)])
}

/// Pearson correlation, `None` when a side is constant or there are fewer than three points.
pub fn pearson(a: &[f64], b: &[f64]) -> Option<f64> {
    let varies = |v: &[f64]| v.iter().any(|x| (x - v[0]).abs() > 1e-12 * v[0].abs().max(f64::MIN_POSITIVE));
    if a.len() != b.len() || a.len() < 3 || !varies(a) || !varies(b) {
        return None;
    }
    let single = |v: &[f64]| v.iter().map(|x| *x as f32).collect::<Vec<f32>>();
    Some(metrics::pearson(&single(a), &single(b)))
}

/// Spearman's rank correlation: Pearson's of the ranks, ties sharing their mean rank.
pub fn spearman(a: &[f64], b: &[f64]) -> Option<f64> {
    pearson(&ranks(a), &ranks(b))
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|i, j| values[*i].total_cmp(&values[*j]));
    let mut ranks = vec![0.0; values.len()];
    for tied in order.chunk_by(|i, j| values[*i].total_cmp(&values[*j]).is_eq()) {
        // Ranks from 1: the chunk begins after all smaller values.
        let smaller = values.iter().filter(|v| v.total_cmp(&values[tied[0]]).is_lt()).count();
        for i in tied {
            ranks[*i] = smaller as f64 + f64::midpoint(tied.len() as f64, 1.0);
        }
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() <= tolerance, "found {found}, expected {expected}");
    }

    #[test]
    fn wilson_intervals_are_the_published_ones() {
        // Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3.
        for (hits, of, low, high) in [(81, 263, 25.53, 36.62), (15, 148, 6.24, 16.05), (0, 20, 0.0, 16.11)] {
            let [l, h] = wilson_percent(hits, of).unwrap();
            close(l, low, 0.01);
            close(h, high, 0.01);
        }
        close(wilson_percent(29, 29).unwrap()[1], 100.0, 1e-9);
        assert_eq!(wilson_percent(0, 0), None);
        assert_eq!(percent(0, 0), None);
    }

    #[test]
    fn a_bootstrap_interval_is_about_two_standard_errors_each_way_and_always_the_same() {
        let mut rng = Rng::new(4, 0);
        let values: Vec<f64> = (0..400).map(|_| 10.0 + 2.0 * rng.normal()).collect();
        let m = mean(&values).unwrap();
        let [low, high] = bootstrap_mean(&values).unwrap();
        // Standard error 2 / 20 = 0.1; the sample's own spread and the 2,000 resamples move it by some 10 %.
        close(m - low, 0.196, 0.03);
        close(high - m, 0.196, 0.03);
        assert_eq!(bootstrap_mean(&values), bootstrap_mean(&values));
        assert_eq!(bootstrap_mean(&[3.0]), Some([3.0, 3.0]));
        assert_eq!(bootstrap_mean(&[]), None);
    }

    #[test]
    fn rank_correlation_sees_order_only_and_shares_ties() {
        assert_eq!(ranks(&[10.0, 30.0, 10.0, 20.0]), [1.5, 4.0, 1.5, 3.0]);
        let (a, b) = ([1.0, 2.0, 3.0, 4.0], [1.0, 10.0, 100.0, 1000.0]);
        close(spearman(&a, &b).unwrap(), 1.0, 1e-12);
        assert!(pearson(&a, &b).unwrap() < 0.9);
        close(spearman(&a, &[4.0, 3.0, 2.0, 1.0]).unwrap(), -1.0, 1e-12);
        assert_eq!(pearson(&a, &[5.0; 4]), None);
        assert_eq!(pearson(&a[..2], &b[..2]), None);
    }
}
