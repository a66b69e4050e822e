//! `(D'D + mu I)^-1` for any `mu`, many right-hand sides at once: what every SUnSAL iteration needs.

use super::dictionary::Dictionary;
use super::linalg::{Tridiagonal, dot_any, rows_by_columns, rows_by_rows_f64};

/// The factors of one dictionary. Never larger than points x points plus points x rows.
#[derive(Debug)]
pub(super) struct Shifted {
    count: usize,
    small: Tridiagonal,
    /// Fewer points than rows: `E = Q'D` (points x rows), by which
    /// `(D'D + mu I)^-1 r = (r - E' (T + mu I)^-1 E r) / mu`. Otherwise `Q'` of `D'D = Q T Q'`.
    turned: Vec<f64>,
    wide: bool,
}

/// Memory between the two products.
#[derive(Debug, Default)]
pub(super) struct ShiftedWorkspace {
    middle: Vec<f64>,
    pivots: Vec<f64>,
}

impl Shifted {
    pub fn new(dictionary: &Dictionary) -> Self {
        let (count, length) = (dictionary.count(), dictionary.length());
        let stride = dictionary.atom(0).len();
        let mut atoms = Vec::with_capacity(count * stride);
        (0..count).for_each(|j| atoms.extend(dictionary.atom(j).iter().map(|v| f64::from(*v))));
        let wide = count > length;
        let (matrix, size) = if wide {
            let columns: Vec<f64> = (0..length)
                .flat_map(|i| (0..count).map(move |j| (i, j)))
                .map(|(i, j)| atoms[j * stride + i])
                .collect();
            let mut product = vec![0.0; length * length];
            rows_by_rows_f64(&columns, &columns, count, &mut product);
            atoms = columns;
            (product, length)
        } else {
            let mut product = vec![0.0; count * count];
            rows_by_rows_f64(&atoms, &atoms, stride, &mut product);
            (product, count)
        };
        let mut small = Tridiagonal::new(matrix, size);
        let q = std::mem::take(&mut small.q);
        let transposed: Vec<f64> =
            (0..size).flat_map(|k| (0..size).map(move |i| (i, k))).map(|(i, k)| q[i * size + k]).collect();
        let turned = if wide {
            let mut turned = vec![0.0; size * count];
            rows_by_columns(&transposed, &atoms, size, &mut turned);
            turned
        } else {
            transposed
        };
        Self { count, small, turned, wide }
    }

    /// Overwrites each row of `r` (one spectrum each) by the solution with its own `mu`.
    pub fn solve(&self, mu: &[f64], r: &mut [f64], workspace: &mut ShiftedWorkspace) {
        let (size, spectra) = (self.small.size, mu.len());
        let ShiftedWorkspace { middle, pivots } = workspace;
        middle.resize(spectra * size, 0.0);
        if spectra == 1 {
            for (m, row) in middle.iter_mut().zip(self.turned.chunks_exact(self.count)) {
                *m = dot_any(row, r);
            }
        } else {
            rows_by_rows_f64(r, &self.turned, self.count, middle);
        }
        for (m, mu) in middle.chunks_exact_mut(size).zip(mu) {
            self.small.solve(*mu, m, pivots);
        }
        if self.wide {
            middle.iter_mut().for_each(|m| *m = -*m);
        } else {
            r.fill(0.0);
        }
        if spectra == 1 {
            for (m, row) in middle.iter().zip(self.turned.chunks_exact(self.count)) {
                for (r, e) in r.iter_mut().zip(row) {
                    *r += m * e;
                }
            }
        } else {
            rows_by_columns(middle, &self.turned, size, r);
        }
        if self.wide {
            for (r, mu) in r.chunks_exact_mut(self.count).zip(mu) {
                r.iter_mut().for_each(|r| *r /= mu);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::families;
    use super::*;
    use crate::solvers::Metric;

    #[test]
    fn one_and_many_right_hand_sides_satisfy_the_shifted_equations() {
        for case in families(60) {
            let (dictionary, _) = case.ready(Metric::Plain);
            let n = dictionary.count();
            let shifted = Shifted::new(&dictionary);
            let right: Vec<f64> = (0..3 * n).map(|i| ((i * 37 % 19) as f64) / 7.0 - 1.0).collect();
            let mu = [0.01, 0.5, 30.0];
            let mut workspace = ShiftedWorkspace::default();
            let mut many = right.clone();
            shifted.solve(&mu, &mut many, &mut workspace);
            for k in 0..3 {
                let mut one = right[k * n..(k + 1) * n].to_vec();
                shifted.solve(&mu[k..=k], &mut one, &mut workspace);
                for i in 0..n {
                    let found: f64 =
                        mu[k] * one[i] + (0..n).map(|j| dictionary.product(i, j) * one[j]).sum::<f64>();
                    // Largest eigenvalue at most 60, least mu 0.01.
                    assert!((found - right[k * n + i]).abs() < 1e-9, "{}: {found}", case.name);
                    assert!((one[i] - many[k * n + i]).abs() < 1e-9 * one[i].abs().max(1.0));
                }
            }
        }
    }
}
