//! Masks over the codes, one for each spectrum that comes out.

use burn::module::{Module, Param};
use burn::tensor::{Tensor, activation};
use serde::{Deserialize, Serialize};

use super::Linear;
use crate::nets::init::Init;
use crate::nets::ops;

/// How masks become factors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Masking {
    /// `max(x, 0)`.
    Relu,
    /// Between 0 and 1.
    Sigmoid,
    /// As they are.
    None,
}

/// A rectifier, then a map to the masks.
#[derive(Module, Debug)]
pub struct Masks {
    slope: Param<Tensor<1>>,
    map: Linear,
    #[module(skip)]
    masking: Masking,
}

impl Masks {
    /// From `inputs` channels to `sources` masks of `channels` each.
    pub fn new(init: &mut Init, inputs: usize, channels: usize, sources: usize, masking: Masking) -> Self {
        Self { slope: init.constant(1, 0.25), map: Linear::new(init, inputs, sources * channels), masking }
    }

    /// The masks, `[batch, code point, source and channel]`.
    pub fn forward(&self, features: Tensor<3>) -> Tensor<3> {
        let masks = self.map.forward(ops::prelu(features, self.slope.val()));
        match self.masking {
            Masking::Relu => activation::relu(masks),
            Masking::Sigmoid => activation::sigmoid(masks),
            Masking::None => masks,
        }
    }
}

/// Every mask times the same code.
pub fn masked(masks: Tensor<3>, code: Tensor<3>) -> Tensor<3> {
    let [batch, points, all] = masks.dims();
    let channels = code.dims()[2];
    let masks = masks.reshape([batch, points, all / channels, channels]);
    (masks * code.unsqueeze_dim(2)).reshape([batch, points, all])
}
