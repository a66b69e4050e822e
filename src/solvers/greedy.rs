//! NNOMP and NNOLS: one atom per step, an exact non-negative fit after each (Nguyen, Idier, Soussen, Djermoune,
//! IEEE TSP 67(21), 2019).

use super::active::{Active, Problem};
use super::dictionary::{Dictionary, Target};
use super::linalg::dot_wide;
use super::search::{Source, default_cap};
use super::small::{SmallWorkspace, nnls_small};
use super::{Solution, SolverError};

/// Settings of [`nnomp`] and [`nnols`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GreedySettings {
    /// Most rows with weight.
    pub max_atoms: usize,
    /// Stop as soon as the squared norm of the residual, in the metric, is no larger.
    pub residual_energy: f64,
    /// Cap on least-squares solves; three per dictionary row when not given.
    pub max_iterations: Option<usize>,
}

impl Default for GreedySettings {
    /// Two components, no threshold.
    fn default() -> Self {
        Self { max_atoms: 2, residual_energy: 0.0, max_iterations: None }
    }
}

/// Rows closer than this (squared, of unit norm) to the span of the support are taken for members of it.
const DEPENDENT: f64 = 1e-6;

/// Adds the atom with the largest positive correlation with the residual, refits, and so on.
pub fn nnomp(
    dictionary: &Dictionary,
    target: &Target,
    settings: GreedySettings,
    warm: Option<&Solution>,
) -> Result<Solution, SolverError> {
    run(dictionary, target, settings, warm, |active, gradient, tolerance| {
        active.worst(gradient, &[], tolerance).map(|candidate| candidate.row)
    })
}

/// Adds the atom with which the non-negative fit leaves the smallest residual, refits, and so on.
pub fn nnols(
    dictionary: &Dictionary,
    target: &Target,
    settings: GreedySettings,
    warm: Option<&Solution>,
) -> Result<Solution, SolverError> {
    let mut span = Span::default();
    let mut workspace = SmallWorkspace::default();
    run(dictionary, target, settings, warm, |active, gradient, tolerance| {
        span.follow(active);
        best_exact(active, gradient, tolerance, &span, &mut workspace)
    })
}

fn run(
    dictionary: &Dictionary,
    target: &Target,
    settings: GreedySettings,
    warm: Option<&Solution>,
    mut choose: impl FnMut(&Active<'_>, &[f64], f64) -> Option<usize>,
) -> Result<Solution, SolverError> {
    dictionary.check(target)?;
    if settings.residual_energy.is_nan() {
        let (setting, found) = ("residual energy", settings.residual_energy);
        return Err(SolverError::BadSetting { setting, found, expected: "a number" });
    }
    if target.norm <= 0.0 {
        return Ok(Solution::empty(0.0, 0));
    }
    let max_steps = settings.max_iterations.unwrap_or_else(|| default_cap(dictionary.count()));
    let mut active =
        Active::new(Problem { dictionary, target, lambda: 0.0, signed: false, equality: None, max_steps });
    if let Some(warm) = warm {
        active.warm(warm.unit_weights(dictionary).take(settings.max_atoms));
    }
    let source = if dictionary.gram_if_ready().is_some() { Source::Gram } else { Source::Residual };
    let mut gradient = vec![0.0; dictionary.count()];
    let mut seen: Vec<Vec<usize>> = Vec::new();
    while active.support.len() < settings.max_atoms && !active.exhausted {
        let residual = active.residual();
        if dot_wide(&residual, &residual) <= settings.residual_energy {
            break;
        }
        // With nothing chosen the gradient is known already.
        let from = if active.support.is_empty() { Source::Gram } else { source };
        let tolerance = active.gradient(from, &mut gradient);
        let Some(next) = choose(&active, &gradient, tolerance) else { break };
        add(&mut active, next);
        let mut support = active.support.clone();
        support.sort_unstable();
        if seen.contains(&support) {
            break;
        }
        seen.push(support);
    }
    Ok(active.finish(true))
}

/// The exact non-negative fit on the support and one more row: rows that had to leave on the way come back if they
/// would improve it after all.
fn add(active: &mut Active<'_>, next: usize) {
    let mut all = active.support.clone();
    all.push(next);
    let tolerance = f64::EPSILON * 100.0 * active.problem.target.norm;
    let mut enter = Some(next);
    for _ in 0..2 * all.len() {
        let Some(row) = enter else { return };
        if !active.add(row) {
            return;
        }
        if active.support.len() == all.len() {
            return;
        }
        let residual = active.residual();
        let slope = |j: usize| dot_wide(active.problem.dictionary.atom(j), &residual);
        enter = all
            .iter()
            .filter(|j| !active.member[**j])
            .map(|j| (*j, slope(*j)))
            .filter(|(_, g)| *g > tolerance)
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(j, _)| j);
    }
}

/// Inner products of all rows with an orthonormal basis of the support's span.
#[derive(Debug, Default)]
struct Span {
    rows: Vec<usize>,
    products: Vec<Vec<f64>>,
    /// Squared distance of every row from the span.
    distance: Vec<f64>,
}

impl Span {
    /// Takes over the support of `active`, reusing what both have in common at the beginning.
    fn follow(&mut self, active: &Active<'_>) {
        let common = self.rows.iter().zip(&active.support).take_while(|(a, b)| a == b).count();
        self.rows.truncate(common);
        self.products.truncate(common);
        let dictionary = active.problem.dictionary;
        for (k, j) in active.support.iter().enumerate().skip(common) {
            let mut product = dictionary.gram_row(*j);
            let factor = active.factor_row(k);
            for (earlier, l) in self.products.iter().zip(factor) {
                for (p, e) in product.iter_mut().zip(earlier) {
                    *p -= l * e;
                }
            }
            for p in &mut product {
                *p /= factor[k];
            }
            self.rows.push(*j);
            self.products.push(product);
        }
        self.distance.clear();
        self.distance.resize(dictionary.count(), 1.0);
        for product in &self.products {
            for (d, p) in self.distance.iter_mut().zip(product) {
                *d -= p * p;
            }
        }
    }
}

/// The row whose exact non-negative fit together with the support explains most. Rows are tried in decreasing order
/// of what they would gain without the sign condition, which bounds what they gain with it.
fn best_exact(
    active: &Active<'_>,
    gradient: &[f64],
    tolerance: f64,
    span: &Span,
    workspace: &mut SmallWorkspace,
) -> Option<usize> {
    let scales = active.problem.dictionary.scales();
    let mut bounds: Vec<(f64, usize)> = gradient
        .iter()
        .zip(&span.distance)
        .enumerate()
        .filter(|(j, (g, d))| **g > tolerance && **d > DEPENDENT && scales[*j] > 0.0 && !active.member[*j])
        .map(|(j, (g, d))| (g * g / d, j))
        .collect();
    let before = active.explained();
    let mut best: Option<(f64, usize)> = None;
    while !bounds.is_empty() {
        let largest = bounds
            .iter()
            .enumerate()
            .max_by(|a, b| a.1.0.total_cmp(&b.1.0).then(b.1.1.cmp(&a.1.1)))
            .map_or(0, |(at, _)| at);
        let (bound, j) = bounds.swap_remove(largest);
        if best.is_some_and(|(gain, _)| gain >= bound) {
            break;
        }
        let gain = match active.weights_with(j, gradient[j] / span.distance[j]) {
            weights if weights.iter().all(|w| *w > 0.0) => bound,
            _ => {
                let (gram, right) = active.system_with(j);
                nnls_small(workspace, &gram, &right, 0).energy - before
            }
        };
        if best.is_none_or(|(most, row)| gain > most || (gain >= most && j < row)) {
            best = Some((gain, j));
        }
    }
    best.map(|(_, j)| j)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Case, families, numbers, orthonormal};
    use super::*;
    use crate::solvers::{Metric, NnlsSettings, nnls};

    type Greedy =
        fn(&Dictionary, &Target, GreedySettings, Option<&Solution>) -> Result<Solution, SolverError>;
    const BOTH: [Greedy; 2] = [nnomp, nnols];

    fn atoms(max_atoms: usize) -> GreedySettings {
        GreedySettings { max_atoms, ..GreedySettings::default() }
    }

    /// The residual norm of NNLS on these rows alone.
    fn refit(case: &Case, metric: Metric, support: &[usize]) -> f64 {
        let rows: Vec<f32> =
            support.iter().flat_map(|j| case.rows[j * case.length..][..case.length].to_vec()).collect();
        let dictionary = Dictionary::new(&rows, case.length, metric).unwrap();
        let target = dictionary.target(&case.y).unwrap();
        nnls(&dictionary, &target, NnlsSettings::default(), None).unwrap().residual_norm
    }

    #[test]
    fn orthonormal_rows_give_the_largest_positive_parts() {
        let (dictionary, target) = orthonormal().ready(Metric::Plain);
        for solve in BOTH {
            let all = solve(&dictionary, &target, atoms(6), None).unwrap();
            assert_eq!((all.support.as_slice(), all.converged), ([0, 2, 3].as_slice(), true));
            let two = solve(&dictionary, &target, atoms(2), None).unwrap();
            assert_eq!(two.support, [0, 3]);
            assert!((two.weights[0] - 3.0).abs() < 1e-12 && (two.weights[1] - 2.0).abs() < 1e-12);
        }
    }

    #[test]
    fn twice_a_row_is_that_row_with_weight_two() {
        let mut next = numbers(8);
        let rows: Vec<f32> = (0..9 * 40).map(|_| next() as f32 + 0.5).collect();
        let y: Vec<f32> = rows[120..160].iter().map(|v| 2.0 * v).collect();
        for metric in [Metric::Plain, Metric::Cosines(5), Metric::PAPER_NOISE] {
            let dictionary = Dictionary::new(&rows, 40, metric).unwrap();
            let target = dictionary.target(&y).unwrap();
            for solve in BOTH {
                let solution = solve(&dictionary, &target, atoms(3), None).unwrap();
                assert_eq!(solution.support, [3], "{metric:?} {solution:?}");
                assert!((solution.weights[0] - 2.0).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn every_support_is_fitted_exactly_and_the_fit_improves_with_its_size() {
        for case in families(40).iter().chain(&families(41)) {
            for metric in [Metric::Plain, Metric::Cosines(1)] {
                for solve in BOTH {
                    let (dictionary, target) = case.ready(metric);
                    let mut before = target.norm() * (1.0 + 1e-12);
                    for count in 1..6 {
                        if count == 4 {
                            dictionary.gram();
                        }
                        let solution = solve(&dictionary, &target, atoms(count), None).unwrap();
                        assert!(solution.converged && solution.kkt < 1e-9, "{}: {solution:?}", case.name);
                        assert!(solution.support.len() <= count);
                        assert!(solution.weights.iter().all(|w| *w > 0.0));
                        let slack = 1e-6 * target.norm();
                        assert!(solution.residual_norm <= before + slack, "{}: {solution:?}", case.name);
                        before = solution.residual_norm;
                        if !solution.support.is_empty() {
                            let exact = refit(case, metric, &solution.support);
                            assert!((exact - solution.residual_norm).abs() <= slack, "{}", case.name);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn nnols_takes_the_best_partner_of_its_first_atom() {
        for seed in 0..30 {
            let mut next = numbers(900 + seed);
            let (count, length) = (25, 12);
            let rows: Vec<f32> = (0..count * length).map(|_| next() as f32 + 0.4).collect();
            let y: Vec<f32> = (0..length).map(|_| next() as f32 + 0.5).collect();
            let case = Case { name: "pairs", rows, length, y };
            let (dictionary, target) = case.ready(Metric::Plain);
            let first = nnols(&dictionary, &target, atoms(1), None).unwrap().support[0];
            let best = (0..count)
                .filter(|j| *j != first)
                .map(|j| refit(&case, Metric::Plain, &[first, j]))
                .fold(f64::INFINITY, f64::min);
            let found = nnols(&dictionary, &target, atoms(2), None).unwrap();
            assert!((found.residual_norm - best).abs() < 1e-6 * target.norm(), "{found:?} {best}");
        }
    }

    #[test]
    fn thresholds_caps_zero_and_warm_starts_are_heeded() {
        let case = &families(3)[8];
        let (dictionary, target) = case.ready(Metric::Plain);
        for solve in BOTH {
            let full = solve(&dictionary, &target, atoms(4), None).unwrap();
            let enough = GreedySettings { residual_energy: 1.001 * target.energy(), ..atoms(4) };
            assert!(solve(&dictionary, &target, enough, None).unwrap().support.is_empty());
            let never = GreedySettings { residual_energy: f64::NAN, ..atoms(4) };
            assert!(solve(&dictionary, &target, never, None).is_err());
            let capped = GreedySettings { max_iterations: Some(1), ..atoms(4) };
            assert!(!solve(&dictionary, &target, capped, None).unwrap().converged);
            let warm = solve(&dictionary, &target, atoms(4), Some(&full)).unwrap();
            assert_eq!((&warm.support, &warm.weights), (&full.support, &full.weights));
            let zero = dictionary.target(&vec![0.0; case.length]).unwrap();
            assert_eq!(solve(&dictionary, &zero, atoms(4), None).unwrap(), Solution::empty(0.0, 0));
        }
    }
}
