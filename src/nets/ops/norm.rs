//! Normalisation of whole sequences with the activation that follows it.

use burn::backend::flex::FlexTensor;
use burn::tensor::{Tensor, activation};

use super::kernel::{Kernel, apply, on_cpu, sizes, tensor, values};
use super::lanes;
use super::prelu::prelu;

/// Keeps the square root away from zero.
const EPSILON: f32 = 1e-8;

/// What follows a normalisation.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "made and taken apart at once, never kept")]
pub enum Activation {
    /// Nothing.
    None,
    /// `max(x, 0)`.
    Relu,
    /// `x` where positive, else the slope (one number) times `x`.
    Prelu(Tensor<1>),
}

/// Mean 0 and variance 1 (population) over all points and the channels of each group, sequence by sequence; then gain
/// and shift by channel, then the activation. One group is the "global layer norm" of the separation networks.
pub fn norm(
    x: Tensor<3>,
    gain: Tensor<1>,
    shift: Tensor<1>,
    groups: usize,
    activation: Activation,
) -> Tensor<3> {
    if !on_cpu(&x.device()) {
        return composed(x, gain, shift, groups, activation);
    }
    let kernel = |act| Norm { groups, act };
    match activation {
        Activation::None => apply(kernel(Act::None), [x.into(), gain.into(), shift.into()]),
        Activation::Relu => apply(kernel(Act::Relu), [x.into(), gain.into(), shift.into()]),
        Activation::Prelu(slope) => {
            apply(NormPrelu { groups }, [x.into(), gain.into(), shift.into(), slope.into()])
        }
    }
}

/// The same of burn's operations. Means are taken over points first: sums over very long rows are wrong on some drivers.
pub(super) fn composed(
    x: Tensor<3>,
    gain: Tensor<1>,
    shift: Tensor<1>,
    groups: usize,
    activation: Activation,
) -> Tensor<3> {
    let [sequences, points, channels] = x.dims();
    let width = channels / groups;
    let x = x.reshape([sequences, points, groups, width]);
    let mean = x.clone().mean_dim(1).mean_dim(3);
    let centred = x - mean;
    let variance = (centred.clone() * centred.clone()).mean_dim(1).mean_dim(3);
    let x = (centred / (variance + EPSILON).sqrt()).reshape([sequences, points, channels]);
    let x = x * gain.unsqueeze() + shift.unsqueeze();
    match activation {
        Activation::None => x,
        Activation::Relu => activation::relu(x),
        Activation::Prelu(slope) => prelu(x, slope),
    }
}

/// The activation inside a kernel.
#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    None,
    Relu,
    Prelu(f32),
}

impl Act {
    /// Factor below zero.
    fn slope(self) -> f32 {
        match self {
            Self::None => 1.0,
            Self::Relu => 0.0,
            Self::Prelu(slope) => slope,
        }
    }
}

/// Mean and reciprocal deviation of each group of one sequence, two numbers a group.
#[inline(always)]
fn moments(x: &[f32], channels: usize, groups: usize, sums: &mut [f32], out: &mut [f32]) {
    let width = channels / groups;
    let count = (x.len() / groups) as f32;
    sums.fill(0.0);
    for row in x.chunks_exact(channels) {
        lanes::add(sums, row);
    }
    for (sums, out) in sums.chunks_exact_mut(width).zip(out.chunks_exact_mut(2)) {
        out[0] = lanes::sum(sums) / count;
        sums.fill(0.0);
    }
    for row in x.chunks_exact(channels) {
        for ((row, sums), out) in
            row.chunks_exact(width).zip(sums.chunks_exact_mut(width)).zip(out.chunks_exact(2))
        {
            let mean = out[0];
            for (sum, v) in sums.iter_mut().zip(row) {
                *sum += (v - mean) * (v - mean);
            }
        }
    }
    for (sums, out) in sums.chunks_exact(width).zip(out.chunks_exact_mut(2)) {
        out[1] = 1.0 / (lanes::sum(sums) / count + EPSILON).sqrt();
    }
}

/// What a channel is multiplied by and what is added, from the moments of its group.
#[inline(always)]
fn affine(moments: &[f32], gain: &[f32], shift: &[f32], a: &mut [f32], b: &mut [f32]) {
    let width = gain.len() / (moments.len() / 2);
    for (c, (gain, shift)) in gain.iter().zip(shift).enumerate() {
        let of = &moments[2 * (c / width)..];
        a[c] = gain * of[1];
        b[c] = shift - of[0] * a[c];
    }
}

/// Normalises one sequence in place or elsewhere; `moments` gets two numbers a group.
#[inline(always)]
pub(super) fn normalise(x: &[f32], gain: &[f32], shift: &[f32], act: Act, out: &mut [f32], kept: &mut [f32]) {
    let channels = gain.len();
    let mut scratch = vec![0.0; 2 * channels];
    let (a, b) = scratch.split_at_mut(channels);
    moments(x, channels, kept.len() / 2, a, kept);
    affine(kept, gain, shift, a, b);
    let slope = act.slope();
    for (row, out) in x.chunks_exact(channels).zip(out.chunks_exact_mut(channels)) {
        for (((o, v), a), b) in out.iter_mut().zip(row).zip(a.iter()).zip(b.iter()) {
            let z = v * a + b;
            *o = if z < 0.0 { slope * z } else { z };
        }
    }
}

/// Gradient of [`normalise`] for one sequence: `out` becomes that of `x`; `sums` (gain, shift, slope one after the
/// other) are added to.
#[inline(always)]
pub(super) fn normalise_back(
    x: &[f32],
    grad: &[f32],
    kept: &[f32],
    (gain, shift): (&[f32], &[f32]),
    act: Act,
    out: &mut [f32],
    sums: &mut [f32],
) {
    let channels = gain.len();
    let groups = kept.len() / 2;
    let width = channels / groups;
    let mut scratch = vec![0.0; 6 * channels];
    let (a, rest) = scratch.split_at_mut(channels);
    let (b, rest) = rest.split_at_mut(channels);
    let (means, rest) = rest.split_at_mut(channels);
    let (s1, rest) = rest.split_at_mut(channels);
    let (s2, low) = rest.split_at_mut(channels);
    affine(kept, gain, shift, a, b);
    for (means, kept) in means.chunks_exact_mut(width).zip(kept.chunks_exact(2)) {
        means.fill(kept[0]);
    }
    let slope = act.slope();
    // With z = a x + b: the gradient before the activation, its sum and its sum with x - mean, channel by channel.
    for ((row, grad), out) in
        x.chunks_exact(channels).zip(grad.chunks_exact(channels)).zip(out.chunks_exact_mut(channels))
    {
        let (row, grad, out) = (&row[..channels], &grad[..channels], &mut out[..channels]);
        for c in 0..channels {
            let z = row[c] * a[c] + b[c];
            let below = z < 0.0;
            let dz = if below { slope * grad[c] } else { grad[c] };
            out[c] = dz;
            s1[c] += dz;
            s2[c] += dz * (row[c] - means[c]);
            low[c] += if below { grad[c] * z } else { 0.0 };
        }
    }
    let count = (x.len() / groups) as f32;
    for g in 0..groups {
        let (mean, r) = (kept[2 * g], kept[2 * g + 1]);
        let of = g * width..(g + 1) * width;
        let (mut sum, mut with_x) = (0.0, 0.0);
        for c in of.clone() {
            // Sum of dz with the normalised value.
            let hat = r * s2[c];
            sums[c] += hat;
            sums[channels + c] += s1[c];
            sum += gain[c] * s1[c];
            with_x += gain[c] * hat;
        }
        // d x = r (d hat - mean(d hat) - hat mean(d hat hat)) with hat = r (x - mean), as one line in dz and x.
        let slope_x = -r * r * with_x / count;
        let level = -r * sum / count - slope_x * mean;
        for (s, l) in s1[of.clone()].iter_mut().zip(&mut s2[of]) {
            (*s, *l) = (slope_x, level);
        }
    }
    sums[2 * channels] += lanes::sum(low);
    for (row, out) in x.chunks_exact(channels).zip(out.chunks_exact_mut(channels)) {
        let (row, out) = (&row[..channels], &mut out[..channels]);
        for c in 0..channels {
            out[c] = out[c] * a[c] + row[c] * s1[c] + s2[c];
        }
    }
}

/// Output, and the moments of every group of every sequence.
fn forward(
    x: &FlexTensor,
    gain: &FlexTensor,
    shift: &FlexTensor,
    groups: usize,
    act: Act,
) -> (FlexTensor, Vec<f32>) {
    let [sequences, points, channels] = sizes::<3>(x);
    let row = points * channels;
    let mut out = vec![0.0; sequences * row];
    let mut kept = vec![0.0; sequences * 2 * groups];
    let (all, gain, shift) = (values(x), values(gain), values(shift));
    lanes::each_pair(&mut out, row, &mut kept, 2 * groups, |s, out, kept| {
        normalise(&all[s * row..(s + 1) * row], gain, shift, act, out, kept);
    });
    (tensor(out, &[sequences, points, channels]), kept)
}

/// What the gradient needs.
type Saved = ([FlexTensor; 3], Vec<f32>);

/// Gradients of the input and of gain, shift and slope.
fn backward((inputs, kept): &Saved, grad: &FlexTensor, groups: usize, act: Act) -> (FlexTensor, Vec<f32>) {
    let [sequences, points, channels] = sizes::<3>(grad);
    let row = points * channels;
    let [x, gain, shift] = inputs.each_ref().map(values);
    let grad = values(grad);
    let mut out = vec![0.0; sequences * row];
    let sums = lanes::each_summing(&mut out, row, 2 * channels + 1, |s, out, sums| {
        let of = s * row..(s + 1) * row;
        let kept = &kept[s * 2 * groups..(s + 1) * 2 * groups];
        normalise_back(&x[of.clone()], &grad[of], kept, (gain, shift), act, out, sums);
    });
    (tensor(out, &[sequences, points, channels]), sums)
}

/// Cuts the sums of [`backward`] into tensors.
pub(super) fn cut(sums: &[f32], channels: usize) -> [FlexTensor; 3] {
    [
        tensor(sums[..channels].to_vec(), &[channels]),
        tensor(sums[channels..2 * channels].to_vec(), &[channels]),
        tensor(sums[2 * channels..=2 * channels].to_vec(), &[1]),
    ]
}

#[derive(Debug)]
struct Norm {
    groups: usize,
    act: Act,
}

impl Kernel<3> for Norm {
    type Saved = Saved;

    fn forward(&self, inputs: [FlexTensor; 3]) -> (FlexTensor, Saved) {
        let [x, gain, shift] = &inputs;
        let (out, kept) = forward(x, gain, shift, self.groups, self.act);
        (out, (inputs, kept))
    }

    fn backward(&self, saved: Saved, grad: FlexTensor, _: [bool; 3]) -> [Option<FlexTensor>; 3] {
        let (dx, sums) = backward(&saved, &grad, self.groups, self.act);
        let [gain, shift, _] = cut(&sums, sums.len() / 2);
        [Some(dx), Some(gain), Some(shift)]
    }
}

#[derive(Debug)]
struct NormPrelu {
    groups: usize,
}

impl Kernel<4> for NormPrelu {
    type Saved = (Saved, f32);

    fn forward(&self, [x, gain, shift, slope]: [FlexTensor; 4]) -> (FlexTensor, Self::Saved) {
        let slope = values(&slope)[0];
        let (out, kept) = forward(&x, &gain, &shift, self.groups, Act::Prelu(slope));
        (out, (([x, gain, shift], kept), slope))
    }

    fn backward(
        &self,
        (saved, slope): Self::Saved,
        grad: FlexTensor,
        _: [bool; 4],
    ) -> [Option<FlexTensor>; 4] {
        let (dx, sums) = backward(&saved, &grad, self.groups, Act::Prelu(slope));
        let [gain, shift, slope] = cut(&sums, sums.len() / 2);
        [Some(dx), Some(gain), Some(shift), Some(slope)]
    }
}
