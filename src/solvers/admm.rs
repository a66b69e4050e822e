//! SUnSAL by alternating directions (Bioucas-Dias and Figueiredo 2010), for one spectrum or a block of them.

use super::dictionary::Dictionary;
use super::shifted::{Shifted, ShiftedWorkspace};

/// What is minimised, and when it is good enough.
#[derive(Debug, Clone, Copy)]
pub(super) struct Admm<'a> {
    pub positive: bool,
    /// For every row whether it goes without the penalty; empty when none does.
    pub free: &'a [bool],
    /// Row and goal of the sum condition over unit-row weights.
    pub equality: Option<(&'a [f64], f64)>,
    pub tolerance: f64,
    pub max_iterations: usize,
}

/// One spectrum's state; all vectors have one value per row of the dictionary.
#[derive(Debug)]
pub(super) struct Run {
    /// Norm of the spectrum: everything else is for the spectrum of unit norm.
    norm: f64,
    b: Vec<f64>,
    lambda: f64,
    mu: f64,
    u: Vec<f64>,
    d: Vec<f64>,
    pub iterations: usize,
    pub converged: bool,
}

/// Iterations between adaptations of mu.
const ADAPT: usize = 10;
/// Imbalance of the two residuals that calls for one.
const IMBALANCE: f64 = 10.0;

impl Run {
    /// `correlations` and `lambda` in the spectrum's own units; `norm` is positive.
    pub fn new(correlations: &[f64], norm: f64, lambda: f64, length: usize, start: Vec<f64>) -> Self {
        let lambda = lambda / norm;
        Self {
            norm,
            b: correlations.iter().map(|b| b / norm).collect(),
            lambda,
            // The authors' start, 10 lambda + 0.01 for spectra of unit mean square, turned to unit norm.
            mu: 10.0 * lambda + 0.01 / length as f64,
            d: vec![0.0; correlations.len()],
            u: start.into_iter().map(|u| u / norm).collect(),
            iterations: 0,
            converged: false,
        }
    }

    /// Weights of the unit rows in the spectrum's units, exact zeros where the soft threshold put them.
    pub fn weights(&self) -> impl Iterator<Item = f64> + '_ {
        self.u.iter().map(|u| u * self.norm)
    }
}

impl Admm<'_> {
    /// Iterates every run to its own end.
    pub fn solve(&self, dictionary: &Dictionary, runs: &mut [Run]) {
        let (n, shifted) = (dictionary.count(), dictionary.shifted());
        let mut workspace = ShiftedWorkspace::default();
        let mut open: Vec<usize> = (0..runs.len()).collect();
        let mut pulls: Vec<Vec<f64>> =
            runs.iter().map(|run| self.pull(run.mu, shifted, &mut workspace)).collect();
        let mut x = Vec::new();
        for iteration in 1..=self.max_iterations {
            if open.is_empty() {
                return;
            }
            x.clear();
            for run in open.iter().map(|i| &runs[*i]) {
                x.extend(run.b.iter().zip(run.u.iter().zip(&run.d)).map(|(b, (u, d))| b + run.mu * (u + d)));
            }
            let mu: Vec<f64> = open.iter().map(|i| runs[*i].mu).collect();
            shifted.solve(&mu, &mut x, &mut workspace);
            for (i, x) in open.iter().zip(x.chunks_exact_mut(n)) {
                let run = &mut runs[*i];
                run.iterations = iteration;
                if self.step(run, x, &pulls[*i], iteration, dictionary.length()) {
                    pulls[*i] = self.pull(run.mu, shifted, &mut workspace);
                }
            }
            open.retain(|i| !runs[*i].converged);
        }
    }

    /// `c = B a / (a'B a)`, `B = (G + mu I)^-1`: by how much each weight gives when the sum is off.
    fn pull(&self, mu: f64, shifted: &Shifted, workspace: &mut ShiftedWorkspace) -> Vec<f64> {
        let Some((row, _)) = self.equality else { return Vec::new() };
        let mut pull = row.to_vec();
        shifted.solve(&[mu], &mut pull, workspace);
        let total: f64 = pull.iter().zip(row).map(|(p, a)| p * a).sum();
        for p in &mut pull {
            *p /= total;
        }
        pull
    }

    /// What follows the linear solve in one iteration. True when mu was changed.
    fn step(&self, run: &mut Run, x: &mut [f64], pull: &[f64], iteration: usize, length: usize) -> bool {
        if let Some((row, goal)) = self.equality {
            let excess = x.iter().zip(row).map(|(x, a)| x * a).sum::<f64>() - goal / run.norm;
            x.iter_mut().zip(pull).for_each(|(x, c)| *x -= excess * c);
        }
        let threshold = run.lambda / run.mu;
        let (mut primal, mut dual) = (0.0, 0.0);
        for (j, ((x, u), d)) in x.iter().zip(&mut run.u).zip(&mut run.d).enumerate() {
            let threshold = if self.free.get(j).copied().unwrap_or(false) { 0.0 } else { threshold };
            let v = x - *d;
            let shrunk =
                if self.positive || v > 0.0 { (v - threshold).max(0.0) } else { (v + threshold).min(0.0) };
            primal += (x - shrunk) * (x - shrunk);
            dual += (shrunk - *u) * (shrunk - *u);
            *d -= x - shrunk;
            *u = shrunk;
        }
        // mu in the units of a spectrum of unit mean square, as the stopping rule of the authors has it.
        let (primal, dual) = (primal.sqrt(), run.mu * length as f64 * dual.sqrt());
        let limit = (x.len() as f64).sqrt() * self.tolerance;
        run.converged = primal <= limit && dual <= limit;
        if run.converged || !iteration.is_multiple_of(ADAPT) {
            return false;
        }
        let factor = if primal > IMBALANCE * dual {
            2.0
        } else if dual > IMBALANCE * primal {
            0.5
        } else {
            return false;
        };
        run.mu *= factor;
        run.d.iter_mut().for_each(|d| *d /= factor);
        true
    }
}
