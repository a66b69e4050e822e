//! The method `ramixnet`: a network trained on known substances names and doses them.
//!
//! A [`Classifier`] is a model made ready; it gives a [`Verdict`] on a spectrum, or thousands of them. `method` makes
//! an outcome of one, with the pure spectra kept in the model as components. [`Trained`] makes a method of a model that a
//! user trained.

mod classifier;
mod look;
mod method;
mod model;
mod numbers;
#[cfg(test)]
mod tests;
mod trained;
mod verdict;
mod write;

pub use classifier::Classifier;
pub(super) use method::Ramixnet;
pub use model::classifier;
pub(super) use trained::of_trained;
pub use trained::{Trained, is_trained, trained};
pub use verdict::{Found, Verdict};
