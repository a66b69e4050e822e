//! `bench mixtures`: real mixtures of known composition.
//!
//! `set` finds the folders and reads their spectra, `truth` what their labels say; `libraries` makes the library of
//! own pure spectra and the one with distractors; `score` compares outcomes with the truth; `run` does it for every
//! set, library and method, and `report` holds the rows.

pub(super) mod libraries;
mod report;
mod run;
mod score;
pub(super) mod set;
pub(super) mod truth;

pub use report::{ComponentRow, MixtureReport, MixtureRow};
pub use run::{MixtureOptions, Told, bench_mixtures};
