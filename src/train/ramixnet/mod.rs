//! Training of `RaMixNet` on a user's own substances: their measured spectra become a panel, mixtures are made of it
//! while training goes on, and the trained network is told how far its answers can be believed.
//!
//! [`Substances`] are the pure spectra, [`Mixing`] is the task, [`train_ramixnet`] does everything from spectra to a card.

mod adapt;
mod finish;
mod flags;
mod quantile;
mod run;
mod settings;
mod substances;
mod task;
#[cfg(test)]
mod tests;

pub use run::{Told, Trained, train_ramixnet};
pub use settings::{RamixPlan, usual_minutes};
pub use substances::{Substances, hindrances, pure_name, substance_name};
pub use task::Mixing;
