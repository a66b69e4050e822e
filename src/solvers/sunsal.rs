//! SUnSAL: `min |Dx - y|^2 / 2 + lambda |x|_1` with or without `x >= 0` and `sum x = 1`.

use super::active::{Active, Equality, Problem};
use super::admm::{Admm, Run};
use super::dictionary::{Dictionary, Target};
use super::fcls::sum_to_one;
use super::search::{KKT_LIMIT, default_cap};
use super::{Solution, SolverError};

/// Weight of the l1 norm of the unit-row weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lambda {
    /// This share of the largest correlation `d_j'y` in the metric (largest in size, where weights may be negative).
    Relative(f64),
    /// As it stands.
    Absolute(f64),
}

/// How the minimum is found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SunsalPath {
    /// Active set: exact to rounding, milliseconds with thousands of rows.
    ActiveSet,
    /// The alternating directions of the paper, to this tolerance per weight (the authors' 1e-4).
    Admm(f64),
}

/// Settings of [`sunsal`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SunsalSettings<'a> {
    /// Sparsity.
    pub lambda: Lambda,
    /// Weights at least 0.
    pub positive: bool,
    /// Weights of the stored rows add up to one.
    pub sum_to_one: bool,
    /// How to get there.
    pub path: SunsalPath,
    /// Cap on iterations: three per dictionary row, or 1,000 for [`SunsalPath::Admm`], when not given.
    pub max_iterations: Option<usize>,
    /// Rows whose weights go without the penalty.
    pub free: &'a [usize],
}

impl Default for SunsalSettings<'_> {
    fn default() -> Self {
        Self {
            lambda: Lambda::Relative(0.02),
            positive: true,
            sum_to_one: false,
            path: SunsalPath::ActiveSet,
            max_iterations: None,
            free: &[],
        }
    }
}

impl SunsalSettings<'_> {
    pub(super) fn check(&self) -> Result<(), SolverError> {
        let (Lambda::Relative(lambda) | Lambda::Absolute(lambda)) = self.lambda;
        let expected = "a finite number, 0 or more";
        if !(lambda >= 0.0 && lambda.is_finite()) {
            return Err(SolverError::BadSetting { setting: "lambda", found: lambda, expected });
        }
        match self.path {
            SunsalPath::Admm(tolerance) if !(tolerance > 0.0 && tolerance.is_finite()) => {
                let expected = "a finite number above 0";
                Err(SolverError::BadSetting { setting: "tolerance", found: tolerance, expected })
            }
            _ => Ok(()),
        }
    }

    /// For every row whether it goes without the penalty; empty when none does.
    pub(super) fn free_mask(&self, count: usize) -> Vec<bool> {
        let mut mask = if self.free.is_empty() { Vec::new() } else { vec![false; count] };
        for row in self.free {
            if let Some(free) = mask.get_mut(*row) {
                *free = true;
            }
        }
        mask
    }

    /// Lambda for one spectrum.
    pub(super) fn lambda_for(&self, correlations: &[f64]) -> f64 {
        match self.lambda {
            Lambda::Absolute(lambda) => lambda,
            Lambda::Relative(share) => {
                let size = |b: &f64| if self.positive { *b } else { b.abs() };
                share * correlations.iter().map(size).fold(0.0, f64::max)
            }
        }
    }
}

/// Fits `target` by few weights. Both paths have the same minimum; with copies among the rows it is not unique.
pub fn sunsal(
    dictionary: &Dictionary,
    target: &Target,
    settings: SunsalSettings,
    warm: Option<&Solution>,
) -> Result<Solution, SolverError> {
    dictionary.check(target)?;
    settings.check()?;
    if target.norm <= 0.0 && !settings.sum_to_one {
        return Ok(Solution::empty(0.0, 0));
    }
    let equality = settings.sum_to_one.then(|| sum_to_one(dictionary));
    if equality.as_ref().is_some_and(|(_, goal)| !goal.is_finite()) {
        return Ok(Solution { converged: false, ..Solution::empty(target.norm, 0) });
    }
    let equality = equality.as_ref().map(|(row, goal)| Equality { row, goal: *goal });
    let lambda = settings.lambda_for(&target.correlations);
    let count = dictionary.count();
    let free = settings.free_mask(count);
    let mut problem = Problem {
        dictionary,
        target,
        lambda,
        free: &free,
        signed: !settings.positive,
        equality,
        max_steps: settings.max_iterations.unwrap_or_else(|| default_cap(count)),
    };
    match settings.path {
        SunsalPath::ActiveSet => {
            let mut active = Active::new(problem);
            if let Some(warm) = warm {
                let sum: f64 = if settings.sum_to_one { warm.weights.iter().sum() } else { 1.0 };
                if sum > 0.0 {
                    active.warm(warm.unit_weights(dictionary).map(|(j, w)| (j, w / sum)));
                }
            }
            active.search();
            Ok(active.finish(false))
        }
        SunsalPath::Admm(tolerance) => {
            let admm = Admm {
                positive: settings.positive,
                free: &free,
                equality: equality.map(|e| (e.row, e.goal)),
                tolerance,
                max_iterations: settings.max_iterations.unwrap_or(ADMM_CAP),
            };
            problem.max_steps = usize::MAX;
            let start = start_of(warm, dictionary);
            // A zero spectrum under a sum condition has no norm to scale by.
            let norm = if target.norm > 0.0 { target.norm } else { 1.0 };
            let mut run = Run::new(&target.correlations, norm, lambda, dictionary.length(), start);
            admm.solve(dictionary, std::slice::from_mut(&mut run));
            Ok(outcome(problem, &run))
        }
    }
}

/// Cap on iterations of the alternating directions (the authors').
pub(super) const ADMM_CAP: usize = 1_000;

/// Unit-row weights to begin at.
fn start_of(warm: Option<&Solution>, dictionary: &Dictionary) -> Vec<f64> {
    let mut start = vec![0.0; dictionary.count()];
    for (j, weight) in warm.into_iter().flat_map(|warm| warm.unit_weights(dictionary)) {
        if let Some(to) = start.get_mut(j).filter(|_| weight.is_finite()) {
            *to = weight;
        }
    }
    start
}

/// The result of alternating directions, judged by the same optimality conditions as every other.
pub(super) fn outcome(problem: Problem<'_>, run: &Run) -> Solution {
    let mut active = Active::new(problem);
    active.adopt(run.weights());
    let judged = active.judge(false);
    // The stopping rule speaks of weights, the conditions of gradients; both have to hold, the latter loosely.
    let converged = run.converged && judged.kkt <= ADMM_KKT_LIMIT.max(KKT_LIMIT);
    Solution { iterations: run.iterations, converged, ..judged }
}

/// A hundredth of the spectrum: what the authors' tolerance of 1e-4 per weight may leave with thousands of rows.
const ADMM_KKT_LIMIT: f64 = 1e-2;

#[cfg(test)]
mod tests {
    use super::super::testing::{Case, families, numbers, orthonormal, violation};
    use super::*;
    use crate::solvers::{FclsSettings, Metric, NnlsSettings, fcls, nnls};

    fn admm() -> SunsalSettings<'static> {
        SunsalSettings {
            path: SunsalPath::Admm(1e-9),
            max_iterations: Some(20_000),
            ..SunsalSettings::default()
        }
    }

    fn objective(dictionary: &Dictionary, solution: &Solution, lambda: f64) -> f64 {
        let sum: f64 = solution.unit_weights(dictionary).map(|(_, w)| w.abs()).sum();
        solution.residual_norm.powi(2) / 2.0 + lambda * sum
    }

    #[test]
    fn orthonormal_rows_give_the_soft_threshold() {
        let (dictionary, target) = orthonormal().ready(Metric::Plain);
        for path in [SunsalSettings::default(), admm()] {
            let settings = SunsalSettings { lambda: Lambda::Absolute(0.6), ..path };
            let positive = sunsal(&dictionary, &target, settings, None).unwrap();
            assert_eq!(positive.support, [0, 3]);
            let signed = SunsalSettings { positive: false, ..settings };
            let signed = sunsal(&dictionary, &target, signed, None).unwrap();
            assert_eq!(signed.support, [0, 1, 3, 5]);
            let pairs = [(&positive, [2.4, 1.4].as_slice()), (&signed, &[2.4, -0.4, 1.4, -3.4])];
            for (solution, expected) in pairs {
                assert!(solution.converged, "{solution:?}");
                for (found, expected) in solution.weights.iter().zip(expected) {
                    assert!((found - expected).abs() < 1e-6, "{solution:?}");
                }
            }
        }
    }

    #[test]
    fn twice_a_row_without_penalty_is_that_row_with_weight_two() {
        let mut next = numbers(21);
        let rows: Vec<f32> = (0..6 * 30).map(|_| next() as f32 + 0.5).collect();
        let y: Vec<f32> = rows[90..120].iter().map(|v| 2.0 * v).collect();
        let dictionary = Dictionary::new(&rows, 30, Metric::Cosines(2)).unwrap();
        let target = dictionary.target(&y).unwrap();
        let settings = SunsalSettings { lambda: Lambda::Absolute(0.0), ..SunsalSettings::default() };
        let solution = sunsal(&dictionary, &target, settings, None).unwrap();
        assert_eq!(solution.support, [3]);
        assert!((solution.weights[0] - 2.0).abs() < 1e-6);
        let plain = nnls(&dictionary, &target, NnlsSettings::default(), None).unwrap();
        assert_eq!((plain.support, plain.weights), (solution.support, solution.weights));
    }

    #[test]
    fn two_atoms_have_the_closed_form_less_the_penalty() {
        // g = 0.5, b = (1, 1), lambda = 0.25: as without penalty, for b = (0.75, 0.75).
        let h = 0.75_f32.sqrt();
        let dictionary = Dictionary::new(&[1.0, 0.0, 0.0, 0.5, h, 0.0], 3, Metric::Plain).unwrap();
        let target = dictionary.target(&[1.0, 0.5 / h, 2.0]).unwrap();
        for settings in [SunsalSettings::default(), admm()] {
            let settings = SunsalSettings { lambda: Lambda::Absolute(0.25), ..settings };
            let solution = sunsal(&dictionary, &target, settings, None).unwrap();
            assert!(solution.weights.iter().all(|w| (w - 0.5).abs() < 1e-6), "{solution:?}");
        }
    }

    #[test]
    fn optimality_holds_on_every_family_with_and_without_signs_and_gram_matrix() {
        for seed in 0..5 {
            for case in families(1000 + 100 * seed) {
                for (positive, metric) in
                    [(true, Metric::Plain), (false, Metric::Plain), (true, Metric::Cosines(1))]
                {
                    for share in [0.3, 0.02, 1e-4] {
                        let (dictionary, target) = case.ready(metric);
                        let lambda = Lambda::Relative(share);
                        let settings = SunsalSettings { lambda, positive, ..SunsalSettings::default() };
                        for round in 0..2 {
                            if round == 1 {
                                dictionary.gram();
                            }
                            let solution = sunsal(&dictionary, &target, settings, None).unwrap();
                            assert!(solution.converged, "{} {settings:?}: {solution:?}", case.name);
                            let lambda = settings.lambda_for(&target.correlations);
                            let found = violation(&dictionary, &target, &solution, lambda, !positive);
                            // Single-precision storage; the spec asks for 1e-5.
                            assert!(found < 1e-6, "{} {settings:?}: {found:e} {solution:?}", case.name);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn alternating_directions_reach_the_same_minimum() {
        for case in families(77) {
            for (positive, sum_to_one) in [(true, false), (false, false), (true, true)] {
                // The sum condition on rows of very different height leaves ADMM far from convergence.
                let scaled =
                    ["huge spectrum", "small spectrum", "huge rows", "duplicates"].contains(&case.name);
                if sum_to_one && scaled {
                    continue;
                }
                let (dictionary, target) = case.ready(Metric::Plain);
                let set = |settings| SunsalSettings { positive, sum_to_one, ..settings };
                let exact = sunsal(&dictionary, &target, set(SunsalSettings::default()), None).unwrap();
                let admm = sunsal(&dictionary, &target, set(admm()), None).unwrap();
                assert!(exact.converged && admm.converged, "{}: {exact:?} {admm:?}", case.name);
                let lambda =
                    SunsalSettings { positive, ..SunsalSettings::default() }.lambda_for(&target.correlations);
                let (a, b) = (objective(&dictionary, &exact, lambda), objective(&dictionary, &admm, lambda));
                let scale = target.energy().max(exact.residual_norm.powi(2));
                assert!((a - b).abs() <= 1e-6 * scale, "{} {positive} {sum_to_one}: {a} {b}", case.name);
            }
        }
    }

    #[test]
    fn no_penalty_and_a_sum_of_one_is_fcls() {
        let case = Case { name: "spec", rows: vec![1.0, 0.0, 0.0, 1.0], length: 2, y: vec![0.9, 0.3] };
        let (dictionary, target) = case.ready(Metric::Plain);
        for settings in [SunsalSettings::default(), admm()] {
            let settings = SunsalSettings { lambda: Lambda::Absolute(0.0), sum_to_one: true, ..settings };
            let solution = sunsal(&dictionary, &target, settings, None).unwrap();
            let fcls = fcls(&dictionary, &target, FclsSettings::default(), None).unwrap();
            for (a, b) in solution.weights.iter().zip(&fcls.weights) {
                assert!((a - b).abs() < 1e-6, "{solution:?} {fcls:?}");
            }
        }
    }

    #[test]
    fn what_did_not_converge_says_so_and_bad_settings_are_refused() {
        let case = &families(5)[8];
        let (dictionary, target) = case.ready(Metric::Plain);
        for settings in [SunsalSettings::default(), admm()] {
            let capped = SunsalSettings { max_iterations: Some(2), ..settings };
            let solution = sunsal(&dictionary, &target, capped, None).unwrap();
            assert!(!solution.converged && solution.kkt > 0.0, "{solution:?}");
            for lambda in [-1.0, f64::NAN, f64::INFINITY] {
                let bad = SunsalSettings { lambda: Lambda::Relative(lambda), ..settings };
                assert!(sunsal(&dictionary, &target, bad, None).is_err());
            }
            let zero = dictionary.target(&vec![0.0; case.length]).unwrap();
            assert_eq!(sunsal(&dictionary, &zero, settings, None).unwrap(), Solution::empty(0.0, 0));
        }
        let bad = SunsalSettings { path: SunsalPath::Admm(0.0), ..SunsalSettings::default() };
        assert!(sunsal(&dictionary, &target, bad, None).is_err());
    }

    #[test]
    fn rows_without_the_penalty_keep_what_least_squares_gives_them() {
        let (dictionary, target) = orthonormal().ready(Metric::Plain);
        for path in [SunsalSettings::default(), admm()] {
            let settings = SunsalSettings { lambda: Lambda::Absolute(0.6), free: &[0, 2], ..path };
            let solution = sunsal(&dictionary, &target, settings, None).unwrap();
            assert_eq!(solution.support, [0, 2, 3]);
            assert!(solution.converged, "{solution:?}");
            for (found, expected) in solution.weights.iter().zip([3.0, 0.5, 1.4]) {
                assert!((found - expected).abs() < 1e-6, "{solution:?}");
            }
        }
        for case in families(91) {
            let (dictionary, target) = case.ready(Metric::Plain);
            let free: Vec<usize> = (0..dictionary.count()).collect();
            let settings = SunsalSettings { free: &free, ..SunsalSettings::default() };
            let all = sunsal(&dictionary, &target, settings, None).unwrap();
            let plain = nnls(&dictionary, &target, NnlsSettings::default(), None).unwrap();
            assert_eq!(all.support, plain.support, "{}", case.name);
        }
    }

    #[test]
    fn a_warm_start_ends_at_the_same_answer_sooner() {
        let case = &families(6)[8];
        let (dictionary, target) = case.ready(Metric::Plain);
        for settings in [SunsalSettings::default(), admm()] {
            let cold = sunsal(&dictionary, &target, settings, None).unwrap();
            let warm = sunsal(&dictionary, &target, settings, Some(&cold)).unwrap();
            assert_eq!(cold.support, warm.support);
            assert!(warm.iterations < cold.iterations, "{cold:?} {warm:?}");
        }
    }
}
