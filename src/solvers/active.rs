//! The active-set engine under NNLS, FCLS and the exact path of SUnSAL.
//!
//! Lawson-Hanson in the manner of Bro and de Jong (FNNLS): on inner products, with a Cholesky factor that gains and
//! loses one row per step. The same steps solve `min |Dx - y|^2 / 2 + lambda |x|_1` (subtract lambda from `D'y`), with
//! either sign (an atom enters as itself or negated), and under `a'x = goal` (one multiplier per solve).
//! Everything on the support is `f64` and exact; only the search for atoms to add reads `f32` matrices, and it ends
//! with a pass over the true residual.

use super::dictionary::{Dictionary, Target};
use super::linalg::{Cholesky, dot_any, dot_wide};

/// What is minimised.
#[derive(Debug, Clone, Copy)]
pub(super) struct Problem<'a> {
    pub dictionary: &'a Dictionary,
    pub target: &'a Target,
    /// Weight of the l1 norm of the unit-row weights.
    pub lambda: f64,
    /// For every row whether it goes without that penalty; empty when none does.
    pub free: &'a [bool],
    /// Whether weights may be negative.
    pub signed: bool,
    pub equality: Option<Equality<'a>>,
    pub max_steps: usize,
}

impl Problem<'_> {
    /// The penalty on row `j`.
    pub fn penalty(&self, j: usize) -> f64 {
        if self.free.get(j).copied().unwrap_or(false) { 0.0 } else { self.lambda }
    }
}

/// `row . x = goal` over unit-row weights; the row is scaled to a largest value of 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Equality<'a> {
    pub row: &'a [f64],
    pub goal: f64,
}

/// The state of a solve: a support, its positive weights (for atoms times their signs) and the factor.
#[derive(Debug)]
pub(super) struct Active<'a> {
    pub problem: Problem<'a>,
    pub support: Vec<usize>,
    pub signs: Vec<f64>,
    pub x: Vec<f64>,
    pub member: Vec<bool>,
    pub steps: usize,
    /// The cap on steps was reached.
    pub exhausted: bool,
    /// Multiplier of the equality.
    pub multiplier: f64,
    /// The gradient with which a search ended; empty otherwise.
    pub last_gradient: Vec<f64>,
    right: Vec<f64>,
    gram: Packed,
    factor: Cholesky,
    z: Vec<f64>,
    v: Vec<f64>,
}

/// Lower triangle of the support's Gram matrix.
#[derive(Debug, Default)]
struct Packed(Vec<Vec<f64>>);

impl Packed {
    fn at(&self, i: usize, j: usize) -> f64 {
        self.0[i.max(j)][i.min(j)]
    }

    fn drop(&mut self, at: usize) {
        self.0.remove(at);
        for row in &mut self.0[at..] {
            row.remove(at);
        }
    }
}

/// Share below which a coefficient of a dependence counts as none.
const NO_SHARE: f64 = 1e-9;

impl<'a> Active<'a> {
    pub fn new(problem: Problem<'a>) -> Self {
        Self {
            problem,
            support: Vec::new(),
            signs: Vec::new(),
            x: Vec::new(),
            member: vec![false; problem.dictionary.count()],
            steps: 0,
            exhausted: false,
            multiplier: 0.0,
            last_gradient: Vec::new(),
            right: Vec::new(),
            gram: Packed::default(),
            factor: Cholesky::with_capacity(8),
            z: Vec::new(),
            v: Vec::new(),
        }
    }

    fn constraint(&self, j: usize) -> f64 {
        self.problem.equality.map_or(0.0, |e| e.row[j])
    }

    /// Inner product; an equality counts as one more coordinate, so that copies that differ in it stay apart.
    fn product(&self, i: usize, j: usize) -> f64 {
        self.problem.dictionary.product(i, j) + self.constraint(i) * self.constraint(j)
    }

    /// `d_j'y`, exact but for rounding.
    fn correlation(&self, j: usize) -> f64 {
        let Problem { dictionary, target, .. } = self.problem;
        match dictionary.exact_gram_if_ready() {
            // The batch path has computed them in f64 already.
            Some(_) if target.exact => target.correlations[j],
            _ => dot_wide(dictionary.atom(j), &target.whitened),
        }
    }

    /// Adds row `j` with this sign and weight; false when it depends on the support.
    fn append(&mut self, j: usize, sign: f64, x: f64) -> bool {
        let cross: Vec<f64> =
            self.support.iter().zip(&self.signs).map(|(i, s)| sign * s * self.product(j, *i)).collect();
        let square = self.product(j, j);
        if !self.factor.append(cross.iter().copied(), square) {
            return false;
        }
        let pull = self.constraint(j) * self.problem.equality.map_or(0.0, |e| e.goal);
        self.right.push(sign * (self.correlation(j) + pull) - self.problem.penalty(j));
        let mut row = cross;
        row.push(square);
        self.gram.0.push(row);
        self.support.push(j);
        self.signs.push(sign);
        self.x.push(x);
        self.member[j] = true;
        true
    }

    fn drop(&mut self, at: usize) {
        self.member[self.support.remove(at)] = false;
        self.signs.remove(at);
        self.x.remove(at);
        self.right.remove(at);
        self.gram.drop(at);
        self.factor.drop(at);
    }

    /// The unconstrained (but for the equality) minimiser on the support goes to `z`.
    fn minimise(&mut self, factor: &Cholesky) {
        self.z.clone_from(&self.right);
        factor.solve(&mut self.z);
        if let Some(Equality { row, goal }) = self.problem.equality {
            self.v.clear();
            self.v.extend(self.support.iter().zip(&self.signs).map(|(j, s)| s * row[*j]));
            let constraint = self.v.clone();
            factor.solve(&mut self.v);
            let of_v = dot_any(&constraint, &self.v);
            self.multiplier = 0.0;
            // The second round removes what a spectrum much larger than the rows leaves by cancellation.
            for _ in 0..2 {
                let more = (dot_any(&constraint, &self.z) - goal) / of_v;
                self.multiplier += more;
                for (z, v) in self.z.iter_mut().zip(&self.v) {
                    *z -= more * v;
                }
            }
        }
    }

    /// Moves to the minimiser on the support; atoms whose weight would pass zero on the way leave it.
    pub fn settle(&mut self) {
        while !self.support.is_empty() {
            if self.steps >= self.problem.max_steps {
                self.exhausted = true;
                return;
            }
            self.steps += 1;
            let factor = std::mem::take(&mut self.factor);
            self.minimise(&factor);
            self.factor = factor;
            if self.z.iter().all(|z| *z > 0.0) {
                self.x.clone_from(&self.z);
                return;
            }
            let mut step = 1.0_f64;
            let mut first = None;
            for (i, (x, z)) in self.x.iter().zip(&self.z).enumerate() {
                if *z <= 0.0 {
                    let reach = if *x > 0.0 { x / (x - z) } else { 0.0 };
                    if first.is_none() || reach < step {
                        (step, first) = (reach, Some(i));
                    }
                }
            }
            let Some(first) = first else {
                // Only NaN gets here: overflow of absurdly scaled numbers.
                self.exhausted = true;
                return;
            };
            for (x, z) in self.x.iter_mut().zip(&self.z) {
                *x = (*x + step * (z - *x)).max(0.0);
            }
            for i in (0..self.support.len()).rev() {
                if i == first || (self.z[i] <= 0.0 && self.x[i] <= 0.0) {
                    self.drop(i);
                }
            }
        }
    }

    /// Lets row `j` in and settles. False when nothing came of it.
    pub fn enter(&mut self, j: usize, sign: f64) -> bool {
        let before = self.support.len();
        if !self.append(j, sign, 0.0) {
            return self.exchange(j, sign);
        }
        self.settle();
        self.member[j] || self.support.len() != before
    }

    /// Lets several rows in at once and settles. False when nothing came of it.
    pub fn enter_all(&mut self, rows: &[(usize, f64)]) -> bool {
        let before = self.support.len();
        for (j, sign) in rows {
            self.append(*j, *sign, 0.0);
        }
        self.settle();
        self.support.len() != before || rows.iter().any(|(j, _)| self.member[*j])
    }

    /// Lets row `j` in and settles, unless it depends on the support. False when it is not there afterwards.
    pub fn add(&mut self, j: usize) -> bool {
        if !self.append(j, 1.0, 0.0) {
            return false;
        }
        self.settle();
        self.member[j]
    }

    /// Row `j` is a combination of the support: the fit stays the same along `x_j += t, x -= t c`, so go there until a
    /// weight reaches zero, and let `j` take the place of that row.
    fn exchange(&mut self, j: usize, sign: f64) -> bool {
        let (mut weight, mut moved) = (0.0, false);
        loop {
            let mut shares: Vec<f64> =
                self.support.iter().zip(&self.signs).map(|(i, s)| sign * s * self.product(j, *i)).collect();
            self.factor.solve(&mut shares);
            let reach = |i: usize| (shares[i] > NO_SHARE).then(|| self.x[i] / shares[i]);
            let first = (0..shares.len())
                .filter_map(|i| reach(i).map(|t| (t, i)))
                .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let Some((step, first)) = first else {
                self.settle();
                return moved;
            };
            for (x, share) in self.x.iter_mut().zip(&shares) {
                *x = (*x - step * share).max(0.0);
            }
            weight += step;
            self.drop(first);
            moved = true;
            if self.append(j, sign, weight) {
                self.settle();
                return true;
            }
        }
    }

    /// Begins at given unit-row weights instead of at zero. Rows that cannot be used are left out.
    pub fn warm(&mut self, rows: impl IntoIterator<Item = (usize, f64)>) {
        for (j, weight) in rows {
            let usable = j < self.member.len() && !self.member[j] && weight.is_finite();
            let sign = if weight < 0.0 { -1.0 } else { 1.0 };
            if usable
                && weight.abs() > 0.0
                && (self.problem.signed || weight > 0.0)
                && self.problem.dictionary.scales()[j] > 0.0
            {
                self.append(j, sign, weight.abs());
            }
        }
        self.settle();
    }

    /// Takes weights found elsewhere, one for every unit row, as they are; only for judging them.
    pub fn adopt(&mut self, weights: impl Iterator<Item = f64>) {
        for (j, weight) in weights.enumerate() {
            if weight.abs() > 0.0 && self.problem.dictionary.scales()[j] > 0.0 {
                self.support.push(j);
                self.signs.push(weight.signum());
                self.x.push(weight.abs());
                self.member[j] = true;
            }
        }
        let Some(Equality { row, .. }) = self.problem.equality else { return };
        // The multiplier that fits the gradients on the support best.
        let residual = self.residual();
        let (mut above, mut below) = (0.0, 0.0);
        for (j, sign) in self.support.iter().zip(&self.signs) {
            let slope =
                dot_wide(self.problem.dictionary.atom(*j), &residual) - sign * self.problem.penalty(*j);
            above += row[*j] * slope;
            below += row[*j] * row[*j];
        }
        self.multiplier = if below > 0.0 { above / below } else { 0.0 };
    }

    /// The same support in ascending order, solved afresh with one correction step: the result no longer depends on
    /// the way that led here.
    pub fn tidy(&mut self) {
        let mut order: Vec<usize> = (0..self.support.len()).collect();
        order.sort_by_key(|i| self.support[*i]);
        let mut factor = Cholesky::with_capacity(order.len());
        for (n, i) in order.iter().enumerate() {
            let cross = order[..n].iter().map(|k| self.gram.at(*i, *k));
            if !factor.append(cross, self.gram.at(*i, *i)) {
                return;
            }
        }
        let pick = |from: &[f64]| order.iter().map(|i| from[*i]).collect::<Vec<_>>();
        (self.right, self.signs, self.x) = (pick(&self.right), pick(&self.signs), pick(&self.x));
        self.gram = Packed(
            (0..order.len()).map(|n| (0..=n).map(|k| self.gram.at(order[n], order[k])).collect()).collect(),
        );
        self.support.sort_unstable();
        self.minimise(&factor);
        let mut rest: Vec<f64> = (0..order.len())
            .map(|i| {
                let fit: f64 = self.z.iter().enumerate().map(|(k, z)| self.gram.at(i, k) * z).sum();
                let pull = self.signs[i] * self.constraint(self.support[i]) * self.multiplier;
                self.right[i] - fit - pull
            })
            .collect();
        factor.solve(&mut rest);
        if self.problem.equality.is_none() {
            for (z, more) in self.z.iter_mut().zip(&rest) {
                *z += more;
            }
        }
        if self.z.iter().all(|z| *z > 0.0) {
            self.x.clone_from(&self.z);
        }
        self.factor = factor;
    }

    /// The residual in the metric.
    pub fn residual(&self) -> Vec<f64> {
        let mut residual = self.problem.target.whitened.clone();
        for ((j, sign), x) in self.support.iter().zip(&self.signs).zip(&self.x) {
            let weight = sign * x;
            for (r, d) in residual.iter_mut().zip(self.problem.dictionary.atom(*j)) {
                *r -= weight * f64::from(*d);
            }
        }
        residual
    }

    /// Row `k` of the Cholesky factor.
    pub fn factor_row(&self, k: usize) -> &[f64] {
        self.factor.row(k)
    }

    /// How much of the spectrum's energy the support explains (no penalty, no equality).
    pub fn explained(&self) -> f64 {
        dot_any(&self.right, &self.x)
    }

    /// Weights on the support, and of row `j` behind them, if `j` came in with `weight` and signs did not matter.
    pub fn weights_with(&self, j: usize, weight: f64) -> Vec<f64> {
        let mut weights: Vec<f64> = self.support.iter().map(|i| self.product(j, *i)).collect();
        self.factor.solve(&mut weights);
        for (w, x) in weights.iter_mut().zip(&self.x) {
            *w = x - weight * *w;
        }
        weights.push(weight);
        weights
    }

    /// Gram matrix and right-hand side of the support with row `j` behind it.
    pub fn system_with(&self, j: usize) -> (Vec<f64>, Vec<f64>) {
        let n = self.support.len();
        let mut gram = Vec::with_capacity((n + 1) * (n + 1));
        for i in 0..n {
            gram.extend((0..n).map(|k| self.gram.at(i, k)));
            gram.push(self.product(self.support[i], j));
        }
        gram.extend(self.support.iter().map(|i| self.product(*i, j)));
        gram.push(self.product(j, j));
        let mut right = self.right.clone();
        right.push(self.correlation(j));
        (gram, right)
    }
}
