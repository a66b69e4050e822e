//! What is on the screen as a figure for print, always in the colours of the light theme.

mod comparison;
mod curves;
mod map;

use std::convert::Infallible;

use eframe::egui::Color32;

use crate::app::plot::PlotView;
use crate::figure::Figure;
use crate::jobs::{Failure, Ticket};

use super::compared::Compared;
use super::settings::Picture;

pub use comparison::{comparison_figure, rows};
pub use curves::CurvesSketch;
pub use map::{Layer, MapSketch};

/// The paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Print {
    /// Width in mm.
    pub width_mm: f64,
    /// Height in mm.
    pub height_mm: f64,
    /// Size of axis titles in pt.
    pub font_pt: f64,
}

impl Print {
    fn figure(&self) -> Figure {
        Figure { font_pt: self.font_pt, ..Figure::new(self.width_mm, self.height_mm) }
    }
}

/// What is drawn.
pub enum Sketch {
    /// The curves of the main plot.
    Curves(CurvesSketch),
    /// Methods side by side, with the direction and the bands of this view.
    Comparison(Compared, PlotView),
    /// A map.
    Map(MapSketch),
}

impl Sketch {
    /// Which kind of figure it is.
    pub fn picture(&self) -> Picture {
        match self {
            Self::Curves(_) => Picture::Curves,
            Self::Comparison(compared, _) => Picture::Comparison { rows: rows(compared) },
            Self::Map(sketch) => Picture::Map { grid: sketch.grid() },
        }
    }

    /// The figure.
    pub fn figure(&self, print: &Print, ticket: &Ticket<Infallible>) -> Result<Figure, Failure> {
        ticket.go_on()?;
        Ok(match self {
            Self::Curves(sketch) => sketch.figure(print),
            Self::Comparison(compared, view) => {
                comparison_figure(compared, &compared.known(ticket)?, view, print)
            }
            Self::Map(sketch) => sketch.figure(print),
        })
    }
}

fn rgb(colour: Color32) -> [u8; 3] {
    [colour.r(), colour.g(), colour.b()]
}
