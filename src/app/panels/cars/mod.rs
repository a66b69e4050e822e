//! CARS spectra: the offer to recover the Raman spectrum, and the answers of all methods side by side.
//!
//! `offer` is the line above the plot, `panel` the view in the middle, `options` how it is done, `sheet` the
//! curves of its cells, made once an answer, `cell` one plot with the zones at the ends of the window shaded.

mod cell;
mod offer;
mod options;
mod panel;
mod sheet;

pub use offer::{OfferState, offer_ui};
pub use panel::{CarsState, cars_ui};
