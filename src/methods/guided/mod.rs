//! Guided separation: the evidence search explains the mixture, a network corrects what is wrong with that.
//!
//! ```text
//! mixture --explain--> sets of species, likely components --scene--> slots over the model's axis --refine--> corrections
//!   and verdicts --settle--> components with bands, names or "not in the library", shares with intervals --> Outcome
//! no name that is rather right --blind--> spectra of the network without a library
//! own spectra that leave bands over --beside--> these as they are, and one more component
//! ```

mod beside;
mod blind;
mod method;
mod refine;
mod scene;
mod settle;
#[cfg(test)]
mod tests;
mod write;

pub(super) use method::Guided;
pub use method::model;
