//! The network that refines what a library explains: its censored data and its task.

mod calibrate;
mod draw;
mod example;
mod library;
mod task;

pub use draw::{Draw, Hidden};
pub use task::Guidance;
