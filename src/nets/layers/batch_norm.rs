//! Batch normalisation with stored statistics, a rectifier, and the larger of every two points.

use burn::module::{Module, Param};
use burn::tensor::Tensor;

use crate::nets::init::Init;
use crate::nets::ops;

/// Where a channel's mean and variance come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistics {
    /// What is stored: every use but training.
    Stored,
    /// The batch itself.
    Batch,
}

/// Gain, shift and stored statistics by channel.
#[derive(Module, Debug)]
pub struct BatchNormPool {
    /// `[channel]`, begins at 1.
    pub gain: Param<Tensor<1>>,
    /// `[channel]`, begins at 0.
    pub shift: Param<Tensor<1>>,
    /// `[channel]`, begins at 0; no gradient reaches it.
    pub mean: Param<Tensor<1>>,
    /// `[channel]`, begins at 1; no gradient reaches it.
    pub variance: Param<Tensor<1>>,
}

impl BatchNormPool {
    /// For this many channels.
    pub fn new(init: &mut Init, channels: usize) -> Self {
        Self {
            gain: init.constant(channels, 1.0),
            shift: init.constant(channels, 0.0),
            mean: init.constant(channels, 0.0),
            variance: init.constant(channels, 1.0),
        }
    }

    /// `[batch, point, channel]` to half the points.
    pub fn forward(&self, x: Tensor<3>, statistics: Statistics) -> Tensor<3> {
        if statistics == Statistics::Batch {
            return ops::batch_norm_pool(x, self.gain.val(), self.shift.val());
        }
        let factor = self.gain.val() / (self.variance.val() + ops::BATCH_EPSILON).sqrt();
        let shift = self.shift.val() - self.mean.val() * factor.clone();
        ops::affine_pool(x, factor, shift)
    }
}
