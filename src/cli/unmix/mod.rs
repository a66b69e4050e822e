//! `unravel unmix`: mixtures taken apart by one or several methods.
//!
//! `plan` reads the command line, `work` does one spectrum, `table` writes its CSV, `truth` scores it against pure
//! spectra, `summary` is the account in words, CSV and JSON.

mod plan;
mod run;
mod summary;
mod table;
mod truth;
mod work;

pub use run::run;
