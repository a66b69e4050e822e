//! The dual-path block: attention within every chunk, then across chunks place by place (spec section 3.2).

use burn::module::{Module, Param};
use burn::tensor::Tensor;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;

use super::{RssnetConfig, Side};
use crate::nets::dropout::Dropout;
use crate::nets::init::Init;
use crate::nets::layers::{Linear, TopDown, TopDownConfig};

/// Both paths with the branches around them.
#[derive(Module, Debug)]
pub struct Block {
    intra: TopDown,
    inter: TopDown,
    p1: SideBranch,
    p2: Option<Linear>,
}

/// The branch around the first path.
#[derive(Module, Debug)]
enum SideBranch {
    Dense(Linear),
    Wide(Wide),
    Depthwise(Scale),
    Identity(Nothing),
}

/// Channel by channel: with one tap a factor and a shift.
#[derive(Module, Debug)]
struct Scale {
    gain: Param<Tensor<1>>,
    bias: Param<Tensor<1>>,
}

/// A dense convolution over chunks and places.
#[derive(Module, Debug)]
struct Wide {
    /// `[out, in, chunk, place]`.
    weight: Param<Tensor<4>>,
    bias: Param<Tensor<1>>,
}

/// No weights.
#[derive(Module, Debug)]
struct Nothing {}

impl SideBranch {
    fn new(init: &mut Init, config: &RssnetConfig) -> Self {
        let (n, k) = (config.channels, config.side_kernel);
        match config.side {
            Side::Dense if k == 1 => Self::Dense(Linear::new(init, n, n)),
            Side::Dense => Self::Wide(Wide {
                weight: init.uniform([n, n, k, k], n * k * k),
                bias: init.uniform([n], n * k * k),
            }),
            Side::Depthwise => {
                Self::Depthwise(Scale { gain: init.uniform([n], 1), bias: init.uniform([n], 1) })
            }
            Side::Identity => Self::Identity(Nothing {}),
        }
    }

    /// `rest` plus the branch; both `[batch and chunk, place, channel]`.
    fn forward_plus(&self, x: Tensor<3>, rest: Tensor<3>, chunks: usize) -> Tensor<3> {
        match self {
            Self::Dense(map) => map.forward_plus(x, rest),
            Self::Wide(wide) => {
                let [all, places, n] = x.dims();
                let weight = wide.weight.val();
                let pad = weight.dims()[2] / 2;
                let grid = x.reshape([all / chunks, chunks, places, n]).permute([0, 3, 1, 2]);
                let options = ConvOptions::new([1, 1], [pad, pad], [1, 1], 1);
                let y = conv2d(grid, weight, Some(wide.bias.val()), options);
                rest + y.permute([0, 2, 3, 1]).reshape([all, places, n])
            }
            Self::Depthwise(scale) => rest + x * scale.gain.val().unsqueeze() + scale.bias.val().unsqueeze(),
            Self::Identity(_) => rest + x,
        }
    }
}

impl Block {
    pub fn new(init: &mut Init, config: &RssnetConfig) -> Self {
        let module = TopDownConfig {
            channels: config.channels,
            hidden: config.hidden,
            heads: config.heads,
            scales: config.scales,
            steering: config.steering,
        };
        Self {
            intra: TopDown::new(init, &module),
            inter: TopDown::new(init, &module),
            p1: SideBranch::new(init, config),
            p2: config.second_side.then(|| Linear::new(init, config.channels, config.channels)),
        }
    }

    /// `[batch, chunk, place, channel]` to the same.
    pub fn forward(&self, x: Tensor<4>, dropout: &mut Dropout) -> Tensor<4> {
        let [batch, chunks, places, channels] = x.dims();
        let x = x.reshape([batch * chunks, places, channels]);
        let y = self.intra.forward(x.clone(), dropout);
        let x = self.p1.forward_plus(x, y, chunks);
        let x = x.reshape([batch, chunks, places, channels]).swap_dims(1, 2);
        let x = x.reshape([batch * places, chunks, channels]);
        let y = self.inter.forward(x.clone(), dropout);
        let x = match &self.p2 {
            Some(p2) => p2.forward_plus(x, y),
            None => x + y,
        };
        x.reshape([batch, places, chunks, channels]).swap_dims(1, 2)
    }
}
