//! Non-negative least squares: `min |Dx - y|, x >= 0` (Lawson and Hanson 1974; Bro and de Jong 1997).

use super::active::{Active, Problem};
use super::dictionary::{Dictionary, Target};
use super::search::default_cap;
use super::{Solution, SolverError};

/// Settings of [`nnls`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NnlsSettings {
    /// Cap on least-squares solves; three per dictionary row when not given.
    pub max_iterations: Option<usize>,
}

/// Fits `target` by non-negative weights. `warm` is the solution of a similar problem with the same dictionary.
///
/// With thousands of correlated rows it fits noise with dozens of small weights: good as a last fit on few rows.
pub fn nnls(
    dictionary: &Dictionary,
    target: &Target,
    settings: NnlsSettings,
    warm: Option<&Solution>,
) -> Result<Solution, SolverError> {
    dictionary.check(target)?;
    if target.norm <= 0.0 {
        return Ok(Solution::empty(0.0, 0));
    }
    let problem = Problem {
        dictionary,
        target,
        lambda: 0.0,
        free: &[],
        signed: false,
        equality: None,
        max_steps: settings.max_iterations.unwrap_or_else(|| default_cap(dictionary.count())),
    };
    let mut active = Active::new(problem);
    if let Some(warm) = warm {
        active.warm(warm.unit_weights(dictionary));
    }
    active.search();
    Ok(active.finish(false))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{families, numbers, orthonormal, violation};
    use super::*;
    use crate::solvers::Metric;

    fn solve(dictionary: &Dictionary, target: &Target) -> Solution {
        nnls(dictionary, target, NnlsSettings::default(), None).unwrap()
    }

    #[test]
    fn orthonormal_rows_give_the_positive_part() {
        let (dictionary, target) = orthonormal().ready(Metric::Plain);
        let solution = solve(&dictionary, &target);
        assert_eq!(solution.support, [0, 2, 3]);
        for (found, expected) in solution.weights.iter().zip([3.0, 0.5, 2.0]) {
            assert!((found - expected).abs() < 1e-12);
        }
        assert!((solution.residual_norm - 17.0_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn twice_a_row_is_that_row_with_weight_two() {
        for metric in [Metric::Plain, Metric::Cosines(4), Metric::PAPER_NOISE] {
            let mut next = numbers(5);
            let rows: Vec<f32> = (0..7 * 50).map(|_| next() as f32 + 0.5).collect();
            let y: Vec<f32> = rows[150..200].iter().map(|v| 2.0 * v).collect();
            let dictionary = Dictionary::new(&rows, 50, metric).unwrap();
            let solution = solve(&dictionary, &dictionary.target(&y).unwrap());
            assert_eq!(solution.support, [3], "{solution:?}");
            // Rows are kept in f32.
            assert!((solution.weights[0] - 2.0).abs() < 1e-6 && solution.residual_norm < 1e-5);
        }
    }

    #[test]
    fn two_atoms_have_the_closed_form() {
        // Inner product 0.5, b = (1, 1): weights 2/3 each, explained energy 4/3.
        let h = 0.75_f32.sqrt();
        let rows = [1.0, 0.0, 0.0, 0.5, h, 0.0];
        let y = [1.0, 0.5 / h, 2.0];
        let dictionary = Dictionary::new(&rows, 3, Metric::Plain).unwrap();
        let target = dictionary.target(&y).unwrap();
        let solution = solve(&dictionary, &target);
        for weight in &solution.weights {
            assert!((weight - 2.0 / 3.0).abs() < 1e-6);
        }
        assert!((target.energy() - solution.residual_norm.powi(2) - 4.0 / 3.0).abs() < 1e-6);
    }

    #[test]
    fn optimality_holds_on_every_family_in_every_metric_with_and_without_the_gram_matrix() {
        for seed in 0..5 {
            for case in families(100 * seed) {
                for metric in [Metric::Plain, Metric::Cosines(1), Metric::PAPER_NOISE] {
                    let (dictionary, target) = case.ready(metric);
                    let without = solve(&dictionary, &target);
                    dictionary.gram();
                    let with = solve(&dictionary, &target);
                    for solution in [&without, &with] {
                        assert!(solution.converged, "{} {metric:?}: {solution:?}", case.name);
                        let found = violation(&dictionary, &target, solution, 0.0, false);
                        // Single-precision storage; the spec asks for 1e-5.
                        assert!(found < 1e-6, "{} {metric:?}: {found:e} {solution:?}", case.name);
                    }
                    let (a, b) = (without.residual_norm, with.residual_norm);
                    assert!((a - b).abs() <= 1e-5 * target.norm(), "{}: {a} {b}", case.name);
                }
            }
        }
    }

    #[test]
    fn nothing_is_found_in_zero_or_where_nothing_correlates() {
        for case in families(7) {
            if case.name == "zero spectrum" || case.name == "nothing correlates" {
                let (dictionary, target) = case.ready(Metric::Plain);
                let solution = solve(&dictionary, &target);
                assert!(solution.support.is_empty() && solution.converged);
                assert!((solution.residual_norm - target.norm()).abs() <= 1e-12 * target.norm());
            }
        }
    }

    #[test]
    fn background_within_the_metric_changes_nothing() {
        let mut next = numbers(3);
        let rows: Vec<f32> = (0..20 * 64).map(|_| next() as f32 + 0.5).collect();
        let dictionary = Dictionary::new(&rows, 64, Metric::default()).unwrap();
        let y: Vec<f32> = (0..64).map(|i| rows[i] + 0.5 * rows[640 + i] + 0.1 * next() as f32).collect();
        let mut drifted = y.clone();
        for k in 0..12 {
            let size = 3.0 * next();
            for (i, v) in drifted.iter_mut().enumerate() {
                *v += (size * (std::f64::consts::PI * (i as f64 + 0.5) * f64::from(k) / 64.0).cos()) as f32;
            }
        }
        let (a, b) = (
            solve(&dictionary, &dictionary.target(&y).unwrap()),
            solve(&dictionary, &dictionary.target(&drifted).unwrap()),
        );
        assert_eq!(a.support, b.support);
        for (a, b) in a.weights.iter().zip(&b.weights) {
            // The drift was added in f32.
            assert!((a - b).abs() < 1e-5, "{a} {b}");
        }
    }

    #[test]
    fn a_cap_on_iterations_is_reported() {
        let case = &families(1)[1];
        let (dictionary, target) = case.ready(Metric::Plain);
        let settings = NnlsSettings { max_iterations: Some(2) };
        let solution = nnls(&dictionary, &target, settings, None).unwrap();
        assert!(!solution.converged && solution.iterations == 2 && solution.kkt > 1e-5, "{solution:?}");
    }

    #[test]
    fn a_warm_start_ends_at_the_same_answer_sooner() {
        let case = &families(11)[8];
        let (dictionary, target) = case.ready(Metric::Plain);
        let cold = solve(&dictionary, &target);
        let warm = nnls(&dictionary, &target, NnlsSettings::default(), Some(&cold)).unwrap();
        assert_eq!(cold.support, warm.support);
        assert_eq!(cold.weights, warm.weights);
        assert!(warm.iterations < cold.iterations);
        let stray = Solution { support: vec![3, 3, 900], weights: vec![1.0, f64::NAN, 2.0], ..cold.clone() };
        let from_stray = nnls(&dictionary, &target, NnlsSettings::default(), Some(&stray)).unwrap();
        assert_eq!(from_stray.support, cold.support);
    }

    #[test]
    fn a_target_of_another_dictionary_is_refused() {
        let (dictionary, _) = families(1)[0].ready(Metric::Plain);
        let (_, target) = families(1)[1].ready(Metric::Plain);
        assert!(nnls(&dictionary, &target, NnlsSettings::default(), None).is_err());
    }

    proptest! {
        #[test]
        fn random_shapes_scales_and_copies_are_solved(
            seed in 0_u64..1_000_000, count in 1_usize..40, length in 1_usize..40,
            exponent in -12_i32..12, copy in prop::bool::ANY,
        ) {
            let mut next = numbers(seed);
            let factor = 10_f64.powi(exponent);
            let mut rows: Vec<f32> = (0..count * length).map(|_| (factor * (next() + 0.3)) as f32).collect();
            if copy {
                let again: Vec<f32> = rows.iter().map(|v| v * 1.7).collect();
                rows.extend(again);
            }
            let y: Vec<f32> = (0..length).map(|_| next() as f32).collect();
            let dictionary = Dictionary::new(&rows, length, Metric::Plain).unwrap();
            let target = dictionary.target(&y).unwrap();
            let solution = solve(&dictionary, &target);
            prop_assert!(solution.converged);
            prop_assert!(violation(&dictionary, &target, &solution, 0.0, false) < 1e-6);
        }
    }
}
