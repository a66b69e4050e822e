//! `TDANet` (arXiv 2209.15200): one top-down attention module over the whole code, applied again and again.

use burn::module::Module;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::frame::{Again, Decoding, Frame, FrameConfig};
use crate::nets::dropout::Dropout;
use crate::nets::init::Init;
use crate::nets::layers::{Masking, Steering, TopDown, TopDownConfig};
use crate::nets::sizes::{check_code, check_depth, check_sizes};

/// Sizes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TdanetConfig {
    /// Channels of the code.
    pub channels: usize,
    /// Points of the encoder's window.
    pub kernel: usize,
    /// Points from window to window.
    pub stride: usize,
    /// Channels between passes.
    pub bottleneck: usize,
    /// Channels inside the module.
    pub hidden: usize,
    /// Heads of the attention.
    pub heads: usize,
    /// Scales, the finest included.
    pub scales: usize,
    /// Times the one module is applied.
    pub repeats: usize,
    /// How masks become factors.
    pub mask: Masking,
    /// Share of numbers dropped in training.
    pub dropout: f64,
    /// Spectra that come out.
    pub sources: usize,
}

impl TdanetConfig {
    /// Names of the presets, largest first.
    pub const PRESETS: [&'static str; 3] = ["paper", "small", "tiny"];

    /// A preset by its name. `paper` has the published sizes.
    pub fn preset(name: &str) -> Option<Self> {
        let base = |channels, stride, bottleneck, hidden, heads, repeats, dropout| Self {
            channels,
            kernel: 3,
            stride,
            bottleneck,
            hidden,
            heads,
            scales: 4,
            repeats,
            mask: Masking::Relu,
            dropout,
            sources: 2,
        };
        match name {
            "paper" => Some(base(512, 1, 128, 512, 8, 16, 0.1)),
            "small" => Some(base(128, 2, 64, 128, 4, 6, 0.0)),
            "tiny" => Some(base(32, 2, 32, 64, 4, 3, 0.0)),
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
            ("heads", self.heads),
        ])?;
        check_depth(&[("scales", self.scales), ("repeats", self.repeats)])?;
        if !self.hidden.is_multiple_of(self.heads) {
            return Err(format!("{} heads do not divide {} hidden channels", self.heads, self.hidden));
        }
        if !(0.0..1.0).contains(&self.dropout) {
            return Err(format!("dropout {} is outside 0 to 1", self.dropout));
        }
        Ok(())
    }
}

/// The network. 2,498,563 parameters at the published sizes: the module of spec section 3.1 once, one channel-wise map
/// between passes, and one decoder that makes every spectrum from the masked codes of all.
#[derive(Module, Debug)]
pub struct Tdanet {
    frame: Frame,
    module: TopDown,
    again: Again,
    repeats: usize,
}

impl Tdanet {
    /// First weights.
    pub fn new(init: &mut Init, config: &TdanetConfig) -> Self {
        let frame = FrameConfig {
            channels: config.channels,
            features: config.bottleneck,
            kernel: config.kernel,
            stride: config.stride,
            sources: config.sources,
            masking: config.mask,
            decoding: Decoding::Joint,
        };
        let module = TopDownConfig {
            channels: config.bottleneck,
            hidden: config.hidden,
            heads: config.heads,
            scales: config.scales,
            steering: Steering::Gate,
        };
        Self {
            frame: Frame::new(init, &frame),
            module: TopDown::new(init, &module),
            again: Again::new(init, config.bottleneck),
            repeats: config.repeats,
        }
    }

    /// `[batch, point]` to `[batch, source, point]`.
    pub fn forward(&self, spectra: Tensor<2>, dropout: &mut Dropout) -> Tensor<3> {
        self.frame.forward(spectra, |mixture| {
            self.again.repeat(&mixture, self.repeats, |x| self.module.forward(x, dropout))
        })
    }
}
