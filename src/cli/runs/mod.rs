//! What the commands share that run methods over many inputs: [`chosen()`] with the settings of [`set`] are the methods,
//! [`Job`]s the spectra with the [`Names`] of their results, an [`Account`] tells what became of each.

mod account;
mod chosen;
mod jobs;
mod places;

pub use account::{Account, InWords};
pub use chosen::{Choice, Chosen, chosen, set};
pub use jobs::{AT_A_TIME, Job, jobs};
pub use places::{Names, ready_folder};
