//! Dense convolutions along a sequence, as one product with a matrix over windows of points.

use burn::module::{Module, Param};
use burn::tensor::Tensor;

use super::Linear;
use crate::nets::init::Init;
use crate::nets::ops::{self, Tiling};

/// Every output channel from a window of all input channels, zeros outside.
#[derive(Module, Debug)]
pub struct Conv {
    /// `[tap and input channel, output channel]`.
    map: Linear,
    taps: usize,
    stride: usize,
}

impl Conv {
    /// A window of `taps` points around every `stride`-th point.
    pub fn new(init: &mut Init, inputs: usize, outputs: usize, taps: usize, stride: usize) -> Self {
        Self { map: Linear::new(init, taps * inputs, outputs), taps, stride }
    }

    /// The same without a bias.
    pub fn plain(init: &mut Init, inputs: usize, outputs: usize, taps: usize, stride: usize) -> Self {
        Self { map: Linear::plain(init, taps * inputs, outputs), taps, stride }
    }

    /// `[batch, point, channel]` to `[batch, every stride-th point, channel]`.
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let [batch, points, channels] = x.dims();
        let tiling = Tiling::windows(points, self.taps, self.stride);
        let windows = ops::frames(x, tiling).reshape([batch, tiling.count, self.taps * channels]);
        self.map.forward(windows)
    }
}

/// The way back of a strided [`Conv`]: every point spreads over a window.
#[derive(Module, Debug)]
pub struct Spread {
    /// `[input channel, tap and output channel]`.
    map: Linear,
    /// `[output channel]`.
    bias: Param<Tensor<1>>,
    taps: usize,
    stride: usize,
}

impl Spread {
    /// `stride` times as many points, each from windows of `taps` points.
    pub fn new(init: &mut Init, inputs: usize, outputs: usize, taps: usize, stride: usize) -> Self {
        Self {
            map: Linear::plain(init, inputs, taps * outputs),
            bias: init.uniform([outputs], taps * inputs),
            taps,
            stride,
        }
    }

    /// `[batch, point, channel]` to `[batch, stride times the points, channel]`.
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let [batch, count, _] = x.dims();
        let tiling = Tiling::windows(count * self.stride, self.taps, self.stride);
        let spread = self.map.forward(x);
        let outputs = spread.dims()[2] / self.taps;
        let windows = spread.reshape([batch, count, self.taps, outputs]);
        ops::overlap_add(windows, tiling) + self.bias.val().unsqueeze()
    }
}
