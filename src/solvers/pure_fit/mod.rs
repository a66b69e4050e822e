//! A fit of a few pure spectra to a mixture: smooth background projected out, the scale's error found, amounts not
//! negative, with what it leaves over. Made once for a set of pure spectra, then used for thousands of mixtures.

mod fit;
mod flat;
mod told;

pub use fit::{Fitted, PureFit};
pub use told::{told, told_again, told_count};
