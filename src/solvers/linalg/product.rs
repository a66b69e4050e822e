//! Inner products of dictionary rows, one by one and as matrix products.

use ndarray::{ArrayView2, ArrayViewMut2, linalg::general_mat_mul};
use pulp::{Scalar256b, Simd, WithSimd};

/// Rows are padded with zeros to a multiple of this many values.
pub const LANES: usize = 8;
/// Values summed in `f32` before the sum goes on in `f64`: keeps rounding near that of one operation.
const BLOCK: usize = 256;

#[inline(always)]
fn total(lanes: [f32; LANES]) -> f64 {
    let halves = [lanes[0] + lanes[4], lanes[1] + lanes[5], lanes[2] + lanes[6], lanes[3] + lanes[7]];
    f64::from(halves[0] + halves[2]) + f64::from(halves[1] + halves[3])
}

/// Inner product of two padded rows, summed in `f32` within blocks.
#[inline(always)]
pub fn dot(a: &[f32], b: &[f32]) -> f64 {
    let mut sum = 0.0;
    for (a, b) in a.chunks(BLOCK).zip(b.chunks(BLOCK)) {
        let mut lanes = [0.0_f32; LANES];
        for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
            for k in 0..LANES {
                lanes[k] += a[k] * b[k];
            }
        }
        sum += total(lanes);
    }
    sum
}

/// Inner product of two padded rows, exact but for the rounding of `f64`.
pub fn dot_wide<A: Copy + Into<f64>, B: Copy + Into<f64>>(a: &[A], b: &[B]) -> f64 {
    let mut lanes = [0.0_f64; LANES];
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        for k in 0..LANES {
            lanes[k] += a[k].into() * b[k].into();
        }
    }
    ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
}

/// Inner product of rows of any length.
pub fn dot_any(a: &[f64], b: &[f64]) -> f64 {
    let (rest_a, rest_b) = (a.as_chunks::<LANES>().1, b.as_chunks::<LANES>().1);
    dot_wide(a, b) + rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum::<f64>()
}

/// Inner products of every padded row with `y`, the same numbers as [`dot`] gives.
pub fn products(rows: &[f32], stride: usize, y: &[f32], out: &mut [f64]) {
    in_eights(Products { rows, stride, y, out });
}

/// [`products`] of several vectors; the rows are read once for all of them.
pub fn products_of(rows: &[f32], stride: usize, ys: &[Vec<f32>], outs: &mut [Vec<f64>]) {
    for (at, rows) in rows.chunks(4 * stride).enumerate() {
        for (y, out) in ys.iter().zip(outs.iter_mut()) {
            in_eights(Products { rows, stride, y, out: &mut out[4 * at..4 * at + rows.len() / stride] });
        }
    }
}

/// Runs loops over eight singles at a time, in registers of that size where the processor has them.
fn in_eights<R>(work: impl WithSimd<Output = R>) -> R {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        return Simd::vectorize(simd, work);
    }
    Scalar256b.vectorize(work)
}

/// The loops of [`products`].
struct Products<'a> {
    rows: &'a [f32],
    stride: usize,
    y: &'a [f32],
    out: &'a mut [f64],
}

impl WithSimd for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { rows, stride, y, out } = self;
        let mut quads = rows.chunks_exact(4 * stride);
        let mut outs = out.chunks_exact_mut(4);
        for (quad, out) in quads.by_ref().zip(outs.by_ref()) {
            four(simd, quad, stride, y, out);
        }
        for (row, out) in quads.remainder().chunks_exact(stride).zip(outs.into_remainder()) {
            *out = dot(row, y);
        }
    }
}

/// Four rows at once: `y` is read once for all of them and the sums do not wait for each other.
#[inline(always)]
fn four<S: Simd>(simd: S, quad: &[f32], stride: usize, y: &[f32], out: &mut [f64]) {
    let (ab, cd) = quad.split_at(2 * stride);
    let ((a, b), (c, d)) = (ab.split_at(stride), cd.split_at(stride));
    let mut sums = [0.0_f64; 4];
    let blocks = a.chunks(BLOCK).zip(b.chunks(BLOCK)).zip(c.chunks(BLOCK).zip(d.chunks(BLOCK)));
    for (((a, b), (c, d)), y) in blocks.zip(y.chunks(BLOCK)) {
        let mut lanes = [simd.splat_f32s(0.0); 4];
        let [y, a, b, c, d] = [y, a, b, c, d].map(|row| S::as_simd_f32s(row).0);
        for ((((y, a), b), c), d) in y.iter().zip(a).zip(b).zip(c).zip(d) {
            lanes[0] = simd.add_f32s(lanes[0], simd.mul_f32s(*a, *y));
            lanes[1] = simd.add_f32s(lanes[1], simd.mul_f32s(*b, *y));
            lanes[2] = simd.add_f32s(lanes[2], simd.mul_f32s(*c, *y));
            lanes[3] = simd.add_f32s(lanes[3], simd.mul_f32s(*d, *y));
        }
        for (sum, lanes) in sums.iter_mut().zip(lanes) {
            let mut eight = [0.0; LANES];
            S::as_mut_simd_f32s(&mut eight).0[0] = lanes;
            *sum += total(eight);
        }
    }
    out.copy_from_slice(&sums);
}

macro_rules! rows_by_rows {
    ($name:ident, $float:ty) => {
        /// `out[i][j] = a_i . b_j` for rows of `depth` values; `out` has one row per row of `a`.
        pub fn $name(a: &[$float], b: &[$float], depth: usize, out: &mut [$float]) {
            let (rows, columns) = (a.len() / depth, b.len() / depth);
            let shaped = (
                ArrayView2::from_shape((rows, depth), a),
                ArrayView2::from_shape((columns, depth), b),
                ArrayViewMut2::from_shape((rows, columns), out),
            );
            if let (Ok(a), Ok(b), Ok(mut out)) = shaped {
                general_mat_mul(1.0, &a, &b.t(), 0.0, &mut out);
            } else {
                debug_assert!(false, "the lengths do not make matrices");
            }
        }
    };
}

rows_by_rows!(rows_by_rows_f32, f32);
rows_by_rows!(rows_by_rows_f64, f64);

/// `out += A B` with `A` of rows of `depth` values and `B` of `depth` rows.
pub fn rows_by_columns(a: &[f64], b: &[f64], depth: usize, out: &mut [f64]) {
    let (rows, columns) = (a.len() / depth, b.len() / depth);
    let shaped = (
        ArrayView2::from_shape((rows, depth), a),
        ArrayView2::from_shape((depth, columns), b),
        ArrayViewMut2::from_shape((rows, columns), out),
    );
    if let (Ok(a), Ok(b), Ok(mut out)) = shaped {
        general_mat_mul(1.0, &a, &b, 1.0, &mut out);
    } else {
        debug_assert!(false, "the lengths do not make matrices");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize, seed: u32) -> Vec<f32> {
        (0..count as u32)
            .map(|i| {
                let mixed = (i + 7 * seed + 1).wrapping_mul(2_654_435_761);
                f64::from(mixed) as f32 / 4.3e9 - 0.4
            })
            .collect()
    }

    #[test]
    fn every_way_to_multiply_gives_the_same_inner_products() {
        for (count, stride) in [(1, 8), (3, 16), (4, 264), (11, 1024)] {
            let (rows, y) = (numbers(count * stride, 1), numbers(stride, 2));
            let mut found = vec![0.0; count];
            products(&rows, stride, &y, &mut found);
            let mut block = vec![vec![0.0; count]; 2];
            products_of(&rows, stride, &[numbers(stride, 3), y.clone()], &mut block);
            assert_eq!(found, block[1]);
            let mut matrix = vec![0.0; count];
            rows_by_rows_f32(&rows, &y, stride, &mut matrix);
            for (i, row) in rows.chunks_exact(stride).enumerate() {
                let truth: f64 = row.iter().zip(&y).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
                // Up to 264 terms of size below 1 in f32.
                assert!((found[i] - truth).abs() < 1e-5, "{} {truth}", found[i]);
                assert!((f64::from(matrix[i]) - truth).abs() < 1e-4, "{} {truth}", matrix[i]);
                assert!((dot_wide(row, &y) - truth).abs() < 1e-12);
                assert_eq!(found[i].to_bits(), dot(row, &y).to_bits());
            }
        }
    }
}
