//! Penalised least squares with second differences: `(W + lambda D'D) z = W y`, the heart of asls, arPLS, airPLS and
//! the Whittaker smoother. The matrix has five bands; `L D L'` factorisation and both substitutions are O(n).

/// Workspace of the solver; grows to the longest row once and allocates nothing after that.
#[derive(Debug, Clone, Default)]
pub struct System {
    /// `D'D`: diagonal, first and second band to the right.
    bands: [Vec<f64>; 3],
    /// `L`: first and second band below the diagonal.
    first: Vec<f64>,
    second: Vec<f64>,
    /// The solution.
    z: Vec<f64>,
}

/// Shortest row with a second difference.
pub(super) const MIN_POINTS: usize = 3;

impl System {
    fn fit_to(&mut self, n: usize) {
        if self.z.len() == n {
            return;
        }
        for list in self.bands.iter_mut().chain([&mut self.first, &mut self.second, &mut self.z]) {
            list.clear();
            list.resize(n, 0.0);
        }
        let [diagonal, right, far] = &mut self.bands;
        for i in 0..n - 2 {
            for (offset, weight) in [1.0, -2.0, 1.0].into_iter().enumerate() {
                diagonal[i + offset] += weight * weight;
            }
            right[i] -= 2.0;
            right[i + 1] -= 2.0;
            far[i] += 1.0;
        }
    }

    /// The curve that minimises `sum w (y - z)^2 + lambda sum (second difference of z)^2`, or `None` when the weights
    /// leave it undetermined (fewer than two points with weight) or a number overflows.
    pub fn solve(&mut self, y: &[f64], weights: &[f64], lambda: f64) -> Option<&[f64]> {
        let n = y.len();
        if n < MIN_POINTS || weights.len() != n {
            return None;
        }
        self.fit_to(n);
        let [diagonal, right, far] = &self.bands;
        let (diagonal, right, far) = (&diagonal[..n], &right[..n], &far[..n]);
        let (g, e, z) = (&mut self.first[..n], &mut self.second[..n], &mut self.z[..n]);

        // Row i of L D L' and of L u = W y; the suffixes say how many rows up a value comes from.
        let (mut g1, mut t1, mut b1, mut u1) = (0.0, 0.0, 0.0, 0.0);
        let (mut e1, mut e2, mut b2, mut u2) = (0.0, 0.0, 0.0, 0.0);
        let mut sound = true;
        for i in 0..n {
            let b = lambda * far[i];
            let t = lambda * right[i] - b1 * g1;
            let pivot = (weights[i] + lambda * diagonal[i] - e2 * b2) - g1 * t1;
            let u = (weights[i] * y[i] - e2 * u2) - g1 * u1;
            sound &= pivot > 0.0;
            let inverse = 1.0 / pivot;
            g[i] = t * inverse;
            e[i] = b * inverse;
            z[i] = u * inverse;
            (b2, u2, e2) = (b1, u1, e1);
            (g1, t1, b1, u1, e1) = (g[i], t, b, u, e[i]);
        }
        let (mut below1, mut below2) = (0.0, 0.0);
        for i in (0..n).rev() {
            let value = (z[i] - e[i] * below2) - g[i] * below1;
            z[i] = value;
            (below2, below1) = (below1, value);
        }
        // A NaN or infinity anywhere runs through both substitutions to the first point.
        (sound && below1.is_finite()).then_some(z)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Largest residual of the normal equations, relative to the size of their terms.
    fn residual(y: &[f64], w: &[f64], lambda: f64, z: &[f64]) -> f64 {
        let n = y.len();
        let mut rest: Vec<f64> = (0..n).map(|i| w[i] * (z[i] - y[i])).collect();
        let mut size: Vec<f64> = (0..n).map(|i| w[i] * (z[i].abs() + y[i].abs())).collect();
        for i in 0..n - 2 {
            let terms = [z[i], -2.0 * z[i + 1], z[i + 2]];
            let (second, sum) = (terms.iter().sum::<f64>(), terms.iter().map(|t| t.abs()).sum::<f64>());
            for (offset, weight) in [1.0, -2.0, 1.0].into_iter().enumerate() {
                rest[i + offset] += lambda * weight * second;
                size[i + offset] += lambda * f64::abs(weight) * sum;
            }
        }
        let scale = size.iter().fold(f64::MIN_POSITIVE, |a, v| a.max(*v));
        rest.iter().fold(0.0, |a: f64, v| a.max(v.abs())) / scale
    }

    #[test]
    fn a_straight_line_is_its_own_smooth_curve() {
        let y: Vec<f64> = (0..50).map(|i| 3.0 - 0.25 * f64::from(i)).collect();
        let mut system = System::default();
        for lambda in [1e-3, 1.0, 1e6, 1e9] {
            let z = system.solve(&y, &[1.0; 50], lambda).unwrap();
            for (a, b) in y.iter().zip(z) {
                // Condition number 16 lambda times rounding, far from the worst case.
                assert!((a - b).abs() < 1e-6, "{lambda}: {a} {b}");
            }
        }
    }

    #[test]
    fn undetermined_systems_and_overflow_are_refused() {
        let mut system = System::default();
        assert!(system.solve(&[1.0; 10], &[0.0; 10], 1.0).is_none());
        assert!(system.solve(&[1.0; 2], &[1.0; 2], 1.0).is_none());
        assert!(system.solve(&[1.0; 10], &[1e308; 10], 1e308).is_none());
        assert!(system.solve(&[f64::NAN; 10], &[1.0; 10], 1.0).is_none());
    }

    proptest! {
        #[test]
        fn the_normal_equations_hold_for_every_size_and_stiffness(
            pairs in prop::collection::vec((-100.0_f64..100.0, 1e-6_f64..1.0), 3..80),
            exponent in -3.0_f64..9.0,
        ) {
            let (y, w): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let lambda = 10_f64.powf(exponent);
            let mut system = System::default();
            let z = system.solve(&y, &w, lambda).unwrap().to_vec();
            // LAPACK's manner: residual over size and rounding stays a small number.
            prop_assert!(residual(&y, &w, lambda, &z) < 30.0 * f64::EPSILON * y.len() as f64);
        }
    }
}
