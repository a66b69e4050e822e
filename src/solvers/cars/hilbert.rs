//! The discrete Hilbert transform `H[f](x) = (1/pi) PV integral f(t) / (x - t) dt`.
//!
//! With it `Re chi_R = -H[Im chi_R]` and `phase of chi = H[ln |chi|]`. Two forms: a fixed matrix, exact on odd distances
//! and blind to what lies outside the window, and the sign of the frequency between two Fourier transforms, padded.

use std::f64::consts::PI;
use std::sync::Arc;

use rustdct::rustfft::num_complex::Complex;
use rustdct::rustfft::{Fft, FftPlanner};

/// What stands beyond both ends of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pad {
    /// Zeros: for `Im chi_R`, which has no more lines there.
    Zero,
    /// The values at the ends: for logarithms of ratios.
    Edge,
}

/// Hilbert transforms of windows of one length, with everything that depends on the length alone.
pub struct Hilbert {
    points: usize,
    /// Windows of padding on each side.
    padding: usize,
    there: Arc<dyn Fft<f64>>,
    back: Arc<dyn Fft<f64>>,
    long_there: Arc<dyn Fft<f64>>,
    long_back: Arc<dyn Fft<f64>>,
    /// Transform of the first column of the matrix, as a cyclic convolution.
    kernel: Vec<Complex<f64>>,
}

impl Hilbert {
    /// For windows of this many points; the padded form adds `padding` windows on each side.
    #[must_use]
    pub fn new(points: usize, padding: usize) -> Self {
        let mut planner = FftPlanner::new();
        let total = points * (2 * padding + 1);
        let cyclic = (2 * points).next_power_of_two();
        let long_there = planner.plan_fft_forward(cyclic);
        let mut kernel = vec![Complex::default(); cyclic];
        for distance in (1..points).step_by(2) {
            let value = 2.0 / (PI * distance as f64);
            kernel[distance].re = value;
            kernel[cyclic - distance].re = -value;
        }
        long_there.process(&mut kernel);
        Self {
            points,
            padding,
            there: planner.plan_fft_forward(total),
            back: planner.plan_fft_inverse(total),
            long_there,
            long_back: planner.plan_fft_inverse(cyclic),
            kernel,
        }
    }

    /// The matrix form, `M[i][j] = 2 / (pi (i - j))` where `i - j` is odd, else 0. A window of another length gives zeros
    /// where it is too short.
    #[must_use]
    pub fn matrix(&self, f: &[f64]) -> Vec<f64> {
        self.filtered(&self.kernel, f)
    }

    /// The transposed matrix times `f`: the gradient of [`Self::matrix`].
    #[must_use]
    pub fn transposed(&self, f: &[f64]) -> Vec<f64> {
        let mut out = self.matrix(f);
        for v in &mut out {
            *v = -*v;
        }
        out
    }

    fn filtered(&self, kernel: &[Complex<f64>], f: &[f64]) -> Vec<f64> {
        let mut work = vec![Complex::default(); kernel.len()];
        for (slot, value) in work.iter_mut().zip(f.iter().take(self.points)) {
            slot.re = *value;
        }
        self.long_there.process(&mut work);
        for (value, factor) in work.iter_mut().zip(kernel) {
            *value *= factor;
        }
        self.long_back.process(&mut work);
        let scale = 1.0 / kernel.len() as f64;
        work.iter().take(self.points).map(|v| v.re * scale).collect()
    }

    /// The Fourier form: -i times the sign of the frequency, 0 at no frequency and at the highest one.
    #[must_use]
    pub fn fourier(&self, f: &[f64], pad: Pad) -> Vec<f64> {
        let (n, before) = (self.points, self.points * self.padding);
        let total = n + 2 * before;
        let (first, last) = match pad {
            Pad::Zero => (0.0, 0.0),
            Pad::Edge => (f.first().copied().unwrap_or_default(), f.last().copied().unwrap_or_default()),
        };
        let at = |i: usize| match i.checked_sub(before) {
            None => first,
            Some(k) => f.get(k).copied().filter(|_| k < n).unwrap_or(last),
        };
        let mut work: Vec<Complex<f64>> = (0..total).map(|i| Complex::new(at(i), 0.0)).collect();
        self.there.process(&mut work);
        let highest = total.div_ceil(2);
        for (k, value) in work.iter_mut().enumerate() {
            *value = match k {
                0 => Complex::default(),
                k if k < highest => Complex::new(value.im, -value.re),
                k if 2 * k == total => Complex::default(),
                _ => Complex::new(-value.im, value.re),
            };
        }
        self.back.process(&mut work);
        let scale = 1.0 / total as f64;
        work.iter().skip(before).take(n).map(|v| v.re * scale).collect()
    }
}

impl std::fmt::Debug for Hilbert {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hilbert")
            .field("points", &self.points)
            .field("padding", &self.padding)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::evenly;

    /// A line of height 1 over 0 to 1 and its exact real part.
    fn line(points: usize, centre: f64, width: f64) -> (Vec<f64>, Vec<f64>) {
        let parts = |x: f64| {
            let d = centre - x;
            let scale = width / (d * d + width * width);
            (scale * width, scale * d)
        };
        evenly(0.0, 1.0, points).into_iter().map(parts).unzip()
    }

    /// Largest and root mean square deviation of `-H[im]` from `re`, and the largest within the middle 80 %.
    fn errors(hilbert: &[f64], re: &[f64]) -> (f64, f64, f64) {
        let off: Vec<f64> = hilbert.iter().zip(re).map(|(h, r)| (h + r).abs()).collect();
        let largest = |part: &[f64]| part.iter().fold(0.0_f64, |a, v| a.max(*v));
        let rms = (off.iter().map(|v| v * v).sum::<f64>() / off.len() as f64).sqrt();
        let tenth = off.len() / 10;
        (largest(&off), rms, largest(&off[tenth..off.len() - tenth]))
    }

    #[track_caller]
    fn about(found: f64, stated: f64) {
        assert!(found < 1.5 * stated && found > stated / 1.5, "{found:.2e} beside {stated:.2e}");
    }

    #[test]
    fn the_matrix_form_errs_as_the_table_says() {
        let (im, re) = line(1024, 0.5, 0.005);
        about(errors(&Hilbert::new(1024, 0).matrix(&im), &re).0, 2.0e-4);
    }

    #[test]
    fn the_fourier_form_errs_as_the_table_says() {
        let (im, re) = line(1024, 0.5, 0.005);
        let (one, two) = (Hilbert::new(1024, 1), Hilbert::new(1024, 2));
        for (hilbert, pad, largest, rms) in [
            (&one, Pad::Zero, 8.2e-4, 5.0e-4),
            (&two, Pad::Zero, 2.5e-4, 1.6e-4),
            (&one, Pad::Edge, 9.8e-4, 5.6e-4),
        ] {
            let found = errors(&hilbert.fourier(&im, pad), &re);
            about(found.0, largest);
            about(found.1, rms);
        }
        let (im, re) = line(1024, 0.5, 0.02);
        for (hilbert, largest, rms) in [(&one, 2.5e-3, 1.7e-3), (&two, 1.9e-3, 4.0e-4)] {
            let found = errors(&hilbert.fourier(&im, Pad::Zero), &re);
            about(found.0, largest);
            about(found.1, rms);
        }
    }

    #[test]
    fn a_line_of_one_pixel_errs_as_the_table_says_in_every_form() {
        for (points, largest, rms) in [(1024, 6.6e-2, 3.2e-3), (640, 1.8e-1, 1.0e-2)] {
            let (im, re) = line(points, 0.5, 0.001);
            let hilbert = Hilbert::new(points, 1);
            let forms =
                [hilbert.matrix(&im), hilbert.fourier(&im, Pad::Zero), hilbert.fourier(&im, Pad::Edge)];
            for form in forms {
                let found = errors(&form, &re);
                about(found.0, largest);
                about(found.1, rms);
            }
        }
    }

    #[test]
    fn lines_at_the_edge_err_as_the_table_says() {
        for (centre, width, pad, largest, middle, rms) in [
            (0.02, 0.005, Pad::Zero, 6.3e-2, 3.0e-3, 3.8e-3),
            (0.02, 0.005, Pad::Edge, 8.8e-2, 3.8e-2, 2.2e-2),
            (0.98, 0.01, Pad::Zero, 2.2e-1, 1.1e-2, 1.3e-2),
        ] {
            let (im, re) = line(1024, centre, width);
            let found = errors(&Hilbert::new(1024, 1).fourier(&im, pad), &re);
            about(found.0, largest);
            about(found.1, rms);
            about(found.2, middle);
        }
    }

    #[test]
    fn a_cosine_becomes_a_sine() {
        let wave = |f: fn(f64) -> f64| -> Vec<f64> {
            (0..1024).map(|k| f(2.0 * PI * 8.0 * f64::from(k) / 1024.0)).collect()
        };
        let found = Hilbert::new(1024, 0).fourier(&wave(f64::cos), Pad::Zero);
        let off = found.iter().zip(wave(f64::sin)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        // The table says 4e-15; transforms round differently.
        assert!(off < 1e-13, "{off}");
    }

    #[test]
    fn a_spike_gives_a_column_of_the_matrix() {
        let mut spike = [0.0; 8];
        spike[4] = 1.0;
        let hilbert = Hilbert::new(8, 0);
        // 0.636620 and 0.212207 in the table.
        let (near, far) = (2.0 / PI, 2.0 / (3.0 * PI));
        let expected = [0.0, -far, 0.0, -near, 0.0, near, 0.0, far];
        for (found, expected) in hilbert.matrix(&spike).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        let sum: f64 =
            hilbert.transposed(&spike).iter().zip(hilbert.matrix(&spike)).map(|(a, b)| a + b).sum();
        assert!(sum.abs() < 1e-15);
    }

    #[test]
    fn both_forms_agree_the_better_the_wider_the_padding() {
        let (im, _) = line(1024, 0.5, 0.005);
        let matrix = Hilbert::new(1024, 0).matrix(&im);
        for (padding, stated) in [(1, 9.2e-4), (4, 1.0e-4)] {
            let fourier = Hilbert::new(1024, padding).fourier(&im, Pad::Zero);
            about(matrix.iter().zip(&fourier).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max), stated);
        }
    }
}
