//! In which metric spectra are compared: a plain one, one blind to smooth background, or the noise's own.
//!
//! All three are diagonal in the cosine basis (DCT-II). The mean-removed Brown covariance `H B0 H` is the
//! pseudo-inverse of the path Laplacian, whose eigenvectors are `cos(pi (i + 1/2) k / L)` with eigenvalues
//! `4 sin^2(pi k / 2L)`; the free offset is `k = 0`. So `W = C^(-1/2)` is a transform and one weight per coefficient,
//! and since rotations change no inner product the coefficients are never transformed back.

use std::sync::Arc;

use rustdct::{DctPlanner, TransformType2And3};

use super::SolverError;

/// The metric in which a residual is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Metric {
    /// Every point counts the same: white noise, no background.
    Plain,
    /// The first so many cosines are projected out: any smooth background costs nothing.
    Cosines(usize),
    /// `C = brown B + (1 - brown) I + offset 11'` is the covariance of the noise, `B` the mean-removed Brown
    /// covariance of unit mean diagonal; residuals are measured by `C^(-1)`.
    Noise {
        /// Share of Brown noise in the noise power, 0 to below 1.
        brown: f64,
        /// Variance of a common offset, 0 or more.
        offset: f64,
    },
}

impl Default for Metric {
    /// Twelve cosines: needs no noise model and removes smooth fluorescence too.
    fn default() -> Self {
        Self::Cosines(12)
    }
}

impl Metric {
    /// The noise of the mixture protocol: brown and white of equal power, a free offset.
    pub const PAPER_NOISE: Self = Self::Noise { brown: 0.5, offset: 10.0 };

    fn check(self) -> Result<(), SolverError> {
        let Self::Noise { brown, offset } = self else { return Ok(()) };
        if !(0.0..1.0).contains(&brown) {
            let expected = "at least 0 and below 1";
            return Err(SolverError::BadSetting { setting: "brown share", found: brown, expected });
        }
        if !(offset >= 0.0 && offset.is_finite()) {
            return Err(SolverError::BadSetting {
                setting: "offset variance",
                found: offset,
                expected: "0 or more",
            });
        }
        Ok(())
    }

    /// Weight of cosine `k` of `length`; the inverse square root of the covariance's eigenvalue.
    fn weight(self, k: usize, length: usize) -> f64 {
        match self {
            Self::Plain => 1.0,
            Self::Cosines(count) => f64::from(u8::from(k >= count)),
            Self::Noise { brown, offset } => {
                let n = length as f64;
                let variance = if k == 0 {
                    1.0 - brown + offset * n
                } else {
                    let sine = libm::sin(std::f64::consts::PI * k as f64 / (2.0 * n));
                    // Trace of the pseudo-inverse Laplacian: (n^2 - 1) / 6, spread over n points.
                    let mean_diagonal = (n * n - 1.0) / (6.0 * n);
                    1.0 - brown + brown / (mean_diagonal * 4.0 * sine * sine)
                };
                1.0 / variance.sqrt()
            }
        }
    }
}

/// A metric made ready for spectra of one length.
#[derive(Clone)]
pub(super) struct Whitener {
    metric: Metric,
    length: usize,
    /// Weight of each cosine, the transform's normalisation included; empty for `Plain`.
    weights: Vec<f64>,
    largest: f64,
    transform: Option<Arc<dyn TransformType2And3<f64>>>,
}

impl std::fmt::Debug for Whitener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Whitener")
            .field("metric", &self.metric)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// Share of a spectrum's norm below which what the metric leaves of it is rounding of its stored `f32` values.
const NOTHING_LEFT: f64 = f32::EPSILON as f64;

impl Whitener {
    pub fn new(metric: Metric, length: usize) -> Result<Self, SolverError> {
        metric.check()?;
        if metric == Metric::Plain {
            return Ok(Self { metric, length, weights: Vec::new(), largest: 1.0, transform: None });
        }
        let raw: Vec<f64> = (0..length).map(|k| metric.weight(k, length)).collect();
        let n = length as f64;
        let weights =
            raw.iter().enumerate().map(|(k, w)| w * if k == 0 { 1.0 / n } else { 2.0 / n }.sqrt()).collect();
        let largest = raw.iter().copied().fold(0.0, f64::max);
        let transform = Some(DctPlanner::new().plan_dct2(length));
        Ok(Self { metric, length, weights, largest, transform })
    }

    pub fn metric(&self) -> Metric {
        self.metric
    }

    pub fn length(&self) -> usize {
        self.length
    }

    /// The spectrum in the metric, written to `out` of the same length, and its norm there: 0 (and zeros) when
    /// nothing beyond rounding is left.
    pub fn whiten(&self, y: &[f32], out: &mut [f64]) -> f64 {
        for (to, from) in out.iter_mut().zip(y) {
            *to = f64::from(*from);
        }
        let Some(transform) = &self.transform else { return norm(out) };
        let before = norm(out);
        transform.process_dct2(out);
        for (value, weight) in out.iter_mut().zip(&self.weights) {
            *value *= weight;
        }
        let after = norm(out);
        if after <= NOTHING_LEFT * self.largest * before {
            out.fill(0.0);
            return 0.0;
        }
        after
    }
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|v| v * v).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Dense `C` of the noise metric, from `B0[i, j] = min(i, j)`.
    fn covariance(n: usize, brown: f64, offset: f64) -> Vec<Vec<f64>> {
        let b0 = |i: usize, j: usize| (i.min(j) + 1) as f64;
        let mean_row: Vec<f64> = (0..n).map(|i| (0..n).map(|j| b0(i, j)).sum::<f64>() / n as f64).collect();
        let mean = mean_row.iter().sum::<f64>() / n as f64;
        let centred = |i: usize, j: usize| b0(i, j) - mean_row[i] - mean_row[j] + mean;
        let diagonal = (0..n).map(|i| centred(i, i)).sum::<f64>() / n as f64;
        (0..n)
            .map(|i| {
                (0..n)
                    .map(|j| {
                        brown * centred(i, j) / diagonal + if i == j { 1.0 - brown } else { 0.0 } + offset
                    })
                    .collect()
            })
            .collect()
    }

    #[test]
    fn whitening_the_dense_noise_covariance_gives_the_identity() {
        for (n, brown, offset) in [(5, 0.5, 10.0), (16, 0.5, 10.0), (37, 0.9, 0.0), (64, 0.0, 3.0)] {
            let whitener = Whitener::new(Metric::Noise { brown, offset }, n).unwrap();
            // W as a matrix: the transform of every unit vector (the cosine rotation included: V' C V with V = W').
            let columns: Vec<Vec<f64>> = (0..n)
                .map(|i| {
                    let unit: Vec<f32> = (0..n).map(|j| if i == j { 1.0 } else { 0.0 }).collect();
                    let mut out = vec![0.0; n];
                    whitener.whiten(&unit, &mut out);
                    out
                })
                .collect();
            let c = covariance(n, brown, offset);
            for p in 0..n {
                for q in 0..n {
                    let mut sum = 0.0;
                    for i in 0..n {
                        for j in 0..n {
                            sum += columns[i][p] * c[i][j] * columns[j][q];
                        }
                    }
                    let expected = if p == q { 1.0 } else { 0.0 };
                    assert!((sum - expected).abs() < 1e-8, "{n} {brown}: [{p}, {q}] is {sum}");
                }
            }
        }
    }

    #[test]
    fn the_cosines_are_orthonormal_and_the_first_ones_vanish() {
        let n = 50;
        let whitener = Whitener::new(Metric::Cosines(3), n).unwrap();
        let mut out = vec![0.0; n];
        for k in 0..n {
            let cosine: Vec<f32> = (0..n)
                .map(|i| (std::f64::consts::PI * (i as f64 + 0.5) * k as f64 / n as f64).cos() as f32)
                .collect();
            let size = cosine.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
            let after = whitener.whiten(&cosine, &mut out);
            if k < 3 {
                assert!(after.abs() < f64::MIN_POSITIVE, "{k}: {after}");
            } else {
                // The cosines were rounded to f32.
                assert!((after - size).abs() < 1e-6 * size, "{k}: {after} {size}");
                assert!((out[k].abs() - size).abs() < 1e-6 * size);
            }
        }
    }

    #[test]
    fn impossible_noise_is_refused() {
        for (brown, offset) in [(1.0, 1.0), (-0.1, 1.0), (f64::NAN, 1.0), (0.5, -1.0), (0.5, f64::INFINITY)] {
            assert!(Whitener::new(Metric::Noise { brown, offset }, 8).is_err());
        }
    }

    #[test]
    fn lengths_of_one_and_two_work_in_every_metric() {
        for metric in [Metric::Plain, Metric::Cosines(0), Metric::Cosines(12), Metric::PAPER_NOISE] {
            for length in [1, 2] {
                let whitener = Whitener::new(metric, length).unwrap();
                let mut out = vec![0.0; length];
                assert!(whitener.whiten(&[1.0, -0.5][..length], &mut out).is_finite());
            }
        }
    }
}
