//! From evidences to how sure one can be.
//!
//! Evidences are honest only as far as the model is: where the stored spectra fit to the noise, a difference of a few
//! nats decides; where they do not, whole bands are off and hundreds of nats mean little. The measure is therefore the
//! misfit itself, the evidence that the stored spectra lack of an ideal fit: differences count in units of
//! `1 + 0.7 sqrt(misfit)`, with the tails of a power law. The constants were fitted to mixtures of RRUFF minerals of
//! which another specimen is in the library, drawn within the `known` part of the split.

use super::scorer::Hypothesis;

/// Growth of the unit with the square root of the misfit.
const UNIT_PER_MISFIT: f64 = 0.7;
/// Power of the tails.
const POWER: f64 = 3.0;
/// What one more component costs, in units.
const COMPONENT_COST: f64 = 1.5;

/// Part of the misfit that one more component must take away.
const COST_PER_MISFIT: f64 = 0.02;

/// Probabilities over the sets that were weighed.
#[derive(Debug, Clone, PartialEq)]
pub struct Belief {
    /// How many nats count as one.
    pub unit: f64,
    /// Charge for every component, in nats.
    cost: f64,
}

impl Belief {
    /// From everything weighed: `ideal` is the evidence of a perfect fit, `species` the number of species in the library.
    #[must_use]
    pub fn new(all: &[Hypothesis], ideal: f64, species: usize) -> Self {
        let exact = all.iter().map(|h| h.exact_evidence).fold(f64::NEG_INFINITY, f64::max);
        let misfit = if exact.is_finite() { (ideal - exact).max(0.0) } else { 0.0 };
        let unit = 1.0 + UNIT_PER_MISFIT * misfit.sqrt();
        let cost = libm::log(species.max(1) as f64) + COMPONENT_COST * unit + COST_PER_MISFIT * misfit;
        Self { unit, cost }
    }

    /// Evidence less the charge for components, in nats.
    #[must_use]
    pub fn score(&self, hypothesis: &Hypothesis) -> f64 {
        hypothesis.evidence - self.cost * hypothesis.species.len() as f64
    }

    /// Probability of every set, in the order given. A set that holds a better one whole is no witness of its own: it
    /// says the same and more than the data asks for (Occam's window; Madigan and Raftery 1994).
    #[must_use]
    pub fn probabilities(&self, all: &[Hypothesis]) -> Vec<f64> {
        let scores: Vec<f64> = all.iter().map(|h| self.score(h)).collect();
        let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weight = |score: &f64| {
            if score.is_finite() { (1.0 + (best - score) / (POWER * self.unit)).powf(-POWER) } else { 0.0 }
        };
        let weights: Vec<f64> = scores.iter().map(weight).collect();
        let total: f64 = weights.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        weights.into_iter().map(|w| w / total).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(species: &[usize], evidence: f64, exact: f64) -> Hypothesis {
        let rows = species.iter().map(|s| vec![(*s, 1.0)]).collect();
        Hypothesis { species: species.to_vec(), rows, exact: false, evidence, exact_evidence: exact }
    }

    #[test]
    fn a_perfect_fit_counts_in_nats_and_a_misfit_in_larger_units() {
        let perfect = Belief::new(&[set(&[0], -10.0, -10.0)], -10.0, 5);
        assert!((perfect.unit - 1.0).abs() < 1e-12);
        let misfit = Belief::new(&[set(&[0], -10.0, -410.0)], -10.0, 5);
        assert!((misfit.unit - 15.0).abs() < 1e-12);
        // The same lead is worth less there.
        let all = [set(&[0], -10.0, -10.0), set(&[1], -30.0, -30.0)];
        assert!(perfect.probabilities(&all)[0] > 0.99);
        assert!(misfit.probabilities(&all)[0] < 0.8);
    }

    #[test]
    fn probabilities_are_shared_by_equals_and_sum_to_one() {
        let all =
            [set(&[0], -5.0, -5.0), set(&[1], -5.0, -5.0), set(&[2], f64::NEG_INFINITY, f64::NEG_INFINITY)];
        let found = Belief::new(&all, -5.0, 3).probabilities(&all);
        assert!((found[0] - 0.5).abs() < 1e-12 && (found[1] - 0.5).abs() < 1e-12 && found[2] <= 0.0);
        assert!(Belief::new(&[], 0.0, 0).probabilities(&[]).is_empty());
    }

    #[test]
    fn one_more_component_must_pay_for_itself() {
        let (one, two) = (set(&[0], -20.0, -20.0), set(&[0, 1], -17.0, -17.0));
        let belief = Belief::new(&[one.clone(), two.clone()], -17.0, 100);
        assert!(belief.score(&one) > belief.score(&two));
        let clear = set(&[0, 1], -5.0, -5.0);
        assert!(belief.score(&clear) > belief.score(&one));
    }
}
