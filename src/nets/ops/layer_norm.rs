//! Normalisation of every point over its channels.

use burn::backend::flex::FlexTensor;
use burn::tensor::Tensor;

use super::kernel::{Kernel, apply, on_cpu, sizes, tensor, values};
use super::lanes;
use super::norm::cut;
use crate::spectrum::metrics::dot;

/// Keeps the square root away from zero, as PyTorch does.
const EPSILON: f32 = 1e-5;

/// Mean 0 and variance 1 over the channels of each point, then gain and shift by channel.
pub fn layer_norm(x: Tensor<3>, gain: Tensor<1>, shift: Tensor<1>) -> Tensor<3> {
    if !on_cpu(&x.device()) {
        let centred = x.clone() - x.mean_dim(2);
        let variance = (centred.clone() * centred.clone()).mean_dim(2);
        return centred / (variance + EPSILON).sqrt() * gain.unsqueeze() + shift.unsqueeze();
    }
    apply(LayerNorm, [x.into(), gain.into(), shift.into()])
}

/// Mean and reciprocal deviation of a row.
#[inline(always)]
fn moments(row: &[f32]) -> (f32, f32) {
    let count = row.len() as f32;
    let mean = lanes::sum(row) / count;
    let mut squares = [0.0_f32; 16];
    let chunks = row.chunks_exact(16);
    let rest: f32 = chunks.remainder().iter().map(|v| (v - mean) * (v - mean)).sum();
    for chunk in chunks {
        for (sum, v) in squares.iter_mut().zip(chunk) {
            *sum += (v - mean) * (v - mean);
        }
    }
    let variance = (squares.iter().sum::<f32>() + rest) / count;
    (mean, 1.0 / (variance + EPSILON).sqrt())
}

#[derive(Debug)]
struct LayerNorm;

impl Kernel<3> for LayerNorm {
    type Saved = [FlexTensor; 2];

    fn forward(&self, [x, gain, shift]: [FlexTensor; 3]) -> (FlexTensor, Self::Saved) {
        let [sequences, points, n] = sizes::<3>(&x);
        let (all, g, h) = (values(&x), values(&gain), values(&shift));
        let mut out = vec![0.0; sequences * points * n];
        lanes::each(&mut out, points * n, |s, out| {
            let x = &all[s * points * n..(s + 1) * points * n];
            for (row, out) in x.chunks_exact(n).zip(out.chunks_exact_mut(n)) {
                let (mean, r) = moments(row);
                for (((o, v), g), h) in out.iter_mut().zip(row).zip(g).zip(h) {
                    *o = (v - mean) * r * g + h;
                }
            }
        });
        (tensor(out, &[sequences, points, n]), [x, gain])
    }

    fn backward(&self, [x, gain]: Self::Saved, grad: FlexTensor, _: [bool; 3]) -> [Option<FlexTensor>; 3] {
        let [sequences, points, n] = sizes::<3>(&x);
        let (all, grad, gain) = (values(&x), values(&grad), values(&gain));
        let mut out = vec![0.0; sequences * points * n];
        let sums = lanes::each_summing(&mut out, points * n, 2 * n + 1, |s, out, sums| {
            let of = s * points * n..(s + 1) * points * n;
            let (dgain, dshift) = sums.split_at_mut(n);
            let rows = all[of.clone()].chunks_exact(n).zip(grad[of].chunks_exact(n));
            for ((row, grad), out) in rows.zip(out.chunks_exact_mut(n)) {
                let (mean, r) = moments(row);
                let (row, grad, out) = (&row[..n], &grad[..n], &mut out[..n]);
                let (dgain, dshift, gain) = (&mut dgain[..n], &mut dshift[..n], &gain[..n]);
                for c in 0..n {
                    dgain[c] += grad[c] * (row[c] - mean) * r;
                    dshift[c] += grad[c];
                    out[c] = grad[c] * gain[c];
                }
                let level = lanes::sum(out) / n as f32;
                let tilt = (dot(out, row) - mean * level * n as f32) * r * r / n as f32;
                for c in 0..n {
                    out[c] = r * (out[c] - level - (row[c] - mean) * tilt);
                }
            }
        });
        let [dgain, dshift, _] = cut(&sums, n);
        [Some(tensor(out, &[sequences, points, n])), Some(dgain), Some(dshift)]
    }
}
