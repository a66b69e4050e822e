//! The whole network (spec section 4).

use burn::module::Module;
use burn::tensor::Tensor;

use super::RssnetConfig;
use super::block::Block;
use crate::nets::dropout::Dropout;
use crate::nets::init::Init;
use crate::nets::layers::{Decoder, Encoder, Linear, Masks, NormPrelu, masked};
use crate::nets::ops::{self, Tiling};

/// One mixed spectrum in, its component spectra out. Scale, sign and offset of the outputs are free.
#[derive(Module, Debug)]
pub struct Rssnet {
    encoder: Encoder,
    code_norm: NormPrelu,
    bottleneck: Linear,
    block: Block,
    recurrence: Option<Linear>,
    masks: Masks,
    decoder: Decoder,
    chunk: usize,
    repeats: usize,
}

impl Rssnet {
    /// First weights.
    pub fn new(init: &mut Init, config: &RssnetConfig) -> Self {
        let RssnetConfig { channels: n, kernel, stride, sources, .. } = *config;
        Self {
            encoder: Encoder::new(init, n, kernel, stride),
            code_norm: NormPrelu::new(init, n),
            bottleneck: Linear::new(init, n, n),
            block: Block::new(init, config),
            recurrence: config.recurrence.then(|| Linear::new(init, n, n)),
            masks: Masks::new(init, n, n, sources, config.mask),
            decoder: Decoder::new(init, sources * n, sources, kernel, stride),
            chunk: config.chunk,
            repeats: config.repeats,
        }
    }

    /// `[batch, point]` to `[batch, source, point]`.
    pub fn forward(&self, spectra: Tensor<2>, dropout: &mut Dropout) -> Tensor<3> {
        let points = spectra.dims()[1];
        let code = self.encode(spectra);
        let features = self.separate(code.clone(), dropout);
        self.decoder.forward(masked(self.masks.forward(features), code), points)
    }

    /// The normalised, activated code.
    pub(super) fn encode(&self, spectra: Tensor<2>) -> Tensor<3> {
        self.code_norm.forward(self.encoder.forward(spectra))
    }

    /// The code cut into chunks.
    pub(super) fn chunks(&self, code: Tensor<3>) -> (Tensor<4>, Tiling) {
        let tiling = Tiling::halves(code.dims()[1], self.chunk);
        (ops::frames(self.bottleneck.forward(code), tiling), tiling)
    }

    /// One application of the block.
    pub(super) fn step(&self, x: Tensor<4>, dropout: &mut Dropout) -> Tensor<4> {
        self.block.forward(x, dropout)
    }

    /// What the masks are made of.
    pub(super) fn separate(&self, code: Tensor<3>, dropout: &mut Dropout) -> Tensor<3> {
        let (first, tiling) = self.chunks(code);
        let mut x = first.clone();
        for i in 0..self.repeats {
            x = self.step(x, dropout);
            if i + 1 < self.repeats {
                x = self.again(x, first.clone());
            }
        }
        ops::overlap_add(x, tiling)
    }

    /// The input of the block's next application.
    fn again(&self, x: Tensor<4>, first: Tensor<4>) -> Tensor<4> {
        let sum = x + first;
        let Some(map) = &self.recurrence else { return sum };
        let [batch, chunks, places, n] = sum.dims();
        map.forward(sum.reshape([batch * chunks, places, n])).reshape([batch, chunks, places, n])
    }

    /// The masks of features.
    #[cfg(test)]
    pub(super) fn masks(&self, features: Tensor<3>) -> Tensor<3> {
        self.masks.forward(features)
    }
}
