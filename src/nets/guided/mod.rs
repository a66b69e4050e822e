//! Guided separation: a library's best explanation of a mixture goes in, what is wrong with it comes out.
//!
//! Every candidate component is a [`Slot`] of a [`Scene`], and so is what the library lacks. One network with the same
//! weights looks at each slot in turn, so that any number of components can be refined.

mod config;
mod loss;
mod network;
mod scene;
#[cfg(test)]
mod tests;

pub use config::{Form, GuidedConfig};
pub use loss::{Targets, Terms, guided_loss};
pub use network::{Guided, Judged, Refined};
pub use scene::{Scene, Slot, chosen_slots};
