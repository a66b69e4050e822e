//! `A = Q T Q'` with `T` tridiagonal (Householder): after that `(A + mu I) x = r` costs two products with `Q` for any
//! `mu`, without eigenvalues.

use super::product::dot_any as dot;

/// The factors of one symmetric matrix.
#[derive(Debug, Clone)]
pub struct Tridiagonal {
    pub size: usize,
    diagonal: Vec<f64>,
    /// Beside the diagonal; one fewer.
    beside: Vec<f64>,
    /// `Q`, row by row.
    pub q: Vec<f64>,
}

fn subtract(row: &mut [f64], factor: f64, other: &[f64]) {
    for (r, o) in row.iter_mut().zip(other) {
        *r -= factor * o;
    }
}

impl Tridiagonal {
    /// Of a symmetric matrix given row by row.
    pub fn new(mut a: Vec<f64>, size: usize) -> Self {
        let n = size;
        let (mut diagonal, mut beside) = (Vec::with_capacity(n), Vec::with_capacity(n));
        // Reflections I - beta v v', each on the rows behind its number.
        let mut reflections: Vec<(f64, Vec<f64>)> = Vec::with_capacity(n);
        for k in 0..n.saturating_sub(1) {
            diagonal.push(a[k * n + k]);
            let mut v: Vec<f64> = (k + 1..n).map(|i| a[i * n + k]).collect();
            let length = dot(&v, &v).sqrt();
            let first = if v[0] > 0.0 { -length } else { length };
            v[0] -= first;
            let square = dot(&v, &v);
            let beta = if square > 0.0 { 2.0 / square } else { 0.0 };
            beside.push(if beta > 0.0 { first } else { 0.0 });
            if beta > 0.0 {
                let rest = |i: usize| i * n + k + 1..i * n + n;
                let mut w: Vec<f64> = (k + 1..n).map(|i| beta * dot(&a[rest(i)], &v)).collect();
                let share = beta / 2.0 * dot(&w, &v);
                subtract(&mut w, share, &v);
                for i in k + 1..n {
                    let row = &mut a[rest(i)];
                    subtract(row, v[i - k - 1], &w);
                    subtract(row, w[i - k - 1], &v);
                }
            }
            reflections.push((beta, v));
        }
        diagonal.extend(n.checked_sub(1).map(|k| a[k * n + k]));
        let mut q = vec![0.0; n * n];
        for i in 0..n {
            q[i * n + i] = 1.0;
        }
        let mut sums = vec![0.0; n];
        for (k, (beta, v)) in reflections.iter().enumerate().rev() {
            let from = k + 1;
            sums.fill(0.0);
            for (i, v) in v.iter().enumerate() {
                subtract(&mut sums[from..], -v, &q[(from + i) * n + from..(from + i + 1) * n]);
            }
            for (i, v) in v.iter().enumerate() {
                subtract(&mut q[(from + i) * n + from..(from + i + 1) * n], beta * v, &sums[from..]);
            }
        }
        Self { size, diagonal, beside, q }
    }

    /// Overwrites `v` by the solution of `(T + mu I) u = v`; the matrix was positive semidefinite, `mu` is positive.
    pub fn solve(&self, mu: f64, v: &mut [f64], pivots: &mut Vec<f64>) {
        pivots.clear();
        let mut pivot = self.diagonal[0] + mu;
        pivots.push(pivot);
        for i in 1..self.size {
            let ratio = self.beside[i - 1] / pivot;
            v[i] -= ratio * v[i - 1];
            // Rounding may take a zero eigenvalue a little below zero, never below -mu.
            pivot = (self.diagonal[i] + mu - ratio * self.beside[i - 1]).max(f64::MIN_POSITIVE);
            pivots.push(pivot);
        }
        for i in (0..self.size).rev() {
            let behind = if i + 1 < self.size { self.beside[i] * v[i + 1] } else { 0.0 };
            v[i] = (v[i] - behind) / pivots[i];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifted_systems_of_every_size_and_rank_are_solved() {
        for (n, rank) in [(1, 1), (2, 2), (3, 1), (9, 9), (17, 5), (40, 40), (5, 0)] {
            let vector = |r: usize, i: usize| (((r * 31 + i * 17 + r * i) % 23) as f64) / 10.0 - 1.0;
            let a: Vec<f64> =
                (0..n * n).map(|k| (0..rank).map(|r| vector(r, k / n) * vector(r, k % n)).sum()).collect();
            let factors = Tridiagonal::new(a.clone(), n);
            for mu in [1e-3, 1.0, 1e3] {
                let truth: Vec<f64> = (0..n).map(|i| 1.0 - 0.1 * i as f64).collect();
                let right: Vec<f64> = (0..n)
                    .map(|i| mu * truth[i] + (0..n).map(|j| a[i * n + j] * truth[j]).sum::<f64>())
                    .collect();
                let mut p: Vec<f64> =
                    (0..n).map(|k| (0..n).map(|i| factors.q[i * n + k] * right[i]).sum()).collect();
                factors.solve(mu, &mut p, &mut Vec::new());
                for i in 0..n {
                    let x: f64 = (0..n).map(|k| factors.q[i * n + k] * p[k]).sum();
                    // Condition up to some 1e6 times rounding.
                    assert!((x - truth[i]).abs() < 1e-8, "{n} {rank} {mu}: {x} {}", truth[i]);
                }
            }
        }
    }
}
