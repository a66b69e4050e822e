//! Kramers-Kronig retrieval: the phase of chi is the Hilbert transform of the logarithm of its modulus.

use super::{Hilbert, Pad, Phase, Retrieved, floored, scaled_lambda, smooth};

/// Stiffness of the smooth curve that stands in for a reference, at 1,024 points.
const BLIND_REFERENCE: f64 = 1e7;

/// How the phase is retrieved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KkSettings {
    /// How slow errors of the phase are found.
    pub phase: Phase,
    /// Whether the amplitude error that belongs to the phase error is taken off, too (Camp et al. 2016).
    pub amplitude: bool,
    /// Whether the background is the slowly varying mean of the corrected ratio (the scale error of Camp et al. 2016)
    /// instead of what the lines leave of the real part.
    pub scale: bool,
    /// Whether negative values count as zero.
    pub positive: bool,
}

/// Part of the spectrum that the slowly varying mean is taken over.
const SCALE_WINDOW: f64 = 0.6;

/// `Im chi_R` and `chi_NR` of a CARS spectrum; without a `reference` a stiff smooth curve through the spectrum takes its
/// place. `hilbert` must have padding.
#[must_use]
pub fn kramers_kronig(
    intensity: &[f64],
    reference: Option<&[f64]>,
    settings: KkSettings,
    hilbert: &Hilbert,
) -> Retrieved {
    let ratio = ratio(intensity, reference);
    let half_log: Vec<f64> = ratio.iter().map(|q| 0.5 * q.ln()).collect();
    let mut phase = hilbert.fourier(&half_log, Pad::Edge);
    let error = settings.phase.error(&phase);
    for (phase, error) in phase.iter_mut().zip(&error) {
        *phase -= error;
    }
    let corrected: Vec<f64> = if settings.amplitude {
        let factor = hilbert.fourier(&error, Pad::Edge);
        intensity.iter().zip(factor).map(|(i, e)| i * (2.0 * e).exp()).collect()
    } else {
        intensity.to_vec()
    };
    let mut found = Retrieved::of(&corrected, phase, settings.positive, hilbert);
    if settings.scale {
        // chi over the amplitude of the reference has the mean 1 where nothing resonates; how far it is off is the scale
        // error, and the reference times that is the background.
        let reference: Vec<f64> =
            corrected.iter().zip(&ratio).map(|(i, q)| (i / q).max(0.0).sqrt()).collect();
        let re: Vec<f64> = ratio.iter().zip(&found.phase).map(|(q, phi)| q.sqrt() * phi.cos()).collect();
        found.background = slow_mean(&re).iter().zip(reference).map(|(m, r)| (m * r).max(0.0)).collect();
    }
    found
}

/// Savitzky-Golay smoothing of order 2 over a window of [`SCALE_WINDOW`] of the points; at the ends the parabola of the
/// first and the last whole window.
fn slow_mean(values: &[f64]) -> Vec<f64> {
    let n = values.len();
    let half = ((0.5 * SCALE_WINDOW * n as f64) as usize).clamp(1, n.saturating_sub(1).max(2) / 2);
    if n < 2 * half + 1 {
        return values.to_vec();
    }
    let h = half as f64;
    let count = 2.0 * h + 1.0;
    // Sums of x^2 and x^4 over -half..=half.
    let second = h * (h + 1.0) * count / 3.0;
    let fourth = second * (3.0 * h * h + 3.0 * h - 1.0) / 5.0;
    let parabola = |centre: usize| -> [f64; 3] {
        let (mut y0, mut y1, mut y2) = (0.0, 0.0, 0.0);
        for (k, y) in values[centre - half..=centre + half].iter().enumerate() {
            let x = k as f64 - h;
            (y0, y1, y2) = (y0 + y, y1 + x * y, y2 + x * x * y);
        }
        let scale = count * fourth - second * second;
        [(fourth * y0 - second * y2) / scale, y1 / second, (count * y2 - second * y0) / scale]
    };
    (0..n)
        .map(|i| {
            let centre = i.clamp(half, n - 1 - half);
            let x = i as f64 - centre as f64;
            let [a, b, c] = parabola(centre);
            a + b * x + c * x * x
        })
        .collect()
}

/// The spectrum over its reference, or over the curve that stands in for one.
pub(super) fn ratio(intensity: &[f64], reference: Option<&[f64]>) -> Vec<f64> {
    let lifted = floored(intensity, intensity);
    let below = if let Some(reference) = reference {
        floored(reference, reference)
    } else {
        let logarithm: Vec<f64> = lifted.iter().map(|i| i.ln()).collect();
        let lambda = scaled_lambda(BLIND_REFERENCE, intensity.len());
        smooth(&logarithm, lambda).into_iter().map(f64::exp).collect()
    };
    lifted.iter().zip(below).map(|(i, r)| i / r).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solvers::cars::score;
    use crate::synth::cars::{Resonance, intensity, susceptibility};

    #[test]
    fn the_slow_mean_keeps_parabolas_and_short_curves() {
        let y: Vec<f64> = (0..101).map(|i| 1.0 + 0.3 * f64::from(i) - 0.01 * f64::from(i * i)).collect();
        assert!(slow_mean(&y).iter().zip(&y).all(|(a, b)| (a - b).abs() < 1e-9));
        for short in [&[][..], &[1.0], &[1.0, 2.0], &[1.0, 2.0, 4.0]] {
            assert_eq!(slow_mean(short).len(), short.len());
        }
    }

    #[test]
    fn the_scale_correction_finds_the_background_that_a_wrong_reference_misses() {
        let axis: Vec<f64> = (0..512).map(f64::from).collect();
        let line = |height: f64, centre| Resonance { amplitude: 5.0 * height, centre, half_width: 5.0 };
        let (re, im) = susceptibility(&axis, &[line(0.3, 150.0), line(0.2, 340.0)]);
        let background: Vec<f64> = axis.iter().map(|x| 1.0 - 4e-4 * x).collect();
        let cars = intensity(&re, &im, &background);
        // A reference that is twice as bright.
        let glass: Vec<f64> = background.iter().map(|b| 2.0 * b * b).collect();
        let hilbert = Hilbert::new(512, 1);
        let how = KkSettings { phase: Phase::REFERENCED, amplitude: false, scale: true, positive: true };
        let found = kramers_kronig(&cars, Some(&glass), how, &hilbert);
        assert!(
            score(&found.background, &background).mae < 0.03,
            "{:?}",
            score(&found.background, &background)
        );
        assert!(score(&found.raman, &im).r > 0.98);
    }
}
