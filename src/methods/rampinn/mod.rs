//! `RamPINN`: the network for CARS as a recovery method.
//!
//! ```text
//! Measured --prepare--> 1024 even points of height 1 (long spectra in windows) --forward--> both answers
//!   --refine, if asked--> answers that are more consistent --> Parts in the units and on the grid of the measurement
//! ```

mod forward;
mod method;
mod prepare;
mod probe;
mod refine;
#[cfg(test)]
mod tests;

pub(super) use method::Rampinn;
pub use method::model;
pub(super) use probe::cars_probe;
