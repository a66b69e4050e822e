//! Cholesky factor of a small Gram matrix that gains and loses one row at a time.

use super::product::dot_any;

/// `G = L L'`, `L` lower triangular. Grows as needed; allocates nothing once it has reached its largest size.
#[derive(Debug, Clone, Default)]
pub struct Cholesky {
    size: usize,
    stride: usize,
    /// Row `i` begins at `i * stride`; `i + 1` values count.
    rows: Vec<f64>,
}

/// A new row is refused when its squared distance from the span of the others is below this share of its own
/// square: rows stored in `f32` differ by more than that (about 1e-6 of their length) unless they are copies.
const DEPENDENT: f64 = 1e-11;

impl Cholesky {
    /// An empty factor with room for `size` rows.
    pub fn with_capacity(size: usize) -> Self {
        Self { size: 0, stride: size, rows: vec![0.0; size * size] }
    }

    pub fn clear(&mut self) {
        self.size = 0;
    }

    /// Row `i` of `L`, up to its diagonal.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.rows[i * self.stride..][..=i]
    }

    fn grow(&mut self) {
        let stride = (2 * self.stride).max(8);
        let mut rows = vec![0.0; stride * stride];
        for i in 0..self.size {
            rows[i * stride..][..=i].copy_from_slice(self.row(i));
        }
        (self.stride, self.rows) = (stride, rows);
    }

    /// Adds one row: its inner products with the rows already there, and with itself. False, and nothing changed,
    /// when it depends on them.
    pub fn append(&mut self, cross: impl IntoIterator<Item = f64>, square: f64) -> bool {
        if self.size == self.stride {
            self.grow();
        }
        let (n, stride) = (self.size, self.stride);
        let (above, own) = self.rows.split_at_mut(n * stride);
        let own = &mut own[..=n];
        for (to, value) in own.iter_mut().zip(cross) {
            *to = value;
        }
        let mut rest = square;
        for i in 0..n {
            let row = &above[i * stride..][..=i];
            let sum = dot_any(&row[..i], &own[..i]);
            let value = (own[i] - sum) / row[i];
            own[i] = value;
            rest -= value * value;
        }
        // Written so that NaN is refused too.
        let independent = rest > DEPENDENT * square;
        if independent {
            own[n] = rest.sqrt();
            self.size += 1;
        }
        independent
    }

    /// Takes row `at` out; the rows behind it move up.
    pub fn drop(&mut self, at: usize) {
        let (n, stride) = (self.size, self.stride);
        for i in at + 1..n {
            // Row i moves to i - 1; columns from `at` on are one too wide, rotated away below.
            self.rows.copy_within(i * stride..=i * stride + i, (i - 1) * stride);
        }
        self.size = n - 1;
        for k in at..self.size {
            let (p, q) = (self.rows[k * stride + k], self.rows[k * stride + k + 1]);
            let length = p.hypot(q);
            let (c, s) = (p / length, q / length);
            self.rows[k * stride + k] = length;
            for i in k + 1..self.size {
                let row = &mut self.rows[i * stride + k..=i * stride + k + 1];
                let (a, b) = (row[0], row[1]);
                row[0] = c * a + s * b;
                row[1] = c * b - s * a;
            }
        }
    }

    /// Overwrites `v` by the solution of `L u = v`.
    pub fn forward(&self, v: &mut [f64]) {
        for i in 0..self.size {
            let row = self.row(i);
            let sum = dot_any(&row[..i], &v[..i]);
            v[i] = (v[i] - sum) / row[i];
        }
    }

    /// Overwrites `v` by the solution of `G u = v`.
    pub fn solve(&self, v: &mut [f64]) {
        self.forward(v);
        for i in (0..self.size).rev() {
            let row = self.row(i);
            let value = v[i] / row[i];
            v[i] = value;
            for (below, l) in v[..i].iter_mut().zip(row) {
                *below -= l * value;
            }
        }
    }

    #[cfg(test)]
    pub fn size(&self) -> usize {
        self.size
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn gram(vectors: &[Vec<f64>], i: usize, j: usize) -> f64 {
        vectors[i].iter().zip(&vectors[j]).map(|(a, b)| a * b).sum()
    }

    fn check(factor: &Cholesky, vectors: &[Vec<f64>], members: &[usize]) {
        let n = members.len();
        assert_eq!(factor.size(), n);
        let truth: Vec<f64> = (0..n).map(|i| 1.0 - i as f64 * 0.3).collect();
        let mut v: Vec<f64> =
            (0..n).map(|i| (0..n).map(|j| gram(vectors, members[i], members[j]) * truth[j]).sum()).collect();
        factor.solve(&mut v);
        for (a, b) in v.iter().zip(&truth) {
            // Conditions up to some 1e4 times rounding.
            assert!((a - b).abs() < 1e-8, "{v:?}");
        }
    }

    proptest! {
        #[test]
        fn rows_come_and_go_and_the_system_stays_solved(
            noise in prop::collection::vec(-1.0_f64..1.0, 20 * 12),
            moves in prop::collection::vec(0_usize..100, 1..40),
        ) {
            let vectors: Vec<Vec<f64>> = (0..12)
                .map(|i| (0..20).map(|k| noise[i * 20 + k] + if i == k { 3.0 } else { 0.0 }).collect())
                .collect();
            let mut factor = Cholesky::with_capacity(1);
            let mut members: Vec<usize> = Vec::new();
            for step in moves {
                let row = step % 12;
                if let Some(at) = members.iter().position(|m| *m == row) {
                    factor.drop(at);
                    members.remove(at);
                } else {
                    let cross: Vec<f64> = members.iter().map(|m| gram(&vectors, row, *m)).collect();
                    prop_assert!(factor.append(cross, gram(&vectors, row, row)));
                    members.push(row);
                }
                check(&factor, &vectors, &members);
            }
        }
    }

    #[test]
    fn a_dependent_row_is_refused_and_changes_nothing() {
        let mut factor = Cholesky::default();
        assert!(factor.append([], 1.0));
        assert!(factor.append([0.5], 1.0));
        assert!(!factor.append([1.0, 0.5], 1.0));
        assert!(!factor.append([f64::NAN, 0.0], 1.0));
        assert!(!factor.append([0.0, 0.0], 0.0));
        let mut v = [1.0, 1.0];
        factor.solve(&mut v);
        assert!((v[0] - 2.0 / 3.0).abs() < 1e-15 && (v[1] - 2.0 / 3.0).abs() < 1e-15);
    }
}
