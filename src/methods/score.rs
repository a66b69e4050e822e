//! How well components agree with pure spectra that are known to be in the mixture.

use super::Outcome;
use crate::solvers::best_assignment;
use crate::spectrum::metrics::{sad_rad, si_snr_db};
use crate::spectrum::resample::on_axis;
use crate::spectrum::{AxisKind, Spectrum};

/// A component against its pure spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Which one: an index into the pure spectra.
    pub truth: usize,
    /// Scale-invariant signal-to-noise ratio.
    pub si_snr_db: f64,
    /// Spectral angle: 0 for the same shape, 90 for nothing in common.
    pub sad_deg: f64,
}

/// A score for each component: pure spectra and components are assigned to each other so that the sum of SI-SNR is
/// largest; components beyond the number of pure spectra have none, nor has anybody with a pure spectrum that cannot be
/// brought to Raman shift.
pub fn score(outcome: &Outcome, truths: &[Spectrum]) -> Vec<Option<Score>> {
    let pure: Vec<(usize, Vec<f32>)> = truths
        .iter()
        .enumerate()
        .filter_map(|(k, truth)| {
            let shifted = truth.converted(&AxisKind::RamanShift).ok()?;
            Some((k, on_axis(shifted.axis(), shifted.y(), outcome.axis())))
        })
        .collect();
    let gain: Vec<Vec<f64>> = outcome
        .components
        .iter()
        .map(|component| pure.iter().map(|(_, curve)| si_snr_db(&component.spectrum, curve)).collect())
        .collect();
    let chosen = best_assignment(&gain);
    let found = |(component, partner): (usize, Option<usize>)| {
        let at = partner?;
        let (truth, curve) = pure.get(at)?;
        let sad_deg = sad_rad(&outcome.components.get(component)?.spectrum, curve).to_degrees();
        Some(Score { truth: *truth, si_snr_db: *gain.get(component)?.get(at)?, sad_deg })
    };
    chosen.into_iter().enumerate().map(found).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::testing::{axis, curve, mixed, outcome_of};
    use super::*;
    use crate::spectrum::{Axis, Metadata};

    fn pure(lines: &[f64], offset: f32) -> Spectrum {
        let y: Vec<f32> = curve(lines).iter().map(|v| 2.0 * v + offset).collect();
        Spectrum::new(axis(), y, Metadata::default()).unwrap()
    }

    #[test]
    fn components_are_scored_against_the_pure_spectra_that_suit_them_best() {
        let outcome = outcome_of("nnomp", &mixed());
        let names: Vec<&str> = outcome.components.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["Calcite", "Quartz"]);
        let truths = [
            pure(&[396.0, 515.0], 0.0),
            pure(&[206.0, 464.0, 808.0], 0.0),
            pure(&[282.0, 712.0, 1086.0], 0.0),
        ];
        let scores = score(&outcome, &truths);
        let partners: Vec<Option<usize>> = scores.iter().map(|s| s.map(|s| s.truth)).collect();
        assert_eq!(partners, [Some(2), Some(1)]);
        for found in scores.iter().flatten() {
            // Noise of 3 on 600 and 300 counts: 1 % of the lines is an angle of half a degree.
            assert!(found.si_snr_db > 25.0 && found.sad_deg < 5.0, "{found:?}");
        }
        // One pure spectrum less than components: the better partner gets it.
        let one = score(&outcome, &truths[1..2]);
        assert_eq!(one.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true]);
        assert_eq!(score(&outcome, &[]), [None, None]);
    }

    #[test]
    fn an_offset_counts_for_the_angle_and_not_for_the_ratio() {
        let outcome = outcome_of("nnomp", &mixed());
        let flat = score(&outcome, &[pure(&[282.0, 712.0, 1086.0], 0.0)])[0].unwrap();
        let lifted = score(&outcome, &[pure(&[282.0, 712.0, 1086.0], 1.0)])[0].unwrap();
        assert!((flat.si_snr_db - lifted.si_snr_db).abs() < 1e-3);
        assert!(lifted.sad_deg > flat.sad_deg + 30.0, "{lifted:?}");
    }

    #[test]
    fn what_cannot_become_raman_shift_is_nobodys_partner() {
        let pixels = Axis::even(AxisKind::Pixel, 0.0, 599.0, 600).unwrap();
        let y: Vec<f32> = (0..600_u16).map(f32::from).collect();
        let pixels = Spectrum::new(Arc::new(pixels), y, Metadata::default()).unwrap();
        let outcome = outcome_of("nnls", &mixed());
        let scores = score(&outcome, &[pixels, pure(&[282.0, 712.0, 1086.0], 0.0)]);
        assert_eq!(scores.iter().flatten().map(|s| s.truth).collect::<Vec<_>>(), [1]);
    }
}
