//! What one plot has for itself, and what it shares with others.

use eframe::egui::Id;

/// Least distance of the numbers at the positions, in points.
const X_ROOM: f32 = 80.0;
/// The same in a cell: a narrow plot has more than one number all the same.
const CELL_X_ROOM: f32 = 52.0;
/// Room for the intensities in a cell.
const CELL_Y_ROOM: f32 = 46.0;

/// Plots that move together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlotLink {
    /// Name of the group.
    pub group: Id,
    /// Share the range of positions.
    pub x: bool,
    /// Share the range of intensities.
    pub y: bool,
    /// Draw the pointer's position in all plots of the group.
    pub cursor: bool,
}

/// What one plot has for itself.
#[derive(Debug, Clone, PartialEq)]
pub struct PlotOptions {
    /// Moves with others.
    pub link: Option<PlotLink>,
    /// Height in points; all there is when `None`.
    pub height: Option<f32>,
    /// Title of the positions; from the axis when `None`, none at all when empty.
    pub x_label: Option<String>,
    /// Title of the intensities; from the view when `None`, none at all when empty.
    pub y_label: Option<String>,
    /// Least distance of the numbers at the positions.
    pub x_room: f32,
    /// Least width of the numbers at the intensities, so that plots one above the other begin at one place.
    pub y_room: f32,
    /// Whether the wheel zooms. In a scrolled grid it should scroll; Ctrl and wheel zoom all the same.
    pub wheel_zooms: bool,
    /// Show everything again, as a double click does (for a command or a shortcut; one frame).
    pub see_all: bool,
}

impl Default for PlotOptions {
    fn default() -> Self {
        Self {
            link: None,
            height: None,
            x_label: None,
            y_label: None,
            x_room: X_ROOM,
            y_room: 14.0, // as egui_plot has it
            wheel_zooms: true,
            see_all: false,
        }
    }
}

impl PlotOptions {
    /// Of a small plot in a grid that scrolls; the one at the bottom has the title of the positions.
    pub fn cell(link: PlotLink, height: f32, bottom: bool) -> Self {
        Self {
            link: Some(link),
            height: Some(height),
            x_label: if bottom { None } else { Some(String::new()) },
            y_label: Some(String::new()),
            x_room: CELL_X_ROOM,
            y_room: CELL_Y_ROOM,
            wheel_zooms: false,
            see_all: false,
        }
    }
}
