//! Which atom enters the support next, when to stop, and the `Solution` in the end.

use super::active::{Active, Problem};
use super::linalg::dot_wide;
use super::solution::Solution;

/// Largest violation of the optimality conditions, relative to the spectrum, that still counts as solved.
pub(super) const KKT_LIMIT: f64 = 1e-5;
/// Rows and spectra come in `f32`: no gradient below this share of what was multiplied means anything.
const STORED: f64 = f32::EPSILON as f64 / 2.0;
/// Rounding of one inner product with `f32` sums, relative to the norms.
const SUMMED: f64 = 4.0 * f32::EPSILON as f64;

/// Where the gradient `D'(y - Dx)` comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The `f64` Gram matrix: exact.
    Exact,
    /// The `f32` Gram matrix: fast, and checked at the end.
    Gram,
    /// The residual: one pass over the dictionary.
    Residual,
}

/// A better atom to add.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub row: usize,
    sign: f64,
    violation: f64,
}

impl Active<'_> {
    fn weight_sum(&self) -> f64 {
        self.x.iter().sum()
    }

    /// Gradient for every row, the equality's multiplier not yet taken off; returns the tolerance that fits it.
    pub(super) fn gradient(&self, source: Source, out: &mut [f64]) -> f64 {
        let Problem { dictionary, target, .. } = self.problem;
        let floor = STORED * (target.norm + self.weight_sum());
        let weights =
            || self.support.iter().zip(self.signs.iter().zip(&self.x)).map(|(j, (s, x))| (*j, s * x));
        match source {
            Source::Exact => {
                out.copy_from_slice(&target.correlations);
                if let Some(gram) = dictionary.exact_gram_if_ready() {
                    subtract_rows(gram, &weights(), out);
                }
                floor
            }
            Source::Gram => {
                out.copy_from_slice(&target.correlations);
                if let Some(gram) = dictionary.gram_if_ready() {
                    subtract_rows(gram, &weights(), out);
                }
                floor + SUMMED * (target.norm + self.weight_sum()) / 2.0
            }
            Source::Residual => {
                let residual = self.residual();
                dictionary.correlate(&residual, out);
                floor + SUMMED * dot_wide(&residual, &residual).sqrt()
            }
        }
    }

    /// The row outside the support whose gradient violates optimality most; the lowest among equals.
    pub(super) fn worst(&self, gradient: &[f64], blocked: &[usize], tolerance: f64) -> Option<Candidate> {
        let Problem { dictionary, lambda, signed, equality, .. } = self.problem;
        let mut best: Option<Candidate> = None;
        for (row, g) in gradient.iter().enumerate() {
            let g = g - equality.map_or(0.0, |e| self.multiplier * e.row[row]);
            let (size, sign) = if signed && g < 0.0 { (-g, -1.0) } else { (g, 1.0) };
            let violation = size - lambda;
            if violation > best.map_or(tolerance, |b| b.violation)
                && !self.member[row]
                && dictionary.scales()[row] > 0.0
                && !blocked.contains(&row)
            {
                best = Some(Candidate { row, sign, violation });
            }
        }
        best
    }

    /// Adds atoms until none is left that would improve the fit.
    pub(super) fn search(&mut self) {
        let Problem { dictionary, target, equality, .. } = self.problem;
        if equality.is_some() && self.support.is_empty() {
            self.first_under_equality();
        }
        let mut source = if target.exact && dictionary.exact_gram_if_ready().is_some() {
            Source::Exact
        } else if dictionary.gram_if_ready().is_some() {
            Source::Gram
        } else {
            Source::Residual
        };
        let mut gradient = vec![0.0; dictionary.count()];
        let mut tolerance = self.gradient(source, &mut gradient);
        // Rows that could not be added although their gradient asks for it; tried again once something has changed.
        let mut blocked = Vec::new();
        while !self.exhausted {
            let Some(candidate) = self.worst(&gradient, &blocked, tolerance) else {
                if source != Source::Gram {
                    return;
                }
                source = Source::Residual;
                blocked.clear();
                tolerance = self.gradient(source, &mut gradient);
                continue;
            };
            if self.enter(candidate.row, candidate.sign) {
                blocked.clear();
                tolerance = self.gradient(source, &mut gradient);
            } else {
                blocked.push(candidate.row);
            }
        }
    }

    /// Under an equality zero is no beginning: take the single row that fits best.
    fn first_under_equality(&mut self) {
        let Problem { dictionary, target, equality, .. } = self.problem;
        let Some(equality) = equality else { return };
        let cost = |j: usize| {
            let x = equality.goal / equality.row[j];
            x * (x / 2.0 - target.correlations[j])
        };
        let first = (0..dictionary.count())
            .filter(|j| dictionary.scales()[*j] > 0.0)
            .min_by(|a, b| cost(*a).total_cmp(&cost(*b)));
        if let Some(first) = first {
            self.enter(first, 1.0);
        }
    }

    /// The result. `greedy` judges optimality on the support only.
    pub(super) fn finish(mut self, greedy: bool) -> Solution {
        self.tidy();
        self.judge(greedy)
    }

    /// The weights as they stand, with their residual and their violation of the optimality conditions.
    pub(super) fn judge(self, greedy: bool) -> Solution {
        let Problem { dictionary, target, lambda, equality, .. } = self.problem;
        let residual = self.residual();
        let mut worst = 0.0_f64;
        for (j, sign) in self.support.iter().zip(&self.signs) {
            let pull = equality.map_or(0.0, |e| self.multiplier * e.row[*j]);
            let gradient = sign * (dot_wide(dictionary.atom(*j), &residual) - pull) - lambda;
            worst = worst.max(gradient.abs());
        }
        if !greedy {
            let mut gradient = vec![0.0; dictionary.count()];
            let exact = target.exact && dictionary.exact_gram_if_ready().is_some();
            self.gradient(if exact { Source::Exact } else { Source::Residual }, &mut gradient);
            worst = self.worst(&gradient, &[], worst).map_or(worst, |c| c.violation);
        }
        let residual_norm = dot_wide(&residual, &residual).sqrt();
        // A forced sum may leave more than there was.
        let size = target.norm.max(residual_norm);
        let kkt = if size > 0.0 { worst / size } else { worst };
        let scales = dictionary.scales();
        let weights = self
            .support
            .iter()
            .zip(self.signs.iter().zip(&self.x))
            .map(|(j, (sign, x))| sign * x / scales[*j])
            .collect();
        Solution {
            weights,
            residual_norm,
            iterations: self.steps,
            converged: !self.exhausted && kkt <= KKT_LIMIT,
            kkt,
            support: self.support,
        }
    }
}

/// `out -= sum of weight x Gram row`, in column blocks that stay in the first-level cache.
fn subtract_rows<T: Copy + Into<f64>>(
    gram: &[T],
    weights: &(impl Iterator<Item = (usize, f64)> + Clone),
    out: &mut [f64],
) {
    const COLUMNS: usize = 1024;
    let count = out.len();
    for (block, out) in out.chunks_mut(COLUMNS).enumerate() {
        let begin = block * COLUMNS;
        for (j, weight) in weights.clone() {
            let row = &gram[j * count + begin..j * count + begin + out.len()];
            for (g, product) in out.iter_mut().zip(row) {
                let product: f64 = (*product).into();
                *g -= weight * product;
            }
        }
    }
}

/// A cap on steps: three per row, as Lawson and Hanson have it, and enough for the smallest.
pub(super) fn default_cap(count: usize) -> usize {
    (3 * count).max(30)
}
