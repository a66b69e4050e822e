//! Models that the user trained in the window, for the commands that take methods.

use crate::jobs::{MODELS, ModelShelf};
use crate::methods::Trained;
use crate::session::data_folder;

/// Makes them methods, `ramixnet:` with their names; what cannot be used is said.
pub fn models() -> Vec<&'static Trained> {
    let Some(data) = data_folder() else { return Vec::new() };
    let shelf = ModelShelf::read(&data.join(MODELS));
    for trouble in &shelf.troubles {
        eprintln!("unravel: a trained model cannot be used: {trouble}");
    }
    shelf.models
}
