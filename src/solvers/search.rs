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

/// Rows that enter together have a smaller inner product than this: one of two alike would leave again.
const UNLIKE: f64 = 0.5;

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
    /// Size of everything that is added up in a gradient.
    fn size(&self) -> f64 {
        self.problem.target.norm + self.x.iter().map(|x| x * x).sum::<f64>().sqrt()
    }

    /// Gradient for every row, the equality's multiplier not yet taken off; returns the tolerance that fits it.
    pub(super) fn gradient(&self, source: Source, out: &mut [f64]) -> f64 {
        let Problem { dictionary, target, .. } = self.problem;
        let floor = STORED * self.size();
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
                    subtract_single(gram, &weights(), target.norm, out);
                }
                floor + SUMMED * self.size() / 2.0
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
        let Problem { dictionary, signed, equality, .. } = self.problem;
        let mut best: Option<Candidate> = None;
        for (row, g) in gradient.iter().enumerate() {
            let g = g - equality.map_or(0.0, |e| self.multiplier * e.row[row]);
            let (size, sign) = if signed && g < 0.0 { (-g, -1.0) } else { (g, 1.0) };
            let violation = size - self.problem.penalty(row);
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

    /// The worst violations to be mended at once: at least half as bad as the worst, little alike, and more of them
    /// the larger the support is already.
    fn several(&self, gradient: &[f64], blocked: &[usize], tolerance: f64) -> Vec<Candidate> {
        let Some(worst) = self.worst(gradient, blocked, tolerance) else { return Vec::new() };
        let most = 1 + self.support.len() / 4;
        let mut chosen = vec![worst];
        if most == 1 || self.problem.equality.is_some() {
            return chosen;
        }
        let Problem { dictionary, signed, .. } = self.problem;
        let mut others: Vec<Candidate> = gradient
            .iter()
            .enumerate()
            .map(|(row, g)| {
                let (size, sign) = if signed && *g < 0.0 { (-g, -1.0) } else { (*g, 1.0) };
                Candidate { row, sign, violation: size - self.problem.penalty(row) }
            })
            .filter(|c| {
                c.violation > tolerance.max(worst.violation / 2.0)
                    && !self.member[c.row]
                    && dictionary.scales()[c.row] > 0.0
                    && !blocked.contains(&c.row)
            })
            .collect();
        others.sort_by(|a, b| b.violation.total_cmp(&a.violation).then(a.row.cmp(&b.row)));
        for other in others.into_iter().take(4 * most) {
            if chosen.len() < most
                && chosen.iter().all(|c| dictionary.product(c.row, other.row).abs() < UNLIKE)
            {
                chosen.push(other);
            }
        }
        chosen
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
            let candidates = self.several(&gradient, &blocked, tolerance);
            let entered = match candidates[..] {
                [] if source == Source::Gram => {
                    source = Source::Residual;
                    true
                }
                [] => {
                    self.last_gradient = gradient;
                    return;
                }
                [one] => self.enter(one.row, one.sign),
                [first, ..] => {
                    let rows: Vec<(usize, f64)> = candidates.iter().map(|c| (c.row, c.sign)).collect();
                    self.enter_all(&rows) || self.enter(first.row, first.sign)
                }
            };
            if entered {
                blocked.clear();
                tolerance = self.gradient(source, &mut gradient);
            } else {
                blocked.extend(candidates.iter().take(1).map(|c| c.row));
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
    pub(super) fn judge(mut self, greedy: bool) -> Solution {
        let Problem { dictionary, target, equality, .. } = self.problem;
        let residual = self.residual();
        let mut worst = 0.0_f64;
        for (j, sign) in self.support.iter().zip(&self.signs) {
            let pull = equality.map_or(0.0, |e| self.multiplier * e.row[*j]);
            let gradient =
                sign * (dot_wide(dictionary.atom(*j), &residual) - pull) - self.problem.penalty(*j);
            worst = worst.max(gradient.abs());
        }
        if !greedy {
            let mut gradient = std::mem::take(&mut self.last_gradient);
            if gradient.is_empty() {
                gradient.resize(dictionary.count(), 0.0);
                self.gradient(Source::Residual, &mut gradient);
            }
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

/// As [`subtract_rows`] with sums in single precision, for weights of the size of `unit`: no less exact than an `f32`
/// Gram matrix is, and twice as fast.
fn subtract_single(
    gram: &[f32],
    weights: &(impl Iterator<Item = (usize, f64)> + Clone),
    unit: f64,
    out: &mut [f64],
) {
    const COLUMNS: usize = 1024;
    let count = out.len();
    let mut sums = [0.0_f32; COLUMNS];
    for (block, out) in out.chunks_mut(COLUMNS).enumerate() {
        let begin = block * COLUMNS;
        let sums = &mut sums[..out.len()];
        sums.fill(0.0);
        for (j, weight) in weights.clone() {
            let weight = (weight / unit) as f32;
            let row = &gram[j * count + begin..j * count + begin + out.len()];
            for (sum, product) in sums.iter_mut().zip(row) {
                *sum += weight * product;
            }
        }
        for (g, sum) in out.iter_mut().zip(sums) {
            *g -= unit * f64::from(*sum);
        }
    }
}

/// A cap on steps: three per row, as Lawson and Hanson have it, and enough for the smallest.
pub(super) fn default_cap(count: usize) -> usize {
    (3 * count).max(30)
}
