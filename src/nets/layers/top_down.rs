//! The top-down attention module (spec section 3.1): several scales of a sequence, attention at the coarsest, and its
//! way back down to the finest.
//!
//! ```text
//! x --1x1--> u -> F0 -> F1 -> F2 -> F3        channel by channel, half as many points each
//!                  \     \     \     \
//!                   +-----+--pool-----+--> G --attention--> G2
//!                  M0    M1    M2    M3 = gate(F, up(G2))
//!            y <--local--+--local-+--local-+
//! out = 1x1(y) + x
//! ```

use burn::module::Module;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::{DepthwiseNorm, GlobalAttention, Linear, LocalAttention, NormPrelu};
use crate::nets::dropout::Dropout;
use crate::nets::init::Init;
use crate::nets::ops::{self, Stencil};

/// Taps of the convolutions between scales.
const TAPS: usize = 5;

/// How the attention of the coarsest scale acts on the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Steering {
    /// `sigmoid(up(G)) * F`.
    Gate,
    /// `up(G) + F`, a second published variant.
    Add,
}

/// Sizes of the module.
#[derive(Debug, Clone, Copy)]
pub struct TopDownConfig {
    /// Channels of input and output.
    pub channels: usize,
    /// Channels inside.
    pub hidden: usize,
    /// Heads of the attention.
    pub heads: usize,
    /// Scales, the finest included.
    pub scales: usize,
    /// How the attention acts.
    pub steering: Steering,
}

/// The module; input and output are `[sequence, point, channel]`.
#[derive(Module, Debug)]
pub struct TopDown {
    input: Linear,
    input_norm: NormPrelu,
    down: Vec<DepthwiseNorm>,
    global: GlobalAttention,
    local: Vec<LocalAttention>,
    output: Linear,
    #[module(skip)]
    steering: Steering,
}

impl TopDown {
    /// First weights.
    pub fn new(init: &mut Init, config: &TopDownConfig) -> Self {
        let TopDownConfig { channels, hidden, heads, scales, steering } = *config;
        let stride = |i: usize| Stencil::stride(if i == 0 { 1 } else { 2 });
        Self {
            input: Linear::new(init, channels, hidden),
            input_norm: NormPrelu::new(init, hidden),
            down: (0..scales).map(|i| DepthwiseNorm::new(init, hidden, TAPS, stride(i))).collect(),
            global: GlobalAttention::new(init, hidden, heads),
            local: (1..scales).map(|_| LocalAttention::new(init, hidden)).collect(),
            output: Linear::new(init, hidden, channels),
            steering,
        }
    }

    /// The forward pass.
    pub fn forward(&self, x: Tensor<3>, dropout: &mut Dropout) -> Tensor<3> {
        let mut fine = self.input_norm.forward(self.input.forward(x.clone()));
        let mut scales = Vec::with_capacity(self.down.len());
        for down in &self.down {
            fine = down.forward(fine);
            scales.push(fine.clone());
        }
        let points = fine.dims()[1];
        let last = scales.len() - 1;
        let pooled = scales[..last].iter().fold(fine, |sum, scale| sum + ops::pool(scale.clone(), points));
        let top = self.global.forward(pooled, dropout);
        let mut steered = scales.into_iter().rev().map(|scale| match self.steering {
            Steering::Gate => ops::gate(scale, top.clone()),
            Steering::Add => {
                let points = scale.dims()[1];
                ops::upsample(top.clone(), points) + scale
            }
        });
        let Some(mut y) = steered.next() else { return x };
        for (local, scale) in self.local.iter().rev().zip(steered) {
            y = local.forward(scale, y);
        }
        self.output.forward_plus(y, x)
    }
}
