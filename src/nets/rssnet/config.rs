//! What can be chosen about the network.

use serde::{Deserialize, Serialize};

use crate::nets::layers::{Masking, Steering};
use crate::nets::sizes::{check_code, check_depth, check_sizes};

/// The branch around the first module of a block (`p1`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Every channel from every channel.
    Dense,
    /// Channel by channel.
    Depthwise,
    /// The input itself.
    Identity,
}

/// Sizes and variants. [`RssnetConfig::preset`] names the usual ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RssnetConfig {
    /// Channels of the encoded spectrum (N).
    pub channels: usize,
    /// Channels inside the attention modules.
    pub hidden: usize,
    /// Heads of the attention.
    pub heads: usize,
    /// Times the one block is applied.
    pub repeats: usize,
    /// Points of a chunk (K), even: chunks overlap by half.
    pub chunk: usize,
    /// Points of the encoder's and the decoder's kernel.
    pub kernel: usize,
    /// Points from one encoded point to the next.
    pub stride: usize,
    /// Scales of the attention modules.
    pub scales: usize,
    /// How the coarsest scale acts on the others.
    pub steering: Steering,
    /// The branch around the first module.
    pub side: Side,
    /// Width of that branch's convolution over chunk and place, odd.
    pub side_kernel: usize,
    /// A dense map on the branch around the second module.
    pub second_side: bool,
    /// A dense map on the way back to the block's input.
    pub recurrence: bool,
    /// How masks become factors.
    pub mask: Masking,
    /// Share of numbers dropped in training.
    pub dropout: f64,
    /// Spectra that come out.
    pub sources: usize,
}

impl RssnetConfig {
    /// Names of the presets, largest first.
    pub const PRESETS: [&'static str; 4] = ["paper", "medium", "small", "tiny"];

    /// A preset by its name (spec section 5). Only the paper's drops numbers in training: the smaller ones see every
    /// mixture once and do not overfit.
    pub fn preset(name: &str) -> Option<Self> {
        let base = |channels, hidden, heads, repeats, chunk, stride, dropout| Self {
            channels,
            hidden,
            heads,
            repeats,
            chunk,
            kernel: 3,
            stride,
            scales: 4,
            steering: Steering::Gate,
            side: Side::Dense,
            side_kernel: 1,
            second_side: true,
            recurrence: true,
            mask: Masking::Relu,
            dropout,
            sources: 2,
        };
        match name {
            "paper" => Some(base(256, 512, 8, 6, 44, 1, 0.1)),
            "medium" => Some(base(128, 256, 8, 3, 44, 1, 0.0)),
            "small" => Some(base(64, 128, 4, 4, 32, 2, 0.0)),
            "tiny" => Some(base(32, 64, 4, 3, 32, 2, 0.0)),
            _ => None,
        }
    }

    /// What is wrong with the settings, if anything.
    pub fn check(&self) -> Result<(), String> {
        check_code(self.kernel, self.stride, self.sources)?;
        check_sizes(&[("channels", self.channels), ("hidden", self.hidden), ("heads", self.heads)])?;
        check_depth(&[("repeats", self.repeats), ("scales", self.scales)])?;
        if !self.hidden.is_multiple_of(self.heads) {
            return Err(format!("{} heads do not divide {} hidden channels", self.heads, self.hidden));
        }
        if !self.chunk.is_multiple_of(2) || self.chunk == 0 || self.chunk > 4096 {
            return Err(format!("a chunk of {} points: it must be even, 2 to 4096", self.chunk));
        }
        if self.side_kernel.is_multiple_of(2) || self.side_kernel > 15 {
            return Err(format!("a side branch of width {}: it must be odd, 1 to 15", self.side_kernel));
        }
        if !(0.0..1.0).contains(&self.dropout) {
            return Err(format!("dropout {} is outside 0 to 1", self.dropout));
        }
        Ok(())
    }
}
