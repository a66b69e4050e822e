//! From CARS to Raman: a network with physics in its loss.
//!
//! A [`Rampinn`] takes the CARS spectrum apart into `Im chi_R` and the background `chi_NR`. [`RampinnForm::Paper`] is
//! the published network, [`RampinnForm::Retrieval`] our own, which corrects what classical retrieval finds.

mod batch_norm;
mod config;
mod features;
mod hilbert;
mod loss;
mod network;
mod paper;
#[cfg(test)]
mod tests;

pub use config::{RampinnConfig, RampinnForm};
pub use features::{Retrieved, Retriever};
pub use hilbert::Hilbert;
pub use loss::{CarsTruth, Consistency, DataTerm, Physics, RampinnLoss, Smoothness, rampinn_loss, roughness};
pub use network::{CarsAnswer, CarsInput, Rampinn};
