//! Which panel stands where, and what it shows of the axes it shares.

use super::heat;
use super::model::{Content, Figure, Panel};
use super::ranges::{settled, union, x_range};
use super::ticks::{Ticks, ticks};

/// Panels drawn at most.
const MOST_PANELS: usize = 400;
/// Panels side by side at most.
const MOST_COLUMNS: usize = 12;
/// Least place of one panel with its words in pt; the page grows where it is smaller.
const LEAST_WIDTH_PT: f64 = 100.0;
const LEAST_HEIGHT_PT: f64 = 42.0;
/// Sizes of page and letters taken.
const PAGE_MM: (f64, f64) = (20.0, 2_000.0);
const FONT_PT: (f64, f64) = (4.0, 24.0);
const PT_PER_MM: f64 = 72.0 / 25.4;

/// The grid of a figure with sizes made safe.
pub(super) struct Grid<'a> {
    pub panels: Vec<&'a Panel>,
    pub columns: usize,
    /// Page in pt.
    pub width: f64,
    pub height: f64,
    /// Size of titles in pt.
    pub size: f64,
    share_x: bool,
    share_y: bool,
    x_ranges: Vec<(f64, f64)>,
}

fn safe(value: f64, limits: (f64, f64), otherwise: f64) -> f64 {
    if value.is_finite() { value.clamp(limits.0, limits.1) } else { otherwise }
}

impl<'a> Grid<'a> {
    pub(super) fn of(figure: &'a Figure) -> Self {
        let panels: Vec<&Panel> = figure.panels.iter().take(MOST_PANELS).collect();
        let columns = figure.columns.clamp(1, MOST_COLUMNS).min(panels.len().max(1));
        let rows = panels.len().div_ceil(columns);
        let width = safe(figure.width_mm, PAGE_MM, 85.0) * PT_PER_MM;
        let height = safe(figure.height_mm, PAGE_MM, 60.0) * PT_PER_MM;
        let mut x_ranges: Vec<(f64, f64)> = panels.iter().map(|p| own_x_range(p)).collect();
        if figure.share_x {
            let sharing = panels.iter().filter(|p| is_curves(p));
            let all = settled(sharing.fold(None, |range, p| union(range, x_range(p))));
            for (range, _) in x_ranges.iter_mut().zip(&panels).filter(|(_, p)| is_curves(p)) {
                *range = all;
            }
        }
        Self {
            columns,
            width: width.max(columns as f64 * LEAST_WIDTH_PT),
            height: height.max(rows as f64 * LEAST_HEIGHT_PT + LEAST_HEIGHT_PT),
            size: safe(figure.font_pt, FONT_PT, 8.0),
            share_x: figure.share_x,
            share_y: figure.share_y,
            x_ranges,
            panels,
        }
    }

    pub(super) fn x_range(&self, at: usize) -> (f64, f64) {
        self.x_ranges[at]
    }

    /// Ticks along x on some length: enough to know whether the numbers share a factor.
    pub(super) fn x_ticks(&self, at: usize) -> Ticks {
        let (a, b) = self.x_ranges[at];
        ticks(a.min(b), a.max(b), 3)
    }

    /// Is the x axis of this panel the one that carries the words?
    fn speaks_x(&self, at: usize) -> bool {
        !self.share_x || !is_curves(self.panels[at]) || at + self.columns >= self.panels.len()
    }

    fn speaks_y(&self, at: usize) -> bool {
        !self.share_y || !is_curves(self.panels[at]) || at.is_multiple_of(self.columns)
    }

    pub(super) fn x_numbers(&self, at: usize) -> bool {
        self.panels[at].x_numbers && self.speaks_x(at)
    }

    pub(super) fn y_numbers(&self, at: usize) -> bool {
        self.panels[at].y_numbers && self.speaks_y(at)
    }

    pub(super) fn x_title(&self, at: usize) -> &'a str {
        if self.speaks_x(at) { &self.panels[at].x_label } else { "" }
    }

    pub(super) fn y_title(&self, at: usize) -> &'a str {
        if self.speaks_y(at) { &self.panels[at].y_label } else { "" }
    }
}

fn is_curves(panel: &Panel) -> bool {
    matches!(panel.content, Content::Curves(_))
}

/// The x range a panel has by itself; that of a map runs from its left to its right edge.
fn own_x_range(panel: &Panel) -> (f64, f64) {
    match &panel.content {
        Content::Map(map) => heat::edges(map.x_edges, map.width),
        Content::Curves(_) => settled(x_range(panel)),
    }
}
