//! Attention among the points of the coarsest scale, then a feed-forward part (spec section 3.1, step 4).

use burn::module::Module;
use burn::tensor::Tensor;

use super::{Depthwise, Linear, Norm, position_codes};
use crate::nets::dropout::Dropout;
use crate::nets::init::Init;
use crate::nets::ops;

/// Taps of the convolution in the feed-forward part.
const TAPS: usize = 5;

/// Multi-head attention and feed-forward part, each with a branch around it.
#[derive(Module, Debug)]
pub struct GlobalAttention {
    before: Norm,
    /// Queries, keys and values one after the other.
    qkv: Linear,
    mix: Linear,
    after: Norm,
    widen: Linear,
    wide_norm: Norm,
    local: Depthwise,
    narrow: Linear,
    narrow_norm: Norm,
    heads: usize,
}

impl GlobalAttention {
    /// For this many channels, which `heads` divides; the feed-forward part is twice as wide.
    pub fn new(init: &mut Init, channels: usize, heads: usize) -> Self {
        Self {
            before: Norm::new(init, channels),
            qkv: Linear::new(init, channels, 3 * channels),
            mix: Linear::new(init, channels, channels),
            after: Norm::new(init, channels),
            widen: Linear::plain(init, channels, 2 * channels),
            wide_norm: Norm::new(init, 2 * channels),
            local: Depthwise::new(init, 2 * channels, TAPS, 1),
            narrow: Linear::plain(init, 2 * channels, channels),
            narrow_norm: Norm::new(init, channels),
            heads,
        }
    }

    /// `[sequence, point, channel]` to the same.
    pub fn forward(&self, x: Tensor<3>, dropout: &mut Dropout) -> Tensor<3> {
        let [sequences, points, channels] = x.dims();
        let device = x.device();
        let t = self.before.forward_points(x.clone()) + position_codes(points, channels, &device);
        let mask = dropout.mask([sequences, self.heads, points, points], &device);
        let a = self.mix.forward(ops::attention(self.qkv.forward(t), self.heads, mask));
        // The published code adds the attention output to itself here.
        let a = self.after.forward_points(a.clone() + dropout.apply(a));
        let x = x + a;
        let h = self.wide_norm.forward(self.widen.forward(x.clone()));
        let h = dropout.apply(self.local.forward_relu(h));
        let h = dropout.apply(self.narrow_norm.forward(self.narrow.forward(h)));
        x + h
    }
}
