//! The network that refines what a library explains: its censored data, its task, its model files.

mod draw;
mod example;
mod library;
mod plan;
mod task;

pub use draw::{Draw, Hidden};
pub use plan::{GuidedPlan, first_guided};
pub use task::Guidance;
