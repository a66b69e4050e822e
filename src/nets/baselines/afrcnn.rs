//! AFRCNN (arXiv 2112.02321): several scales of the code that exchange with their neighbours, again and again.

use burn::module::Module;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::frame::{Again, Decoding, Frame, FrameConfig};
use crate::nets::init::Init;
use crate::nets::layers::{DepthwiseNorm, Linear, Masking, NormPrelu};
use crate::nets::ops::{self, Stencil};
use crate::nets::sizes::{check_code, check_depth, check_sizes};

/// Taps of the convolutions along the points.
const TAPS: usize = 5;

/// Sizes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AfrcnnConfig {
    /// Channels of the code.
    pub channels: usize,
    /// Points of the encoder's window.
    pub kernel: usize,
    /// Points from window to window.
    pub stride: usize,
    /// Channels between passes.
    pub bottleneck: usize,
    /// Channels of every scale.
    pub hidden: usize,
    /// Scales, the finest included.
    pub scales: usize,
    /// Times the one module is applied.
    pub repeats: usize,
    /// How masks become factors.
    pub mask: Masking,
    /// Spectra that come out.
    pub sources: usize,
}

impl AfrcnnConfig {
    /// Names of the presets, largest first.
    pub const PRESETS: [&'static str; 3] = ["paper", "small", "tiny"];

    /// A preset by its name. `paper` has the published sizes, with the window of 21 points every 10 that was made for
    /// sound: only that reproduces the count. The smaller ones see every second point.
    pub fn preset(name: &str) -> Option<Self> {
        let base = |channels, kernel, stride, bottleneck, hidden, repeats| Self {
            channels,
            kernel,
            stride,
            bottleneck,
            hidden,
            scales: 4,
            repeats,
            mask: Masking::Relu,
            sources: 2,
        };
        match name {
            "paper" => Some(base(512, 21, 10, 256, 1024, 16)),
            "small" => Some(base(128, 3, 2, 64, 64, 6)),
            "tiny" => Some(base(32, 3, 2, 32, 32, 3)),
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
        check_depth(&[("scales", self.scales), ("repeats", self.repeats)])
    }
}

/// The network. 15,730,184 parameters at the published sizes: every convolution but those of encoder and decoder has a
/// bias, the finer scale comes to the coarser through a convolution of its own with stride 2 and a norm, and one
/// decoder makes every spectrum from the masked codes of all.
#[derive(Module, Debug)]
pub struct Afrcnn {
    frame: Frame,
    module: Scales,
    again: Again,
    repeats: usize,
}

impl Afrcnn {
    /// First weights.
    pub fn new(init: &mut Init, config: &AfrcnnConfig) -> Self {
        let frame = FrameConfig {
            channels: config.channels,
            features: config.bottleneck,
            kernel: config.kernel,
            stride: config.stride,
            sources: config.sources,
            masking: config.mask,
            decoding: Decoding::Joint,
        };
        Self {
            frame: Frame::new(init, &frame),
            module: Scales::new(init, config),
            again: Again::new(init, config.bottleneck),
            repeats: config.repeats,
        }
    }

    /// `[batch, point]` to `[batch, source, point]`.
    pub fn forward(&self, spectra: Tensor<2>) -> Tensor<3> {
        self.frame
            .forward(spectra, |mixture| self.again.repeat(&mixture, self.repeats, |x| self.module.forward(x)))
    }
}

/// A dense map, a norm over the sequence, a rectifier.
#[derive(Module, Debug)]
struct Fuse {
    map: Linear,
    act: NormPrelu,
}

impl Fuse {
    fn new(init: &mut Init, inputs: usize, outputs: usize) -> Self {
        Self { map: Linear::new(init, inputs, outputs), act: NormPrelu::new(init, outputs) }
    }

    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        self.act.forward(self.map.forward(x))
    }
}

/// One pass over all scales.
#[derive(Module, Debug)]
struct Scales {
    input: Fuse,
    /// Into each scale from the one above; the finest from the input.
    down: Vec<DepthwiseNorm>,
    /// What each scale but the finest takes of the next finer one.
    finer: Vec<DepthwiseNorm>,
    /// Each scale with its neighbours.
    fuse: Vec<Fuse>,
    join: Fuse,
    output: Linear,
}

impl Scales {
    fn new(init: &mut Init, config: &AfrcnnConfig) -> Self {
        let AfrcnnConfig { bottleneck, hidden, scales, .. } = *config;
        let mut along = |stride| DepthwiseNorm::new(init, hidden, TAPS, Stencil::stride(stride));
        let down = (0..scales).map(|i| along(if i == 0 { 1 } else { 2 })).collect();
        let finer = (1..scales).map(|_| along(2)).collect();
        let heard = |i: usize| 1 + usize::from(i > 0) + usize::from(i + 1 < scales);
        Self {
            input: Fuse::new(init, bottleneck, hidden),
            down,
            finer,
            fuse: (0..scales).map(|i| Fuse::new(init, heard(i) * hidden, hidden)).collect(),
            join: Fuse::new(init, scales * hidden, hidden),
            output: Linear::new(init, hidden, bottleneck),
        }
    }

    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let mut scale = self.input.forward(x.clone());
        let mut scales = Vec::with_capacity(self.down.len());
        for down in &self.down {
            scale = down.forward(scale);
            scales.push(scale.clone());
        }
        let finest = scales.first().map_or(0, |scale| scale.dims()[1]);
        let fused = self.fuse.iter().zip(&scales).enumerate().map(|(i, (fuse, own))| {
            let finer = i.checked_sub(1).map(|above| self.finer[above].forward(scales[above].clone()));
            let coarser = scales.get(i + 1).map(|below| ops::upsample(below.clone(), own.dims()[1]));
            let heard = [finer, Some(own.clone()), coarser].into_iter().flatten().collect();
            let y = fuse.forward(Tensor::cat(heard, 2));
            if i == 0 { y } else { ops::upsample(y, finest) }
        });
        let joined = self.join.forward(Tensor::cat(fused.collect(), 2));
        self.output.forward_plus(joined, x)
    }
}
