//! Between scales: means over bins of points, and the nearest coarse point of every fine one.

use burn::backend::flex::FlexTensor;
use burn::tensor::{Int, Tensor};

use super::kernel::{Kernel, apply, on_cpu, sizes, tensor, values};
use super::lanes;

/// Adaptive average pooling over points: bin `j` of `m` is the mean of points `floor(j n / m) .. ceil((j + 1) n / m)`.
pub fn pool(x: Tensor<3>, bins: usize) -> Tensor<3> {
    if on_cpu(&x.device()) {
        return apply(Pool(bins), [x.into()]);
    }
    let points = x.dims()[1];
    let mut weights = vec![0.0_f32; bins * points];
    for (j, row) in weights.chunks_exact_mut(points).enumerate() {
        let bin = bin(j, points, bins);
        let share = 1.0 / bin.len() as f32;
        row[bin].fill(share);
    }
    let weights = Tensor::<1>::from_floats(weights.as_slice(), &x.device()).reshape([1, bins, points]);
    weights.matmul(x)
}

/// Nearest upsampling over points: fine point `j` of `n` takes coarse point `floor(j m / n)`.
pub fn upsample(x: Tensor<3>, points: usize) -> Tensor<3> {
    if on_cpu(&x.device()) {
        return apply(Upsample(points), [x.into()]);
    }
    let coarse = x.dims()[1];
    let nearest: Vec<i32> = (0..points).map(|j| source(j, coarse, points) as i32).collect();
    let nearest = Tensor::<1, Int>::from_data(nearest.as_slice(), &x.device());
    x.select(1, nearest)
}

/// The points of a bin.
#[inline(always)]
pub(super) fn bin(j: usize, points: usize, bins: usize) -> std::ops::Range<usize> {
    j * points / bins..((j + 1) * points).div_ceil(bins)
}

/// The coarse point that a fine one takes.
#[inline(always)]
pub(super) fn source(j: usize, coarse: usize, fine: usize) -> usize {
    j * coarse / fine
}

#[derive(Debug)]
struct Pool(usize);

impl Kernel<1> for Pool {
    type Saved = [usize; 3];

    fn forward(&self, [x]: [FlexTensor; 1]) -> (FlexTensor, [usize; 3]) {
        let [sequences, points, n] = sizes::<3>(&x);
        let mut out = vec![0.0; sequences * self.0 * n];
        let all = values(&x);
        lanes::each(&mut out, self.0 * n, |s, out| {
            for (j, out) in out.chunks_exact_mut(n).enumerate() {
                let bin = bin(j, points, self.0);
                let share = 1.0 / bin.len() as f32;
                for p in bin {
                    let at = (s * points + p) * n;
                    lanes::add(out, &all[at..at + n]);
                }
                for v in out.iter_mut() {
                    *v *= share;
                }
            }
        });
        (tensor(out, &[sequences, self.0, n]), [sequences, points, n])
    }

    fn backward(
        &self,
        [sequences, points, n]: [usize; 3],
        grad: FlexTensor,
        _: [bool; 1],
    ) -> [Option<FlexTensor>; 1] {
        let mut out = vec![0.0; sequences * points * n];
        let all = values(&grad);
        lanes::each(&mut out, points * n, |s, out| {
            for j in 0..self.0 {
                let bin = bin(j, points, self.0);
                let share = 1.0 / bin.len() as f32;
                let at = (s * self.0 + j) * n;
                let grad = &all[at..at + n];
                for p in bin {
                    for (o, g) in out[p * n..(p + 1) * n].iter_mut().zip(grad) {
                        *o += share * g;
                    }
                }
            }
        });
        [Some(tensor(out, &[sequences, points, n]))]
    }
}

#[derive(Debug)]
struct Upsample(usize);

impl Kernel<1> for Upsample {
    type Saved = [usize; 3];

    fn forward(&self, [x]: [FlexTensor; 1]) -> (FlexTensor, [usize; 3]) {
        let [sequences, points, n] = sizes::<3>(&x);
        let mut out = vec![0.0; sequences * self.0 * n];
        let all = values(&x);
        lanes::each(&mut out, self.0 * n, |s, out| {
            for (j, out) in out.chunks_exact_mut(n).enumerate() {
                let at = (s * points + source(j, points, self.0)) * n;
                out.copy_from_slice(&all[at..at + n]);
            }
        });
        (tensor(out, &[sequences, self.0, n]), [sequences, points, n])
    }

    fn backward(
        &self,
        [sequences, points, n]: [usize; 3],
        grad: FlexTensor,
        _: [bool; 1],
    ) -> [Option<FlexTensor>; 1] {
        let mut out = vec![0.0; sequences * points * n];
        let all = values(&grad);
        lanes::each(&mut out, points * n, |s, out| {
            for j in 0..self.0 {
                let (to, at) = (source(j, points, self.0) * n, (s * self.0 + j) * n);
                lanes::add(&mut out[to..to + n], &all[at..at + n]);
            }
        });
        [Some(tensor(out, &[sequences, points, n]))]
    }
}
