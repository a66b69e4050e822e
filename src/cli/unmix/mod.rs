//! `unravel unmix`: mixtures taken apart by one or several methods.
//!
//! `plan` reads the command line, `truth` the pure spectra, `work` does one spectrum, `words` says what came of it. The
//! files are those of [`crate::methods::export`].

mod plan;
mod run;
mod truth;
mod wishes;
mod words;
mod work;

pub use run::run;
