//! `unravel recover`: Raman spectra out of CARS spectra.
//!
//! `plan` reads the command line, `work` does the spectra of one input, `words` says what came of it.

mod args;
mod plan;
mod run;
mod words;
mod work;

pub use args::RecoverArgs;
pub use run::run;
