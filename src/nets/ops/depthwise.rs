//! Convolution channel by channel, alone or with the normalisation that follows it.

use burn::backend::flex::FlexTensor;
use burn::tensor::module::conv1d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Tensor, activation};

use super::kernel::{Kernel, apply, on_cpu, sizes, tensor, values};
use super::lanes;
use super::norm::{self, Act, Activation, cut, normalise, normalise_back};

/// How the taps of a kernel lie over the points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stencil {
    /// Points from one output to the next.
    pub stride: usize,
    /// Points from one tap to the next.
    pub dilation: usize,
}

impl Stencil {
    /// Neighbouring taps, `stride` points from output to output.
    pub fn stride(stride: usize) -> Self {
        Self { stride, dilation: 1 }
    }

    /// Zeros assumed before the first point.
    fn pad(self, taps: usize) -> usize {
        self.dilation * (taps - 1) / 2
    }

    /// Points of the output.
    pub fn outputs(self, points: usize) -> usize {
        (points - 1) / self.stride + 1
    }
}

/// Convolution of every channel with its own taps (`[tap, channel]`, an odd number of taps, zeros outside), plus a
/// bias, through a ReLU if asked.
pub fn depthwise(x: Tensor<3>, taps: Tensor<2>, bias: Tensor<1>, stencil: Stencil, relu: bool) -> Tensor<3> {
    if !on_cpu(&x.device()) {
        let y = composed(x, taps, stencil) + bias.unsqueeze();
        return if relu { activation::relu(y) } else { y };
    }
    apply(Depthwise { stencil, relu }, [x.into(), taps.into(), bias.into()])
}

/// [`depthwise`] followed by the normalisation of whole sequences, no activation.
pub fn depthwise_norm(
    x: Tensor<3>,
    taps: Tensor<2>,
    bias: Option<Tensor<1>>,
    stencil: Stencil,
    gain: Tensor<1>,
    shift: Tensor<1>,
) -> Tensor<3> {
    if !on_cpu(&x.device()) {
        let y = composed(x, taps, stencil);
        let y = match bias {
            Some(bias) => y + bias.unsqueeze(),
            None => y,
        };
        return norm::composed(y, gain, shift, 1, Activation::None);
    }
    let bias = bias.unwrap_or_else(|| Tensor::zeros([taps.dims()[1]], &x.device()));
    apply(DepthwiseNorm { stencil }, [x.into(), taps.into(), bias.into(), gain.into(), shift.into()])
}

/// The convolution of burn's operations.
pub(super) fn composed(x: Tensor<3>, taps: Tensor<2>, stencil: Stencil) -> Tensor<3> {
    let [count, channels] = taps.dims();
    let pad = stencil.pad(count);
    let weight = taps.transpose().reshape([channels, 1, count]);
    let options = ConvOptions::new([stencil.stride], [pad], [stencil.dilation], channels);
    conv1d(x.swap_dims(1, 2), weight, None, options).swap_dims(1, 2)
}

/// The point under a tap, if there is one.
#[inline(always)]
fn under(t: usize, tap: usize, stencil: Stencil, pad: usize, points: usize) -> Option<usize> {
    (t * stencil.stride + tap * stencil.dilation).checked_sub(pad).filter(|p| *p < points)
}

/// One row of the output where all five taps lie over points.
#[inline(always)]
fn five(out: &mut [f32], taps: &[f32], rows: [&[f32]; 5]) {
    let n = out.len();
    let [x0, x1, x2, x3, x4] = rows.map(|row| &row[..n]);
    let w = |k: usize| &taps[k * n..(k + 1) * n];
    let [w0, w1, w2, w3, w4] = [w(0), w(1), w(2), w(3), w(4)];
    for c in 0..n {
        out[c] += w0[c] * x0[c] + w1[c] * x1[c] + w2[c] * x2[c] + w3[c] * x3[c] + w4[c] * x4[c];
    }
}

/// Convolution of one sequence.
#[inline(always)]
fn convolve(x: &[f32], taps: &[f32], bias: &[f32], stencil: Stencil, out: &mut [f32]) {
    let n = bias.len();
    let (count, points) = (taps.len() / n, x.len() / n);
    let pad = stencil.pad(count);
    for (t, out) in out.chunks_exact_mut(n).enumerate() {
        out.copy_from_slice(bias);
        let first = t * stencil.stride;
        if count == 5 && first >= pad && first - pad + 4 * stencil.dilation < points {
            let row = |k: usize| {
                let at = (first - pad + k * stencil.dilation) * n;
                &x[at..at + n]
            };
            five(out, taps, [row(0), row(1), row(2), row(3), row(4)]);
            continue;
        }
        for k in 0..count {
            if let Some(p) = under(t, k, stencil, pad, points) {
                lanes::add_product(out, &taps[k * n..(k + 1) * n], &x[p * n..(p + 1) * n]);
            }
        }
    }
}

/// Gradient of [`convolve`]: `dx` is overwritten, `sums` (taps, then bias) added to.
#[inline(always)]
fn convolve_back(
    x: &[f32],
    taps: &[f32],
    grad: &[f32],
    stencil: Stencil,
    dx: &mut [f32],
    sums: &mut [f32],
    n: usize,
) {
    let (count, points) = (taps.len() / n, x.len() / n);
    let pad = stencil.pad(count);
    let (dw, db) = sums.split_at_mut(count * n);
    dx.fill(0.0);
    for (t, grad) in grad.chunks_exact(n).enumerate() {
        lanes::add(db, grad);
        for k in 0..count {
            let Some(p) = under(t, k, stencil, pad, points) else { continue };
            let (of, tap) = (p * n..(p + 1) * n, k * n..(k + 1) * n);
            let (x, dx) = (&x[of.clone()][..n], &mut dx[of][..n]);
            let (w, dw, grad) = (&taps[tap.clone()][..n], &mut dw[tap][..n], &grad[..n]);
            for c in 0..n {
                dx[c] += w[c] * grad[c];
                dw[c] += x[c] * grad[c];
            }
        }
    }
}

/// Taps and bias from their sums.
fn cut_taps(sums: &[f32], channels: usize) -> [FlexTensor; 2] {
    let taps = sums.len() / channels - 1;
    let (dw, db) = sums.split_at(taps * channels);
    [tensor(dw.to_vec(), &[taps, channels]), tensor(db.to_vec(), &[channels])]
}

#[derive(Debug)]
struct Depthwise {
    stencil: Stencil,
    relu: bool,
}

impl Kernel<3> for Depthwise {
    type Saved = [FlexTensor; 3];

    fn forward(&self, [x, taps, bias]: [FlexTensor; 3]) -> (FlexTensor, Self::Saved) {
        let [sequences, points, n] = sizes::<3>(&x);
        let outputs = self.stencil.outputs(points);
        let mut out = vec![0.0; sequences * outputs * n];
        let all = values(&x);
        lanes::each(&mut out, outputs * n, |s, out| {
            convolve(
                &all[s * points * n..(s + 1) * points * n],
                values(&taps),
                values(&bias),
                self.stencil,
                out,
            );
            if self.relu {
                for v in out.iter_mut() {
                    *v = v.max(0.0);
                }
            }
        });
        let out = tensor(out, &[sequences, outputs, n]);
        (out.clone(), [x, taps, out])
    }

    fn backward(
        &self,
        [x, taps, out]: Self::Saved,
        grad: FlexTensor,
        _: [bool; 3],
    ) -> [Option<FlexTensor>; 3] {
        let [sequences, points, n] = sizes::<3>(&x);
        let [count, _] = sizes::<2>(&taps);
        let (row, from) = (points * n, self.stencil.outputs(points) * n);
        let mut dx = vec![0.0; sequences * row];
        let (all, grad, out) = (values(&x), values(&grad), values(&out));
        let sums = lanes::each_summing(&mut dx, row, (count + 1) * n, |s, dx, sums| {
            let grad = &grad[s * from..(s + 1) * from];
            let x = &all[s * row..(s + 1) * row];
            if self.relu {
                let gate = |(g, o): (&f32, &f32)| if *o > 0.0 { *g } else { 0.0 };
                let gated: Vec<f32> = grad.iter().zip(&out[s * from..(s + 1) * from]).map(gate).collect();
                convolve_back(x, values(&taps), &gated, self.stencil, dx, sums, n);
            } else {
                convolve_back(x, values(&taps), grad, self.stencil, dx, sums, n);
            }
        });
        let [dw, db] = cut_taps(&sums, n);
        [Some(tensor(dx, &[sequences, points, n])), Some(dw), Some(db)]
    }
}

#[derive(Debug)]
struct DepthwiseNorm {
    stencil: Stencil,
}

/// Inputs; what the convolution gave and its two moments, sequence by sequence.
type NormSaved = ([FlexTensor; 4], Vec<f32>);

impl Kernel<5> for DepthwiseNorm {
    type Saved = std::sync::Arc<NormSaved>;

    fn forward(&self, [x, taps, bias, gain, shift]: [FlexTensor; 5]) -> (FlexTensor, Self::Saved) {
        let [sequences, points, n] = sizes::<3>(&x);
        let outputs = self.stencil.outputs(points);
        let (row, from) = (outputs * n, points * n);
        let mut out = vec![0.0; sequences * row];
        // What the convolution gave, and two moments, sequence by sequence.
        let mut kept = vec![0.0; sequences * (row + 2)];
        let all = values(&x);
        lanes::each_pair(&mut out, row, &mut kept, row + 2, |s, out, kept| {
            let (between, moments) = kept.split_at_mut(row);
            convolve(&all[s * from..(s + 1) * from], values(&taps), values(&bias), self.stencil, between);
            normalise(between, values(&gain), values(&shift), Act::None, out, moments);
        });
        let saved = std::sync::Arc::new(([x, taps, gain, shift], kept));
        (tensor(out, &[sequences, outputs, n]), saved)
    }

    fn backward(&self, saved: Self::Saved, grad: FlexTensor, _: [bool; 5]) -> [Option<FlexTensor>; 5] {
        let ([x, taps, gain, shift], kept) = &*saved;
        let [sequences, points, n] = sizes::<3>(x);
        let [count, _] = sizes::<2>(taps);
        let outputs = self.stencil.outputs(points);
        let (row, from) = (outputs * n, points * n);
        let (x, grad) = (values(x), values(&grad));
        let mut dx = vec![0.0; sequences * from];
        let width = (count + 1) * n;
        let sums = lanes::each_summing(&mut dx, from, width + 2 * n + 1, |s, dx, sums| {
            let (sums, norm_sums) = sums.split_at_mut(width);
            let (between, moments) = kept[s * (row + 2)..(s + 1) * (row + 2)].split_at(row);
            let mut du = vec![0.0; row];
            let grad = &grad[s * row..(s + 1) * row];
            let affine = (values(gain), values(shift));
            normalise_back(between, grad, moments, affine, Act::None, &mut du, norm_sums);
            convolve_back(&x[s * from..(s + 1) * from], values(taps), &du, self.stencil, dx, sums, n);
        });
        let [dw, db] = cut_taps(&sums[..width], n);
        let [dgain, dshift, _] = cut(&sums[width..], n);
        [Some(tensor(dx, &[sequences, points, n])), Some(dw), Some(db), Some(dgain), Some(dshift)]
    }
}
