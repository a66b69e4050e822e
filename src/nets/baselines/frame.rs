//! What the networks have in common: a learned code, masks over it, and the way back.
//!
//! ```text
//! spectrum --encoder--> code --norm, 1x1--> features --(the network's own part)--> features
//!                        |                                                            |
//!                        +------------------------ x masks <-------------- PReLU, 1x1 +
//!                                                  | decoder
//!                                                spectra
//! ```

use burn::module::{Module, Param};
use burn::tensor::Tensor;

use crate::nets::init::Init;
use crate::nets::layers::{Decoder, Encoder, Linear, Masking, Masks, Norm, Prelu, masked};

/// Sizes of the frame.
#[derive(Debug, Clone, Copy)]
pub struct FrameConfig {
    /// Channels of the code.
    pub channels: usize,
    /// Channels of the features.
    pub features: usize,
    /// Points of the encoder's window.
    pub kernel: usize,
    /// Points from window to window.
    pub stride: usize,
    /// Spectra that come out.
    pub sources: usize,
    /// How masks become factors.
    pub masking: Masking,
    /// How codes become spectra.
    pub decoding: Decoding,
}

/// How masked codes become spectra.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decoding {
    /// Every spectrum from the codes of all.
    Joint,
    /// Every spectrum from its own code, with the same weights.
    Each,
}

/// Encoder, masks and decoder. Masks multiply the code as it leaves the encoder.
#[derive(Module, Debug)]
pub struct Frame {
    encoder: Encoder,
    norm: Norm,
    bottleneck: Linear,
    masks: Masks,
    back: Back,
}

impl Frame {
    /// First weights.
    pub fn new(init: &mut Init, config: &FrameConfig) -> Self {
        let FrameConfig { channels, features, kernel, stride, sources, masking, decoding } = *config;
        let back = match decoding {
            Decoding::Joint => Back::Joint(Decoder::new(init, sources * channels, sources, kernel, stride)),
            Decoding::Each => Back::Each(EachDecoder::new(init, channels, kernel, stride)),
        };
        Self {
            encoder: Encoder::new(init, channels, kernel, stride),
            norm: Norm::new(init, channels),
            bottleneck: Linear::new(init, channels, features),
            masks: Masks::new(init, features, channels, sources, masking),
            back,
        }
    }

    /// `[batch, point]` through the network's own part to `[batch, source, point]`.
    pub fn forward(&self, spectra: Tensor<2>, own: impl FnOnce(Tensor<3>) -> Tensor<3>) -> Tensor<3> {
        let points = spectra.dims()[1];
        let code = self.encoder.forward(spectra);
        let features = own(self.bottleneck.forward(self.norm.forward(code.clone())));
        let codes = masked(self.masks.forward(features), code.clone());
        match &self.back {
            Back::Joint(decoder) => decoder.forward(codes, points),
            Back::Each(decoder) => decoder.forward(each_source(codes, code.dims()[2]), points),
        }
    }
}

#[derive(Module, Debug)]
enum Back {
    Joint(Decoder),
    Each(EachDecoder),
}

/// `[batch, point, source and channel]` to `[batch, source, point, channel]`.
pub fn each_source(x: Tensor<3>, channels: usize) -> Tensor<4> {
    let [batch, points, all] = x.dims();
    x.reshape([batch, points, all / channels, channels]).swap_dims(1, 2)
}

/// One transposed convolution that turns the code of any source into its spectrum.
#[derive(Module, Debug)]
pub struct EachDecoder {
    decoder: Decoder,
}

impl EachDecoder {
    /// The way back of an encoder with these sizes.
    pub fn new(init: &mut Init, channels: usize, kernel: usize, stride: usize) -> Self {
        Self { decoder: Decoder::new(init, channels, 1, kernel, stride) }
    }

    /// `[batch, source, code point, channel]` to `[batch, source, point]`.
    pub fn forward(&self, codes: Tensor<4>, points: usize) -> Tensor<3> {
        let [batch, sources, count, channels] = codes.dims();
        let codes = codes.reshape([batch * sources, count, channels]);
        self.decoder.forward(codes, points).reshape([batch, sources, points])
    }
}

/// Between passes of a module that is applied again and again to what it made of the mixture.
#[derive(Module, Debug)]
pub struct Again {
    gain: Param<Tensor<1>>,
    shift: Param<Tensor<1>>,
    act: Prelu,
}

impl Again {
    /// A factor and a shift for each channel (a channel-wise 1x1 convolution), then a rectifier.
    pub fn new(init: &mut Init, channels: usize) -> Self {
        let (gain, shift) = (init.uniform([channels], 1), init.uniform([channels], 1));
        Self { gain, shift, act: Prelu::new(init) }
    }

    /// Applies `module` this many times: first to the mixture, then to mixture plus result before.
    pub fn repeat(
        &self,
        mixture: &Tensor<3>,
        times: usize,
        mut module: impl FnMut(Tensor<3>) -> Tensor<3>,
    ) -> Tensor<3> {
        let mut x = module(mixture.clone());
        for _ in 1..times {
            let sum = (x + mixture.clone()) * self.gain.val().unsqueeze() + self.shift.val().unsqueeze();
            x = module(self.act.forward(sum));
        }
        x
    }
}
