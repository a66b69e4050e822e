//! Raw numbers to what a [`Spectrum`] or [`SpectrumSet`] promises: finite, sorted, and a word on what was done.
//!
//! [`Settler`] does the steps of `numbers`, counts them and words the warnings, once for every format. [`Curves`]
//! collects curves with it, [`Grid`] rows over one axis; `share` makes equal axes one.
//!
//! [`Spectrum`]: crate::spectrum::Spectrum
//! [`SpectrumSet`]: crate::spectrum::SpectrumSet

mod curves;
mod grid;
mod numbers;
mod settler;
mod share;

pub use curves::{Curves, prepare_rows};
pub use grid::{Grid, assumed_shift};
pub use numbers::{keep_marked, polynomial, sorting};
pub use settler::Settler;
pub use share::{share_axes, shared};
