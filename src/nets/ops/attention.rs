//! Attention among the few points of short sequences, all heads in one pass.

use burn::backend::flex::FlexTensor;
use burn::tensor::{Tensor, activation};

use super::kernel::{Kernel, apply, on_cpu, sizes, tensor, values};
use super::lanes;
use crate::spectrum::metrics::dot;

/// Scaled dot-product attention of every point to every point of its sequence.
///
/// `qkv` is `[sequence, point, 3 channels]`: queries, keys and values one after the other, each cut into `heads`. The
/// weights of a head may be multiplied by a mask `[sequence, head, point, point]` (dropout).
pub fn attention(qkv: Tensor<3>, heads: usize, mask: Option<Tensor<4>>) -> Tensor<3> {
    if !on_cpu(&qkv.device()) {
        return composed(&qkv, heads, mask);
    }
    match mask {
        None => apply(Attention { heads }, [qkv.into()]),
        Some(mask) => apply(Attention { heads }, [qkv.into(), mask.into()]),
    }
}

pub(super) fn composed(qkv: &Tensor<3>, heads: usize, mask: Option<Tensor<4>>) -> Tensor<3> {
    let [sequences, points, all] = qkv.dims();
    let (channels, width) = (all / 3, all / 3 / heads);
    let part = |k: usize| {
        let part = qkv.clone().narrow(2, k * channels, channels);
        part.reshape([sequences, points, heads, width]).swap_dims(1, 2)
    };
    let scale = 1.0 / (width as f64).sqrt();
    let scores = part(0).matmul(part(1).transpose()) * scale;
    let weights = activation::softmax(scores, 3);
    let weights = match mask {
        Some(mask) => weights * mask,
        None => weights,
    };
    weights.matmul(part(2)).swap_dims(1, 2).reshape([sequences, points, channels])
}

#[derive(Debug)]
struct Attention {
    heads: usize,
}

/// Queries, keys and values; the weights after the softmax, `[sequence, head, point, point]`; the mask.
type Saved = (FlexTensor, std::sync::Arc<Vec<f32>>, Option<FlexTensor>);

impl Attention {
    /// One head of one sequence: weights of point `t` into `weights`.
    #[inline(always)]
    fn weigh(qkv: &[f32], points: usize, stride: usize, at: usize, width: usize, weights: &mut [f32]) {
        let channels = stride / 3;
        let scale = 1.0 / (width as f32).sqrt();
        for (t, weights) in weights.chunks_exact_mut(points).enumerate() {
            let q = &qkv[t * stride + at..][..width];
            let mut top = f32::NEG_INFINITY;
            for (u, w) in weights.iter_mut().enumerate() {
                *w = scale * dot(q, &qkv[u * stride + channels + at..][..width]);
                top = top.max(*w);
            }
            let mut sum = 0.0;
            for w in weights.iter_mut() {
                *w = lanes::exp(*w - top);
                sum += *w;
            }
            for w in weights.iter_mut() {
                *w /= sum;
            }
        }
    }

    fn run(&self, qkv: &FlexTensor, mask: Option<&FlexTensor>) -> (FlexTensor, Vec<f32>) {
        let [sequences, points, stride] = sizes::<3>(qkv);
        let (channels, width) = (stride / 3, stride / 3 / self.heads);
        let square = points * points;
        let all = values(qkv);
        let mask = mask.map(values);
        let mut out = vec![0.0; sequences * points * channels];
        let mut kept = vec![0.0; sequences * self.heads * square];
        lanes::each_pair(&mut out, points * channels, &mut kept, self.heads * square, |s, out, kept| {
            let qkv = &all[s * points * stride..(s + 1) * points * stride];
            for (head, weights) in kept.chunks_exact_mut(square).enumerate() {
                let at = head * width;
                Self::weigh(qkv, points, stride, at, width, weights);
                for t in 0..points {
                    let out = &mut out[t * channels + at..][..width];
                    for u in 0..points {
                        let place = t * points + u;
                        let open = mask.map_or(1.0, |m| m[(s * self.heads + head) * square + place]);
                        let w = weights[place] * open;
                        let v = &qkv[u * stride + 2 * channels + at..][..width];
                        for (o, v) in out.iter_mut().zip(v) {
                            *o += w * v;
                        }
                    }
                }
            }
        });
        (tensor(out, &[sequences, points, channels]), kept)
    }

    fn back(&self, (qkv, kept, mask): &Saved, grad: &FlexTensor) -> FlexTensor {
        let [sequences, points, stride] = sizes::<3>(qkv);
        let (channels, width) = (stride / 3, stride / 3 / self.heads);
        let square = points * points;
        let scale = 1.0 / (width as f32).sqrt();
        let (all, grad) = (values(qkv), values(grad));
        let mask = mask.as_ref().map(values);
        let mut out = vec![0.0; sequences * points * stride];
        lanes::each(&mut out, points * stride, |s, out| {
            let qkv = &all[s * points * stride..(s + 1) * points * stride];
            let grad = &grad[s * points * channels..(s + 1) * points * channels];
            let mut d = vec![0.0; points];
            for head in 0..self.heads {
                let first = (s * self.heads + head) * square;
                let at = head * width;
                for t in 0..points {
                    let grad = &grad[t * channels + at..][..width];
                    let weights = &kept[first + t * points..][..points];
                    // Gradient of the weights, then through the softmax.
                    let mut mean = 0.0;
                    for u in 0..points {
                        let open = mask.map_or(1.0, |m| m[first + t * points + u]);
                        let v = u * stride + 2 * channels + at;
                        d[u] = open * dot(grad, &qkv[v..][..width]);
                        mean += d[u] * weights[u];
                        let w = weights[u] * open;
                        for (o, g) in out[v..][..width].iter_mut().zip(grad) {
                            *o += w * g;
                        }
                    }
                    let q = t * stride + at;
                    for u in 0..points {
                        let ds = scale * weights[u] * (d[u] - mean);
                        let k = u * stride + channels + at;
                        for c in 0..width {
                            out[q + c] += ds * qkv[k + c];
                            out[k + c] += ds * qkv[q + c];
                        }
                    }
                }
            }
        });
        tensor(out, &[sequences, points, stride])
    }
}

impl Kernel<1> for Attention {
    type Saved = Saved;

    fn forward(&self, [qkv]: [FlexTensor; 1]) -> (FlexTensor, Saved) {
        let (out, kept) = self.run(&qkv, None);
        (out, (qkv, kept.into(), None))
    }

    fn backward(&self, saved: Saved, grad: FlexTensor, _: [bool; 1]) -> [Option<FlexTensor>; 1] {
        [Some(self.back(&saved, &grad))]
    }
}

impl Kernel<2> for Attention {
    type Saved = Saved;

    fn forward(&self, [qkv, mask]: [FlexTensor; 2]) -> (FlexTensor, Saved) {
        let (out, kept) = self.run(&qkv, Some(&mask));
        (out, (qkv, kept.into(), Some(mask)))
    }

    /// The mask is drawn, not learned.
    fn backward(&self, saved: Saved, grad: FlexTensor, _: [bool; 2]) -> [Option<FlexTensor>; 2] {
        [Some(self.back(&saved, &grad)), None]
    }
}
