//! Training a mixture model of the user's own pure spectra, and the folder in which such models are kept.
//!
//! `job` trains in a folder of its own and can be stopped and taken up; `course` is how far it is, for the window to
//! read at any time; `shelf` lists what is finished and what was interrupted; `place` knows the files of a model.

mod course;
mod job;
mod place;
mod shelf;
#[cfg(test)]
mod tests;

pub use course::{LossPoint, TrainCourse, TrainStage, Watched};
pub use job::{NewModel, PureSpectrum, TrainJob, TrainStart};
pub use place::{MODELS, folder_name};
pub use shelf::{ModelShelf, Unfinished};
