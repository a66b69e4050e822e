//! Batch normalisation, rectifier and halving by the larger of two points, in one pass.

use burn::backend::flex::FlexTensor;
use burn::tensor::{Tensor, activation};

use super::kernel::{Kernel, apply, on_cpu, sizes, tensor, values};
use super::lanes;

/// Keeps the square root away from zero; as PyTorch.
pub const EPSILON: f32 = 1e-5;

/// Mean 0 and variance 1 (population) of each channel over all points of all sequences, gain, shift, `max(x, 0)`, then
/// the larger of every two neighbouring points; an odd last point is left out.
pub fn batch_norm_pool(x: Tensor<3>, gain: Tensor<1>, shift: Tensor<1>) -> Tensor<3> {
    if on_cpu(&x.device()) {
        return apply(NormPool, [x.into(), gain.into(), shift.into()]);
    }
    // Over points first: sums over very long rows are wrong on some drivers.
    let mean = x.clone().mean_dim(1).mean_dim(0);
    let centred = x - mean;
    let variance = (centred.clone() * centred.clone()).mean_dim(1).mean_dim(0);
    halved((centred / (variance + EPSILON).sqrt()) * gain.unsqueeze() + shift.unsqueeze())
}

/// The same with a factor and a shift by channel in place of the normalisation, as stored statistics give them.
pub fn affine_pool(x: Tensor<3>, factor: Tensor<1>, shift: Tensor<1>) -> Tensor<3> {
    if on_cpu(&x.device()) {
        return apply(AffinePool, [x.into(), factor.into(), shift.into()]);
    }
    halved(x * factor.unsqueeze() + shift.unsqueeze())
}

/// Mean and population variance of each channel over all points of all sequences of `[sequence, point, channel]`.
pub fn channel_moments(x: &[f32], channels: usize) -> (Vec<f32>, Vec<f32>) {
    let count = (x.len() / channels.max(1)).max(1) as f32;
    lanes::wide(|| {
        let mut mean = vec![0.0; channels];
        // Row by row in f32 would lose digits over 10^5 points: blocks first.
        for block in x.chunks(channels * BLOCK) {
            let mut sum = vec![0.0; channels];
            block.chunks_exact(channels).for_each(|row| lanes::add(&mut sum, row));
            lanes::add(&mut mean, &sum);
        }
        for m in &mut mean {
            *m /= count;
        }
        let mut variance = vec![0.0; channels];
        for block in x.chunks(channels * BLOCK) {
            let mut sum = vec![0.0; channels];
            for row in block.chunks_exact(channels) {
                for ((s, v), m) in sum.iter_mut().zip(row).zip(&mean) {
                    *s += (v - m) * (v - m);
                }
            }
            lanes::add(&mut variance, &sum);
        }
        for v in &mut variance {
            *v /= count;
        }
        (mean, variance)
    })
}

/// Rows that are summed before their sum is added to the others.
const BLOCK: usize = 512;

fn halved(x: Tensor<3>) -> Tensor<3> {
    let [sequences, points, channels] = x.dims();
    let half = points / 2;
    let pairs = x.narrow(1, 0, 2 * half).reshape([sequences, half, 2, channels]);
    activation::relu(pairs.max_dim(2)).reshape([sequences, half, channels])
}

/// `max(0, larger of two points of x * a + b)`, sequence by sequence.
fn forward(x: &[f32], [sequences, points, n]: [usize; 3], a: &[f32], b: &[f32]) -> FlexTensor {
    let half = points / 2;
    let mut out = vec![0.0; sequences * half * n];
    lanes::each(&mut out, half * n, |s, out| {
        let x = &x[s * points * n..(s + 1) * points * n];
        for (out, pair) in out.chunks_exact_mut(n).zip(x.chunks_exact(2 * n)) {
            let (first, second) = pair.split_at(n);
            for ((((o, x1), x2), a), b) in out.iter_mut().zip(first).zip(second).zip(a).zip(b) {
                *o = (x1 * a + b).max(x2 * a + b).max(0.0);
            }
        }
    });
    tensor(out, &[sequences, half, n])
}

/// Gradient before the pool and the rectifier, and its sums with 1 and with x by channel.
fn unpooled(
    x: &[f32],
    grad: &[f32],
    [sequences, points, n]: [usize; 3],
    a: &[f32],
    b: &[f32],
) -> (Vec<f32>, Vec<f32>) {
    let half = points / 2;
    let mut out = vec![0.0; sequences * points * n];
    let sums = lanes::each_summing(&mut out, points * n, 2 * n, |s, out, sums| {
        let (plain, with_x) = sums.split_at_mut(n);
        let x = &x[s * points * n..(s + 1) * points * n];
        let grad = &grad[s * half * n..(s + 1) * half * n];
        for ((out, pair), grad) in
            out.chunks_exact_mut(2 * n).zip(x.chunks_exact(2 * n)).zip(grad.chunks_exact(n))
        {
            let (out1, out2) = out.split_at_mut(n);
            let (x1, x2) = pair.split_at(n);
            for c in 0..n {
                let (y1, y2) = (x1[c] * a[c] + b[c], x2[c] * a[c] + b[c]);
                let top = y1 >= y2;
                let g = if y1.max(y2) > 0.0 { grad[c] } else { 0.0 };
                out1[c] = if top { g } else { 0.0 };
                out2[c] = if top { 0.0 } else { g };
                plain[c] += g;
                with_x[c] += g * if top { x1[c] } else { x2[c] };
            }
        }
    });
    (out, sums)
}

#[derive(Debug)]
struct NormPool;

#[derive(Debug, Clone)]
struct Moments {
    x: FlexTensor,
    gain: FlexTensor,
    shift: FlexTensor,
    mean: Vec<f32>,
    scale: Vec<f32>,
}

impl Moments {
    /// What a channel is multiplied by and what is added.
    fn affine(&self) -> (Vec<f32>, Vec<f32>) {
        let a: Vec<f32> = values(&self.gain).iter().zip(&self.scale).map(|(g, s)| g * s).collect();
        let b = values(&self.shift).iter().zip(&self.mean).zip(&a).map(|((b, m), a)| b - m * a).collect();
        (a, b)
    }
}

impl Kernel<3> for NormPool {
    type Saved = Moments;

    fn forward(&self, [x, gain, shift]: [FlexTensor; 3]) -> (FlexTensor, Moments) {
        let size = sizes::<3>(&x);
        let (mean, variance) = channel_moments(values(&x), size[2]);
        let scale = variance.iter().map(|v| 1.0 / (v + EPSILON).sqrt()).collect();
        let saved = Moments { x, gain, shift, mean, scale };
        let (a, b) = saved.affine();
        (forward(values(&saved.x), size, &a, &b), saved)
    }

    fn backward(&self, saved: Moments, grad: FlexTensor, _: [bool; 3]) -> [Option<FlexTensor>; 3] {
        let size = sizes::<3>(&saved.x);
        let [sequences, points, n] = size;
        let (a, b) = saved.affine();
        let x = values(&saved.x);
        let (mut out, sums) = unpooled(x, values(&grad), size, &a, &b);
        let (plain, with_x) = sums.split_at(n);
        let centred: Vec<f32> =
            (0..n).map(|c| (with_x[c] - saved.mean[c] * plain[c]) * saved.scale[c]).collect();
        let count = (sequences * points) as f32;
        // dx = a (g - mean g - xhat mean(g xhat))
        let along: Vec<f32> = (0..n).map(|c| centred[c] * saved.scale[c] / count).collect();
        let base: Vec<f32> = (0..n).map(|c| plain[c] / count - along[c] * saved.mean[c]).collect();
        lanes::each(&mut out, points * n, |s, out| {
            let x = &x[s * points * n..(s + 1) * points * n];
            for (out, x) in out.chunks_exact_mut(n).zip(x.chunks_exact(n)) {
                for c in 0..n {
                    out[c] = a[c] * (out[c] - base[c] - x[c] * along[c]);
                }
            }
        });
        [
            Some(tensor(out, &[sequences, points, n])),
            Some(tensor(centred, &[n])),
            Some(tensor(plain.to_vec(), &[n])),
        ]
    }
}

#[derive(Debug)]
struct AffinePool;

impl Kernel<3> for AffinePool {
    type Saved = [FlexTensor; 3];

    fn forward(&self, [x, a, b]: [FlexTensor; 3]) -> (FlexTensor, Self::Saved) {
        (forward(values(&x), sizes::<3>(&x), values(&a), values(&b)), [x, a, b])
    }

    fn backward(&self, [x, a, b]: Self::Saved, grad: FlexTensor, _: [bool; 3]) -> [Option<FlexTensor>; 3] {
        let size = sizes::<3>(&x);
        let [sequences, points, n] = size;
        let (mut out, sums) = unpooled(values(&x), values(&grad), size, values(&a), values(&b));
        let factors = values(&a);
        lanes::each(&mut out, n, |_, out| out.iter_mut().zip(factors).for_each(|(o, a)| *o *= a));
        let (plain, with_x) = sums.split_at(n);
        [
            Some(tensor(out, &[sequences, points, n])),
            Some(tensor(with_x.to_vec(), &[n])),
            Some(tensor(plain.to_vec(), &[n])),
        ]
    }
}
