//! `Conv-TasNet` (arXiv 1809.07454): dilated convolutions over the code, channel by channel.

use burn::module::Module;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::frame::{Decoding, Frame, FrameConfig};
use crate::nets::init::Init;
use crate::nets::layers::{Depthwise, Linear, Masking, Norm, Prelu};
use crate::nets::sizes::{check_code, check_depth, check_sizes};

/// Sizes, with the letters of the paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConvTasnetConfig {
    /// Channels of the code (N).
    pub channels: usize,
    /// Points of the encoder's window (L).
    pub kernel: usize,
    /// Points from window to window.
    pub stride: usize,
    /// Channels between blocks (B).
    pub bottleneck: usize,
    /// Channels inside blocks (H).
    pub hidden: usize,
    /// Taps of the dilated convolutions (P), odd.
    pub taps: usize,
    /// Blocks of a repeat (X); block `x` has dilation `2^x`.
    pub blocks: usize,
    /// Repeats (R).
    pub repeats: usize,
    /// How masks become factors.
    pub mask: Masking,
    /// Spectra that come out.
    pub sources: usize,
}

impl ConvTasnetConfig {
    /// Names of the presets, largest first.
    pub const PRESETS: [&'static str; 3] = ["paper", "small", "tiny"];

    /// A preset by its name. `paper` has the published sizes; a stride of 1 is half the kernel, as published.
    pub fn preset(name: &str) -> Option<Self> {
        let base = |channels, stride, bottleneck, hidden, blocks, repeats| Self {
            channels,
            kernel: 3,
            stride,
            bottleneck,
            hidden,
            taps: 3,
            blocks,
            repeats,
            mask: Masking::Sigmoid,
            sources: 2,
        };
        match name {
            "paper" => Some(base(512, 1, 128, 512, 8, 3)),
            "small" => Some(base(128, 2, 64, 128, 7, 2)),
            "tiny" => Some(base(32, 2, 16, 32, 5, 1)),
            _ => None,
        }
    }

    /// What is wrong with the sizes, if anything.
    pub fn check(&self) -> Result<(), String> {
        check_code(self.kernel, self.stride, self.sources)?;
        check_sizes(&[
            ("channels", self.channels),
            ("bottleneck", self.bottleneck),
            ("hidden", self.hidden),
        ])?;
        check_depth(&[("blocks", self.blocks), ("repeats", self.repeats)])?;
        if self.blocks > 16 {
            return Err(format!("{} blocks: the last would be 2^{} points wide", self.blocks, self.blocks));
        }
        if self.taps.is_multiple_of(2) || self.taps > 15 {
            return Err(format!("{} taps: it must be an odd number, 1 to 15", self.taps));
        }
        Ok(())
    }
}

/// The network. 3,461,297 parameters at the published sizes: every 1x1 and dilated convolution has a bias, encoder and
/// decoder have none, there is no skip branch, and one decoder serves all sources. The code is linear: the published
/// one is, too, in its better variant.
#[derive(Module, Debug)]
pub struct ConvTasnet {
    frame: Frame,
    blocks: Vec<Block>,
}

impl ConvTasnet {
    /// First weights.
    pub fn new(init: &mut Init, config: &ConvTasnetConfig) -> Self {
        let frame = FrameConfig {
            channels: config.channels,
            features: config.bottleneck,
            kernel: config.kernel,
            stride: config.stride,
            sources: config.sources,
            masking: config.mask,
            decoding: Decoding::Each,
        };
        let dilations = (0..config.repeats).flat_map(|_| 0..config.blocks).map(|x| 1 << x);
        Self {
            frame: Frame::new(init, &frame),
            blocks: dilations.map(|dilation| Block::new(init, config, dilation)).collect(),
        }
    }

    /// `[batch, point]` to `[batch, source, point]`.
    pub fn forward(&self, spectra: Tensor<2>) -> Tensor<3> {
        self.frame.forward(spectra, |x| self.blocks.iter().fold(x, |x, block| block.forward(x)))
    }
}

/// Wider, along the points, back, plus the input.
#[derive(Module, Debug)]
struct Block {
    widen: Linear,
    wide_act: Prelu,
    wide_norm: Norm,
    along: Depthwise,
    along_act: Prelu,
    along_norm: Norm,
    narrow: Linear,
}

impl Block {
    fn new(init: &mut Init, config: &ConvTasnetConfig, dilation: usize) -> Self {
        let (b, h) = (config.bottleneck, config.hidden);
        Self {
            widen: Linear::new(init, b, h),
            wide_act: Prelu::new(init),
            wide_norm: Norm::new(init, h),
            along: Depthwise::new(init, h, config.taps, dilation),
            along_act: Prelu::new(init),
            along_norm: Norm::new(init, h),
            narrow: Linear::new(init, h, b),
        }
    }

    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let y = self.wide_norm.forward(self.wide_act.forward(self.widen.forward(x.clone())));
        let y = self.along_norm.forward(self.along_act.forward(self.along.forward(y)));
        self.narrow.forward_plus(y, x)
    }
}
