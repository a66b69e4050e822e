//! Savitzky-Golay: a polynomial fitted to a window around each point, its value or derivative taken at the point.
//! At both ends the window stops moving and the fit is evaluated off its centre (scipy's mode `interp`).

use super::orthopoly::OrthoPoly;

/// Weights of the window for every point: one table for an even axis, one row a point for an uneven one.
#[derive(Debug, Clone)]
pub(super) struct LocalFit {
    window: usize,
    /// Rows of `window` weights; row `r` belongs to the point `r` places into its window when `even`.
    weights: Vec<f64>,
    even: bool,
}

impl LocalFit {
    /// Fits over equal steps of the signed size `step`. The window is odd and at most the length of the rows.
    pub fn even(window: usize, degree: usize, derivative: usize, step: f64) -> Self {
        let x: Vec<f64> = (0..window).map(|i| i as f64 * step).collect();
        let mut weights = Vec::with_capacity(window * window);
        for at in &x {
            push_weights(&x, *at, degree, derivative, &mut weights);
        }
        Self { window, weights, even: true }
    }

    /// Fits over the positions as they are.
    pub fn uneven(x: &[f64], window: usize, degree: usize, derivative: usize) -> Self {
        let mut weights = Vec::with_capacity(window * x.len());
        for i in 0..x.len() {
            let start = window_start(i, window, x.len());
            push_weights(&x[start..start + window], x[i], degree, derivative, &mut weights);
        }
        Self { window, weights, even: false }
    }

    /// Writes the fitted values of `y` into `out`.
    pub fn apply(&self, y: &[f64], out: &mut Vec<f64>) {
        let window = self.window;
        out.clear();
        out.extend((0..y.len()).map(|i| {
            let start = window_start(i, window, y.len());
            let row = if self.even { i - start } else { i };
            let weights = &self.weights[row * window..(row + 1) * window];
            weights.iter().zip(&y[start..start + window]).map(|(w, y)| w * y).sum::<f64>()
        }));
    }
}

fn window_start(i: usize, window: usize, n: usize) -> usize {
    i.saturating_sub(window / 2).min(n - window)
}

/// Weights that turn the values over `x` into the fit's derivative at `at`.
fn push_weights(x: &[f64], at: f64, degree: usize, derivative: usize, out: &mut Vec<f64>) {
    let basis = OrthoPoly::new(x, degree, |_| true);
    let (mut here, mut there) = (Vec::new(), Vec::new());
    basis.at(at, derivative, &mut here);
    for x in x {
        basis.at(*x, 0, &mut there);
        out.push(here.iter().zip(&there).zip(basis.norms()).map(|((h, t), norm)| h * t / norm).sum());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_five_point_quadratic_has_its_textbook_weights() {
        let fit = LocalFit::even(5, 2, 0, 1.0);
        let textbook = [-3.0, 12.0, 17.0, 12.0, -3.0].map(|v| v / 35.0);
        for (found, expected) in fit.weights[10..15].iter().zip(textbook) {
            assert!((found - expected).abs() < 1e-14);
        }
        let slope = LocalFit::even(5, 2, 1, 2.0);
        for (found, expected) in slope.weights[10..15].iter().zip([-0.1, -0.05, 0.0, 0.05, 0.1]) {
            assert!((found - expected).abs() < 1e-14);
        }
    }

    #[test]
    fn even_and_uneven_tables_agree_on_an_even_axis() {
        let x: Vec<f64> = (0..40).map(|i| 900.0 - 1.5 * f64::from(i)).collect();
        let y: Vec<f64> = x.iter().map(|x| (x / 7.0).sin()).collect();
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for derivative in 0..3 {
            LocalFit::even(9, 3, derivative, -1.5).apply(&y, &mut a);
            LocalFit::uneven(&x, 9, 3, derivative).apply(&y, &mut b);
            for (a, b) in a.iter().zip(&b) {
                assert!((a - b).abs() < 1e-12);
            }
        }
    }
}
