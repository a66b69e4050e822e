//! Many spectra against one dictionary: correlations by matrix products, then every spectrum on the Gram matrix.
//!
//! Blocks of spectra are independent tasks, and inside a block a spectrum starts from its neighbour's answer where
//! the two are alike (maps). Blocks are the same whatever the number of threads, and so are the results.

use rayon::prelude::*;

use super::active::{Active, Problem};
use super::admm::{Admm, Run};
use super::dictionary::{Dictionary, Target};
use super::linalg::{dot_wide, rows_by_rows_f32, rows_by_rows_f64};
use super::search::default_cap;
use super::sunsal::{ADMM_CAP, SunsalPath, SunsalSettings, outcome, sunsal};
use super::{NnlsSettings, Solution, SolverError};

/// Spectra per task.
const BLOCK: usize = 64;
/// Cosine between neighbours above which the answer for one is a start for the other.
const ALIKE: f64 = 0.95;

/// NNLS of every spectrum (rows of `length` values one after the other), in their order.
///
/// The same answers as [`nnls`](super::nnls()) one by one, to rounding. Uses rayon's current pool.
pub fn nnls_batch(
    dictionary: &Dictionary,
    spectra: &[f32],
    settings: NnlsSettings,
) -> Result<Vec<Solution>, SolverError> {
    let max_steps = settings.max_iterations.unwrap_or_else(|| default_cap(dictionary.count()));
    in_blocks(dictionary, spectra, |targets| {
        Ok(one_after_the_other(dictionary, targets, max_steps, &[], |_| 0.0, false))
    })
}

/// SUnSAL of every spectrum, as [`nnls_batch`]; alternating directions go through a block at once.
pub fn sunsal_batch(
    dictionary: &Dictionary,
    spectra: &[f32],
    settings: SunsalSettings,
) -> Result<Vec<Solution>, SolverError> {
    settings.check()?;
    let max_steps = settings.max_iterations.unwrap_or_else(|| default_cap(dictionary.count()));
    let free = settings.free_mask(dictionary.count());
    in_blocks(dictionary, spectra, |targets| match settings.path {
        _ if settings.sum_to_one => {
            targets.iter().map(|target| sunsal(dictionary, target, settings, None)).collect()
        }
        SunsalPath::Admm(tolerance) => Ok(alternating(dictionary, targets, settings, tolerance)),
        SunsalPath::ActiveSet => {
            let lambda = |target: &Target| settings.lambda_for(&target.correlations);
            Ok(one_after_the_other(dictionary, targets, max_steps, &free, lambda, !settings.positive))
        }
    })
}

fn in_blocks(
    dictionary: &Dictionary,
    spectra: &[f32],
    solve: impl Fn(&[Target]) -> Result<Vec<Solution>, SolverError> + Sync,
) -> Result<Vec<Solution>, SolverError> {
    let length = dictionary.length();
    if !spectra.len().is_multiple_of(length) {
        return Err(SolverError::Ragged { found: spectra.len(), length });
    }
    if dictionary.exact().is_none() {
        dictionary.gram();
    }
    let blocks: Result<Vec<Vec<Solution>>, SolverError> =
        spectra.par_chunks(BLOCK * length).map(|block| solve(&targets(dictionary, block)?)).collect();
    Ok(blocks?.into_iter().flatten().collect())
}

/// A block of spectra made ready, the correlations by one matrix product.
fn targets(dictionary: &Dictionary, block: &[f32]) -> Result<Vec<Target>, SolverError> {
    let mut targets = block
        .chunks_exact(dictionary.length())
        .map(|spectrum| dictionary.whiten(spectrum))
        .collect::<Result<Vec<_>, _>>()?;
    let (count, stride) = (dictionary.count(), dictionary.atom(0).len());
    if let Some(exact) = dictionary.exact() {
        let rows: Vec<f64> = targets.iter().flat_map(|target| target.whitened.iter().copied()).collect();
        let mut products = vec![0.0; targets.len() * count];
        rows_by_rows_f64(&rows, &exact.atoms, stride, &mut products);
        for (target, b) in targets.iter_mut().zip(products.chunks_exact(count)) {
            target.correlations = b.to_vec();
            target.exact = true;
        }
    } else {
        let unit = |t: &Target| {
            let norm = if t.norm > 0.0 { t.norm } else { 1.0 };
            t.whitened.iter().map(|v| (v / norm) as f32).collect::<Vec<_>>()
        };
        let rows: Vec<f32> = targets.iter().flat_map(unit).collect();
        let mut products = vec![0.0; targets.len() * count];
        rows_by_rows_f32(&rows, dictionary.atoms(), stride, &mut products);
        for (target, b) in targets.iter_mut().zip(products.chunks_exact(count)) {
            target.correlations = b.iter().map(|b| f64::from(*b) * target.norm).collect();
        }
    }
    Ok(targets)
}

fn one_after_the_other(
    dictionary: &Dictionary,
    targets: &[Target],
    max_steps: usize,
    free: &[bool],
    lambda: impl Fn(&Target) -> f64,
    signed: bool,
) -> Vec<Solution> {
    let mut solutions: Vec<Solution> = Vec::with_capacity(targets.len());
    let mut before: Option<&Target> = None;
    for target in targets {
        let solution = if target.norm > 0.0 {
            let lambda = lambda(target);
            let mut active =
                Active::new(Problem { dictionary, target, lambda, free, signed, equality: None, max_steps });
            let alike = |other: &Target| {
                dot_wide(&other.whitened, &target.whitened) > ALIKE * other.norm * target.norm
            };
            if let (Some(other), Some(warm)) = (before, solutions.last())
                && alike(other)
            {
                active.warm(warm.unit_weights(dictionary));
            }
            active.search();
            active.finish(false)
        } else {
            Solution::empty(0.0, 0)
        };
        solutions.push(solution);
        before = Some(target);
    }
    solutions
}

fn alternating(
    dictionary: &Dictionary,
    targets: &[Target],
    settings: SunsalSettings,
    tolerance: f64,
) -> Vec<Solution> {
    let lambdas: Vec<f64> = targets.iter().map(|t| settings.lambda_for(&t.correlations)).collect();
    let mut runs: Vec<Run> = targets
        .iter()
        .zip(&lambdas)
        .map(|(target, lambda)| {
            let norm = if target.norm > 0.0 { target.norm } else { 1.0 };
            let start = vec![0.0; dictionary.count()];
            Run::new(&target.correlations, norm, *lambda, dictionary.length(), start)
        })
        .collect();
    let max_iterations = settings.max_iterations.unwrap_or(ADMM_CAP);
    let free = settings.free_mask(dictionary.count());
    Admm { positive: settings.positive, free: &free, equality: None, tolerance, max_iterations }
        .solve(dictionary, &mut runs);
    let solved = targets.iter().zip(&lambdas).zip(&runs);
    solved
        .map(|((target, lambda), run)| {
            if target.norm <= 0.0 {
                return Solution::empty(0.0, 0);
            }
            let signed = !settings.positive;
            let (lambda, max_steps) = (*lambda, usize::MAX);
            outcome(
                Problem { dictionary, target, lambda, free: &free, signed, equality: None, max_steps },
                run,
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{families, numbers};
    use super::*;
    use crate::solvers::{Metric, nnls};

    /// A small map: neighbours alike, one zero pixel, one pixel of noise.
    fn map(count: usize, length: usize, pixels: usize) -> (Vec<f32>, Vec<f32>) {
        let mut next = numbers(31);
        let rows: Vec<f32> = (0..count * length).map(|_| next() as f32 + 0.5).collect();
        let mut spectra = Vec::new();
        for p in 0..pixels {
            let (a, b) = (p as f32 / pixels as f32, 1.0 - p as f32 / pixels as f32);
            spectra.extend((0..length).map(|i| {
                let clean = a * rows[i] + b * rows[length + i];
                match p {
                    3 => 0.0,
                    5 => next() as f32,
                    _ => clean + 0.05 * next() as f32,
                }
            }));
        }
        (rows, spectra)
    }

    #[test]
    fn a_batch_gives_what_one_by_one_gives_for_any_number_of_threads() {
        let (count, length, pixels) = (40, 30, 200);
        let (rows, spectra) = map(count, length, pixels);
        let dictionary = Dictionary::new(&rows, length, Metric::Cosines(2)).unwrap();
        let admm = SunsalSettings { path: SunsalPath::Admm(1e-6), ..SunsalSettings::default() };
        let solve = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                (
                    nnls_batch(&dictionary, &spectra, NnlsSettings::default()).unwrap(),
                    sunsal_batch(&dictionary, &spectra, SunsalSettings::default()).unwrap(),
                    sunsal_batch(&dictionary, &spectra, admm).unwrap(),
                )
            })
        };
        let (few, many) = (solve(1), solve(3));
        assert_eq!(few, many);
        assert_eq!(few.0.len(), pixels);
        for (p, y) in spectra.chunks_exact(length).enumerate() {
            let target = dictionary.target(y).unwrap();
            let one = nnls(&dictionary, &target, NnlsSettings::default(), None).unwrap();
            let lasso = sunsal(&dictionary, &target, SunsalSettings::default(), None).unwrap();
            let slow = sunsal(&dictionary, &target, admm, None).unwrap();
            for (one, batch, name) in
                [(one, &few.0[p], "nnls"), (lasso, &few.1[p], "sunsal"), (slow, &few.2[p], "admm")]
            {
                assert!(batch.converged, "{p} {name} {batch:?}");
                // The one-by-one path of the same method knows the correlations in f32 only.
                let difference = (one.residual_norm - batch.residual_norm).abs();
                assert!(difference <= 1e-5 * target.norm(), "{p} {name}: {one:?} {batch:?}");
            }
        }
    }

    #[test]
    fn large_dictionaries_go_the_single_precision_way_to_the_same_answers() {
        let (count, length) = (2_100, 24);
        let (rows, spectra) = map(count, length, 8);
        let dictionary = Dictionary::new(&rows, length, Metric::Plain).unwrap();
        assert!(dictionary.exact().is_none());
        for solution in nnls_batch(&dictionary, &spectra, NnlsSettings::default()).unwrap() {
            assert!(solution.converged && solution.kkt < 1e-6, "{solution:?}");
        }
    }

    #[test]
    fn every_family_is_solved_in_a_batch_too() {
        for case in families(500) {
            let (dictionary, _) = case.ready(Metric::Plain);
            let twice = [case.y.clone(), case.y.clone()].concat();
            for signed in [false, true] {
                let settings = SunsalSettings { positive: !signed, ..SunsalSettings::default() };
                let solutions = sunsal_batch(&dictionary, &twice, settings).unwrap();
                assert!(
                    solutions.iter().all(|s| s.converged && s.kkt < 1e-6),
                    "{}: {solutions:?}",
                    case.name
                );
                assert_eq!(solutions[0].support, solutions[1].support);
            }
            let summed = SunsalSettings { sum_to_one: true, ..SunsalSettings::default() };
            for solution in sunsal_batch(&dictionary, &twice, summed).unwrap() {
                assert!((solution.weights.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{}", case.name);
            }
        }
    }

    #[test]
    fn ragged_and_broken_spectra_are_refused_and_no_spectra_give_no_answers() {
        let (dictionary, _) = families(1)[0].ready(Metric::Plain);
        let length = dictionary.length();
        assert!(nnls_batch(&dictionary, &vec![1.0; length + 1], NnlsSettings::default()).is_err());
        assert!(nnls_batch(&dictionary, &vec![f32::NAN; length], NnlsSettings::default()).is_err());
        assert!(nnls_batch(&dictionary, &[], NnlsSettings::default()).unwrap().is_empty());
        let bad =
            SunsalSettings { lambda: super::super::Lambda::Absolute(-1.0), ..SunsalSettings::default() };
        assert!(sunsal_batch(&dictionary, &[], bad).is_err());
    }
}
