//! `unravel unmix`: mixtures taken apart by one or several methods.
//!
//! `plan` reads the command line, `truth` the pure spectra, `work` does one spectrum, `print` says what came of it. The
//! files are those of [`crate::methods::export`].

mod plan;
mod print;
mod run;
mod truth;
mod wishes;
mod work;

pub use run::{ready_folder, run};
pub use work::Names;
