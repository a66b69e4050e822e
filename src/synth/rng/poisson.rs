//! Poisson counts: by inversion where they are small, by a skewed normal where they are large.

use super::Rng;

/// Up to here the distribution is inverted term by term, which is exact.
const INVERTED_TO: f64 = 64.0;

/// One count of this mean.
///
/// Above [`INVERTED_TO`] the count is `mean + sqrt(mean) z + (z^2 - 1) / 6` rounded (Cornish and Fisher): mean and third
/// cumulant are right, the variance is too large by 1/18 + 1/12, below a quarter of a percent of it.
pub fn count(rng: &mut Rng, mean: f64) -> f64 {
    if mean.is_nan() || mean <= 0.0 {
        return 0.0;
    }
    if mean > INVERTED_TO {
        let z = rng.normal();
        return (mean + mean.sqrt() * z + (z * z - 1.0) / 6.0).round().max(0.0);
    }
    let mut left = rng.unit();
    let mut probability = libm::exp(-mean);
    let mut k = 0.0;
    // Beyond mean + 12 standard deviations + 60 nothing is left but rounding.
    let end = mean + 12.0 * mean.sqrt() + 60.0;
    while left >= probability && k < end {
        left -= probability;
        k += 1.0;
        probability *= mean / k;
    }
    k
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_variance_and_third_moment_equal_the_mean() {
        for (sample, mean) in [0.3, 4.0, 30.0, 63.9, 64.1, 500.0].into_iter().enumerate() {
            let mut rng = Rng::new(5, sample as u64);
            let n = 100_000;
            let draws: Vec<f64> = (0..n).map(|_| count(&mut rng, mean)).collect();
            let central =
                |power: i32| draws.iter().map(|k| (k - mean).powi(power)).sum::<f64>() / f64::from(n);
            // Five standard errors: variances of (k - m)^p are m, about 2 m^2 + m and about 15 m^3 + 25 m^2 + m.
            let allowed = |variance: f64| 5.0 * (variance / f64::from(n)).sqrt();
            assert!(central(1).abs() < allowed(mean), "{mean}: mean");
            // The skewed normal's variance is 5/36 too large.
            let excess = if mean > INVERTED_TO { 5.0 / 36.0 } else { 0.0 };
            assert!(
                (central(2) - mean - excess).abs() < allowed(2.0 * mean * mean + mean),
                "{mean}: variance"
            );
            let third = allowed(15.0 * mean.powi(3) + 25.0 * mean * mean + mean);
            assert!((central(3) - mean).abs() < third, "{mean}: third moment");
        }
    }

    #[test]
    fn small_counts_have_their_probabilities() {
        let mut rng = Rng::new(6, 0);
        let mut counts = [0.0_f64; 8];
        for _ in 0..100_000 {
            counts[(count(&mut rng, 1.5) as usize).min(7)] += 1.0;
        }
        let mut expected = 1e5 * (-1.5_f64).exp();
        for (k, found) in counts.iter().enumerate().take(7) {
            // Five standard deviations of a count.
            assert!((found - expected).abs() < 5.0 * expected.sqrt(), "{k}: {found} {expected}");
            expected *= 1.5 / (k as f64 + 1.0);
        }
    }

    #[test]
    fn no_light_gives_no_counts() {
        let mut rng = Rng::new(6, 1);
        assert!([0.0, -3.0, f64::NAN].iter().all(|mean| count(&mut rng, *mean) < 0.5));
    }
}
