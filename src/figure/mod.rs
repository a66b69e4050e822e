//! Floor 2: publication figures of curves and maps as SVG and PNG, without a window.
//!
//! A [`Figure`] is plain data: a page in millimetres with a grid of [`Panel`]s, each holding [`Curve`]s or one
//! [`HeatMap`]. [`svg()`] draws it; [`png()`] rasterises that same SVG with the font that is built in. Whatever is put in
//! (nothing, NaN, 200 curves, endless names), a valid figure comes out.

mod axes;
mod band;
mod cells;
mod colormap;
mod curves;
mod error;
mod font;
mod grid;
mod heat;
mod layout;
mod legend;
mod model;
mod peaks;
mod pen;
mod png;
mod ranges;
mod reduce;
mod room;
mod scale;
mod svg;
mod ticks;
mod words;

#[cfg(test)]
mod tests;

pub use colormap::colormap;
pub use error::FigureError;
pub use model::{Content, Curve, Dash, Figure, HeatMap, LegendPlace, Panel, PeakLabel};
pub use png::{DEFAULT_DPI, png};
pub use svg::svg;
