//! The network that refines what a library explains: its censored data and its task.

mod calibrate;
mod draw;
mod example;
mod library;
mod naming;
mod task;
#[cfg(test)]
mod tests;

pub use task::Guidance;
