//! Scores of one unmixed spectrum against the pure spectra that were mixed (spec of the separation papers, section 7).

use super::calibration::Claim;
use super::coverage::Held;
use super::names::same_species;
use crate::methods::Uncertainty;
use crate::solvers::best_assignment;
use crate::spectrum::metrics;

/// An exact hit is a stored spectrum and has no natural SI-SNR; single values end here.
pub const CAP_DB: f64 = 30.0;
/// End of the values that are called uncapped: far above what any measured spectrum could reach.
pub const HIGH_CAP_DB: f64 = 60.0;
/// A component that is missing, flat or wholly wrong scores this.
pub const FLOOR_DB: f64 = -30.0;

/// A component as a method gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// What it is, empty when the method names nothing.
    pub species: String,
    /// What its library entries explain; for methods without a library their own component.
    pub curve: Vec<f32>,
    /// The component as shown to the user, with the measured detail that the library lacks.
    pub soft: Vec<f32>,
    /// Share of the signal.
    pub share: f64,
    /// Probability that it is right, as stated.
    pub confidence: Option<f64>,
    /// Intervals of its points and its share, as stated.
    pub uncertainty: Option<Uncertainty>,
}

/// A pure spectrum that was mixed.
#[derive(Debug, Clone, Copy)]
pub struct Truth<'a> {
    /// What it is.
    pub species: &'a str,
    /// Its curve, unit norm.
    pub curve: &'a [f32],
    /// Its share of the mixture.
    pub fraction: f64,
}

/// Scores of one mixture; figures over several components are their means.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// The estimated species are exactly the mixed ones.
    pub right_set: bool,
    /// The largest estimated component is the largest mixed one.
    pub main_right: bool,
    /// SI-SNR of the estimates, single values from [`FLOOR_DB`] to [`HIGH_CAP_DB`].
    pub si_snr_db: f64,
    /// The same minus the SI-SNR of the untouched mixture.
    pub si_snri_db: f64,
    /// The same with single values ending at [`CAP_DB`].
    pub si_snri_capped_db: f64,
    /// The same for the soft-mask components, single values ending at [`HIGH_CAP_DB`].
    pub si_snri_soft_db: f64,
    /// The same for the soft-mask components, single values ending at [`CAP_DB`].
    pub si_snri_soft_capped_db: f64,
    /// SI-SNR of the untouched mixture.
    pub input_si_snr_db: f64,
    /// Spectral information divergence.
    pub sid: f64,
    /// Spectral angle in radians.
    pub sad: f64,
    /// Root mean square difference of unit-norm curves.
    pub rmse: f64,
    /// Smallest share in the mixture.
    pub minor_fraction: f64,
    /// Stated confidences and whether they came true.
    pub claims: Vec<Claim>,
    /// Stated intervals and whether they hold the truth.
    pub held: Vec<Held>,
}

/// SI-SNR with both ends; a flat estimate explains nothing and scores the floor.
fn si_snr_within(estimate: &[f32], reference: &[f32], cap_db: f64) -> f64 {
    let flat = estimate.windows(2).all(|w| (w[0] - w[1]).abs() <= f32::MIN_POSITIVE);
    if flat { FLOOR_DB } else { metrics::si_snr_db(estimate, reference).clamp(FLOOR_DB, cap_db) }
}

/// Scores the components of one mixture against what was mixed. Of surplus components the largest shares count; a
/// missing one is silence.
pub fn score(mixture: &[f32], truths: &[Truth], estimates: &[Estimate]) -> Score {
    let silence = Estimate {
        species: String::new(),
        curve: vec![0.0; mixture.len()],
        soft: vec![0.0; mixture.len()],
        share: 0.0,
        confidence: None,
        uncertainty: None,
    };
    let mut largest: Vec<&Estimate> = estimates.iter().collect();
    largest.sort_by(|a, b| b.share.total_cmp(&a.share));
    let (right_set, main_right) = names_right(truths, &largest);
    let claims = claims(truths, &largest);
    let mut used: Vec<&Estimate> = largest;
    used.truncate(truths.len());
    while used.len() < truths.len() {
        used.push(&silence);
    }

    let count = truths.len().max(1) as f64;
    let mean = |of: &dyn Fn(usize, &Truth) -> f64| {
        truths.iter().enumerate().map(|(k, truth)| of(k, truth)).sum::<f64>() / count
    };
    let input_si_snr_db = mean(&|_, t| metrics::si_snr_db(mixture, t.curve));
    let table = |curve: &dyn Fn(&Estimate) -> Vec<f32>, cap: f64| -> Vec<Vec<f64>> {
        let curves: Vec<Vec<f32>> = used.iter().map(|e| curve(e)).collect();
        truths.iter().map(|t| curves.iter().map(|c| si_snr_within(c, t.curve, cap)).collect()).collect()
    };
    let hard = table(&|e| e.curve.clone(), HIGH_CAP_DB);
    let chosen = permutation(&hard);
    let soft = table(&|e| e.soft.clone(), HIGH_CAP_DB);
    let chosen_soft = permutation(&soft);
    let si_snr_db = mean(&|k, _| hard[k][chosen[k]]);
    let of = |k: usize| &used[chosen[k]].curve;
    Score {
        right_set,
        main_right,
        si_snr_db,
        si_snri_db: si_snr_db - input_si_snr_db,
        si_snri_capped_db: mean(&|k, _| hard[k][chosen[k]].min(CAP_DB)) - input_si_snr_db,
        si_snri_soft_db: mean(&|k, _| soft[k][chosen_soft[k]]) - input_si_snr_db,
        si_snri_soft_capped_db: mean(&|k, _| soft[k][chosen_soft[k]].min(CAP_DB)) - input_si_snr_db,
        input_si_snr_db,
        sid: mean(&|k, t| metrics::sid(of(k), t.curve)),
        sad: mean(&|k, t| metrics::sad_rad(of(k), t.curve)),
        rmse: mean(&|k, t| metrics::rmse_unit(of(k), t.curve)),
        minor_fraction: truths.iter().map(|t| t.fraction).fold(f64::INFINITY, f64::min),
        claims,
        held: truths.iter().enumerate().filter_map(|(k, t)| held(used[chosen_soft[k]], t)).collect(),
    }
}

fn held(estimate: &Estimate, truth: &Truth) -> Option<Held> {
    let Uncertainty { band, share } = estimate.uncertainty.as_ref()?;
    let curve: Vec<f64> = truth.curve.iter().map(|v| truth.fraction * f64::from(*v)).collect();
    Some(Held::new(&estimate.soft, band, &curve, *share, truth.fraction))
}

/// Column of each row under the best assignment of a square table.
fn permutation(gain: &[Vec<f64>]) -> Vec<usize> {
    best_assignment(gain).into_iter().flatten().collect()
}

/// Whether all names are right, and whether the largest component is. `largest` stands in the order of its shares.
fn names_right(truths: &[Truth], largest: &[&Estimate]) -> (bool, bool) {
    let set = largest.len() == truths.len() && hits(truths, largest).iter().all(|hit| *hit);
    let main = truths.iter().max_by(|a, b| a.fraction.total_cmp(&b.fraction));
    let main_right =
        main.zip(largest.first()).is_some_and(|(main, first)| same_species(main.species, &first.species));
    (set, main_right)
}

/// For each estimate whether it names a mixed species that no earlier one named.
fn hits(truths: &[Truth], estimates: &[&Estimate]) -> Vec<bool> {
    let mut free = vec![true; truths.len()];
    let mut hit = |estimate: &Estimate| {
        let found =
            (0..truths.len()).find(|k| free[*k] && same_species(truths[*k].species, &estimate.species));
        found.is_some_and(|k| std::mem::replace(&mut free[k], false))
    };
    estimates.iter().map(|estimate| hit(estimate)).collect()
}

fn claims(truths: &[Truth], estimates: &[&Estimate]) -> Vec<Claim> {
    let rights = hits(truths, estimates);
    let stated = estimates.iter().zip(rights);
    stated.filter_map(|(e, right)| e.confidence.map(|confidence| Claim { confidence, right })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Four orthogonal zero-mean curves of length 8 (Walsh functions).
    const W: [[f32; 8]; 4] = [
        [1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0],
        [1.0, 1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0],
        [1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0],
        [1.0, 1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0],
    ];

    /// Sum of weighted Walsh functions.
    fn sum(weights: [f32; 4]) -> Vec<f32> {
        (0..8).map(|i| W.iter().zip(weights).map(|(w, a)| a * w[i]).sum()).collect()
    }

    fn estimate(species: &str, curve: Vec<f32>, share: f64) -> Estimate {
        Estimate {
            species: species.into(),
            soft: curve.clone(),
            curve,
            share,
            confidence: None,
            uncertainty: None,
        }
    }

    fn truths() -> [Truth<'static>; 2] {
        [
            Truth { species: "Quartz", curve: &W[0], fraction: 0.7 },
            Truth { species: "Calcite", curve: &W[1], fraction: 0.3 },
        ]
    }

    fn close(found: f64, expected: f64) {
        // f32 curves of small integers and tenths: 1e-7 relative, 1e-5 dB.
        assert!((found - expected).abs() < 1e-4, "found {found}, expected {expected}");
    }

    #[test]
    fn the_best_permutation_is_scored_whatever_the_order_of_the_estimates() {
        // The mixture holds 1 : 0.5, so SI-SNR(y, r) is +6.0206 and -6.0206 dB: mean 0.
        let mixture = sum([1.0, 0.5, 0.0, 0.0]);
        // Noise of a tenth of the amplitude: exactly 20 dB each.
        let a = estimate("quartz", sum([1.0, 0.0, 0.1, 0.0]), 0.6);
        let b = estimate("Calcite ", sum([0.0, 2.0, 0.0, 0.2]), 0.4);
        for estimates in [[a.clone(), b.clone()], [b, a]] {
            let s = score(&mixture, &truths(), &estimates);
            assert!(s.right_set && s.main_right);
            close(s.input_si_snr_db, 0.0);
            close(s.si_snr_db, 20.0);
            close(s.si_snri_db, 20.0);
            close(s.si_snri_capped_db, 20.0);
            close(s.si_snri_soft_db, 20.0);
            close(s.sad, 0.1_f64.atan());
            close(s.rmse, 2.0 * (0.1_f64.atan() / 2.0).sin() / 8.0_f64.sqrt());
            close(s.minor_fraction, 0.3);
        }
    }

    #[test]
    fn hits_are_capped_and_misses_floored() {
        let mixture = sum([1.0, 1.0, 0.0, 0.0]);
        let hit = estimate("Quartz", W[0].to_vec(), 0.5);
        let mut miss = estimate("Talc", sum([0.0, 0.0, 1.0, 0.0]), 0.4);
        miss.soft = sum([0.0, 1.0, 1.0, 0.0]);
        let s = score(&mixture, &truths(), &[hit, miss]);
        assert!(!s.right_set && s.main_right);
        close(s.si_snr_db, f64::midpoint(HIGH_CAP_DB, FLOOR_DB));
        close(s.si_snri_capped_db, f64::midpoint(CAP_DB, FLOOR_DB));
        // 60 dB for the exact one, 0 dB for equal parts.
        close(s.si_snri_soft_db, HIGH_CAP_DB / 2.0);
        close(s.si_snri_soft_capped_db, CAP_DB / 2.0);
    }

    #[test]
    fn a_missing_component_is_silence_and_surplus_ones_are_left_out() {
        let mixture = sum([1.0, 1.0, 0.0, 0.0]);
        let s = score(&mixture, &truths(), &[estimate("Quartz", W[0].to_vec(), 1.0)]);
        assert!(!s.right_set && s.main_right);
        close(s.si_snri_capped_db, 0.0);
        close(s.sad, std::f64::consts::FRAC_PI_4);
        let none = score(&mixture, &truths(), &[]);
        assert!(!none.main_right);
        close(none.si_snri_capped_db, FLOOR_DB);
        let three = [
            estimate("Talc", sum([0.0, 0.0, 1.0, 0.0]), 0.1),
            estimate("Calcite", W[1].to_vec(), 0.4),
            estimate("Quartz", W[0].to_vec(), 0.5),
        ];
        let s = score(&mixture, &truths(), &three);
        assert!(!s.right_set, "three names for two substances");
        close(s.si_snri_capped_db, CAP_DB);
    }

    #[test]
    fn naming_one_species_twice_is_no_right_pair_and_only_one_right_claim() {
        let mut twice = [estimate("Quartz", W[0].to_vec(), 0.6), estimate("Quartz", W[1].to_vec(), 0.4)];
        twice[0].confidence = Some(0.8);
        twice[1].confidence = Some(0.7);
        let s = score(&sum([1.0, 1.0, 0.0, 0.0]), &truths(), &twice);
        assert!(!s.right_set);
        let right: Vec<bool> = s.claims.iter().map(|c| c.right).collect();
        assert_eq!(right, [true, false]);
    }
}
