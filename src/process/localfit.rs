//! Savitzky-Golay: a polynomial fitted to a window around each point, its value or derivative taken at the point.
//! At both ends the window stops moving and the fit is evaluated off its centre (scipy's mode `interp`).

use super::orthopoly::OrthoPoly;

/// Most weights kept in memory for an uneven axis (128 MiB); beyond that each row makes them anew.
const MAX_WEIGHTS: usize = 1 << 24;

/// The fits around all points of an axis.
#[derive(Debug, Clone)]
pub(super) struct LocalFit {
    window: usize,
    weights: Weights,
}

/// Rows of `window` weights.
#[derive(Debug, Clone)]
enum Weights {
    /// Row `r` belongs to a point that stands `r` places into its window.
    Even(Vec<f64>),
    /// A row a point.
    Uneven(Vec<f64>),
    /// Made when needed.
    Transient { x: Vec<f64>, degree: usize, derivative: usize },
}

impl LocalFit {
    /// Fits over equal steps of the signed size `step`. The window is odd and at most the length of the rows.
    pub fn even(window: usize, degree: usize, derivative: usize, step: f64) -> Self {
        let x: Vec<f64> = (0..window).map(|i| i as f64 * step).collect();
        let mut weights = Vec::with_capacity(window * window);
        for at in &x {
            push_weights(&x, *at, degree, derivative, &mut weights);
        }
        Self { window, weights: Weights::Even(weights) }
    }

    /// Fits over the positions as they are.
    pub fn uneven(x: &[f64], window: usize, degree: usize, derivative: usize) -> Self {
        if window.saturating_mul(x.len()) > MAX_WEIGHTS {
            return Self { window, weights: Weights::Transient { x: x.to_vec(), degree, derivative } };
        }
        let mut weights = Vec::with_capacity(window * x.len());
        for i in 0..x.len() {
            let start = window_start(i, window, x.len());
            push_weights(&x[start..start + window], x[i], degree, derivative, &mut weights);
        }
        Self { window, weights: Weights::Uneven(weights) }
    }

    /// Writes the fitted values of `y` into `out`.
    pub fn apply(&self, y: &[f64], out: &mut Vec<f64>) {
        let window = self.window;
        let mut made = Vec::new();
        out.clear();
        out.extend((0..y.len()).map(|i| {
            let start = window_start(i, window, y.len());
            let weights = match &self.weights {
                Weights::Even(table) => &table[(i - start) * window..(i - start + 1) * window],
                Weights::Uneven(table) => &table[i * window..(i + 1) * window],
                Weights::Transient { x, degree, derivative } => {
                    made.clear();
                    push_weights(&x[start..start + window], x[i], *degree, *derivative, &mut made);
                    &made[..]
                }
            };
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
        let middle = |fit: LocalFit| match fit.weights {
            Weights::Even(table) => table[10..15].to_vec(),
            other => panic!("{other:?}"),
        };
        let textbook = [-3.0, 12.0, 17.0, 12.0, -3.0].map(|v| v / 35.0);
        for (found, expected) in middle(LocalFit::even(5, 2, 0, 1.0)).iter().zip(textbook) {
            assert!((found - expected).abs() < 1e-14);
        }
        for (found, expected) in
            middle(LocalFit::even(5, 2, 1, 2.0)).iter().zip([-0.1, -0.05, 0.0, 0.05, 0.1])
        {
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
            let kept = LocalFit::uneven(&x, 9, 3, derivative);
            let weights = Weights::Transient { x: x.clone(), degree: 3, derivative };
            for fit in [kept, LocalFit { window: 9, weights }] {
                fit.apply(&y, &mut b);
                for (a, b) in a.iter().zip(&b) {
                    assert!((a - b).abs() < 1e-12);
                }
            }
        }
    }
}
