//! How probable the name of a candidate is, and which names are given: found on the validation's mixtures.

use crate::nets::CardNaming;

/// Part of the right names that are to be given: to deny one is worse than to give a doubtful one with its probability.
const GIVEN: f64 = 0.99;
/// Names are not given below the first probability, and always above the second.
const LIMITS: (f64, f64) = (0.02, 0.5);
/// How much a mixture counts whose species the library lacks: most samples are asked about with a library that holds them.
const LACKING: f64 = 0.25;
/// Steps of Newton's method, and what keeps weights small where everything is told apart.
const STEPS: usize = 30;
const RIDGE: f64 = 1e-2;
/// Numbers that are weighed, the constant among them.
const TERMS: usize = 5;

/// What was said of one candidate, and whether its species is in the mixture.
#[derive(Debug, Clone, Copy)]
pub struct Named {
    /// [`CardNaming::evidence`].
    pub evidence: [f64; 4],
    /// The library holds the mixture's species, by other specimens.
    pub listed: bool,
    /// Its species is there.
    pub right: bool,
}

/// The regression of these, and the limit above which all but a few of the right names stand where the library holds the
/// species. Nothing from candidates that are all right or all wrong.
pub fn naming(all: &[Named]) -> Option<CardNaming> {
    let right = all.iter().filter(|n| n.right).count();
    if right == 0 || right == all.len() {
        return None;
    }
    let mut naming = CardNaming { weights: vec![0.0; TERMS], limit: LIMITS.1 };
    for _ in 0..STEPS {
        let (mut slope, mut bend) = ([0.0; TERMS], [[0.0; TERMS]; TERMS]);
        for named in all {
            let p = naming.probability(named.evidence);
            let [a, b, c, d] = named.evidence;
            let x = [1.0, a, b, c, d];
            let counts = if named.listed { 1.0 } else { LACKING };
            let off = counts * (f64::from(u8::from(named.right)) - p);
            for i in 0..TERMS {
                slope[i] += off * x[i];
                for j in 0..TERMS {
                    bend[i][j] += counts * p * (1.0 - p) * x[i] * x[j];
                }
            }
        }
        for i in 0..TERMS {
            slope[i] -= RIDGE * naming.weights[i];
            bend[i][i] += RIDGE;
        }
        let step = solved(bend, slope);
        naming.weights.iter_mut().zip(step).for_each(|(w, s)| *w += s.clamp(-2.0, 2.0));
    }
    let mut given: Vec<f64> =
        all.iter().filter(|n| n.right && n.listed).map(|n| naming.probability(n.evidence)).collect();
    given.sort_by(f64::total_cmp);
    let at = ((1.0 - GIVEN) * given.len() as f64) as usize;
    naming.limit = given.get(at).map_or(LIMITS.0, |p| p.clamp(LIMITS.0, LIMITS.1));
    Some(naming)
}

/// Solution of a symmetric positive definite system.
fn solved(mut a: [[f64; TERMS]; TERMS], mut b: [f64; TERMS]) -> [f64; TERMS] {
    for k in 0..TERMS {
        for i in k + 1..TERMS {
            let factor = a[i][k] / a[k][k];
            let row = a[k];
            a[i].iter_mut().zip(row).for_each(|(v, w)| *v -= factor * w);
            b[i] -= factor * b[k];
        }
    }
    for k in (0..TERMS).rev() {
        let known: f64 = (k + 1..TERMS).map(|j| a[k][j] * b[j]).sum();
        b[k] = (b[k] - known) / a[k][k];
    }
    b
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::Rng;

    #[test]
    fn the_regression_finds_what_made_the_names_right() {
        let mut rng = Rng::new(4, 2);
        let weights = [-0.5, 0.8, 0.0, 1.5, 0.4];
        let truth = CardNaming { weights: weights.to_vec(), limit: 0.5 };
        let mut one = || {
            let evidence = [rng.normal(), rng.normal(), 2.0 * rng.normal(), rng.normal()];
            Named { evidence, listed: true, right: rng.unit() < truth.probability(evidence) }
        };
        let all: Vec<Named> = (0..20_000).map(|_| one()).collect();
        let found = naming(&all).unwrap();
        // Standard errors are 0.03 at most.
        for (found, expected) in found.weights.iter().zip(weights) {
            assert!((found - expected).abs() < 0.12, "{found} {expected}");
        }
        let right: Vec<&Named> = all.iter().filter(|n| n.right).collect();
        let given = right.iter().filter(|n| found.probability(n.evidence) >= found.limit).count();
        let share = given as f64 / right.len() as f64;
        assert!((GIVEN - 0.001..=GIVEN + 0.01).contains(&share), "{share}");
    }

    #[test]
    fn what_tells_everything_apart_gives_finite_weights() {
        let one = |x: f64| Named { evidence: [x, 0.0, 0.0, 0.0], listed: true, right: x > 0.0 };
        let all: Vec<Named> = (-20..20).map(|i| one(0.5 + f64::from(i))).collect();
        let found = naming(&all).unwrap();
        assert!(found.weights.iter().all(|w| w.is_finite()) && found.weights[1] > 1.0);
        assert!((found.limit - LIMITS.1).abs() < 1e-12);
        assert!(naming(&all[..10]).is_none() && naming(&[]).is_none());
    }
}
