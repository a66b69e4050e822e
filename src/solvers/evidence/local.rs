//! How likely a spectrum is, given the library part of each of its components.
//!
//! A stored spectrum is never quite the sample's: bands are stronger or weaker (orientation, resonance) and lie a
//! little to the side (composition, strain, calibration). Each component is therefore its library part `f` plus a
//! local gain and a local shift, `f + g(x) f + s(x) f'`, where `g` and `s` are random fields; a random walk
//! stands for fluorescence and drift, and white noise for the detector. All fields are piecewise linear between knots,
//! so the posterior precision is block tridiagonal and one evidence costs a few thousand operations a knot.

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
    starts: Vec<usize>,
    /// Weight of the knot to the right, per point.
    right: Vec<f64>,
    /// Distance between knots.
    spacing: f64,
    /// One over the distance between both neighbours, per point; for slopes.
    steps: Vec<f64>,
}

/// Scratch memory, kept between calls.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    features: Vec<f64>,
    residual: Vec<f64>,
    diagonal: Vec<f64>,
    coupling: Vec<f64>,
    right_side: Vec<f64>,
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

    /// Slope of a curve along the axis by central differences.
    fn slope(&self, curve: &[f64], scale: f64, into: &mut [f64]) {
        let n = curve.len();
        for i in 0..n {
            into[i] = scale * (curve[(i + 1).min(n - 1)] - curve[i.saturating_sub(1)]) * self.steps[i];
        }
    }

    /// Log probability of `spectrum` when its components have the library parts `parts`.
    pub fn log_evidence(
        &self,
        spectrum: &[f64],
        parts: &[&[f64]],
        deviation: &Deviation,
        workspace: &mut Workspace,
    ) -> f64 {
        self.solve(spectrum, parts, deviation, workspace)
    }

    /// The same with the most likely components, after the deviations were fitted.
    pub fn posterior(
        &self,
        spectrum: &[f64],
        parts: &[&[f64]],
        deviation: &Deviation,
        workspace: &mut Workspace,
    ) -> Posterior {
        let log_evidence = self.solve(spectrum, parts, deviation, workspace);
        let m = features_of(parts, deviation);
        let n = self.len();
        let knots = self.starts.len();
        // Back substitution through the factored blocks.
        let field = &mut workspace.right_side;
        for k in (0..knots).rev() {
            if k + 1 < knots {
                let (head, tail) = field.split_at_mut((k + 1) * m);
                let x = &workspace.coupling[k * m * m..(k + 1) * m * m];
                for a in 0..m {
                    for b in 0..m {
                        head[k * m + b] -= x[a * m + b] * tail[a];
                    }
                }
            }
            let l = &workspace.diagonal[k * m * m..(k + 1) * m * m];
            let v = &mut field[k * m..(k + 1) * m];
            for a in (0..m).rev() {
                let mut sum = v[a];
                for b in a + 1..m {
                    sum -= l[b * m + a] * v[b];
                }
                v[a] = sum / l[a * m + a];
            }
        }
        let value = |feature: usize, i: usize, cell: usize| {
            let t = self.right[i];
            (1.0 - t) * field[cell * m + feature] + t * field[(cell + 1) * m + feature]
        };
        let mut components: Vec<Vec<f64>> = parts.iter().map(|part| part.to_vec()).collect();
        let mut background = vec![0.0; n];
        let (mut moved, mut weight) = (0.0, 0.0);
        for cell in 0..knots - 1 {
            for i in self.starts[cell]..self.starts[cell + 1] {
                for (c, component) in components.iter_mut().enumerate().take(m / 2) {
                    let (gain, slope) =
                        (workspace.features[2 * c * n + i], workspace.features[(2 * c + 1) * n + i]);
                    let shift = value(2 * c + 1, i, cell);
                    component[i] += gain * value(2 * c, i, cell) + slope * shift;
                    moved += slope * slope * shift;
                    weight += slope * slope;
                }
                background[i] = value(m - 1, i, cell);
            }
        }
        let shift = if weight > 0.0 { -deviation.shift * moved / weight } else { 0.0 };
        Posterior { log_evidence, components, background, shift }
    }

    /// Factors the posterior precision block by block; leaves `L^-1 p` in `right_side`.
    fn solve(&self, spectrum: &[f64], parts: &[&[f64]], deviation: &Deviation, w: &mut Workspace) -> f64 {
        let n = self.len();
        let m = features_of(parts, deviation);
        let knots = self.starts.len();
        w.features.clear();
        w.features.resize(m * n, 1.0);
        w.residual.clear();
        w.residual.extend_from_slice(spectrum);
        for part in parts {
            for (r, f) in w.residual.iter_mut().zip(*part) {
                *r -= f;
            }
        }
        for (c, part) in parts.iter().enumerate().take(m / 2) {
            let (gain, slope) = w.features[2 * c * n..2 * (c + 1) * n].split_at_mut(n);
            for (g, f) in gain.iter_mut().zip(*part) {
                *g = deviation.gain * f;
            }
            self.slope(part, deviation.shift, slope);
        }
        let offset = w.residual.iter().sum::<f64>() / n.max(1) as f64;
        for r in &mut w.residual {
            *r -= offset;
        }
        self.assemble(m, deviation, w);
        // Prior: gains and shifts are standard normal, the background is a random walk with a free start.
        let walk = 1.0 / (deviation.drift * self.spacing);
        let free = 1e-6 * walk;
        for k in 0..knots {
            let block = &mut w.diagonal[k * m * m..(k + 1) * m * m];
            for a in 0..m - 1 {
                block[a * m + a] += 1.0;
            }
            let both = if k == 0 || k + 1 == knots { walk } else { 2.0 * walk };
            block[m * m - 1] += if k == 0 { both + free } else { both };
            if k + 1 < knots {
                w.coupling[(k + 1) * m * m - 1] -= walk;
            }
        }
        let log_prior = free.ln() + (knots - 1) as f64 * walk.ln();
        let mut log_det = -log_prior + n as f64 * deviation.noise.ln();
        let mut explained = 0.0;
        for k in 0..knots {
            let (before, rest) = w.diagonal.split_at_mut(k * m * m);
            let block = &mut rest[..m * m];
            let (solved, side) = w.right_side.split_at_mut(k * m);
            let p = &mut side[..m];
            if k > 0 {
                // X = E L^-T of the block before, in place of E (which is symmetric).
                let l = &before[(k - 1) * m * m..];
                let x = &mut w.coupling[(k - 1) * m * m..k * m * m];
                let u = &solved[(k - 1) * m..];
                for a in 0..m {
                    for b in 0..m {
                        let mut sum = x[a * m + b];
                        for c in 0..b {
                            sum -= x[a * m + c] * l[b * m + c];
                        }
                        x[a * m + b] = sum / l[b * m + b];
                    }
                }
                for a in 0..m {
                    for b in 0..=a {
                        let mut sum = 0.0;
                        for c in 0..m {
                            sum += x[a * m + c] * x[b * m + c];
                        }
                        block[a * m + b] -= sum;
                    }
                    for c in 0..m {
                        p[a] -= x[a * m + c] * u[c];
                    }
                }
            }
            for a in 0..m {
                for b in 0..=a {
                    let mut sum = block[a * m + b];
                    for c in 0..b {
                        sum -= block[a * m + c] * block[b * m + c];
                    }
                    block[a * m + b] =
                        if a == b { sum.max(f64::MIN_POSITIVE).sqrt() } else { sum / block[b * m + b] };
                }
                let mut sum = p[a];
                for c in 0..a {
                    sum -= block[a * m + c] * p[c];
                }
                p[a] = sum / block[a * m + a];
                log_det += 2.0 * block[a * m + a].ln();
                explained += p[a] * p[a];
            }
        }
        let energy = w.residual.iter().map(|r| r * r).sum::<f64>() / deviation.noise;
        -0.5 * (energy - explained + log_det)
    }

    /// Normal equations of the fields, cell by cell (lower triangles; couplings in full).
    fn assemble(&self, m: usize, deviation: &Deviation, w: &mut Workspace) {
        let n = self.len();
        let knots = self.starts.len();
        for (store, size) in [(&mut w.diagonal, m * m), (&mut w.coupling, m * m), (&mut w.right_side, m)] {
            store.clear();
            store.resize(knots * size, 0.0);
        }
        let scale = 1.0 / deviation.noise;
        for cell in 0..knots - 1 {
            let range = self.starts[cell]..self.starts[cell + 1];
            let right = &self.right[range.clone()];
            for a in 0..m {
                let fa = &w.features[a * n..][range.clone()];
                for b in 0..=a {
                    let fb = &w.features[b * n..][range.clone()];
                    let [both, one, two] = moments(fa, fb, right);
                    let (left_left, left_right) = (scale * (both - 2.0 * one + two), scale * (one - two));
                    w.diagonal[cell * m * m + a * m + b] += left_left;
                    w.diagonal[(cell + 1) * m * m + a * m + b] += scale * two;
                    w.coupling[cell * m * m + a * m + b] = left_right;
                    w.coupling[cell * m * m + b * m + a] = left_right;
                }
                let [all, part, _] = moments(fa, &w.residual[range.clone()], right);
                w.right_side[cell * m + a] += scale * (all - part);
                w.right_side[(cell + 1) * m + a] += scale * part;
            }
        }
    }
}

/// Fields of a model: gain and shift of each component unless both are taken for zero, and the background.
fn features_of(parts: &[&[f64]], deviation: &Deviation) -> usize {
    if deviation.gain > 0.0 || deviation.shift > 0.0 { 2 * parts.len() + 1 } else { 1 }
}

/// Sums of `x y`, `x y t` and `x y t^2`, in four lanes that the compiler makes vectors of.
fn moments(x: &[f64], y: &[f64], t: &[f64]) -> [f64; 3] {
    const LANES: usize = 4;
    let (mut zero, mut one, mut two) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    let whole = x.len() - x.len() % LANES;
    let chunks = x[..whole].chunks_exact(LANES).zip(y[..whole].chunks_exact(LANES));
    for ((x, y), t) in chunks.zip(t[..whole].chunks_exact(LANES)) {
        for lane in 0..LANES {
            let product = x[lane] * y[lane];
            let weighted = product * t[lane];
            zero[lane] += product;
            one[lane] += weighted;
            two[lane] += weighted * t[lane];
        }
    }
    for ((x, y), t) in x[whole..].iter().zip(&y[whole..]).zip(&t[whole..]) {
        zero[0] += x * y;
        one[0] += x * y * t;
        two[0] += x * y * t * t;
    }
    [zero, one, two].map(|lanes| (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
}
