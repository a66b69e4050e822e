//! Floor 3: seeded synthetic measurements.
//!
//! [`Rng`] gives the same numbers for the same (seed, sample) on every machine and thread count; `noise`,
//! `background` and `distort` do to a clean curve what instruments do; `cars` is the CARS forward model. Plain slices
//! in and out: nothing here knows of files or networks.
//!
//! Mixtures come from a [`Stream`]: [`Pures`] (spectra of pure substances on one axis) and a [`Recipe`] (which
//! components, which faults; presets are named after the papers) make sample `k` of a seed, with its truth, alone or
//! by the [`Batch`].

pub mod background;
pub mod cars;
pub mod distort;
mod error;
mod mixture;
pub mod noise;
mod panel;
mod rng;
mod sums;

pub use error::SynthError;
pub use mixture::{
    Batch, Blend, Choice, Curve, Distortion, Glow, Noise, Parts, Pures, Recipe, Sample, Scale, Span, Spikes,
    Stream, Truth,
};
pub use panel::{Panel, Ranges, Scene};
pub use rng::Rng;
