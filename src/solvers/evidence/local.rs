//! How likely a spectrum is, given the library part of each of its components.
//!
//! A stored spectrum is never quite the sample's: bands are stronger or weaker (orientation, resonance) and lie a
//! little to the side (composition, strain, calibration). Each component is therefore its library part `f` plus a
//! local gain and a local shift, `f + g(x) f + s(x) f'`, where `g` and `s` are random fields; a random walk
//! stands for fluorescence and drift, and white noise for the detector. All fields are piecewise linear between knots,
//! so the posterior precision is block tridiagonal and one evidence costs a few thousand operations a knot.

use super::blocks::{Blocks, features_of, solve};

/// What is taken for granted about deviations from the library. Lengths in the units of the axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deviation {
    /// Standard deviation of the local gain.
    pub gain: f64,
    /// Standard deviation of the local shift.
    pub shift: f64,
    /// Variance of the white noise, per point.
    pub noise: f64,
    /// Variance that the smooth background gains per unit of the axis.
    pub drift: f64,
}

/// Positions and knots: all that does not depend on the spectrum.
#[derive(Debug, Clone)]
pub struct LocalModel {
    /// First point of each cell, and the number of points at the end.
    pub(super) starts: Vec<usize>,
    /// Weight of the knot to the right, per point.
    pub(super) right: Vec<f64>,
    /// Distance between knots.
    pub(super) spacing: f64,
    /// One over the distance between both neighbours, per point; for slopes.
    pub(super) steps: Vec<f64>,
}

/// Scratch memory, kept between calls.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    residual: Vec<f64>,
    /// Mean that was taken off the residual.
    offset: f64,
    blocks: Blocks,
}

/// The most likely components and background.
#[derive(Debug, Clone)]
pub struct Posterior {
    /// Natural logarithm of the probability of the spectrum, up to a constant of the spectrum.
    pub log_evidence: f64,
    /// Each component with its local gains and shifts.
    pub components: Vec<Vec<f64>>,
    /// The smooth background.
    pub background: Vec<f64>,
    /// Mean shift of the components in units of the axis, weighted by how well each place fixes it.
    pub shift: f64,
}

impl LocalModel {
    /// Knots every `spacing` units along a rising axis.
    #[must_use]
    pub fn new(axis: &[f64], spacing: f64) -> Self {
        let (low, high) = (axis.first().copied().unwrap_or(0.0), axis.last().copied().unwrap_or(1.0));
        let cells = (((high - low) / spacing).ceil() as usize).max(1);
        let mut starts = vec![0; cells + 1];
        let mut right = Vec::with_capacity(axis.len());
        for (i, x) in axis.iter().enumerate() {
            let place = (x - low) / spacing;
            let cell = (place as usize).min(cells - 1);
            right.push(place - cell as f64);
            for start in &mut starts[cell + 1..] {
                *start = i + 1;
            }
        }
        let steps = (0..axis.len())
            .map(|i| {
                let (a, b) = (i.saturating_sub(1), (i + 1).min(axis.len() - 1));
                if b > a && axis[b] > axis[a] { 1.0 / (axis[b] - axis[a]) } else { 0.0 }
            })
            .collect();
        Self { starts, right, spacing, steps }
    }

    /// Points of the axis.
    #[must_use]
    pub fn len(&self) -> usize {
        self.right.len()
    }

    /// True without any point.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.right.is_empty()
    }

    /// The same with the most likely components, after the deviations were fitted.
    pub fn posterior(
        &self,
        spectrum: &[f64],
        parts: &[&[f64]],
        deviation: &Deviation,
        workspace: &mut Workspace,
    ) -> Posterior {
        let log_evidence = self.log_evidence(spectrum, parts, deviation, workspace);
        let m = features_of(parts, deviation);
        let (n, knots) = (self.len(), self.starts.len());
        let fields = workspace.blocks.fields(knots);
        let value = |feature: usize, i: usize, cell: usize| {
            let t = self.right[i];
            (1.0 - t) * fields[cell * m + feature] + t * fields[(cell + 1) * m + feature]
        };
        let mut components: Vec<Vec<f64>> = parts.iter().map(|part| part.to_vec()).collect();
        let mut background = vec![0.0; n];
        let (mut moved, mut weight) = (0.0, 0.0);
        for cell in 0..knots - 1 {
            for i in self.starts[cell]..self.starts[cell + 1] {
                for (c, component) in components.iter_mut().enumerate().take(m / 2) {
                    let (gain, slope) =
                        (workspace.blocks.feature(2 * c, i), workspace.blocks.feature(2 * c + 1, i));
                    let shift = value(2 * c + 1, i, cell);
                    component[i] += gain * value(2 * c, i, cell) + slope * shift;
                    moved += slope * slope * shift;
                    weight += slope * slope;
                }
                background[i] = workspace.offset + value(m - 1, i, cell);
            }
        }
        let shift = if weight > 0.0 { -deviation.shift * moved / weight } else { 0.0 };
        Posterior { log_evidence, components, background, shift }
    }

    /// Log probability of `spectrum` when its components have the library parts `parts`. Leaves the factored
    /// posterior precision in the workspace.
    pub fn log_evidence(
        &self,
        spectrum: &[f64],
        parts: &[&[f64]],
        deviation: &Deviation,
        w: &mut Workspace,
    ) -> f64 {
        w.residual.clear();
        w.residual.extend_from_slice(spectrum);
        for part in parts {
            for (r, f) in w.residual.iter_mut().zip(*part) {
                *r -= f;
            }
        }
        let n = self.len();
        w.offset = w.residual.iter().sum::<f64>() / n.max(1) as f64;
        for r in &mut w.residual {
            *r -= w.offset;
        }
        let (log_det, explained) = solve(self, parts, deviation, &w.residual, &mut w.blocks);
        let energy = w.residual.iter().map(|r| r * r).sum::<f64>() / deviation.noise;
        -0.5 * (energy - explained + log_det)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(n: usize, at: f64, width: f64) -> Vec<f64> {
        (0..n).map(|i| (-((i as f64 - at) / width).powi(2)).exp()).collect()
    }

    /// Log density of the residual under the covariance that the fields make, factored densely.
    fn dense(axis: &[f64], spacing: f64, y: &[f64], parts: &[&[f64]], d: &Deviation) -> f64 {
        let n = axis.len();
        let knots = ((axis[n - 1] - axis[0]) / spacing).ceil() as usize + 1;
        let hat = |k: usize, i: usize| (1.0 - ((axis[i] - axis[0]) / spacing - k as f64).abs()).max(0.0);
        let slope = |f: &[f64], i: usize| {
            let (a, b) = (i.saturating_sub(1), (i + 1).min(n - 1));
            (f[b] - f[a]) / (axis[b] - axis[a])
        };
        let walk = d.drift * spacing;
        let mut c = vec![vec![0.0; n]; n];
        for i in 0..n {
            for j in 0..n {
                for k in 0..knots {
                    for f in parts {
                        c[i][j] += hat(k, i) * hat(k, j) * d.gain * d.gain * f[i] * f[j];
                        c[i][j] += hat(k, i) * hat(k, j) * d.shift * d.shift * slope(f, i) * slope(f, j);
                    }
                    for l in 0..knots {
                        // A walk with a start of variance 1e6 steps.
                        c[i][j] += hat(k, i) * hat(l, j) * walk * (1e6 + k.min(l) as f64);
                    }
                }
            }
            c[i][i] += d.noise;
        }
        let mut rest: Vec<f64> = (0..n).map(|i| y[i] - parts.iter().map(|f| f[i]).sum::<f64>()).collect();
        let mean = rest.iter().sum::<f64>() / n as f64;
        for r in &mut rest {
            *r -= mean;
        }
        let mut log_density = 0.0;
        for i in 0..n {
            for j in 0..=i {
                let sum: f64 = (0..j).map(|k| c[i][k] * c[j][k]).sum();
                c[i][j] = if i == j { (c[i][i] - sum).sqrt() } else { (c[i][j] - sum) / c[j][j] };
            }
            let sum: f64 = (0..i).map(|k| c[i][k] * rest[k]).sum();
            rest[i] = (rest[i] - sum) / c[i][i];
            log_density -= 0.5 * rest[i] * rest[i] + c[i][i].ln();
        }
        log_density
    }

    #[test]
    fn the_block_solution_is_the_dense_gaussian() {
        let axis: Vec<f64> = (0..60).map(|i| 100.0 + 1.5 * f64::from(i) + 0.1 * f64::from(i % 3)).collect();
        let (a, b) = (wave(60, 20.0, 3.0), wave(60, 41.0, 5.0));
        let y: Vec<f64> =
            (0..60).map(|i| 1.2 * a[i] + 0.7 * b[i] + 0.01 * ((i * i) % 7) as f64 + 0.5).collect();
        let model = LocalModel::new(&axis, 11.0);
        let mut workspace = Workspace::default();
        for (gain, shift) in [(0.2, 1.0), (0.02, 0.1), (0.0, 0.0)] {
            let d = Deviation { gain, shift, noise: 1e-3, drift: 1e-4 };
            for parts in [vec![a.as_slice(), b.as_slice()], vec![a.as_slice()], vec![]] {
                let found = model.log_evidence(&y, &parts, &d, &mut workspace);
                let expected = dense(&axis, 11.0, &y, &parts, &d);
                // The start of the walk makes the dense matrix ill-conditioned: 1e6 steps over the noise.
                assert!((found - expected).abs() < 1e-3, "{gain} {}: {found} {expected}", parts.len());
            }
        }
    }

    #[test]
    fn the_posterior_follows_a_moved_and_weakened_band() {
        let axis: Vec<f64> = (0..200).map(f64::from).collect();
        let stored =
            wave(200, 60.0, 4.0).iter().zip(wave(200, 140.0, 4.0)).map(|(a, b)| a + b).collect::<Vec<_>>();
        let sample = wave(200, 61.0, 4.0)
            .iter()
            .zip(wave(200, 140.0, 4.0))
            .map(|(a, b)| a + 0.8 * b)
            .collect::<Vec<_>>();
        let model = LocalModel::new(&axis, 20.0);
        let d = Deviation { gain: 0.2, shift: 1.0, noise: 1e-6, drift: 1e-9 };
        let lifted: Vec<f64> = sample.iter().map(|v| v + 7.0).collect();
        let found = model.posterior(&lifted, &[&stored], &d, &mut Workspace::default());
        assert!(found.background.iter().all(|b| (b - 7.0).abs() < 0.05));
        let distance = |a: &[f64]| a.iter().zip(&sample).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
        assert!(
            distance(&found.components[0]) < 0.2 * distance(&stored),
            "{}",
            distance(&found.components[0])
        );
        assert!((found.shift - 0.5).abs() < 0.2, "{}", found.shift);
        assert_eq!((model.len(), model.is_empty()), (200, false));
    }
}
