//! The plot of spectra that every panel uses, and the picture of a map.
//!
//! [`spectra_plot_ui`] draws [`Shown`] spectra as a [`PlotView`] says and returns what the user did. The axes and their
//! navigation are `egui_plot`'s; the curves are ours: `reduce` picks the points worth drawing, `stroke` makes triangles
//! of them, `meshes` keeps those from frame to frame, so that a still frame computes nothing.

mod arrange;
mod band;
mod curve;
mod labels;
mod legend;
mod map_colour;
mod map_ui;
mod meshes;
mod options;
mod plot_ui;
mod reduce;
#[cfg(test)]
mod reduce_tests;
mod still;
mod stroke;
mod text;
mod ticks;
#[cfg(test)]
mod ui_tests;
mod view;

pub use arrange::{Role, Shown};
pub use curve::{CurveItem, Nearest};
pub use map_ui::{MapCache, MapImage, MapOptions, MapOutput, map_image_ui};
pub use options::{PlotLink, PlotOptions};
pub use plot_ui::{PLOT_HINT, PlotCache, PlotOutput, Reading, spectra_plot_ui, value_title};
pub use still::{Still, StillPeak};
pub use text::{axis_title, position_text, significant, unit_text};
pub use view::{
    Bands, PeakLabels, PlotView, Ruler, Stacking, ViewNorm, ViewUnit, convert_position, distance_text,
};
