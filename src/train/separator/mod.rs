//! The networks that take mixed spectra apart: their data, their task, their model files.

mod data;
mod export;
mod plan;
mod recipe;
mod task;

pub use data::{Material, load_material};
pub use export::{export, network_name};
pub use plan::{DataPlan, Plan, first_network};
pub use task::Separation;
