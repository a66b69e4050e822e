//! Convolutions channel by channel.

use burn::module::{Module, Param};
use burn::tensor::Tensor;

use super::Norm;
use crate::nets::init::Init;
use crate::nets::ops::{self, Stencil};

/// Convolution channel by channel, then the normalisation of whole sequences.
#[derive(Module, Debug)]
pub struct DepthwiseNorm {
    /// `[tap, channel]`.
    pub taps: Param<Tensor<2>>,
    /// `[channel]`.
    pub bias: Option<Param<Tensor<1>>>,
    /// After the convolution.
    pub norm: Norm,
    stride: usize,
    dilation: usize,
}

impl DepthwiseNorm {
    /// With a bias.
    pub fn new(init: &mut Init, channels: usize, taps: usize, stencil: Stencil) -> Self {
        let mut layer = Self::plain(init, channels, taps, stencil);
        layer.bias = Some(init.uniform([channels], taps));
        layer
    }

    /// Without a bias.
    pub fn plain(init: &mut Init, channels: usize, taps: usize, stencil: Stencil) -> Self {
        Self {
            taps: init.uniform([taps, channels], taps),
            bias: None,
            norm: Norm::new(init, channels),
            stride: stencil.stride,
            dilation: stencil.dilation,
        }
    }

    /// Both in one pass.
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let stencil = Stencil { stride: self.stride, dilation: self.dilation };
        let bias = self.bias.as_ref().map(Param::val);
        let (gain, shift) = (self.norm.gain.val(), self.norm.shift.val());
        ops::depthwise_norm(x, self.taps.val(), bias, stencil, gain, shift)
    }
}

/// Convolution channel by channel with a bias.
#[derive(Module, Debug)]
pub struct Depthwise {
    /// `[tap, channel]`.
    pub taps: Param<Tensor<2>>,
    /// `[channel]`.
    pub bias: Param<Tensor<1>>,
    dilation: usize,
}

impl Depthwise {
    /// Neighbouring taps `dilation` points apart.
    pub fn new(init: &mut Init, channels: usize, taps: usize, dilation: usize) -> Self {
        let weight = init.uniform([taps, channels], taps);
        Self { taps: weight, bias: init.uniform([channels], taps), dilation }
    }

    /// The convolution.
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        self.run(x, false)
    }

    /// The convolution through a ReLU.
    pub fn forward_relu(&self, x: Tensor<3>) -> Tensor<3> {
        self.run(x, true)
    }

    fn run(&self, x: Tensor<3>, relu: bool) -> Tensor<3> {
        let stencil = Stencil { stride: 1, dilation: self.dilation };
        ops::depthwise(x, self.taps.val(), self.bias.val(), stencil, relu)
    }
}
