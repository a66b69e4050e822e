//! The published form: a shared encoder with attention at its end, and two decoders (specification section 3).

use burn::module::Module;
use burn::tensor::{Tensor, activation};

use super::RampinnConfig;
use super::batch_norm::{BatchNorm, Pull};
use crate::nets::init::Init;
use crate::nets::layers::{Conv, Linear, Norm, position_codes};
use crate::nets::ops;

/// Taps after the up-sampling.
const UP_TAPS: usize = 3;
/// First bias of the Raman head: an output of 0.05, as most of a Raman spectrum is near zero.
const RAMAN_BIAS: f32 = -3.0;

/// The network.
#[derive(Module, Debug)]
pub struct PaperNet {
    encoder: Vec<Block>,
    middle: Block,
    before: Norm,
    /// Queries, keys and values one after the other.
    qkv: Linear,
    mix: Linear,
    raman: Branch,
    background: Branch,
    heads: usize,
}

/// Two normalised convolutions.
#[derive(Module, Debug)]
struct Block {
    first: Conv,
    first_norm: BatchNorm,
    second: Conv,
    second_norm: BatchNorm,
}

/// One decoder.
#[derive(Module, Debug)]
struct Branch {
    up: Vec<Conv>,
    blocks: Vec<Block>,
    head: Linear,
}

impl PaperNet {
    pub(super) fn drawn(config: &RampinnConfig, init: &mut Init) -> Self {
        let taps = config.taps;
        let last = config.widths.last().copied().unwrap_or(1);
        let inputs = std::iter::once(&1).chain(&config.widths);
        let encoder = inputs.zip(&config.widths).map(|(i, o)| Block::new(init, *i, *o, taps)).collect();
        Self {
            encoder,
            middle: Block::new(init, last, last, taps),
            before: Norm::new(init, last),
            qkv: Linear::new(init, last, 3 * last),
            mix: Linear::new(init, last, last),
            raman: Branch::new(init, config, RAMAN_BIAS),
            background: Branch::new(init, config, 0.0),
            heads: config.heads,
        }
    }

    /// `[batch, point, 1]` to the logits of both answers, `[batch, point]` each. With a pull the batch's own statistics
    /// count.
    pub fn forward(&self, x: Tensor<3>, mut pull: Option<&mut Pull>) -> (Tensor<2>, Tensor<2>) {
        let mut x = x;
        let mut kept = Vec::with_capacity(self.encoder.len());
        for block in &self.encoder {
            let y = block.forward(x, pull.as_deref_mut());
            x = ops::pool(y.clone(), y.dims()[1] / 2);
            kept.push(y);
        }
        let x = self.middle.forward(x, pull.as_deref_mut());
        let [_, points, channels] = x.dims();
        let placed = x.clone() + position_codes(points, channels, &x.device());
        let seen = self.qkv.forward(self.before.forward_points(placed));
        let x = x + self.mix.forward(ops::attention(seen, self.heads, None));
        let raman = self.raman.forward(x.clone(), &kept, pull.as_deref_mut());
        (raman, self.background.forward(x, &kept, pull))
    }
}

impl Block {
    fn new(init: &mut Init, inputs: usize, outputs: usize, taps: usize) -> Self {
        Self {
            first: Conv::new(init, inputs, outputs, taps, 1),
            first_norm: BatchNorm::new(init, outputs),
            second: Conv::new(init, outputs, outputs, taps, 1),
            second_norm: BatchNorm::new(init, outputs),
        }
    }

    fn forward(&self, x: Tensor<3>, mut pull: Option<&mut Pull>) -> Tensor<3> {
        let y = self.first_norm.forward_relu(self.first.forward(x), pull.as_deref_mut());
        self.second_norm.forward_relu(self.second.forward(y), pull)
    }
}

impl Branch {
    fn new(init: &mut Init, config: &RampinnConfig, bias: f32) -> Self {
        let last = config.widths.last().copied().unwrap_or(1);
        let first = config.widths.first().copied().unwrap_or(1);
        let coarser = config.widths.iter().copied().skip(1).chain([last]);
        let mut pairs: Vec<(usize, usize)> = config.widths.iter().copied().zip(coarser).collect();
        pairs.reverse();
        let head = Linear { weight: init.zeros([first, 1]), bias: Some(init.constant(1, bias)) };
        Self {
            up: pairs.iter().map(|(fine, coarse)| Conv::new(init, *coarse, *fine, UP_TAPS, 1)).collect(),
            blocks: pairs.iter().map(|(fine, _)| Block::new(init, 2 * fine, *fine, config.taps)).collect(),
            head,
        }
    }

    fn forward(&self, x: Tensor<3>, kept: &[Tensor<3>], mut pull: Option<&mut Pull>) -> Tensor<2> {
        let mut x = x;
        for ((up, block), finer) in self.up.iter().zip(&self.blocks).zip(kept.iter().rev()) {
            let grown = up.forward(doubled(x));
            x = block.forward(Tensor::cat(vec![grown, finer.clone()], 2), pull.as_deref_mut());
        }
        let [batch, points, _] = x.dims();
        self.head.forward(x).reshape([batch, points])
    }
}

/// Twice the points by straight lines, as PyTorch's `linear` up-sampling without aligned corners.
fn doubled(x: Tensor<3>) -> Tensor<3> {
    let [batch, points, channels] = x.dims();
    let (first, last) = (x.clone().narrow(1, 0, 1), x.clone().narrow(1, points - 1, 1));
    let left = Tensor::cat(vec![first, x.clone().narrow(1, 0, points - 1)], 1);
    let right = Tensor::cat(vec![x.clone().narrow(1, 1, points - 1), last], 1);
    let even = left * 0.25 + x.clone() * 0.75;
    let odd = right * 0.25 + x * 0.75;
    Tensor::stack::<4>(vec![even, odd], 2).reshape([batch, 2 * points, channels])
}

/// The answers of logits.
pub(super) fn answers((raman, background): (Tensor<2>, Tensor<2>)) -> (Tensor<2>, Tensor<2>) {
    (activation::sigmoid(raman), activation::sigmoid(background))
}
