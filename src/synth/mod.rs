//! Floor 3: seeded synthetic measurements.
//!
//! [`Rng`] gives the same numbers for the same (seed, sample) on every machine and thread count; `noise`,
//! `background` and `distort` do to a clean curve what instruments do; `cars` is the CARS forward model. Plain slices
//! in and out: nothing here knows of files or networks.

pub mod background;
pub mod cars;
pub mod distort;
pub mod noise;
mod rng;

pub use rng::Rng;
