//! Every kernel against the same operation composed of burn's own, values and gradients.

use burn::tensor::{Device, Gradients, Tensor, TensorData};

use super::kernel::COMPOSED;
use super::*;
use crate::synth::Rng;

/// Relative to the largest number of the array; kernels and burn add in different orders.
const TOLERANCE: f32 = 2e-5;

type Gradient = Box<dyn Fn(&Gradients) -> Vec<f32>>;

/// Inputs of one run: seeded, so that both ways see the same.
struct Leaves {
    device: Device,
    rng: Rng,
    gradients: Vec<Gradient>,
}

fn numbers(data: &TensorData) -> Vec<f32> {
    data.try_to_vec::<f32>().unwrap()
}

impl Leaves {
    fn tensor<const D: usize>(&mut self, shape: [usize; D]) -> Tensor<D> {
        let count = shape.iter().product();
        let values: Vec<f32> = (0..count).map(|_| self.rng.normal() as f32 + 0.3).collect();
        let leaf = Tensor::<1>::from_floats(values.as_slice(), &self.device).reshape(shape).detach();
        let leaf = leaf.require_grad();
        let kept = leaf.clone();
        self.gradients
            .push(Box::new(move |grads| kept.grad(grads).map_or_else(Vec::new, |g| numbers(&g.into_data()))));
        leaf
    }
}

/// The output and the gradient of every leaf.
fn run<const D: usize>(composed: bool, op: impl Fn(&mut Leaves) -> Tensor<D>) -> Vec<Vec<f32>> {
    COMPOSED.set(composed);
    let mut leaves = Leaves { device: Device::flex().autodiff(), rng: Rng::new(5, 0), gradients: Vec::new() };
    let out = op(&mut leaves);
    // Uneven weights: a plain sum would hide errors that cancel.
    let weights: Vec<f32> =
        (0..out.shape().num_elements()).map(|i| ((i * 37 % 19) as f32 - 9.0) / 9.0).collect();
    let weights = Tensor::<1>::from_floats(weights.as_slice(), &leaves.device).reshape(out.dims());
    let grads = (out.clone() * weights).sum().backward();
    let mut all = vec![numbers(&out.into_data())];
    all.extend(leaves.gradients.iter().map(|gradient| gradient(&grads)));
    COMPOSED.set(false);
    all
}

fn agree<const D: usize>(op: impl Fn(&mut Leaves) -> Tensor<D>) {
    let (ours, theirs) = (run(false, &op), run(true, &op));
    assert_eq!(ours.len(), theirs.len());
    for (k, (a, b)) in ours.iter().zip(&theirs).enumerate() {
        assert!(!a.is_empty() && a.len() == b.len(), "array {k}: {} and {} numbers", a.len(), b.len());
        let top = b.iter().fold(1e-3_f32, |top, v| top.max(v.abs()));
        let off = a.iter().zip(b).fold(0.0_f32, |off, (x, y)| off.max((x - y).abs()));
        assert!(off / top < TOLERANCE, "array {k}: off by {off} of {top}");
    }
}

#[test]
fn linear_maps_agree_with_and_without_a_bias_and_a_branch() {
    agree(|l| linear(l.tensor([3, 70, 20]), l.tensor([20, 33]), Some(l.tensor([33]))));
    agree(|l| linear(l.tensor([2, 3, 5]), l.tensor([5, 4]), None));
    agree(|l| linear_plus(l.tensor([3, 7, 20]), l.tensor([20, 33]), l.tensor([33]), l.tensor([3, 7, 33])));
}

#[test]
fn norms_agree_for_every_activation_and_grouping() {
    let slope = |l: &mut Leaves| l.tensor([1]);
    for groups in [1, 3] {
        agree(|l| norm(l.tensor([4, 9, 21]), l.tensor([21]), l.tensor([21]), groups, Activation::None));
        agree(|l| norm(l.tensor([4, 9, 21]), l.tensor([21]), l.tensor([21]), groups, Activation::Relu));
        agree(|l| {
            let (x, gain, shift) = (l.tensor([4, 9, 21]), l.tensor([21]), l.tensor([21]));
            norm(x, gain, shift, groups, Activation::Prelu(slope(l)))
        });
    }
}

#[test]
fn convolutions_by_channel_agree_for_strides_dilations_and_short_sequences() {
    for (points, taps, stride, dilation) in
        [(12, 5, 1, 1), (13, 5, 2, 1), (3, 5, 2, 1), (20, 3, 1, 4), (1, 5, 1, 1), (9, 7, 2, 1)]
    {
        let stencil = Stencil { stride, dilation };
        for relu in [false, true] {
            agree(|l| {
                depthwise(l.tensor([3, points, 18]), l.tensor([taps, 18]), l.tensor([18]), stencil, relu)
            });
        }
        if points > 1 {
            agree(|l| {
                let (x, taps, bias) = (l.tensor([3, points, 18]), l.tensor([taps, 18]), l.tensor([18]));
                depthwise_norm(x, taps, Some(bias), stencil, l.tensor([18]), l.tensor([18]))
            });
            agree(|l| {
                let (x, taps) = (l.tensor([3, points, 18]), l.tensor([taps, 18]));
                depthwise_norm(x, taps, None, stencil, l.tensor([18]), l.tensor([18]))
            });
        }
    }
}

#[test]
fn frames_and_overlaps_agree_for_chunks_and_windows() {
    for tiling in
        [Tiling::halves(50, 8), Tiling::halves(48, 8), Tiling::windows(21, 3, 2), Tiling::windows(20, 2, 1)]
    {
        agree(|l| frames(l.tensor([2, tiling.points, 3]), tiling));
        agree(|l| overlap_add(l.tensor([2, tiling.count, tiling.length, 3]), tiling));
    }
}

#[test]
fn chunks_of_the_paper_s_size_laid_back_give_twice_the_sequence() {
    let tiling = Tiling::halves(1024, 44);
    assert_eq!((tiling.count, tiling.padded() - 1024 - tiling.before), (48, 32));
    let values: Vec<f32> = (0..2048).map(|i| (i % 61) as f32).collect();
    let x = Tensor::<1>::from_floats(values.as_slice(), &Device::flex()).reshape([2, 1024, 1]);
    let twice = numbers(&overlap_add(frames(x, tiling), tiling).into_data());
    assert!(twice.iter().zip(&values).all(|(t, v)| (*t - 2.0 * v).abs() < f32::EPSILON));
}

#[test]
fn scales_steer_one_another_alike() {
    for few in [1, 4, 5, 11] {
        agree(|l| gate(l.tensor([3, 11, 18]), l.tensor([3, few, 18])));
        agree(|l| inject(l.tensor([3, 11, 18]), l.tensor([3, few, 18]), l.tensor([3, few, 18])));
        agree(|l| pool(l.tensor([3, 11, 18]), few));
        agree(|l| upsample(l.tensor([3, few, 18]), 11));
    }
}

#[test]
fn rectifiers_and_point_norms_agree() {
    agree(|l| prelu(l.tensor([3, 11, 18]), l.tensor([1])));
    agree(|l| layer_norm(l.tensor([3, 11, 18]), l.tensor([18]), l.tensor([18])));
    agree(|l| layer_norm(l.tensor([1, 2, 64]), l.tensor([64]), l.tensor([64])));
}

#[test]
fn attention_agrees_with_and_without_a_mask() {
    agree(|l| attention(l.tensor([5, 6, 96]), 4, None));
    agree(|l| attention(l.tensor([2, 1, 24]), 2, None));
    let mask = |l: &Leaves| {
        let values: Vec<f32> = (0..5 * 4 * 36).map(|i| if i % 7 == 0 { 0.0 } else { 7.0 / 6.0 }).collect();
        Tensor::<1>::from_floats(values.as_slice(), &l.device).reshape([5, 4, 6, 6])
    };
    agree(|l| {
        let qkv = l.tensor([5, 6, 96]);
        attention(qkv, 4, Some(mask(l)))
    });
}

#[test]
fn batch_normalised_and_halved_points_agree_also_with_an_odd_point() {
    for points in [9, 10] {
        agree(|l| batch_norm_pool(l.tensor([3, points, 5]), l.tensor([5]), l.tensor([5])));
        agree(|l| affine_pool(l.tensor([3, points, 5]), l.tensor([5]), l.tensor([5])));
    }
}

#[test]
fn moments_of_channels_are_those_of_all_points() {
    let x: Vec<f32> = (0..2000).map(|i| if i % 2 == 0 { (i / 2) as f32 } else { 7.0 }).collect();
    let (mean, variance) = channel_moments(&x, 2);
    assert!((mean[0] - 499.5).abs() < 1e-3 && (mean[1] - 7.0).abs() < 1e-6, "{mean:?}");
    // Seven digits of f32 over a thousand squares.
    assert!((variance[0] / 83_333.25 - 1.0).abs() < 1e-5 && variance[1].abs() < 1e-9, "{variance:?}");
}
