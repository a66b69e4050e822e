//! A linear map of every point's channels: a 1x1 convolution.

use burn::module::{Module, Param};
use burn::tensor::Tensor;

use crate::nets::init::Init;
use crate::nets::ops;

/// `x weight + bias`.
#[derive(Module, Debug)]
pub struct Linear {
    /// `[in, out]`.
    pub weight: Param<Tensor<2>>,
    /// `[out]`.
    pub bias: Option<Param<Tensor<1>>>,
}

impl Linear {
    /// With a bias.
    pub fn new(init: &mut Init, input: usize, output: usize) -> Self {
        let weight = init.uniform([input, output], input);
        Self { weight, bias: Some(init.uniform([output], input)) }
    }

    /// Without a bias.
    pub fn plain(init: &mut Init, input: usize, output: usize) -> Self {
        Self { weight: init.uniform([input, output], input), bias: None }
    }

    /// The map.
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        ops::linear(x, self.weight.val(), self.bias.as_ref().map(Param::val))
    }

    /// The map plus a branch around it.
    pub fn forward_plus(&self, x: Tensor<3>, rest: Tensor<3>) -> Tensor<3> {
        match &self.bias {
            Some(bias) => ops::linear_plus(x, self.weight.val(), bias.val(), rest),
            None => ops::linear(x, self.weight.val(), None) + rest,
        }
    }
}
