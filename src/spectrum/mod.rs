//! Floor 1: what a spectrum is.
//!
//! [`Axis`] carries positions with their kind and unit, [`Spectrum`] an axis (shared) with intensities and
//! [`Metadata`], [`SpectrumSet`] many rows over one axis (maps, series). `units` converts axes, `resample` moves
//! intensities between axes, `metrics` scores one spectrum against another, `peaks` finds
//! the maxima of one, `band` measures one band of many. Nothing here knows of files or methods.

mod axis;
mod band;
mod error;
mod metadata;
pub mod metrics;
pub mod peaks;
pub mod resample;
mod set;
#[expect(
    clippy::module_inception,
    reason = "the floor is named after the type that everything passes around"
)]
mod spectrum;
mod units;

pub use axis::{Axis, AxisKind, AxisOrder, evenly};
pub use band::{Band, BandPlan, Measure};
pub use error::SpectrumError;
pub use metadata::Metadata;
pub use set::{MapShape, Positions, SpectrumSet};
pub use spectrum::Spectrum;
pub use units::{shift_from_position, wavelength_from_shift};
