//! Mixture models of the user's own substances: what is to be trained, how it goes, what is there.
//!
//! `pick` guesses the substance of each spectrum, `form` is what the user corrects and sets, `substances` its table,
//! `course` the training that runs or ended, `losses` its plot, `shelf` the models that are there, `panel` all of it.

mod course;
mod form;
mod losses;
mod panel;
mod pick;
mod shelf;
mod substances;

pub use panel::{TrainState, train_ui};
