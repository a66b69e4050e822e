//! NNLS against scipy, the lasso against scikit-learn and SUnSAL's iteration against plain numpy, on real minerals.
//!
//! The references are made by `tests/fixtures/make_solver_fixtures.py`; the worst case of each is printed.

use std::collections::BTreeMap;

use serde::Deserialize;
use unravel::solvers::{
    Dictionary, GreedySettings, Metric, NnlsSettings, Solution, SunsalPath, SunsalSettings, nnls, nnls_batch,
    nnols, nnomp, sunsal, sunsal_batch,
};

use crate::{data, npy};

#[derive(Deserialize)]
struct Fixture {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    first: usize,
    step: usize,
    mixture: [usize; 2],
    metric: String,
    rows: usize,
    nnls: Answer,
    lasso: Answer,
    sunsal: Answer,
}

#[derive(Deserialize)]
struct Answer {
    support: Vec<usize>,
    weights: Vec<f64>,
    residual: f64,
    iterations: Option<usize>,
}

/// Rows up to which the alternating directions are compared: a test build takes minutes for more.
const ADMM_ROWS: usize = 200;

struct Grid {
    columns: usize,
    values: Vec<f32>,
}

impl Grid {
    fn row(&self, i: usize) -> &[f32] {
        &self.values[i * self.columns..(i + 1) * self.columns]
    }

    fn unit(&self, i: usize) -> Vec<f64> {
        let norm = self.row(i).iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
        self.row(i).iter().map(|v| f64::from(*v) / norm).collect()
    }

    fn load() -> Option<Self> {
        let folder = data::folder("rruff")?;
        let (_, columns, values) = npy::read_f32(&folder.join("grid1024.npy.gz"));
        Some(Self { columns, values })
    }

    fn problem(&self, case: &Case) -> (Dictionary, Vec<f32>) {
        let count = self.values.len() / self.columns;
        let rows: Vec<f32> =
            (case.first..count).step_by(case.step).flat_map(|i| self.row(i).to_vec()).collect();
        assert_eq!(rows.len() / self.columns, case.rows, "the data folder holds another edition");
        let metric = if case.metric == "plain" { Metric::Plain } else { Metric::Cosines(12) };
        let (a, b) = (self.unit(case.mixture[0]), self.unit(case.mixture[1]));
        let mixture = a.iter().zip(&b).map(|(a, b)| (0.7 * a + 0.3 * b) as f32).collect();
        (Dictionary::new(&rows, self.columns, metric).unwrap(), mixture)
    }
}

/// Distance between our fit and the reference's, relative to the spectrum: weights of nearly equal rows may differ,
/// what they add up to may not.
fn distance(dictionary: &Dictionary, norm: f64, ours: &Solution, theirs: &Answer) -> f64 {
    let mut difference = vec![0.0_f64; dictionary.atom(0).len()];
    let pairs = ours.support.iter().zip(&ours.weights).map(|(j, w)| (*j, *w));
    for (j, weight) in pairs.chain(theirs.support.iter().zip(&theirs.weights).map(|(j, w)| (*j, -*w))) {
        for (to, d) in difference.iter_mut().zip(dictionary.atom(j)) {
            *to += weight * dictionary.scales()[j] * f64::from(*d);
        }
    }
    let fit = difference.iter().map(|v| v * v).sum::<f64>().sqrt() / norm;
    fit.max((ours.residual_norm - theirs.residual).abs() / norm)
}

#[test]
fn real_minerals_agree_with_scipy_and_scikit_learn() {
    let Some(grid) = Grid::load() else { return };
    let fixture: Fixture = serde_json::from_str(include_str!("../fixtures/solver_reference.json")).unwrap();
    let mut worst: BTreeMap<&str, f64> = BTreeMap::new();
    for case in &fixture.cases {
        let (dictionary, mixture) = grid.problem(case);
        let target = dictionary.target(&mixture).unwrap();
        let mut note = |what, tolerance: f64, ours: &Solution, theirs| {
            let error = distance(&dictionary, target.norm(), ours, theirs);
            let entry = worst.entry(what).or_default();
            *entry = entry.max(error);
            assert!(error < tolerance, "{what} at {} {}: {error:e}", case.first, case.metric);
        };
        let (plain, lasso) = (NnlsSettings::default(), SunsalSettings::default());
        for name in ["without the Gram matrix", "with it"] {
            let ours = nnls(&dictionary, &target, plain, None).unwrap();
            assert!(ours.converged, "{name}: {ours:?}");
            // Rows are kept in f32: some 1e-7 per row, times the conditioning of like minerals.
            note("nnls", 1e-5, &ours, &case.nnls);
            let ours = sunsal(&dictionary, &target, lasso, None).unwrap();
            assert!(ours.converged, "{name}: {ours:?}");
            note("lasso", 1e-5, &ours, &case.lasso);
            dictionary.gram();
        }
        note("nnls batch", 1e-5, &nnls_batch(&dictionary, &mixture, plain).unwrap()[0], &case.nnls);
        note("lasso batch", 1e-5, &sunsal_batch(&dictionary, &mixture, lasso).unwrap()[0], &case.lasso);
        if case.rows <= ADMM_ROWS {
            let admm = SunsalSettings { path: SunsalPath::Admm(1e-4), ..lasso };
            let ours = sunsal(&dictionary, &target, admm, None).unwrap();
            // The same updates from the same start: the same number of them, until the stopping rule is a close call.
            let theirs = case.sunsal.iterations.unwrap();
            assert!(ours.iterations.abs_diff(theirs) <= 2, "{} {theirs}", ours.iterations);
            note("alternating directions", 1e-4, &ours, &case.sunsal);
        }
    }
    println!("distance of the fits relative to the spectrum, worst case: {worst:?}");
}

#[test]
fn a_mixture_of_two_stored_minerals_is_found_exactly_among_all() {
    let Some(grid) = Grid::load() else { return };
    for metric in [Metric::Plain, Metric::default(), Metric::PAPER_NOISE] {
        let every: Vec<f32> =
            (0..grid.values.len() / grid.columns).step_by(5).flat_map(|i| grid.row(i).to_vec()).collect();
        let dictionary = Dictionary::new(&every, grid.columns, metric).unwrap();
        let (a, b) = (grid.unit(500), grid.unit(2500));
        let mixture: Vec<f32> = a.iter().zip(&b).map(|(a, b)| (0.6 * a + 0.4 * b) as f32).collect();
        let target = dictionary.target(&mixture).unwrap();
        for solve in [nnomp, nnols] {
            let solution = solve(&dictionary, &target, GreedySettings::default(), None).unwrap();
            assert_eq!(solution.support, [100, 500], "{metric:?}");
            assert!(solution.residual_norm < 1e-5 * target.norm() && solution.converged);
        }
    }
}
