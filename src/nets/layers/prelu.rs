//! The rectifier with one learned slope, by itself.

use burn::module::{Module, Param};
use burn::tensor::Tensor;

use crate::nets::init::Init;
use crate::nets::ops;

/// `x` where positive, else the slope times `x`.
#[derive(Module, Debug)]
pub struct Prelu {
    /// One number, begins at 0.25.
    pub slope: Param<Tensor<1>>,
}

impl Prelu {
    /// First weights.
    pub fn new(init: &mut Init) -> Self {
        Self { slope: init.constant(1, 0.25) }
    }

    /// The rectifier.
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        ops::prelu(x, self.slope.val())
    }
}
