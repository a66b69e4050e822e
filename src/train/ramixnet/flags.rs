//! When probabilities count as "there", and when a sample holds something else.

use super::quantile::quantile;
use crate::nets::CardOther;

/// Range of thresholds that are tried, in steps.
const THRESHOLDS: (f64, f64, usize) = (0.2, 0.8, 61);
/// Shares of mixtures of known substances that stay below the two limits: together fewer than 5 % are flagged.
const EXCESS_KEPT: f64 = 0.98;
const DISTANCE_KEPT: f64 = 0.995;
/// Share of mixtures with something else at 30 % that stay above the limit, where both shares can be had.
const OTHER_KEPT: f64 = 0.95;
/// The same of what is strange: nine of ten are asked for, and every one more costs false flags of real mixtures.
const STRANGE_KEPT: f64 = 0.92;
/// How much farther the features of real mixtures may lie than those of simulated ones.
const DISTANCE_ROOM: f64 = 1.25;
/// Range of temperatures.
const TEMPERATURES: (f64, f64) = (0.2, 5.0);
/// Halvings of a search: further ones change nothing that is printed.
const ROUNDS: usize = 40;

/// What log odds have to be divided by so that their probabilities are right on average: the least cross-entropy.
pub fn temperature(odds: &[f32], present: &[bool]) -> f64 {
    let entropy = |t: f64| -> f64 {
        let one = |(odds, there): (&f32, &bool)| {
            let z = f64::from(*odds) / t;
            let softplus = z.max(0.0) + (-z.abs()).exp().ln_1p();
            softplus - if *there { z } else { 0.0 }
        };
        odds.iter().zip(present).map(one).sum()
    };
    // Golden section over the logarithm: the entropy has one minimum.
    let golden = 0.5 * (5.0_f64.sqrt() - 1.0);
    let (mut low, mut high) = (TEMPERATURES.0.ln(), TEMPERATURES.1.ln());
    for _ in 0..ROUNDS {
        let (a, b) = (high - golden * (high - low), low + golden * (high - low));
        if entropy(a.exp()) < entropy(b.exp()) { high = b } else { low = a }
    }
    (0.5 * (low + high)).exp()
}

/// The probability from which one substance counts as there: the middle of those with the best F1.
pub fn threshold(probabilities: &[f64], present: &[bool]) -> f64 {
    let (first, last, count) = THRESHOLDS;
    let at = |k: usize| first + (last - first) * k as f64 / (count - 1) as f64;
    let f1 = |limit: f64| {
        let (mut right, mut wrong) = (0_usize, 0_usize);
        for (p, there) in probabilities.iter().zip(present) {
            match (*p >= limit, *there) {
                (true, true) => right += 1,
                (true, false) | (false, true) => wrong += 1,
                (false, false) => {}
            }
        }
        if right == 0 { 0.0 } else { 2.0 * right as f64 / (2 * right + wrong) as f64 }
    };
    let all: Vec<f64> = (0..count).map(|k| f1(at(k))).collect();
    let best = all.iter().copied().fold(0.0, f64::max);
    // Within rounding of one mixture: the middle of a plateau is the safest place.
    let good: Vec<usize> = (0..count).filter(|k| all[*k] >= best - 1e-3).collect();
    good.get(good.len() / 2).map_or(0.5, |k| at(*k))
}

/// What mixtures of known substances, and others with something else, leave over.
#[derive(Debug, Clone, Default)]
pub struct Left {
    /// All of it.
    pub excess: Vec<f64>,
    /// What stands where the fit has little.
    pub strange: Vec<f64>,
}

/// Limits that few mixtures of known substances exceed. Where mixtures with something else leave more over than those, the
/// limit lies higher: real mixtures fit worse than simulated ones.
pub fn limits(known: Left, with_other: Left, distances: Vec<f64>) -> CardOther {
    let above = |v: f64| v.max(1e-3);
    let (low, high) = (quantile(known.excess, EXCESS_KEPT), quantile(with_other.excess, 1.0 - OTHER_KEPT));
    let excess = if high > low { (low * high).sqrt() } else { low };
    let strange = quantile(known.strange, EXCESS_KEPT).max(quantile(with_other.strange, 1.0 - STRANGE_KEPT));
    CardOther {
        excess: above(excess),
        strange: Some(above(strange)),
        distance: above(DISTANCE_ROOM * quantile(distances, DISTANCE_KEPT)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::Rng;

    #[test]
    fn odds_that_are_twice_too_sure_have_a_temperature_of_two() {
        let mut rng = Rng::new(1, 0);
        let (mut odds, mut present) = (Vec::new(), Vec::new());
        for _ in 0..20_000 {
            let z = 2.0 * rng.normal();
            present.push(rng.unit() < 1.0 / (1.0 + (-z).exp()));
            odds.push((2.0 * z) as f32);
        }
        let found = temperature(&odds, &present);
        assert!((found - 2.0).abs() < 0.1, "{found}");
    }

    #[test]
    fn a_threshold_lies_between_what_is_there_and_what_is_not() {
        let probabilities = [0.05, 0.1, 0.31, 0.49, 0.62, 0.9];
        let present = [false, false, false, true, true, true];
        let found = threshold(&probabilities, &present);
        assert!(found > 0.31 && found <= 0.49, "{found}");
        assert!((0.2..=0.8).contains(&threshold(&[], &[])));
    }

    #[test]
    fn few_of_the_known_are_flagged() {
        let values = |scale: f64| (1..=1000).map(|k| scale * f64::from(k)).collect::<Vec<_>>();
        let left = |scale: f64| Left { excess: values(scale), strange: values(scale) };
        let overlap = limits(left(1e-3), left(1e-3), values(2e-3));
        assert!((overlap.excess - 0.98).abs() < 1e-9 && (overlap.distance - 1.25 * 1.99).abs() < 1e-9);
        assert!((overlap.strange.unwrap() - 0.98).abs() < 1e-9);
        // One in twenty of the others lies at 4.5 or below: between 0.98 and that.
        let apart = limits(left(1e-3), left(9e-2), values(2e-3));
        assert!((apart.excess - (0.98_f64 * 4.5).sqrt()).abs() < 1e-9, "{}", apart.excess);
        // As many of the others as are asked for, and no more.
        assert!((apart.strange.unwrap() - 7.2).abs() < 0.1, "{apart:?}");
    }
}
