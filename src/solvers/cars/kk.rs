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
    /// Whether negative values count as zero.
    pub positive: bool,
}

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
    if !settings.amplitude {
        return Retrieved::of(intensity, phase, settings.positive, hilbert);
    }
    let factor = hilbert.fourier(&error, Pad::Edge);
    let corrected: Vec<f64> = intensity.iter().zip(factor).map(|(i, e)| i * (2.0 * e).exp()).collect();
    Retrieved::of(&corrected, phase, settings.positive, hilbert)
}

/// The spectrum over its reference, or over the curve that stands in for one.
pub(super) fn ratio(intensity: &[f64], reference: Option<&[f64]>) -> Vec<f64> {
    let lifted = floored(intensity, intensity);
    let below = match reference {
        Some(reference) => floored(reference, reference),
        None => {
            let logarithm: Vec<f64> = lifted.iter().map(|i| i.ln()).collect();
            let lambda = scaled_lambda(BLIND_REFERENCE, intensity.len());
            smooth(&logarithm, lambda).into_iter().map(f64::exp).collect()
        }
    };
    lifted.iter().zip(below).map(|(i, r)| i / r).collect()
}
