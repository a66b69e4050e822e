//! Maps and series: the image of a band that is chosen on the spectrum, and images of what methods found.
//!
//! `panel` arranges, `controls` is the line of choices, `band` the spectrum with the band to drag, `picture` the image,
//! `curve` its stand-in for series, `shares` the images of a comparison over the map, `places` where rows lie, `print` what figures take from here.

mod band;
mod controls;
mod curve;
mod panel;
mod picture;
mod places;
mod print;
mod shares;

pub use panel::{MapState, map_ui};
pub use places::{along, image_shape, length_unit};
