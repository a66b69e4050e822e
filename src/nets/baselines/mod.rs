//! The published separation networks that `RSSNet` is measured against (spec section 10): `Conv-TasNet`, DPRNN,
//! AFRCNN and `TDANet`, each with the number of parameters the `RSSNet` paper gives.
//!
//! Where the papers leave a detail open the files say what was chosen and that the count confirms it.

mod afrcnn;
mod conv_tasnet;
mod dprnn;
mod frame;
mod tdanet;
#[cfg(test)]
mod tests;

pub use afrcnn::{Afrcnn, AfrcnnConfig};
pub use conv_tasnet::{ConvTasnet, ConvTasnetConfig};
pub use dprnn::{Dprnn, DprnnConfig};
pub use tdanet::{Tdanet, TdanetConfig};
