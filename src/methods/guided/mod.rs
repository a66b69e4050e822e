//! Guided separation: the evidence search explains the mixture, a network corrects what is wrong with that.
//!
//! ```text
//! mixture --explain--> sets of species, likely components --scene--> slots over the model's axis --refine--> corrections
//!   and verdicts --settle--> components with bands, names or "not in the library", shares with intervals --> Outcome
//! ```

mod beside;
mod method;
mod refine;
mod scene;
mod settle;
#[cfg(test)]
mod tests;
mod write;

pub(super) use method::Guided;
pub use method::model;
