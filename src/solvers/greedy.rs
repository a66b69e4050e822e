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
pub struct GreedySettings<'a> {
    /// Most rows with weight.
    pub max_atoms: usize,
    /// Stop as soon as the squared norm of the residual, in the metric, is no larger.
    pub residual_energy: f64,
    /// Cap on least-squares solves; three per dictionary row when not given.
    pub max_iterations: Option<usize>,
    /// Groups of rows that come before all others: of each one row, as soon as that improves the fit. No row comes in
    /// later that would leave a group without weight.
    pub fixed: &'a [&'a [usize]],
}

impl Default for GreedySettings<'_> {
    /// Two components, no threshold, nothing fixed.
    fn default() -> Self {
        Self { max_atoms: 2, residual_energy: 0.0, max_iterations: None, fixed: &[] }
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
    let problem =
        Problem { dictionary, target, lambda: 0.0, free: &[], signed: false, equality: None, max_steps };
    let mut active = Active::new(problem);
    if let Some(warm) = warm {
        active.warm(warm.unit_weights(dictionary).take(settings.max_atoms));
    }
    let source = if dictionary.gram_if_ready().is_some() { Source::Gram } else { Source::Residual };
    let mut gradient = vec![0.0; dictionary.count()];
    let mut seen: Vec<Vec<usize>> = Vec::new();
    while active.support.len() < settings.max_atoms && !active.exhausted {
        let complete = settings.fixed.iter().all(|group| present(&active, group));
        let residual = active.residual();
        if complete && dot_wide(&residual, &residual) <= settings.residual_energy {
            break;
        }
        // With nothing chosen the gradient is known already.
        let from = if active.support.is_empty() { Source::Gram } else { source };
        let tolerance = active.gradient(from, &mut gradient);
        if !grow(&mut active, settings.fixed, &mut gradient, |active, g| choose(active, g, tolerance)) {
            break;
        }
        let mut support = active.support.clone();
        support.sort_unstable();
        if seen.contains(&support) {
            break;
        }
        seen.push(support);
    }
    Ok(active.finish(true))
}

/// Lets in the row that is chosen by the gradient, one of a fixed group without weight before all others. False when
/// there is none that leaves weight to every fixed group that has some.
fn grow(
    active: &mut Active<'_>,
    fixed: &[&[usize]],
    gradient: &mut [f64],
    mut choose: impl FnMut(&Active<'_>, &[f64]) -> Option<usize>,
) -> bool {
    let (held, absent): (Vec<&[usize]>, Vec<&[usize]>) = fixed.iter().partition(|g| present(active, g));
    let before: Vec<(usize, f64)> = active.support.iter().copied().zip(active.x.iter().copied()).collect();
    let (problem, steps) = (active.problem, active.steps);
    loop {
        let first = among(gradient, &absent).and_then(|only| choose(active, &only));
        let Some(next) = first.or_else(|| choose(active, gradient)) else { return false };
        add(active, next);
        if held.iter().all(|group| present(active, group)) {
            return true;
        }
        // The way back is no progress that the cap on steps should count.
        *active = Active::new(problem);
        active.warm(before.iter().copied());
        active.steps = steps;
        gradient[next] = f64::NEG_INFINITY;
    }
}

/// Whether a row of the group has weight.
fn present(active: &Active<'_>, group: &[usize]) -> bool {
    group.iter().any(|row| active.member.get(*row).copied().unwrap_or(false))
}

/// The gradient of the rows of these groups alone; nothing where there are no groups.
fn among(gradient: &[f64], groups: &[&[usize]]) -> Option<Vec<f64>> {
    if groups.is_empty() {
        return None;
    }
    let mut only = vec![f64::NEG_INFINITY; gradient.len()];
    for row in groups.iter().flat_map(|group| group.iter()) {
        if let (Some(to), Some(from)) = (only.get_mut(*row), gradient.get(*row)) {
            *to = *from;
        }
    }
    Some(only)
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

    fn atoms(max_atoms: usize) -> GreedySettings<'static> {
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

    /// Rows among these that NNLS on them alone gives weight.
    fn weighted(case: &Case, rows: &[usize]) -> Vec<usize> {
        let values: Vec<f32> =
            rows.iter().flat_map(|j| case.rows[j * case.length..][..case.length].to_vec()).collect();
        let dictionary = Dictionary::new(&values, case.length, Metric::Plain).unwrap();
        let target = dictionary.target(&case.y).unwrap();
        let found = nnls(&dictionary, &target, NnlsSettings::default(), None).unwrap();
        found.support.iter().map(|at| rows[*at]).collect()
    }

    #[test]
    fn fixed_rows_come_first_and_stay_away_only_where_they_have_no_amount() {
        let groups: [&[usize]; 2] = [&[4, 11, 20], &[7]];
        let holds = |support: &[usize], group: &[usize]| group.iter().any(|row| support.contains(row));
        let mut both = 0;
        for seed in 0..20 {
            let mut next = numbers(300 + seed);
            let (count, length) = (30, 16);
            let rows: Vec<f32> = (0..count * length).map(|_| next() as f32 + 0.4).collect();
            let y: Vec<f32> = (0..length).map(|_| next() as f32 + 0.6).collect();
            let case = Case { name: "fixed", rows, length, y };
            let (dictionary, target) = case.ready(Metric::Plain);
            for solve in BOTH {
                for size in [1, 2, 3, count] {
                    let settings = GreedySettings { fixed: &groups, ..atoms(size) };
                    let found = solve(&dictionary, &target, settings, None).unwrap();
                    assert!(found.converged && found.support.len() <= size, "{found:?}");
                    let exact = refit(&case, Metric::Plain, &found.support);
                    assert!((exact - found.residual_norm).abs() < 1e-6 * target.norm());
                    let held: Vec<&[usize]> =
                        groups.iter().copied().filter(|g| holds(&found.support, g)).collect();
                    // Alone, every row here has a positive weight.
                    assert!(!held.is_empty(), "{size} {found:?}");
                    both += usize::from(held.len() == 2);
                    for row in groups.iter().filter(|g| !holds(&found.support, g)).copied().flatten() {
                        let with = weighted(&case, &[found.support.as_slice(), &[*row]].concat());
                        let no_room = !with.contains(row) || !held.iter().all(|g| holds(&with, g));
                        assert!(size < count || no_room, "{row} {found:?}");
                    }
                }
                // What is chosen anyway changes nothing by being fixed.
                let free = solve(&dictionary, &target, atoms(3), None).unwrap();
                let same: Vec<&[usize]> = free.support.chunks(1).collect();
                let fixed = GreedySettings { fixed: &same, ..atoms(same.len()) };
                assert_eq!(solve(&dictionary, &target, fixed, None).unwrap().support, free.support);
            }
        }
        assert!(both > 60, "{both} of 160: the point of this test");
    }

    #[test]
    fn a_row_that_would_drive_out_a_fixed_one_gives_way_to_the_next() {
        // The spectrum is row 1; row 0 is like it and gets no weight beside it. Row 2 adds what row 1 lacks.
        let rows = vec![0.8, 0.6, 0.0, 1.0, 0.0, 0.0, 0.6, -0.8, 0.0, -1.0, 0.0, 0.0];
        let case = Case { name: "driven out", rows, length: 3, y: vec![1.0, 0.0, 0.0] };
        let (dictionary, target) = case.ready(Metric::Plain);
        for solve in BOTH {
            assert_eq!(solve(&dictionary, &target, atoms(2), None).unwrap().support, [1]);
            let fixed = GreedySettings { fixed: &[&[0]], ..atoms(2) };
            assert_eq!(solve(&dictionary, &target, fixed, None).unwrap().support, [0, 2]);
            // No positive amount of row 3 helps: it stays away, and the others come as if it were not asked for.
            let never = GreedySettings { fixed: &[&[3]], ..atoms(2) };
            assert_eq!(solve(&dictionary, &target, never, None).unwrap().support, [1]);
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
