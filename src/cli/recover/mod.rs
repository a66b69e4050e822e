//! `unravel recover`: Raman spectra out of CARS spectra.
//!
//! `plan` reads the command line, `work` does the spectra of one input, `print` says what came of it.

mod args;
mod plan;
mod print;
mod run;
mod work;

pub use args::RecoverArgs;
pub use run::run;
