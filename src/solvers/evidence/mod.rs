//! The evidence search: which species together make a spectrum most likely.
//!
//! All pairs of species are tried, the best are weighed by their evidence ([`LocalModel`]), larger sets grow from them.
//! A set is weighed twice: with the stored spectra as they are, and with spectra that deviate from the stored ones as
//! specimens do. [`Found`] ranks all sets; [`Belief`] says how sure one can be of a species. [`search()`] takes one spectrum,
//! [`search_hiding`] one and rows that are not to be found, [`search_batch`] many, with an [`Effort`] that suits.

mod align;
mod batch;
mod belief;
mod blocks;
mod effort;
mod fixed;
mod local;
mod pairs;
mod prepared;
mod scorer;
mod search;
#[cfg(test)]
mod tests;

pub use align::{moved, offset};
pub use batch::search_batch;
pub use belief::Belief;
pub use effort::Effort;
pub use local::{Deviation, LocalModel, Posterior, Workspace};
pub use scorer::{EvidenceLibrary, Hypothesis};
pub use search::{EvidenceSettings, Found, search, search_hiding};
