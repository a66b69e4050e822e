//! Layers over `[sequence, point, channel]` that the networks are built of: one a file, weights and forward pass.

mod batch_norm;
mod codec;
mod conv;
mod depthwise;
mod global_attention;
mod linear;
mod local_attention;
mod lstm;
mod masks;
mod norm;
mod position_codes;
mod prelu;
mod top_down;

pub use batch_norm::{BatchNormPool, Statistics};
pub use codec::{Decoder, Encoder};
pub use conv::{Conv, Spread};
pub use depthwise::{Depthwise, DepthwiseNorm};
pub use global_attention::GlobalAttention;
pub use linear::Linear;
pub use local_attention::LocalAttention;
pub use lstm::BiLstm;
pub use masks::{Masking, Masks, masked};
pub use norm::{Norm, NormPrelu};
pub use position_codes::position_codes;
pub use prelu::Prelu;
pub use top_down::{Steering, TopDown, TopDownConfig};
