//! What a coarse scale tells the next finer one (spec section 3.1, step 6).

use burn::module::Module;
use burn::tensor::Tensor;

use super::DepthwiseNorm;
use crate::nets::init::Init;
use crate::nets::ops::{self, Stencil};

/// Taps of the convolutions.
const TAPS: usize = 5;

/// `local(fine) * up(sigmoid(gate(coarse))) + up(add(coarse))`.
#[derive(Module, Debug)]
pub struct LocalAttention {
    local: DepthwiseNorm,
    gate: DepthwiseNorm,
    add: DepthwiseNorm,
}

impl LocalAttention {
    /// For this many channels.
    pub fn new(init: &mut Init, channels: usize) -> Self {
        let mut layer = || DepthwiseNorm::plain(init, channels, TAPS, Stencil::stride(1));
        Self { local: layer(), gate: layer(), add: layer() }
    }

    /// The fine scale steered by the coarse one.
    pub fn forward(&self, fine: Tensor<3>, coarse: Tensor<3>) -> Tensor<3> {
        let gate = self.gate.forward(coarse.clone());
        ops::inject(self.local.forward(fine), gate, self.add.forward(coarse))
    }
}
