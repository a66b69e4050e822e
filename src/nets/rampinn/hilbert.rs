//! The discrete Hilbert transform of curves on an even grid, as a matrix that does not depend on the step.

use burn::tensor::{Device, Tensor};

use crate::spectrum::metrics::dot;

/// The matrix for one number of points.
#[derive(Debug, Clone)]
pub struct Hilbert {
    points: usize,
    /// `2 / (pi d)` for odd `d`, else 0; `d` falls from `points - 1` to `1 - points`.
    kernel: Vec<f32>,
    /// What a constant 1 over `points` points before the first, and after the last, adds at each point.
    before: Vec<f32>,
    after: Vec<f32>,
}

/// `2 / (pi d)` for odd `d`, else 0.
fn weight(d: i64) -> f64 {
    if d % 2 == 0 { 0.0 } else { 2.0 / (std::f64::consts::PI * d as f64) }
}

impl Hilbert {
    /// For curves of so many points.
    pub fn new(points: usize) -> Self {
        let n = points as i64;
        let kernel = (0..2 * n - 1).map(|k| weight(n - 1 - k) as f32).collect();
        let sum = |i: i64, outside: std::ops::Range<i64>| outside.map(|j| weight(i - j)).sum::<f64>() as f32;
        Self {
            points,
            kernel,
            before: (0..n).map(|i| sum(i, -n..0)).collect(),
            after: (0..n).map(|i| sum(i, n..2 * n)).collect(),
        }
    }

    /// The transform of a curve that is zero outside.
    pub fn of(&self, curve: &[f32]) -> Vec<f32> {
        let n = self.points;
        (0..n).map(|i| dot(&self.kernel[n - 1 - i..2 * n - 1 - i], curve)).collect()
    }

    /// The transform of a curve that stays at its end values for as many points again on both sides.
    pub fn of_level(&self, curve: &[f32]) -> Vec<f32> {
        let (first, last) = (curve.first().copied().unwrap_or(0.0), curve.last().copied().unwrap_or(0.0));
        let mut out = self.of(curve);
        for ((out, before), after) in out.iter_mut().zip(&self.before).zip(&self.after) {
            *out += before * first + after * last;
        }
        out
    }

    /// Transposed, for curves as rows: `curves.matmul(matrix)` are their transforms.
    pub fn matrix(&self, device: &Device) -> Tensor<2> {
        let n = self.points as i64;
        let values: Vec<f32> = (0..n).flat_map(|j| (0..n).map(move |i| weight(i - j) as f32)).collect();
        Tensor::<1>::from_floats(values.as_slice(), device).reshape([self.points, self.points])
    }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::FRAC_2_PI;

    use super::*;

    #[test]
    fn a_spike_gives_the_published_row() {
        let mut spike = [0.0; 8];
        spike[4] = 1.0;
        let expected = [0.0, -FRAC_2_PI / 3.0, 0.0, -FRAC_2_PI, 0.0, FRAC_2_PI, 0.0, FRAC_2_PI / 3.0];
        let hilbert = Hilbert::new(8);
        let rows = Tensor::<1>::from_floats(spike, &Device::flex()).reshape([1, 8]);
        let by_matrix = rows.matmul(hilbert.matrix(&Device::flex())).into_data().try_to_vec::<f32>().unwrap();
        for ((found, other), expected) in hilbert.of(&spike).iter().zip(by_matrix).zip(expected) {
            // Six digits are given.
            assert!((found - expected).abs() < 1e-6 && (other - expected).abs() < 1e-6, "{found} {other}");
        }
    }

    #[test]
    fn a_line_becomes_its_dispersion() {
        let n = 1024;
        let (w, g) = (0.5_f64, 0.005_f64);
        let at = |i: usize| i as f64 / (n - 1) as f64;
        let line: Vec<f32> = (0..n).map(|i| (g * g / ((w - at(i)).powi(2) + g * g)) as f32).collect();
        let worst = Hilbert::new(n).of(&line).iter().enumerate().fold(0.0_f64, |worst, (i, found)| {
            let exact = g * (at(i) - w) / ((w - at(i)).powi(2) + g * g);
            worst.max((f64::from(*found) - exact).abs())
        });
        // The specification's measurement: 2.0e-4, within a factor of 1.5.
        assert!((1.3e-4..3.0e-4).contains(&worst), "{worst}");
    }

    #[test]
    fn the_ends_of_a_level_curve_leave_no_edge() {
        let hilbert = Hilbert::new(256);
        let middle = |curve: Vec<f32>| curve[64..192].iter().fold(0.0_f32, |m, v| m.max(v.abs()));
        let (level, bare) = (middle(hilbert.of_level(&[1.0; 256])), middle(hilbert.of(&[1.0; 256])));
        assert!(level < 0.2 && bare > 0.3 && level < 0.5 * bare, "{level} {bare}");
    }
}
