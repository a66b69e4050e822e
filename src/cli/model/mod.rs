//! `unravel model`: what a trained network is, and its card completed.

mod amend;
mod run;
mod words;

pub use run::{ModelArgs, run};
