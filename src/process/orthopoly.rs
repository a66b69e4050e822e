//! Polynomials orthogonal over given points (Forsythe's recurrence): least squares of any moderate degree without
//! the ill-conditioned matrix of powers. Used by iModPoly, Savitzky-Golay and the calibration.

/// Squared norm, relative to the constant's, below which the points cannot tell one more degree.
const RANK_LIMIT: f64 = 1e-24;

/// `p[0] = 1`, `p[k+1](u) = (u - a[k]) p[k](u) - b[k] p[k-1](u)`, with `u` the position scaled to -1..1.
#[derive(Debug, Clone)]
pub(super) struct OrthoPoly {
    centre: f64,
    half_width: f64,
    a: Vec<f64>,
    b: Vec<f64>,
    norms: Vec<f64>,
}

impl OrthoPoly {
    /// Orthogonal over the points for which `counts` holds, up to `degree` or as far as there are distinct points.
    pub fn new(x: &[f64], degree: usize, counts: impl Fn(usize) -> bool) -> Self {
        let (low, high) =
            x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
        let half_width = if high > low { 0.5 * (high - low) } else { 1.0 };
        let mut basis =
            Self { centre: 0.5 * (low + high), half_width, a: Vec::new(), b: Vec::new(), norms: Vec::new() };
        let u: Vec<f64> =
            x.iter().enumerate().filter(|(i, _)| counts(*i)).map(|(_, v)| basis.scaled(*v)).collect();
        if u.is_empty() {
            return basis;
        }
        let (mut before, mut current) = (vec![0.0; u.len()], vec![1.0; u.len()]);
        basis.norms.push(u.len() as f64);
        for k in 0..degree {
            let norm = basis.norms[k];
            let a = u.iter().zip(&current).map(|(u, p)| u * p * p).sum::<f64>() / norm;
            let b = if k == 0 { 0.0 } else { norm / basis.norms[k - 1] };
            for ((before, current), u) in before.iter_mut().zip(&mut current).zip(&u) {
                let next = (u - a) * *current - b * *before;
                *before = std::mem::replace(current, next);
            }
            let next_norm: f64 = current.iter().map(|p| p * p).sum();
            // Values of degree k shrink like 2^-k by themselves.
            if next_norm <= RANK_LIMIT * basis.norms[0] {
                break;
            }
            basis.a.push(a);
            basis.b.push(b);
            basis.norms.push(next_norm);
        }
        basis
    }

    /// Number of polynomials, the highest degree plus one.
    pub fn len(&self) -> usize {
        self.norms.len()
    }

    /// Sum of squares of each polynomial over the points that count.
    pub fn norms(&self) -> &[f64] {
        &self.norms
    }

    fn scaled(&self, x: f64) -> f64 {
        (x - self.centre) / self.half_width
    }

    /// Derivative `order` (0, 1 or 2) of every polynomial at `x`, with respect to `x`.
    pub fn at(&self, x: f64, order: usize, out: &mut Vec<f64>) {
        out.clear();
        let u = self.scaled(x);
        let per_x = self.half_width.powi(-(order as i32));
        let (mut before, mut current) = ([0.0; 3], [1.0, 0.0, 0.0]);
        for k in 0..self.len() {
            out.push(current.get(order).copied().unwrap_or_default() * per_x);
            if k < self.a.len() {
                let (f, b) = (u - self.a[k], self.b[k]);
                let next = [
                    f * current[0] - b * before[0],
                    f * current[1] + current[0] - b * before[1],
                    f * current[2] + 2.0 * current[1] - b * before[2],
                ];
                before = std::mem::replace(&mut current, next);
            }
        }
    }
}

/// Least-squares polynomial through points, ready to be evaluated.
#[derive(Debug, Clone)]
pub(super) struct PolyFit {
    basis: OrthoPoly,
    coefficients: Vec<f64>,
}

impl PolyFit {
    /// Fits `y` over `x`.
    pub fn new(x: &[f64], y: &[f64], degree: usize) -> Self {
        let basis = OrthoPoly::new(x, degree, |_| true);
        let mut coefficients = vec![0.0; basis.len()];
        let mut values = Vec::new();
        for (x, y) in x.iter().zip(y) {
            basis.at(*x, 0, &mut values);
            for ((c, p), norm) in coefficients.iter_mut().zip(&values).zip(basis.norms()) {
                *c += p * y / norm;
            }
        }
        Self { basis, coefficients }
    }

    /// The polynomial at `x`.
    pub fn at(&self, x: f64, scratch: &mut Vec<f64>) -> f64 {
        self.basis.at(x, 0, scratch);
        scratch.iter().zip(&self.coefficients).map(|(p, c)| p * c).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quintic_on_uneven_points_is_found_again() {
        let x: Vec<f64> = (0..200).map(|i| 150.0 + 1.3 * f64::from(i) + 0.002 * f64::from(i * i)).collect();
        let quintic = |x: f64| {
            let u = (x - 300.0) / 150.0;
            2.0 + u - 3.0 * u.powi(2) + 0.5 * u.powi(3) + u.powi(5)
        };
        let y: Vec<f64> = x.iter().map(|x| quintic(*x)).collect();
        let fit = PolyFit::new(&x, &y, 5);
        let mut scratch = Vec::new();
        for x in [150.0, 222.2, 400.0] {
            assert!((fit.at(x, &mut scratch) - quintic(x)).abs() < 1e-10);
        }
    }

    #[test]
    fn degrees_beyond_the_distinct_points_are_left_out() {
        assert_eq!(OrthoPoly::new(&[1.0, 2.0, 2.0, 3.0], 8, |_| true).len(), 3);
        assert_eq!(OrthoPoly::new(&[1.0, 2.0, 3.0], 2, |i| i == 1).len(), 1);
        assert_eq!(OrthoPoly::new(&[1.0, 2.0], 2, |_| false).len(), 0);
    }

    #[test]
    fn derivatives_of_a_cubic_are_exact() {
        let x: Vec<f64> = (0..9).map(f64::from).collect();
        let basis = OrthoPoly::new(&x, 3, |_| true);
        let (mut values, mut at) = (Vec::new(), Vec::new());
        for (order, expected) in [(0, 27.0), (1, 27.0), (2, 18.0)] {
            basis.at(3.0, order, &mut at);
            let mut sum = 0.0;
            for x in &x {
                basis.at(*x, 0, &mut values);
                for k in 0..basis.len() {
                    sum += at[k] * values[k] * x.powi(3) / basis.norms()[k];
                }
            }
            assert!((sum - expected).abs() < 1e-9, "order {order}: {sum}");
        }
    }
}
