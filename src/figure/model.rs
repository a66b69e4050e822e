//! What a figure is made of: plain data with public fields, filled in by whoever wants a picture.

use std::sync::Arc;

/// A page with a grid of panels, filled row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Width of the page in mm (a journal column is 85, a page 178).
    pub width_mm: f64,
    /// Height of the page in mm.
    pub height_mm: f64,
    /// Size of the axis titles in pt; everything else follows from it.
    pub font_pt: f64,
    /// Line above everything; empty for none.
    pub title: String,
    /// Panels side by side in one row.
    pub columns: usize,
    /// One heading above each column; may be empty.
    pub column_headings: Vec<String>,
    /// Heights of the rows relative to each other; rows without one have 1.
    pub row_weights: Vec<f64>,
    /// All panels show the same x range, with numbers and title under the lowest panel of each column only.
    pub share_x: bool,
    /// Panels of one row show the same y range, with numbers and title at the leftmost panel only.
    pub share_y: bool,
    /// Where the names of the curves stand.
    pub legend: LegendPlace,
    /// The panels, row by row.
    pub panels: Vec<Panel>,
}

/// Where the names of the curves stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LegendPlace {
    /// In each panel's emptier top corner; to its right when it has more than six names.
    #[default]
    Panel,
    /// Once for the whole figure, below the panels.
    Below,
    /// Nowhere.
    Hidden,
}

/// One pair of axes with what is drawn in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Words in the top left corner above the axes; empty for none.
    pub heading: String,
    /// Title of the x axis with its unit, "Raman shift (cm⁻¹)".
    pub x_label: String,
    /// Title of the y axis with its unit.
    pub y_label: String,
    /// Range of x, low and high; `None` takes that of the data.
    pub x_range: Option<(f64, f64)>,
    /// Range of y, low and high; `None` takes that of the data with some room.
    pub y_range: Option<(f64, f64)>,
    /// Draw high x at the left.
    pub x_reversed: bool,
    /// Numbers along the x axis (a shared axis hides them by itself).
    pub x_numbers: bool,
    /// Numbers along the y axis (a shared axis hides them by itself).
    pub y_numbers: bool,
    /// Curves or a map.
    pub content: Content,
    /// Positions written upright above their peaks; of two that would overlap the lower is left out.
    pub peaks: Vec<PeakLabel>,
}

/// What a panel shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Curves, the first at the back.
    Curves(Vec<Curve>),
    /// One value per cell as colours, with a colour bar.
    Map(HeatMap),
}

/// One curve. Where `x` or `y` is NaN or infinite the line is broken; the longer of the two is cut.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Name in the legend; empty for none.
    pub label: String,
    /// Positions.
    pub x: Arc<[f64]>,
    /// Values.
    pub y: Arc<[f32]>,
    /// Red, green, blue.
    pub color: [u8; 3],
    /// Width of the line in pt.
    pub width_pt: f64,
    /// Pattern of the line.
    pub dash: Dash,
    /// Half the width of a band around the line, filled with its colour; none where it is not as long as the curve.
    pub band: Option<Arc<[f32]>>,
}

/// Pattern of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Dash {
    /// Unbroken.
    #[default]
    Solid,
    /// Dashes.
    Dashed,
    /// Dots.
    Dotted,
}

/// A text over a peak.
#[derive(Debug, Clone, PartialEq)]
pub struct PeakLabel {
    /// Position of the peak.
    pub x: f64,
    /// Height of the peak.
    pub y: f64,
    /// What is written, usually the position.
    pub text: String,
}

/// One value per cell of a grid, drawn with square-true proportions where both ranges have a length.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMap {
    /// Cells side by side.
    pub width: usize,
    /// Cells from top to bottom.
    pub height: usize,
    /// `width` x `height` values, the top row first; NaN cells are grey.
    pub values: Arc<[f32]>,
    /// Positions of the left and the right edge.
    pub x_edges: (f64, f64),
    /// Positions of the top and the bottom edge.
    pub y_edges: (f64, f64),
    /// Values at the two ends of the colours; `None` takes those of the data.
    pub range: Option<(f32, f32)>,
    /// Title of the colour bar with its unit.
    pub unit: String,
}

impl Figure {
    /// A figure of the given size in mm without panels: one column, 8 pt, nothing shared.
    pub fn new(width_mm: f64, height_mm: f64) -> Self {
        Self {
            width_mm,
            height_mm,
            font_pt: 8.0,
            title: String::new(),
            columns: 1,
            column_headings: Vec::new(),
            row_weights: Vec::new(),
            share_x: false,
            share_y: false,
            legend: LegendPlace::Panel,
            panels: Vec::new(),
        }
    }
}

impl Panel {
    /// A panel of curves with the ranges of the data.
    pub fn curves(x_label: &str, y_label: &str, curves: Vec<Curve>) -> Self {
        Self::with(x_label, y_label, Content::Curves(curves))
    }

    /// A panel with one map.
    pub fn map(x_label: &str, y_label: &str, map: HeatMap) -> Self {
        Self::with(x_label, y_label, Content::Map(map))
    }

    fn with(x_label: &str, y_label: &str, content: Content) -> Self {
        Self {
            heading: String::new(),
            x_label: x_label.to_owned(),
            y_label: y_label.to_owned(),
            x_range: None,
            y_range: None,
            x_reversed: false,
            x_numbers: true,
            y_numbers: true,
            content,
            peaks: Vec::new(),
        }
    }
}

impl Curve {
    /// A solid curve of 1 pt.
    pub fn new(label: &str, x: impl Into<Arc<[f64]>>, y: impl Into<Arc<[f32]>>, color: [u8; 3]) -> Self {
        Self {
            label: label.to_owned(),
            x: x.into(),
            y: y.into(),
            color,
            width_pt: 1.0,
            dash: Dash::Solid,
            band: None,
        }
    }

    /// Lower and upper edge of the band; nothing without one.
    pub(super) fn edges(&self) -> Option<[Self; 2]> {
        let half = self.band.as_ref().filter(|half| half.len() == self.y.len())?;
        let edge = |side: f32| Self {
            y: self.y.iter().zip(half.iter()).map(|(y, half)| y + side * half.abs()).collect(),
            band: None,
            ..self.clone()
        };
        Some([edge(-1.0), edge(1.0)])
    }

    /// The points that can be drawn at all; `None` where the line is broken.
    pub(super) fn points(&self) -> impl Iterator<Item = Option<(f64, f64)>> + '_ {
        self.x.iter().zip(self.y.iter()).map(|(&x, &y)| {
            let y = f64::from(y);
            (super::ranges::usable(x) && super::ranges::usable(y)).then_some((x, y))
        })
    }
}
