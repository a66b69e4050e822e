//! Mixtures of a few known substances as a real instrument may see them, for networks that name and dose.
//!
//! The published training set is [`super::Recipe::ramixnet`]. Real mixtures differ from it: substances are of unequal
//! brightness, bands change in height and place from specimen to specimen, backgrounds outshine the signal, and
//! something else may be in the sample. [`Panel`] makes such mixtures from one or more spectra of every substance,
//! within [`Ranges`].

mod foreign;
mod levels;
mod ranges;
mod scene;
mod vary;

pub use ranges::Ranges;
pub use scene::{Panel, Scene};
