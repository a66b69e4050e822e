//! Non-negative least squares on a small Gram matrix given outright, without allocation: for searches that call it
//! thousands of times per spectrum.

use super::linalg::Cholesky;

/// Memory for [`nnls_small`]; grows to the largest problem once.
#[derive(Debug, Clone, Default)]
pub struct SmallWorkspace {
    factor: Cholesky,
    /// Columns in the support, in the order of the factor.
    passive: Vec<usize>,
    blocked: Vec<bool>,
    inside: Vec<bool>,
    z: Vec<f64>,
    x: Vec<f64>,
}

/// How [`nnls_small`] ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SmallFit {
    /// `2 b'x - x'Gx`: how much of the spectrum's energy the fit explains.
    pub energy: f64,
    /// False when the step limit was reached or the free columns depend on each other.
    pub converged: bool,
}

impl SmallWorkspace {
    /// Memory for problems of up to `columns` columns.
    pub fn with_capacity(columns: usize) -> Self {
        Self {
            factor: Cholesky::with_capacity(columns),
            passive: Vec::with_capacity(columns),
            blocked: Vec::with_capacity(columns),
            inside: Vec::with_capacity(columns),
            z: Vec::with_capacity(columns),
            x: Vec::with_capacity(columns),
        }
    }

    /// The weights found last.
    pub fn weights(&self) -> &[f64] {
        &self.x
    }

    fn begin(&mut self, columns: usize) {
        self.factor.clear();
        self.passive.clear();
        for list in [&mut self.blocked, &mut self.inside] {
            list.clear();
            list.resize(columns, false);
        }
        self.x.clear();
        self.x.resize(columns, 0.0);
    }

    fn append(&mut self, gram: &[f64], columns: usize, j: usize) -> bool {
        let cross = self.passive.iter().map(|i| gram[j * columns + i]);
        let added = self.factor.append(cross, gram[j * columns + j]);
        if added {
            self.passive.push(j);
            self.inside[j] = true;
        }
        added
    }

    /// To the minimiser on the support; columns from `free` on leave it at zero. False when the steps ran out.
    fn settle(&mut self, b: &[f64], free: usize, steps: &mut usize) -> bool {
        loop {
            if *steps == 0 {
                return false;
            }
            *steps -= 1;
            self.z.clear();
            self.z.extend(self.passive.iter().map(|j| b[*j]));
            self.factor.solve(&mut self.z);
            let mut step = 1.0_f64;
            let mut first = None;
            for (at, (j, z)) in self.passive.iter().zip(&self.z).enumerate() {
                if *j >= free && *z <= 0.0 {
                    let x = self.x[*j];
                    let reach = if x > 0.0 { x / (x - z) } else { 0.0 };
                    if first.is_none() || reach < step {
                        (step, first) = (reach, Some(at));
                    }
                }
            }
            for (j, z) in self.passive.iter().zip(&self.z) {
                self.x[*j] += step * (z - self.x[*j]);
            }
            let Some(first) = first else { return true };
            for at in (0..self.passive.len()).rev() {
                let j = self.passive[at];
                if at == first || (j >= free && self.z[at] <= 0.0 && self.x[j] <= 0.0) {
                    self.factor.drop(at);
                    self.passive.remove(at);
                    self.inside[j] = false;
                    self.x[j] = 0.0;
                }
            }
        }
    }
}

/// Violations below this share of a column's norm times that of the spectrum are rounding.
const TOLERANCE: f64 = 1e-12;

/// Minimises `x'Gx / 2 - b'x` with the first `free` weights unconstrained and the others at least 0.
///
/// `gram` is symmetric and has `b.len()` rows. The weights stand in [`SmallWorkspace::weights`] afterwards. Free
/// columns that depend on earlier ones keep weight 0 and are reported as not converged; other dependent columns are
/// left out, which costs no fit.
///
/// # Panics
/// If `gram` is smaller than `b.len()` squared; like indexing.
pub fn nnls_small(workspace: &mut SmallWorkspace, gram: &[f64], b: &[f64], free: usize) -> SmallFit {
    let columns = b.len();
    let free = free.min(columns);
    workspace.begin(columns);
    let mut steps = 10 * columns + 10;
    let mut converged = true;
    for j in 0..free {
        converged &= workspace.append(gram, columns, j);
    }
    converged &= workspace.settle(b, free, &mut steps);
    // b_j is at most the norm of column j times that of the spectrum, so this is the scale of the spectrum.
    let norm = |j: usize| gram[j * columns + j].max(0.0).sqrt();
    let scale = (0..columns).filter(|j| norm(*j) > 0.0).map(|j| b[j].abs() / norm(j)).fold(0.0, f64::max);
    while converged {
        let mut best: Option<(f64, usize)> = None;
        for j in free..columns {
            if workspace.inside[j] || workspace.blocked[j] {
                continue;
            }
            let row = &gram[j * columns..(j + 1) * columns];
            let fit: f64 = workspace.passive.iter().map(|i| row[*i] * workspace.x[*i]).sum();
            let gain = (b[j] - fit) / norm(j);
            if gain > best.map_or(TOLERANCE * scale, |(gain, _)| gain) {
                best = Some((gain, j));
            }
        }
        let Some((_, j)) = best else { break };
        if workspace.append(gram, columns, j) {
            converged = workspace.settle(b, free, &mut steps);
            if workspace.inside[j] {
                workspace.blocked.fill(false);
                continue;
            }
        }
        workspace.blocked[j] = true;
    }
    let energy = (0..columns)
        .map(|i| {
            let row = &gram[i * columns..(i + 1) * columns];
            let fit: f64 = row.iter().zip(&workspace.x).map(|(g, x)| g * x).sum();
            workspace.x[i] * (2.0 * b[i] - fit)
        })
        .sum();
    SmallFit { energy, converged }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::numbers;
    use super::*;

    /// Gram matrix and correlations of random vectors; the last `copies` columns repeat the first of them.
    fn problem(seed: u64, columns: usize, length: usize, copies: usize) -> (Vec<f64>, Vec<f64>) {
        let mut next = numbers(seed);
        let mut vectors: Vec<Vec<f64>> =
            (0..columns).map(|_| (0..length).map(|_| next() + 0.3).collect()).collect();
        for k in 0..copies {
            vectors[columns - 1 - k] = vectors[columns / 2].clone();
        }
        let y: Vec<f64> = (0..length).map(|_| next() + 0.2).collect();
        let inner = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let gram =
            (0..columns * columns).map(|k| inner(&vectors[k / columns], &vectors[k % columns])).collect();
        (gram, vectors.iter().map(|v| inner(v, &y)).collect())
    }

    #[test]
    fn two_columns_have_the_closed_form() {
        let mut workspace = SmallWorkspace::default();
        let fit = nnls_small(&mut workspace, &[1.0, 0.5, 0.5, 1.0], &[1.0, 1.0], 0);
        assert!(fit.converged && (fit.energy - 4.0 / 3.0).abs() < 1e-14);
        assert!(workspace.weights().iter().all(|x| (x - 2.0 / 3.0).abs() < 1e-14));
    }

    #[test]
    fn a_free_column_may_be_negative_and_others_may_not() {
        let gram = [1.0, 0.0, 0.0, 1.0];
        let mut workspace = SmallWorkspace::with_capacity(2);
        nnls_small(&mut workspace, &gram, &[-1.0, -1.0], 1);
        assert_eq!(workspace.weights(), [-1.0, 0.0]);
        assert!(nnls_small(&mut workspace, &[], &[], 0).converged);
    }

    #[test]
    fn free_columns_that_depend_on_each_other_are_reported() {
        let mut workspace = SmallWorkspace::default();
        assert!(!nnls_small(&mut workspace, &[1.0; 4], &[1.0, 1.0], 2).converged);
        assert!(nnls_small(&mut workspace, &[1.0; 4], &[1.0, 1.0], 1).converged);
    }

    proptest! {
        #[test]
        fn optimality_holds_for_every_number_of_free_columns(
            seed in 0_u64..1_000_000, columns in 1_usize..20, extra in 0_usize..10,
            free in 0_usize..6, copies in 0_usize..3,
        ) {
            let copies = copies.min((columns - 1) / 2);
            let free = free.min(columns / 2);
            let (gram, b) = problem(seed, columns, columns + extra, copies);
            let mut workspace = SmallWorkspace::default();
            // What an earlier problem left behind must not matter.
            nnls_small(&mut workspace, &[2.0; 9], &[1.0; 3], 1);
            let fit = nnls_small(&mut workspace, &gram, &b, free);
            prop_assert!(fit.converged);
            let x = workspace.weights();
            let scale = b.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
            for i in 0..columns {
                let gradient: f64 = b[i] - (0..columns).map(|j| gram[i * columns + j] * x[j]).sum::<f64>();
                // Conditions of random Gram matrices up to some 1e6 times rounding.
                let limit = 1e-8 * scale;
                prop_assert!(i < free || x[i] >= 0.0);
                prop_assert!(gradient < limit);
                prop_assert!(gradient > -limit || (i >= free && x[i] <= 0.0));
            }
        }
    }
}
