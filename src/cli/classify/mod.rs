//! `unravel classify`: which of a model's substances are in spectra, and how much of each.

mod args;
mod run;
mod table;

pub use args::ClassifyArgs;
pub use run::run;
