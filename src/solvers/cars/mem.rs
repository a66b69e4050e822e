//! Maximum entropy retrieval (Vartiainen): the phase of an all-pole model of the spectrum.

use rustdct::rustfft::FftPlanner;
use rustdct::rustfft::num_complex::Complex;

use super::kk::ratio;
use super::{Hilbert, Phase, Retrieved};

/// How the phase is retrieved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MemSettings {
    /// Poles as a part of the number of points; a half is what the literature uses.
    pub order: f64,
    /// How slow errors of the phase are found.
    pub phase: Phase,
    /// Whether negative values count as zero.
    pub positive: bool,
}

/// `Im chi_R` and `chi_NR` of a CARS spectrum, over its reference or over a smooth curve that takes its place.
#[must_use]
pub fn maximum_entropy(
    intensity: &[f64],
    reference: Option<&[f64]>,
    settings: MemSettings,
    hilbert: &Hilbert,
) -> Retrieved {
    let phase = entropy_phase(&ratio(intensity, reference), settings.order);
    corrected(intensity, phase, settings, hilbert)
}

/// The same of a spectrum whose background was divided out before: the model is that of the spectrum itself.
#[must_use]
pub fn maximum_entropy_corrected(intensity: &[f64], settings: MemSettings, hilbert: &Hilbert) -> Retrieved {
    corrected(intensity, entropy_phase(intensity, settings.order), settings, hilbert)
}

fn corrected(intensity: &[f64], mut phase: Vec<f64>, settings: MemSettings, hilbert: &Hilbert) -> Retrieved {
    let error = settings.phase.error(&phase);
    for (phase, error) in phase.iter_mut().zip(error) {
        *phase -= error;
    }
    Retrieved::of(intensity, phase, settings.positive, hilbert)
}

/// The phase of the all-pole model of a positive spectrum; it grows over resonances.
#[must_use]
pub fn entropy_phase(spectrum: &[f64], order: f64) -> Vec<f64> {
    let n = spectrum.len();
    let poles = ((n as f64 * order) as usize).clamp(1, n.saturating_sub(1).max(1));
    let correlation = correlation(spectrum, poles);
    let model = levinson(&correlation);
    let mut work = vec![Complex::default(); 2 * n];
    for (slot, value) in work.iter_mut().zip(&model) {
        slot.re = *value;
    }
    FftPlanner::new().plan_fft_forward(2 * n).process(&mut work);
    work.iter().take(n).map(|v| v.im.atan2(v.re)).collect()
}

/// `R_0` to `R_poles` of the evenly extended spectrum.
fn correlation(spectrum: &[f64], poles: usize) -> Vec<f64> {
    let n = spectrum.len();
    let mut work = spectrum.to_vec();
    rustdct::DctPlanner::new().plan_dct2(n).process_dct2(&mut work);
    work.iter().take(poles + 1).map(|v| v / n as f64).collect()
}

/// The prediction filter `1, a_1, ...` of a correlation (Levinson and Durbin): as many poles as the correlation supports.
fn levinson(correlation: &[f64]) -> Vec<f64> {
    let mut filter = vec![1.0];
    let Some(&(mut error)) = correlation.first() else { return filter };
    for k in 1..correlation.len() {
        let sum: f64 = filter.iter().zip(correlation[1..=k].iter().rev()).map(|(a, r)| a * r).sum();
        let reflection = -sum / error;
        let left = error * (1.0 - reflection * reflection);
        // Rounding has used up what was left to predict, or there was nothing.
        if left.is_nan() || left <= 0.0 {
            break;
        }
        error = left;
        let turned: Vec<f64> = filter.iter().rev().copied().collect();
        filter.push(0.0);
        for (value, partner) in filter.iter_mut().skip(1).zip(turned) {
            *value += reflection * partner;
        }
    }
    filter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_solves_its_toeplitz_system() {
        let spectrum: Vec<f64> =
            (0..60).map(|i| 1.0 + 3.0 / (1.0 + ((f64::from(i) - 20.0) / 3.0).powi(2))).collect();
        for poles in [1, 2, 5, 6, 30] {
            let r = correlation(&spectrum, poles);
            let a = levinson(&r);
            assert_eq!(a.len(), poles + 1);
            for row in 1..=poles {
                let left: f64 = (0..=poles).map(|k| r[row.abs_diff(k)] * a[k]).sum();
                assert!(left.abs() < 1e-10 * r[0], "{poles} {row}: {left}");
            }
        }
    }

    #[test]
    fn a_flat_spectrum_has_no_phase() {
        assert!(entropy_phase(&[2.0; 50], 0.5).iter().all(|p| p.abs() < 1e-12));
        assert!(entropy_phase(&[0.0; 50], 0.5).iter().all(|p| p.abs() < 1e-12));
    }
}
