//! The fields of a [`LocalModel`]: their posterior precision, assembled cell by cell and factored block by block.
//!
//! Everything a point or a knot has lies side by side (features of a point, rows of a column), padded to whole
//! registers, so that plain loops over it become vector instructions. Sums run in four lanes of points and in a fixed
//! order: the numbers are those of every processor.

use pulp::{Arch, Simd, WithSimd};

use super::local::{Deviation, LocalModel};

/// Points whose sums run beside each other.
const LANES: usize = 4;
/// Room for the fields of a knot and the residual is a multiple of this, so of any register.
const WIDTH: usize = 8;

/// Normal equations, then their factor and solution.
#[derive(Debug, Clone, Default)]
pub(super) struct Blocks {
    /// Fields a knot has.
    size: usize,
    /// Room for the fields and the residual.
    width: usize,
    /// Derivative of the spectrum by each field and then the residual, point by point.
    features: Vec<f64>,
    /// Knot by knot, column by column, lower triangle; the Cholesky factor in the end.
    diagonal: Vec<f64>,
    /// Between a knot and the next, column by column.
    coupling: Vec<f64>,
    right_side: Vec<f64>,
}

/// Fields of a model: gain and shift of each component unless both are taken for zero, and the background.
pub(super) fn features_of(parts: &[&[f64]], deviation: &Deviation) -> usize {
    if deviation.gain > 0.0 || deviation.shift > 0.0 { 2 * parts.len() + 1 } else { 1 }
}

/// Assembles and factors. Gives the logarithm of the determinant of the covariance, and how much of the energy of the
/// residual the fields explain.
pub(super) fn solve(
    model: &LocalModel,
    parts: &[&[f64]],
    deviation: &Deviation,
    residual: &[f64],
    blocks: &mut Blocks,
) -> (f64, f64) {
    Arch::new().dispatch(Solve { model, parts, deviation, residual, blocks })
}

/// The loops of [`solve`], in the widest registers of this processor.
struct Solve<'a> {
    model: &'a LocalModel,
    parts: &'a [&'a [f64]],
    deviation: &'a Deviation,
    residual: &'a [f64],
    blocks: &'a mut Blocks,
}

impl WithSimd for Solve<'_> {
    type Output = (f64, f64);

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) -> (f64, f64) {
        let m = features_of(self.parts, self.deviation);
        // The usual sizes as constants, so that their loops are unrolled.
        match m {
            1 => self.run(simd, 1, WIDTH),
            3 => self.run(simd, 3, WIDTH),
            5 => self.run(simd, 5, WIDTH),
            7 => self.run(simd, 7, WIDTH),
            _ => self.run(simd, m, (m + 1).next_multiple_of(WIDTH)),
        }
    }
}

impl Solve<'_> {
    #[inline(always)]
    fn run<S: Simd>(&mut self, simd: S, m: usize, width: usize) -> (f64, f64) {
        self.features(m, width);
        self.assemble(simd, m, width);
        let log_prior = self.prior(m, width);
        let start = -log_prior + self.model.len() as f64 * self.deviation.noise.ln();
        self.factor(simd, m, width, start)
    }

    #[inline(always)]
    fn features(&mut self, m: usize, width: usize) {
        let n = self.model.len();
        let Blocks { features, size, width: kept, .. } = &mut *self.blocks;
        (*size, *kept) = (m, width);
        features.resize(width * n, 0.0);
        for (row, r) in features.chunks_exact_mut(width).zip(self.residual) {
            row[m - 1] = 1.0;
            row[m] = *r;
            row[m + 1..].fill(0.0);
        }
        let (gain, shift) = (self.deviation.gain, self.deviation.shift);
        let steps = &self.model.steps[..n];
        for (c, part) in self.parts.iter().enumerate().take(m / 2) {
            let part = &part[..n];
            for (i, row) in features.chunks_exact_mut(width).enumerate().take(n) {
                let rise = part[(i + 1).min(n - 1)] - part[i.saturating_sub(1)];
                row[2 * c] = gain * part[i];
                row[2 * c + 1] = shift * rise * steps[i];
            }
        }
    }

    /// Normal equations of the fields, cell by cell.
    #[inline(always)]
    fn assemble<S: Simd>(&mut self, simd: S, m: usize, width: usize) {
        let knots = self.model.starts.len();
        let Blocks { features, diagonal, coupling, right_side, .. } = &mut *self.blocks;
        for (store, size) in [(&mut *diagonal, m * width), (coupling, m * width), (right_side, width)] {
            store.clear();
            store.resize(knots * size, 0.0);
        }
        let lanes = S::F64_LANES;
        let noise = 1.0 / self.deviation.noise;
        let (scale, double) = (simd.splat_f64s(noise), simd.splat_f64s(2.0));
        for cell in 0..knots - 1 {
            let (from, to) = (self.model.starts[cell], self.model.starts[cell + 1]);
            let rows = &features[from * width..to * width];
            let right = &self.model.right[from..to];
            for a in 0..m {
                for first in (0..=m).step_by(lanes) {
                    let [both, one, two] = moments(simd, rows, width, a, first, right);
                    let at = (cell * m + a) * width + first;
                    let (here, next) = diagonal[at..].split_at_mut(m * width);
                    let here = &mut S::as_mut_simd_f64s(&mut here[..lanes]).0[0];
                    let next = &mut S::as_mut_simd_f64s(&mut next[..lanes]).0[0];
                    let left = simd.add_f64s(simd.sub_f64s(both, simd.mul_f64s(double, one)), two);
                    *here = simd.add_f64s(*here, simd.mul_f64s(scale, left));
                    *next = simd.add_f64s(*next, simd.mul_f64s(scale, two));
                    let between = simd.mul_f64s(scale, simd.sub_f64s(one, two));
                    S::as_mut_simd_f64s(&mut coupling[at..at + lanes]).0[0] = between;
                    if (first..first + lanes).contains(&m) {
                        let sums = [both, one];
                        let sums: &[f64] = pulp::bytemuck::cast_slice(&sums);
                        let (both, one) = (sums[m - first], sums[lanes + m - first]);
                        right_side[cell * width + a] += noise * (both - one);
                        right_side[(cell + 1) * width + a] += noise * one;
                    }
                }
            }
        }
    }

    /// Adds the prior: gains and shifts are standard normal, the background is a random walk with a free start. Gives
    /// the logarithm of its determinant.
    #[inline(always)]
    fn prior(&mut self, m: usize, width: usize) -> f64 {
        let knots = self.model.starts.len();
        let walk = 1.0 / (self.deviation.drift * self.model.spacing);
        let free = 1e-6 * walk;
        let Blocks { diagonal, coupling, .. } = &mut *self.blocks;
        for k in 0..knots {
            let block = &mut diagonal[k * m * width..(k + 1) * m * width];
            for a in 0..m - 1 {
                block[a * width + a] += 1.0;
            }
            let both = if k == 0 || k + 1 == knots { walk } else { 2.0 * walk };
            let last = (m - 1) * width + m - 1;
            block[last] += if k == 0 { both + free } else { both };
            if k + 1 < knots {
                coupling[k * m * width + last] -= walk;
            }
        }
        free.ln() + (knots - 1) as f64 * walk.ln()
    }

    /// Cholesky factor of the whole, knot by knot, and `L^-1 p` in the place of the right side. Sums from `log_det` on.
    #[inline(always)]
    fn factor<S: Simd>(&mut self, simd: S, m: usize, width: usize, mut log_det: f64) -> (f64, f64) {
        let knots = self.model.starts.len();
        let size = m * width;
        let mut explained = 0.0;
        for k in 0..knots {
            let (before, rest) = self.blocks.diagonal.split_at_mut(k * size);
            let block = &mut rest[..size];
            let (solved, side) = self.blocks.right_side.split_at_mut(k * width);
            let p = &mut side[..width];
            if k > 0 {
                let l = &before[(k - 1) * size..];
                let x = &mut self.blocks.coupling[(k - 1) * size..k * size];
                let u = &solved[(k - 1) * width..];
                substitute(simd, m, width, l, x);
                for b in 0..m {
                    let column = &mut block[b * width..(b + 1) * width];
                    for (v, column) in S::as_mut_simd_f64s(column).0.iter_mut().enumerate() {
                        let mut sum = simd.splat_f64s(0.0);
                        for c in 0..m {
                            let row = S::as_simd_f64s(&x[c * width..(c + 1) * width]).0[v];
                            sum = simd.add_f64s(sum, simd.mul_f64s(row, simd.splat_f64s(x[c * width + b])));
                        }
                        *column = simd.sub_f64s(*column, sum);
                    }
                }
                for c in 0..m {
                    subtract(simd, p, &x[c * width..(c + 1) * width], u[c]);
                }
            }
            for b in 0..m {
                let (done, column) = block.split_at_mut(b * width);
                let column = &mut column[..width];
                for c in 0..b {
                    subtract(simd, column, &done[c * width..(c + 1) * width], done[c * width + b]);
                }
                let root = column[b].max(f64::MIN_POSITIVE).sqrt();
                divide(simd, column, root);
                column[b] = root;
                let value = p[b] / root;
                for a in b + 1..m {
                    p[a] -= column[a] * value;
                }
                p[b] = value;
                log_det += 2.0 * root.ln();
                explained += value * value;
            }
        }
        (log_det, explained)
    }
}

/// `X = E L^-T` in the place of `E`, which is symmetric.
#[inline(always)]
fn substitute<S: Simd>(simd: S, m: usize, width: usize, l: &[f64], x: &mut [f64]) {
    for b in 0..m {
        let (done, column) = x.split_at_mut(b * width);
        let column = &mut column[..width];
        for c in 0..b {
            subtract(simd, column, &done[c * width..(c + 1) * width], l[c * width + b]);
        }
        divide(simd, column, l[b * width + b]);
    }
}

#[inline(always)]
fn subtract<S: Simd>(simd: S, from: &mut [f64], column: &[f64], factor: f64) {
    let factor = simd.splat_f64s(factor);
    for (v, c) in S::as_mut_simd_f64s(from).0.iter_mut().zip(S::as_simd_f64s(column).0) {
        *v = simd.sub_f64s(*v, simd.mul_f64s(*c, factor));
    }
}

#[inline(always)]
fn divide<S: Simd>(simd: S, column: &mut [f64], by: f64) {
    let by = simd.splat_f64s(by);
    for v in S::as_mut_simd_f64s(column).0 {
        *v = simd.div_f64s(*v, by);
    }
}

/// Sums of `x y`, `x y t` and `x y t^2` over the points, for feature `a` as `x` and the columns from `first` on as `y`.
#[inline(always)]
fn moments<S: Simd>(simd: S, rows: &[f64], width: usize, a: usize, first: usize, t: &[f64]) -> [S::f64s; 3] {
    let mut lanes = [[simd.splat_f64s(0.0); 3]; LANES];
    let (fours, rest) = t.as_chunks::<LANES>();
    let (whole, last) = rows.split_at(fours.len() * LANES * width);
    for (t, rows) in fours.iter().zip(whole.chunks_exact(LANES * width)) {
        add(simd, &mut lanes[0], &rows[..width], a, first, t[0]);
        add(simd, &mut lanes[1], &rows[width..2 * width], a, first, t[1]);
        add(simd, &mut lanes[2], &rows[2 * width..3 * width], a, first, t[2]);
        add(simd, &mut lanes[3], &rows[3 * width..4 * width], a, first, t[3]);
    }
    for (t, row) in rest.iter().zip(last.chunks_exact(width)) {
        add(simd, &mut lanes[0], row, a, first, *t);
    }
    let mut sums = lanes[0];
    for power in 0..3 {
        let front = simd.add_f64s(lanes[0][power], lanes[1][power]);
        sums[power] = simd.add_f64s(front, simd.add_f64s(lanes[2][power], lanes[3][power]));
    }
    sums
}

#[inline(always)]
fn add<S: Simd>(simd: S, sums: &mut [S::f64s; 3], row: &[f64], a: usize, first: usize, t: f64) {
    let product = simd.mul_f64s(simd.splat_f64s(row[a]), S::as_simd_f64s(&row[first..]).0[0]);
    let t = simd.splat_f64s(t);
    let weighted = simd.mul_f64s(product, t);
    sums[0] = simd.add_f64s(sums[0], product);
    sums[1] = simd.add_f64s(sums[1], weighted);
    sums[2] = simd.add_f64s(sums[2], simd.mul_f64s(weighted, t));
}

impl Blocks {
    /// Feature `field` of point `i`.
    pub fn feature(&self, field: usize, i: usize) -> f64 {
        self.features[i * self.width + field]
    }

    /// The most likely fields, knot by knot: back substitution through the factored blocks.
    pub fn fields(&self, knots: usize) -> Vec<f64> {
        let (m, width) = (self.size, self.width);
        let mut fields = vec![0.0; knots * m];
        for k in (0..knots).rev() {
            let (head, tail) = fields.split_at_mut((k + 1) * m);
            let v = &mut head[k * m..];
            v.copy_from_slice(&self.right_side[k * width..k * width + m]);
            if k + 1 < knots {
                let x = &self.coupling[k * m * width..(k + 1) * m * width];
                for a in 0..m {
                    for b in 0..m {
                        v[b] -= x[b * width + a] * tail[a];
                    }
                }
            }
            let l = &self.diagonal[k * m * width..(k + 1) * m * width];
            for a in (0..m).rev() {
                let mut sum = v[a];
                for b in a + 1..m {
                    sum -= l[a * width + b] * v[b];
                }
                v[a] = sum / l[a * width + a];
            }
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_any_number_of_points_are_the_plain_sums() {
        for n in 0..11 {
            let rows: Vec<f64> = (0..8 * n).map(|i| f64::from(i) - 2.5).collect();
            let t: Vec<f64> = (0..n).map(|i| f64::from(i) / 11.0).collect();
            for first in 0..8 {
                let found = moments(pulp::Scalar, &rows, 8, 2, first, &t);
                for (power, found) in (0..).zip(found) {
                    let each = rows.chunks_exact(8).zip(&t);
                    let sum: f64 = each.map(|(row, t)| row[2] * row[first] * t.powi(power)).sum();
                    assert!((found - sum).abs() < 1e-10 * sum.abs().max(1.0), "{found} {sum}");
                }
            }
        }
    }
}
