//! The networks that take mixed spectra apart: their task, and what a GPU must compute for it.

mod probe;
mod recipe;
mod task;

pub use probe::training_probe;
pub(super) use recipe::{any_noise, paper, realistic, spectrometer};
pub use task::Separation;
