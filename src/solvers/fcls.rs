//! Fully constrained least squares: `min |Dx - y|, x >= 0, sum x = 1` (Heinz and Chang 2001).

use super::active::{Active, Equality, Problem};
use super::dictionary::{Dictionary, Target};
use super::search::default_cap;
use super::{Solution, SolverError};

/// Settings of [`fcls`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FclsSettings {
    /// Cap on least-squares solves; three per dictionary row when not given.
    pub max_iterations: Option<usize>,
}

/// The row of the sum-to-one condition over unit-row weights, scaled to a largest value of 1, and its goal.
///
/// The weights of the *stored* rows add up to one: stored weight = unit-row weight / scale.
pub(super) fn sum_to_one(dictionary: &Dictionary) -> (Vec<f64>, f64) {
    let scales = dictionary.scales();
    let smallest = scales.iter().copied().filter(|s| *s > 0.0).fold(f64::INFINITY, f64::min);
    (scales.iter().map(|s| if *s > 0.0 { smallest / s } else { 0.0 }).collect(), smallest)
}

/// Fits `target` by non-negative weights of the stored rows that add up to one.
///
/// Only meaningful where the stored rows and the spectrum share one intensity scale. The equality is met to rounding,
/// by one multiplier per solve. A dictionary of which the metric leaves nothing gives an empty, unconverged solution.
pub fn fcls(
    dictionary: &Dictionary,
    target: &Target,
    settings: FclsSettings,
    warm: Option<&Solution>,
) -> Result<Solution, SolverError> {
    dictionary.check(target)?;
    let (row, goal) = sum_to_one(dictionary);
    if !goal.is_finite() {
        return Ok(Solution { converged: false, ..Solution::empty(target.norm(), 0) });
    }
    let problem = Problem {
        dictionary,
        target,
        lambda: 0.0,
        free: &[],
        signed: false,
        equality: Some(Equality { row: &row, goal }),
        max_steps: settings.max_iterations.unwrap_or_else(|| default_cap(dictionary.count())),
    };
    let mut active = Active::new(problem);
    if let Some(warm) = warm {
        // Any weights that do not add up to one are scaled to it: a step must begin at a permitted point.
        let sum: f64 = warm.weights.iter().sum();
        if sum > 0.0 {
            active.warm(warm.unit_weights(dictionary).map(|(j, w)| (j, w / sum)));
        }
    }
    active.search();
    Ok(active.finish(false))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Case, families};
    use super::*;
    use crate::solvers::Metric;

    fn solve(case: &Case) -> (Dictionary, Target, Solution) {
        let (dictionary, target) = case.ready(Metric::Plain);
        let solution = fcls(&dictionary, &target, FclsSettings::default(), None).unwrap();
        (dictionary, target, solution)
    }

    #[test]
    fn two_unit_vectors_share_the_excess() {
        let case = Case { name: "spec", rows: vec![1.0, 0.0, 0.0, 1.0], length: 2, y: vec![0.9, 0.3] };
        let (.., solution) = solve(&case);
        assert_eq!(solution.support, [0, 1]);
        for (found, expected) in solution.weights.iter().zip([0.8, 0.2]) {
            // The spectrum is stored in f32.
            assert!((found - expected).abs() < 1e-7, "{solution:?}");
        }
    }

    #[test]
    fn copies_of_different_height_both_serve_the_sum() {
        let case = Case { name: "copies", rows: vec![1.0, 1.0, 2.0, 2.0], length: 2, y: vec![1.5, 1.5] };
        let (.., solution) = solve(&case);
        assert_eq!(solution.support, [0, 1], "{solution:?}");
        assert!((solution.weights[0] - 0.5).abs() < 1e-6 && (solution.weights[1] - 0.5).abs() < 1e-6);
    }

    #[test]
    fn weights_add_up_to_one_and_no_exchange_between_rows_improves_the_fit() {
        for seed in 0..4 {
            for case in families(50 * seed) {
                let (dictionary, target, solution) = solve(&case);
                assert!(solution.converged, "{}: {solution:?}", case.name);
                let sum: f64 = solution.weights.iter().sum();
                assert!((sum - 1.0).abs() < 1e-9, "{}: {sum}", case.name);
                assert!(solution.weights.iter().all(|w| *w >= 0.0));
                // Gradient per stored weight: equal on the support, nowhere larger. In units of the largest terms.
                let mut residual = target.whitened().to_vec();
                for (j, w) in solution.support.iter().zip(&solution.weights) {
                    for (r, d) in residual.iter_mut().zip(dictionary.atom(*j)) {
                        *r -= w * dictionary.scales()[*j] * f64::from(*d);
                    }
                }
                let gradient: Vec<f64> = (0..dictionary.count())
                    .map(|j| {
                        let product: f64 =
                            dictionary.atom(j).iter().zip(&residual).map(|(d, r)| f64::from(*d) * r).sum();
                        product * dictionary.scales()[j]
                    })
                    .collect();
                let largest = dictionary.scales().iter().fold(0.0_f64, |a, s| a.max(*s));
                let size = largest * (target.norm() + largest);
                let level = gradient[solution.support[0]];
                for (j, g) in gradient.iter().enumerate() {
                    assert!(g - level < 1e-5 * size, "{}: {j} {g} {level} {size}", case.name);
                    assert!(
                        solution.weight(j) <= 0.0 || level - g < 1e-5 * size,
                        "{}: {j} {g} {level}",
                        case.name
                    );
                }
            }
        }
    }

    #[test]
    fn a_warm_start_and_a_cap_work_as_for_nnls() {
        let case = &families(2)[8];
        let (dictionary, target, cold) = solve(case);
        let doubled = Solution { weights: cold.weights.iter().map(|w| 2.0 * w).collect(), ..cold.clone() };
        let warm = fcls(&dictionary, &target, FclsSettings::default(), Some(&doubled)).unwrap();
        assert_eq!((&warm.support, &warm.weights), (&cold.support, &cold.weights));
        let settings = FclsSettings { max_iterations: Some(1) };
        assert!(!fcls(&dictionary, &target, settings, None).unwrap().converged);
        let flat = Dictionary::new(&[1.0; 20], 20, Metric::Cosines(1)).unwrap();
        let nothing = flat.target(&[2.0; 20]).unwrap();
        assert!(!fcls(&flat, &nothing, FclsSettings::default(), None).unwrap().converged);
    }
}
