//! DPRNN (arXiv 1910.06379): recurrent networks along every chunk of the code and across chunks.

use burn::module::Module;
use burn::tensor::{Tensor, activation};
use serde::{Deserialize, Serialize};

use super::frame::{EachDecoder, each_source};
use crate::nets::init::Init;
use crate::nets::layers::{BiLstm, Encoder, Linear, Norm, Prelu};
use crate::nets::ops::{self, Tiling};
use crate::nets::sizes::{check_code, check_depth, check_sizes};

/// Sizes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DprnnConfig {
    /// Channels of the code.
    pub channels: usize,
    /// Points of the encoder's window.
    pub kernel: usize,
    /// Points from window to window.
    pub stride: usize,
    /// Channels between the recurrent networks.
    pub bottleneck: usize,
    /// Channels of each direction of a recurrent network.
    pub hidden: usize,
    /// Pairs of recurrent networks.
    pub layers: usize,
    /// Points of a chunk, even: chunks overlap by half.
    pub chunk: usize,
    /// Spectra that come out.
    pub sources: usize,
}

impl DprnnConfig {
    /// Names of the presets, largest first.
    pub const PRESETS: [&'static str; 3] = ["paper", "small", "tiny"];

    /// A preset by its name. `paper` has the published sizes; its chunk is the even number below `sqrt(2 L)`, as
    /// `RSSNet`'s.
    pub fn preset(name: &str) -> Option<Self> {
        let base = |channels, stride, bottleneck, hidden, layers, chunk| Self {
            channels,
            kernel: 3,
            stride,
            bottleneck,
            hidden,
            layers,
            chunk,
            sources: 2,
        };
        match name {
            "paper" => Some(base(256, 1, 64, 512, 8, 44)),
            "small" => Some(base(64, 2, 32, 64, 3, 32)),
            "tiny" => Some(base(32, 2, 16, 16, 1, 32)),
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
            ("chunk", self.chunk),
        ])?;
        check_depth(&[("layers", self.layers)])?;
        if !self.chunk.is_multiple_of(2) {
            return Err(format!("a chunk of {} points: it must be even", self.chunk));
        }
        Ok(())
    }
}

/// The network. 38,982,913 parameters at the published sizes: the maps into the bottleneck and out of it have no bias,
/// all others do, both maps of a recurrent network have one, and one decoder serves all sources.
#[derive(Module, Debug)]
pub struct Dprnn {
    encoder: Encoder,
    norm: Norm,
    bottleneck: Linear,
    layers: Vec<Layer>,
    act: Prelu,
    split: Linear,
    content: Linear,
    gate: Linear,
    masks: Linear,
    decoder: EachDecoder,
    chunk: usize,
    sources: usize,
}

impl Dprnn {
    /// First weights.
    pub fn new(init: &mut Init, config: &DprnnConfig) -> Self {
        let DprnnConfig { channels, kernel, stride, bottleneck, hidden, sources, .. } = *config;
        let path = |init: &mut Init| Path::new(init, bottleneck, hidden);
        Self {
            encoder: Encoder::new(init, channels, kernel, stride),
            norm: Norm::new(init, channels),
            bottleneck: Linear::plain(init, channels, bottleneck),
            layers: (0..config.layers).map(|_| Layer { intra: path(init), inter: path(init) }).collect(),
            act: Prelu::new(init),
            split: Linear::new(init, bottleneck, sources * bottleneck),
            content: Linear::new(init, bottleneck, bottleneck),
            gate: Linear::new(init, bottleneck, bottleneck),
            masks: Linear::plain(init, bottleneck, channels),
            decoder: EachDecoder::new(init, channels, kernel, stride),
            chunk: config.chunk,
            sources,
        }
    }

    /// `[batch, point]` to `[batch, source, point]`.
    pub fn forward(&self, spectra: Tensor<2>) -> Tensor<3> {
        let points = spectra.dims()[1];
        let code = activation::relu(self.encoder.forward(spectra));
        let x = self.bottleneck.forward(self.norm.forward(code.clone()));
        let tiling = Tiling::halves(x.dims()[1], self.chunk);
        let x = self.layers.iter().fold(ops::frames(x, tiling), |x, layer| layer.forward(x));
        let masks = self.masks_of(x, tiling);
        self.decoder.forward(masks * code.unsqueeze_dim(1), points)
    }

    /// `[batch, chunk, place, channel]` to a mask for each source, `[batch, source, code point, channel]`.
    fn masks_of(&self, x: Tensor<4>, tiling: Tiling) -> Tensor<4> {
        let [batch, chunks, places, n] = x.dims();
        let x = self.split.forward(self.act.forward(x.reshape([batch, chunks * places, n])));
        let x = ops::overlap_add(x.reshape([batch, chunks, places, self.sources * n]), tiling);
        let x = each_source(x, n).reshape([batch * self.sources, tiling.points, n]);
        let gate = activation::sigmoid(self.gate.forward(x.clone()));
        let masks = self.masks.forward(activation::tanh(self.content.forward(x)) * gate);
        let channels = masks.dims()[2];
        activation::relu(masks).reshape([batch, self.sources, tiling.points, channels])
    }
}

/// Along every chunk, then across chunks place by place.
#[derive(Module, Debug)]
struct Layer {
    intra: Path,
    inter: Path,
}

impl Layer {
    /// `[batch, chunk, place, channel]` to the same.
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.inter.forward(self.intra.forward(x).swap_dims(1, 2)).swap_dims(1, 2)
    }
}

/// A recurrent network along the third axis with a branch around it; the norm runs over all chunks of a spectrum.
#[derive(Module, Debug)]
struct Path {
    lstm: BiLstm,
    map: Linear,
    norm: Norm,
}

impl Path {
    fn new(init: &mut Init, channels: usize, hidden: usize) -> Self {
        Self {
            lstm: BiLstm::new(init, channels, hidden),
            map: Linear::new(init, 2 * hidden, channels),
            norm: Norm::new(init, channels),
        }
    }

    /// `[batch, sequence, point, channel]` to the same.
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [batch, sequences, points, n] = x.dims();
        let y = self.lstm.forward(x.clone().reshape([batch * sequences, points, n]));
        let y = self.norm.forward(self.map.forward(y).reshape([batch, sequences * points, n]));
        x + y.reshape([batch, sequences, points, n])
    }
}
