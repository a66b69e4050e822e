//! The networks that take mixed spectra apart: their data, their task, their model files.

mod data;
mod export;
mod plan;
mod probe;
mod recipe;
mod task;

pub use data::{Material, load_material};
pub use export::export;
pub use plan::{DataPlan, Plan, first_network};
pub use probe::training_probe;
pub(super) use recipe::{paper, realistic};
pub use task::Separation;
