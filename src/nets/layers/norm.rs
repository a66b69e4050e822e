//! Normalisation: of whole sequences ("global layer norm"), of groups of their channels, of every point.

use burn::module::{Module, Param};
use burn::tensor::Tensor;

use crate::nets::init::Init;
use crate::nets::ops::{self, Activation};

/// Gain and shift by channel after the normalisation.
#[derive(Module, Debug)]
pub struct Norm {
    /// `[channel]`, begins at 1.
    pub gain: Param<Tensor<1>>,
    /// `[channel]`, begins at 0.
    pub shift: Param<Tensor<1>>,
}

impl Norm {
    /// For this many channels.
    pub fn new(init: &mut Init, channels: usize) -> Self {
        Self { gain: init.constant(channels, 1.0), shift: init.constant(channels, 0.0) }
    }

    /// The normalisation over whole sequences.
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        ops::norm(x, self.gain.val(), self.shift.val(), 1, Activation::None)
    }

    /// The normalisation over each group of channels, then a ReLU.
    pub fn forward_relu(&self, x: Tensor<3>, groups: usize) -> Tensor<3> {
        ops::norm(x, self.gain.val(), self.shift.val(), groups, Activation::Relu)
    }

    /// The normalisation of every point over its channels.
    pub fn forward_points(&self, x: Tensor<3>) -> Tensor<3> {
        ops::layer_norm(x, self.gain.val(), self.shift.val())
    }
}

/// The normalisation and a rectifier with one learned slope.
#[derive(Module, Debug)]
pub struct NormPrelu {
    /// The normalisation.
    pub norm: Norm,
    /// One number, begins at 0.25.
    pub slope: Param<Tensor<1>>,
}

impl NormPrelu {
    /// For this many channels.
    pub fn new(init: &mut Init, channels: usize) -> Self {
        Self { norm: Norm::new(init, channels), slope: init.constant(1, 0.25) }
    }

    /// Both in one pass.
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let activation = Activation::Prelu(self.slope.val());
        ops::norm(x, self.norm.gain.val(), self.norm.shift.val(), 1, activation)
    }
}
