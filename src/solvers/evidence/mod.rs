//! The evidence search: which species, together, make a spectrum most likely.

mod local;
mod pairs;
mod search;

pub use local::{Deviation, LocalModel, Posterior, Workspace};
pub use search::{EvidenceLibrary, EvidenceSettings, Found, Hypothesis, search};
