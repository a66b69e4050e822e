//! What can go wrong while a figure becomes a picture.

use thiserror::Error;

/// Every way in which a figure cannot be rasterised.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FigureError {
    /// The resolution is outside what can be printed.
    #[error("a figure cannot be drawn at {found} dpi; choose {least} to {most} dpi (300 is usual)")]
    Resolution {
        /// The resolution asked for.
        found: u32,
        /// Lowest one taken.
        least: u32,
        /// Highest one taken.
        most: u32,
    },
    /// Too many pixels.
    #[error(
        "the figure would have {width} x {height} pixels, more than {most_millions} million; choose a smaller size in mm, fewer dpi, or SVG"
    )]
    TooLarge {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// Largest number of pixels, in millions.
        most_millions: u32,
    },
    /// The renderer refused the drawing.
    #[error("the figure could not be drawn as PNG: {why}; save it as SVG instead and report this")]
    Render {
        /// What the renderer said.
        why: String,
    },
}
