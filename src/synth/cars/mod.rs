//! CARS spectra: the forward model, and the generators that the field trains and compares by ([`CarsPreset`]).
//!
//! Sample `k` of a seed is always the same. [`CarsSample`] is as measured; [`CarsSample::scaled`] is what a network sees
//! and should answer.

mod background;
mod draw;
mod model;
mod phantom;
mod preset;
mod profile;
mod sample;
#[cfg(test)]
mod tests;

pub use background::CarsBackground;
pub use model::{Resonance, intensity, susceptibility};
pub use phantom::LineList;
pub use preset::{Breadth, CarsPreset, Crowd};
pub use sample::{CarsSample, CarsScaled};
