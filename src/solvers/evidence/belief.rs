//! From evidences to how sure one can be.
//!
//! Evidences are honest only as far as the model is: where the stored spectra fit to the noise, a difference of a few
//! nats decides; where they do not, whole bands are off and hundreds of nats mean little. The measure is therefore the
//! misfit itself, the evidence that the stored spectra lack of an ideal fit: differences count in units of
//! `1 + 0.7 sqrt(misfit)`, with the tails of a power law. Both constants were fitted to mixtures of RRUFF minerals of
//! which another specimen is in the library, drawn within the `known` part of the split.

use super::scorer::Hypothesis;

/// Growth of the unit with the square root of the misfit.
const UNIT_PER_MISFIT: f64 = 0.7;
/// Power of the tails.
const POWER: f64 = 3.0;
/// What one more component costs, in units.
const COMPONENT_COST: f64 = 1.5;

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
        Self { unit, cost: libm::log(species.max(1) as f64) + COMPONENT_COST * unit }
    }

    /// Evidence less the charge for components, in nats.
    #[must_use]
    pub fn score(&self, hypothesis: &Hypothesis) -> f64 {
        hypothesis.evidence - self.cost * hypothesis.species.len() as f64
    }

    /// Probability of every set, in the order given.
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
