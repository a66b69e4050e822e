//! The network that takes CARS spectra apart: spectra made while training, its task, its model files.

mod draw;
mod export;
mod plan;
mod probe;
mod task;
#[cfg(test)]
mod tests;

pub use draw::{CarsDraw, CarsExample, CarsMixture, POINTS};
pub use export::export_cars;
pub use plan::{CarsPlan, first_cars_network};
pub use probe::cars_training_probe;
pub use task::Recovery;
