//! The operations that networks for spectra spend their time in.
//!
//! Sequences of points with channels lie as `[sequence, point, channel]`: a row of channels is contiguous, so that a
//! product with a matrix takes all points of all sequences at once and everything else runs over whole rows. On the CPU
//! each operation is one kernel with its gradient written by hand; elsewhere it is composed of burn's own operations,
//! which is also what tests hold the kernels against.

mod attention;
mod depthwise;
mod frames;
mod gate;
mod kernel;
mod lanes;
mod layer_norm;
mod linear;
mod norm;
mod norm_pool;
mod pool;
mod prelu;
mod recur;
#[cfg(test)]
mod tests;

pub use attention::attention;
pub use depthwise::{Stencil, depthwise, depthwise_norm};
pub use frames::{Tiling, frames, overlap_add};
pub use gate::{gate, inject};
pub use layer_norm::layer_norm;
pub use linear::{linear, linear_plus};
pub use norm::{Activation, norm};
pub use norm_pool::{EPSILON as BATCH_EPSILON, affine_pool, batch_norm_pool, channel_moments};
pub use pool::{pool, upsample};
pub use prelu::prelu;
pub use recur::recur;
