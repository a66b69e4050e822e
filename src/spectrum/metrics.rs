//! Scores of an estimated curve against a reference of the same length. Sums run in f64.
//!
//! Definitions and closed-form checks follow the separation literature: SI-SNR in its zero-mean form, spectral
//! angle distance (SAD), spectral information divergence (SID), RMSE of unit vectors.

/// Amplitude, relative to the estimate, below which a difference counts as rounding: SI-SNR ends at 160 dB.
const AMPLITUDE_FLOOR: f64 = 1e-8;
/// SID clips probabilities-to-be here so that empty channels stay finite.
const SID_FLOOR: f64 = 1e-12;

/// Scale-invariant signal-to-noise ratio in dB (means removed, sign and scale of the estimate ignored).
///
/// `10 log10(|t|^2 / |e0 - t|^2)` with `t = (<e0, r0> / |r0|^2) r0`. Very large for a perfect estimate, never NaN.
#[must_use]
pub fn si_snr_db(estimate: &[f32], reference: &[f32]) -> f64 {
    let [cross, power_e, power_r] = products(estimate, reference, mean(estimate), mean(reference));
    // The guard is relative to the estimate's own power, so scaling the estimate changes nothing.
    let target = cross * cross / power_r.max(f64::MIN_POSITIVE);
    let guard = AMPLITUDE_FLOOR * AMPLITUDE_FLOOR * power_e + f64::MIN_POSITIVE;
    let rest = (power_e - target).max(0.0);
    10.0 * ((target + guard) / (rest + guard)).log10()
}

/// Spectral angle distance in radians, means kept: 0 for equal shapes, pi/2 for orthogonal ones or a zero vector.
#[must_use]
pub fn sad_rad(estimate: &[f32], reference: &[f32]) -> f64 {
    cosine(estimate, reference).clamp(-1.0, 1.0).acos()
}

/// Cosine of the angle between two curves, 0 when one of them is zero.
#[must_use]
pub fn cosine(a: &[f32], b: &[f32]) -> f64 {
    normalised(products(a, b, 0.0, 0.0))
}

/// Pearson correlation, 0 when one curve is constant.
#[must_use]
pub fn pearson(a: &[f32], b: &[f32]) -> f64 {
    normalised(products(a, b, mean(a), mean(b)))
}

/// `a . b`, `a . a` and `b . b`, a level taken off each curve first.
fn products(a: &[f32], b: &[f32], level_a: f64, level_b: f64) -> [f64; 3] {
    let mut sums = [0.0; 3];
    for (&a, &b) in a.iter().zip(b) {
        let (a, b) = (f64::from(a) - level_a, f64::from(b) - level_b);
        sums[0] += a * b;
        sums[1] += a * a;
        sums[2] += b * b;
    }
    sums
}

fn normalised([cross, power_a, power_b]: [f64; 3]) -> f64 {
    let norm = power_a.sqrt() * power_b.sqrt();
    if norm > 0.0 { cross / norm } else { 0.0 }
}

/// Spectral information divergence (symmetric), both curves clipped at a small positive floor and summed to 1.
#[must_use]
pub fn sid(estimate: &[f32], reference: &[f32]) -> f64 {
    let clipped = |v: f32| f64::from(v).max(SID_FLOOR);
    let (sum_e, sum_r) = (
        estimate.iter().map(|v| clipped(*v)).sum::<f64>(),
        reference.iter().map(|v| clipped(*v)).sum::<f64>(),
    );
    estimate
        .iter()
        .zip(reference)
        .map(|(&e, &r)| {
            let (q, p) = (clipped(e) / sum_e, clipped(r) / sum_r);
            (p - q) * (p / q).ln()
        })
        .sum()
}

/// Root mean square difference of the two curves scaled to unit Euclidean norm.
#[must_use]
pub fn rmse_unit(estimate: &[f32], reference: &[f32]) -> f64 {
    let scale = |v: &[f32]| {
        let norm = norm(v);
        if norm > 0.0 { 1.0 / norm } else { 0.0 }
    };
    let (scale_e, scale_r) = (scale(estimate), scale(reference));
    let sum: f64 = estimate
        .iter()
        .zip(reference)
        .map(|(&e, &r)| (f64::from(e) * scale_e - f64::from(r) * scale_r).powi(2))
        .sum();
    (sum / estimate.len().max(1) as f64).sqrt()
}

/// Euclidean norm.
#[must_use]
pub fn norm(values: &[f32]) -> f64 {
    values.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt()
}

/// Arithmetic mean, 0 for an empty slice.
#[must_use]
pub fn mean(values: &[f32]) -> f64 {
    values.iter().map(|v| f64::from(*v)).sum::<f64>() / values.len().max(1) as f64
}

/// The middle value, the upper one of two; 0 for none.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// Scalar product in sixteen lanes, the sum of which does not depend on the processor.
#[inline(always)]
#[must_use]
pub fn dot(x: &[f32], y: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 16];
    let (a, b) = (x.chunks_exact(16), y.chunks_exact(16));
    let rest: f32 = a.remainder().iter().zip(b.remainder()).map(|(x, y)| x * y).sum();
    for (a, b) in a.zip(b) {
        for ((lane, x), y) in lanes.iter_mut().zip(a).zip(b) {
            *lane += x * y;
        }
    }
    lanes.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() <= tolerance, "found {found}, expected {expected}");
    }

    #[test]
    fn si_snr_of_the_closed_form_is_20_db() {
        let r = [1.0_f32, -1.0, 1.0, -1.0];
        let n = [1.0_f32, 1.0, -1.0, -1.0];
        let e: Vec<f32> = r.iter().zip(n).map(|(r, n)| 3.0 * r + 0.3 * n + 5.0).collect();
        // f32 inputs carry 1e-7 relative error, which is 1e-5 dB here.
        close(si_snr_db(&e, &r), 20.0, 1e-5);
    }

    #[test]
    fn si_snr_is_very_large_for_any_scaled_and_shifted_copy_and_finite_for_silence() {
        let r = [0.0_f32, 1.0, 4.0, 2.0, 0.5];
        for (k, b) in [(1.0, 0.0), (-2.0, 3.0), (0.25, -8.0)] {
            let e: Vec<f32> = r.iter().map(|v| k * v + b).collect();
            assert!(si_snr_db(&e, &r) > 100.0);
        }
        for (e, r) in [([0.0_f32; 3], [1.0_f32, 2.0, 3.0]), ([1.0, 2.0, 3.0], [0.0; 3]), ([1.0; 3], [1.0; 3])]
        {
            assert!(si_snr_db(&e, &r).is_finite());
        }
    }

    #[test]
    fn si_snr_follows_the_correlation() {
        let r = [0.0_f32, 1.0, 4.0, 2.0, 0.5];
        let e = [0.3_f32, 0.8, 3.0, 2.9, 0.0];
        let c2 = pearson(&e, &r).powi(2);
        close(si_snr_db(&e, &r), 10.0 * (c2 / (1.0 - c2)).log10(), 1e-9);
    }

    #[test]
    fn angles_of_orthogonal_and_equal_shapes() {
        close(sad_rad(&[1.0, 0.0], &[0.0, 1.0]), std::f64::consts::FRAC_PI_2, 1e-12);
        close(sad_rad(&[2.0, 4.0, 6.0], &[1.0, 2.0, 3.0]), 0.0, 1e-7);
    }

    #[test]
    fn sid_of_the_closed_form() {
        close(sid(&[0.25, 0.75], &[0.5, 0.5]), 0.274_653_1, 1e-7);
        close(sid(&[2.0, 2.0], &[0.5, 0.5]), 0.0, 1e-12);
    }

    #[test]
    fn rmse_of_unit_vectors_is_a_chord_of_the_angle() {
        let (a, b) = ([1.0_f32, 2.0, 0.5, 0.0], [0.9_f32, 1.0, 1.5, 0.2]);
        close(rmse_unit(&a, &b), 2.0 * (sad_rad(&a, &b) / 2.0).sin() / 2.0, 1e-9);
    }

    proptest! {
        #[test]
        fn si_snr_ignores_scale_and_offset(
            pairs in prop::collection::vec((-5.0_f32..5.0, -5.0_f32..5.0), 8..40),
            scale in 0.1_f32..10.0,
        ) {
            let (e, r): (Vec<f32>, Vec<f32>) = pairs.into_iter().unzip();
            let scaled: Vec<f32> = e.iter().map(|v| scale * v + 1.0).collect();
            prop_assert!((si_snr_db(&e, &r) - si_snr_db(&scaled, &r)).abs() < 0.05);
        }

        #[test]
        fn sid_is_symmetric_and_not_negative(
            pairs in prop::collection::vec((0.01_f32..5.0, 0.01_f32..5.0), 2..40),
        ) {
            let (e, r): (Vec<f32>, Vec<f32>) = pairs.into_iter().unzip();
            prop_assert!(sid(&e, &r) >= 0.0);
            prop_assert!((sid(&e, &r) - sid(&r, &e)).abs() < 1e-9);
        }
    }
}
