//! From a spectrum to codes of many channels and back.

use burn::module::Module;
use burn::tensor::Tensor;

use super::Linear;
use crate::nets::init::Init;
use crate::nets::ops::{self, Tiling};

/// Windows of the spectrum as channels: a convolution without bias.
#[derive(Module, Debug)]
pub struct Encoder {
    map: Linear,
    kernel: usize,
    stride: usize,
}

impl Encoder {
    /// A window of `kernel` points around every `stride`-th point.
    pub fn new(init: &mut Init, channels: usize, kernel: usize, stride: usize) -> Self {
        Self { map: Linear::plain(init, kernel, channels), kernel, stride }
    }

    /// `[batch, point]` to `[batch, code point, channel]`.
    pub fn forward(&self, spectra: Tensor<2>) -> Tensor<3> {
        let [batch, points] = spectra.dims();
        let tiling = Tiling::windows(points, self.kernel, self.stride);
        let windows = ops::frames(spectra.reshape([batch, points, 1]), tiling);
        self.map.forward(windows.reshape([batch, tiling.count, self.kernel]))
    }
}

/// A transposed convolution without bias from all masked codes to all spectra.
#[derive(Module, Debug)]
pub struct Decoder {
    /// `[source and channel, place in the window and spectrum]`.
    map: Linear,
    kernel: usize,
    stride: usize,
    sources: usize,
}

impl Decoder {
    /// The way back of an [`Encoder`]: every spectrum sees the codes of all (`inputs` channels in all).
    pub fn new(init: &mut Init, inputs: usize, sources: usize, kernel: usize, stride: usize) -> Self {
        Self { map: Linear::plain(init, inputs, kernel * sources), kernel, stride, sources }
    }

    /// `[batch, code point, channel]` to `[batch, source, point]`.
    pub fn forward(&self, codes: Tensor<3>, points: usize) -> Tensor<3> {
        let tiling = Tiling::windows(points, self.kernel, self.stride);
        let [batch, count, _] = codes.dims();
        let windows = self.map.forward(codes).reshape([batch, count, self.kernel, self.sources]);
        ops::overlap_add(windows, tiling).swap_dims(1, 2)
    }
}
