//! Loops over rows of channels: wide registers, one part of the work a thread, sums in a fixed order.

use pulp::Arch;
use rayon::prelude::*;

/// Parts that sums over sequences are cut into: the same on every machine, so that sums are, too.
const PARTS: usize = 32;

/// Runs plain loops compiled for the widest registers of this processor.
#[inline]
pub(super) fn wide<R>(work: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(work)
}

/// `out[c] += x[c]`.
#[inline(always)]
pub(super) fn add(out: &mut [f32], x: &[f32]) {
    for (o, v) in out.iter_mut().zip(x) {
        *o += v;
    }
}

/// `out[c] += a[c] * x[c]`.
#[inline(always)]
pub(super) fn add_product(out: &mut [f32], a: &[f32], x: &[f32]) {
    for ((o, a), x) in out.iter_mut().zip(a).zip(x) {
        *o += a * x;
    }
}

/// Sum in sixteen lanes.
#[inline(always)]
pub(super) fn sum(x: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 16];
    let chunks = x.chunks_exact(16);
    let rest: f32 = chunks.remainder().iter().sum();
    for chunk in chunks {
        for (lane, v) in lanes.iter_mut().zip(chunk) {
            *lane += v;
        }
    }
    lanes.iter().sum::<f32>() + rest
}

/// Logistic function.
#[inline(always)]
pub(super) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// e^x in plain arithmetic, so that loops over it are vectorised; relative error below 2e-7.
///
/// 2^n is built in the exponent bits, 2^f by its Taylor polynomial around 0 for |f| <= 1/2.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    const SHIFT: f32 = 12_582_912.0; // 1.5 * 2^23: adding it rounds to an integer
    let x = x.clamp(-86.0, 88.0);
    let turned = x * std::f32::consts::LOG2_E;
    let shifted = turned + SHIFT;
    let n = shifted - SHIFT;
    // ln 2 in two parts: n * HIGH is exact.
    let r = (x - n * 0.693_359_4) + n * 2.121_944_4e-4;
    let p = 1.0
        + r * (1.0
            + r * (0.5 + r * (0.166_666_67 + r * (0.041_666_67 + r * (0.008_333_334 + r * 0.001_388_889)))));
    let bits = (shifted.to_bits() << 23).wrapping_add(p.to_bits());
    f32::from_bits(bits)
}

/// Fills `out`, `row` numbers a sequence, one sequence after the other.
pub(super) fn each(out: &mut [f32], row: usize, work: impl Fn(usize, &mut [f32]) + Sync) {
    out.par_chunks_mut(row.max(1)).enumerate().for_each(|(s, out)| wide(|| work(s, out)));
}

/// Fills two outputs, each with its own number of values a sequence.
pub(super) fn each_pair(
    out: &mut [f32],
    row: usize,
    kept: &mut [f32],
    width: usize,
    work: impl Fn(usize, &mut [f32], &mut [f32]) + Sync,
) {
    let parts = out.par_chunks_mut(row.max(1)).zip(kept.par_chunks_mut(width.max(1))).enumerate();
    parts.for_each(|(s, (out, kept))| wide(|| work(s, out, kept)));
}

/// Fills `out`, `row` numbers a sequence, while every part of the sequences adds to sums of its own (`width` numbers),
/// which are added up in order.
pub(super) fn each_summing(
    out: &mut [f32],
    row: usize,
    width: usize,
    work: impl Fn(usize, &mut [f32], &mut [f32]) + Sync,
) -> Vec<f32> {
    let row = row.max(1);
    let count = out.len() / row;
    let part = count.div_ceil(PARTS).max(1);
    let sums: Vec<Vec<f32>> = out
        .par_chunks_mut(row * part)
        .enumerate()
        .map(|(p, out)| {
            let mut sums = vec![0.0; width];
            for (i, out) in out.chunks_mut(row).enumerate() {
                wide(|| work(p * part + i, out, &mut sums));
            }
            sums
        })
        .collect();
    let mut total = vec![0.0; width];
    for sums in &sums {
        add(&mut total, sums);
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_agrees_with_the_library_s() {
        for i in -8600..8800 {
            let x = i as f32 * 0.01;
            let (ours, theirs) = (exp(x), x.exp());
            assert!((ours / theirs - 1.0).abs() < 4e-7, "{x}: {ours} {theirs}");
        }
        assert!(exp(f32::NEG_INFINITY) < 1e-36 && exp(200.0).is_finite());
    }

    #[test]
    fn sums_are_the_same_on_one_thread_and_on_many() {
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let mut out = vec![0.0; 1000 * 3];
                let sums = each_summing(&mut out, 3, 1, |s, out, sums| {
                    out.fill(s as f32);
                    sums[0] += 1.0 / (s + 1) as f32;
                });
                (out, sums[0].to_bits())
            })
        };
        assert_eq!(run(1), run(3));
    }
}
