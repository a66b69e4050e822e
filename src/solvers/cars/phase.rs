//! From a phase to a Raman spectrum, and the correction of slow phase errors.

use super::{Hilbert, als, real_part, scaled_lambda, smooth_background};

/// How the slow error of a phase is found: Liu, Lee and Cicerone 2009, Camp, Lee and Cicerone 2016.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Phase {
    /// The phase is right as it is.
    AsIs,
    /// Its least value is zero: for spectra whose background was corrected before.
    FromLeast,
    /// A smooth curve below the phase, of this stiffness at 1,024 points and this weight of what lies above.
    Below {
        /// Stiffness.
        lambda: f64,
        /// Weight of points above the curve.
        asymmetry: f64,
    },
}

impl Phase {
    /// Stiffness and asymmetry without a reference, chosen on spectra of 640 to 1,024 points.
    pub const BLIND: Self = Self::Below { lambda: 1e3, asymmetry: 1e-3 };
    /// The same with a reference.
    pub const REFERENCED: Self = Self::Below { lambda: 1e5, asymmetry: 1e-2 };

    /// The slow error of a phase.
    #[must_use]
    pub fn error(self, phase: &[f64]) -> Vec<f64> {
        match self {
            Self::AsIs => vec![0.0; phase.len()],
            Self::FromLeast => vec![phase.iter().copied().fold(f64::INFINITY, f64::min); phase.len()],
            Self::Below { lambda, asymmetry } => als(phase, scaled_lambda(lambda, phase.len()), asymmetry),
        }
    }

    /// Takes the slow error off the phase of an answer that is there; its modulus stays.
    #[must_use]
    pub fn corrected(self, raman: &[f64], background: &[f64], hilbert: &Hilbert) -> Retrieved {
        let re: Vec<f64> = real_part(raman, hilbert).iter().zip(background).map(|(r, nr)| r + nr).collect();
        let mut phase: Vec<f64> = raman.iter().zip(&re).map(|(im, re)| im.atan2(*re)).collect();
        let error = self.error(&phase);
        phase.iter_mut().zip(error).for_each(|(phase, error)| *phase -= error);
        let intensity: Vec<f64> = raman.iter().zip(&re).map(|(im, re)| im * im + re * re).collect();
        Retrieved::of(&intensity, phase, true, hilbert)
    }
}

/// What a phase retrieval gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Retrieved {
    /// `Im chi_R`, in units of the square root of the intensities.
    pub raman: Vec<f64>,
    /// `chi_NR`: the smooth part of `Re chi` that no line explains.
    pub background: Vec<f64>,
    /// The phase of chi, corrected.
    pub phase: Vec<f64>,
}

impl Retrieved {
    /// Of a corrected phase; negative values of `Im chi_R` are noise and count as zero where `positive`.
    #[must_use]
    pub(super) fn of(intensity: &[f64], phase: Vec<f64>, positive: bool, hilbert: &Hilbert) -> Self {
        let amplitude: Vec<f64> = intensity.iter().map(|i| i.max(0.0).sqrt()).collect();
        let parts = |f: fn(f64) -> f64| -> Vec<f64> {
            amplitude.iter().zip(&phase).map(|(a, phi)| a * f(*phi)).collect()
        };
        let mut raman = parts(f64::sin);
        if positive {
            for v in &mut raman {
                *v = v.max(0.0);
            }
        }
        let background = smooth_background(&parts(f64::cos), &raman, hilbert);
        Self { raman, background, phase }
    }
}

/// Part of the highest intensity below which intensities count as that much: logarithms of noise around zero ruin
/// everything.
const FLOOR: f64 = 0.01;

/// Intensities with a floor at 1 % of the highest of `like`.
#[must_use]
pub fn floored(values: &[f64], like: &[f64]) -> Vec<f64> {
    let floor = FLOOR * like.iter().fold(0.0_f64, |a, v| a.max(*v));
    values.iter().map(|v| v.max(floor)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solvers::cars::score;
    use crate::spectrum::evenly;
    use crate::synth::cars::{Resonance, susceptibility};

    #[test]
    fn a_slow_pedestal_goes_and_the_lines_and_the_modulus_stay() {
        let axis = evenly(0.0, 1000.0, 1000);
        let line = |centre| Resonance { amplitude: 0.4, centre, half_width: 8.0 };
        let (_, lines) = susceptibility(&axis, &[line(250.0), line(600.0), line(820.0)]);
        let pedestal = |x: &f64| 0.04 * (1.0 + (x / 1000.0 * std::f64::consts::TAU).sin());
        let lifted: Vec<f64> = lines.iter().zip(&axis).map(|(im, x)| im + pedestal(x)).collect();
        let background = vec![1.0; 1000];
        let hilbert = Hilbert::new(1000, 1);
        let found = Phase::BLIND.corrected(&lifted, &background, &hilbert);
        let (before, after) = (score(&lifted, &lines), score(&found.raman, &lines));
        assert!(before.r < 0.75 && after.r > 0.97, "{} {}", before.r, after.r);
        let same = Phase::AsIs.corrected(&lifted, &background, &hilbert);
        assert!(same.raman.iter().zip(&lifted).all(|(a, b)| (a - b).abs() < 1e-12));
        assert!(found.background.iter().all(|v| (0.8..1.2).contains(v)));
    }
}
