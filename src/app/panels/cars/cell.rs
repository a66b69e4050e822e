//! One cell: words and a small plot.

use eframe::egui::{Id, Label, Rect, RichText, Role, Ui, WidgetInfo, pos2};

use crate::app::plot::{PlotCache, PlotLink, PlotOptions, PlotView, Shown, spectra_plot_ui};
use crate::app::theme::Theme;

use super::sheet::Row;

/// Strength of the shade over the ends of the window.
const SHADE: f32 = 0.35;

/// Everything about the place of a cell.
pub struct Cell<'a> {
    pub number: u64,
    pub method: &'a str,
    pub name: &'a str,
    pub row: Row,
    pub link: PlotLink,
    pub plot: &'a PlotView,
    /// Between these positions the ends of the window disturb nothing.
    pub inner: (f64, f64),
    pub bottom: bool,
}

/// Draws a cell: words, then its curves in the room that is left.
pub fn cell_ui(
    ui: &mut Ui,
    theme: &Theme,
    cell: &Cell,
    words: &str,
    curves: &[Shown],
    plots: &mut PlotCache,
) {
    ui.spacing_mut().item_spacing.y = 2.0;
    ui.add(Label::new(RichText::new(words).small().color(theme.weak)).truncate()).on_hover_text(words);
    if curves.is_empty() {
        return;
    }
    let id = Id::unique(("cars cell", cell.number, cell.method, cell.row.title()));
    let options = PlotOptions::cell(cell.link, ui.available_height(), cell.bottom);
    let output = spectra_plot_ui(ui, id, curves, cell.plot, plots, &options);
    let name = format!("{} by {}", cell.row.title(), cell.name);
    output.response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, &name));
    let at = |position: f64| output.transform.position_from_point_x(position);
    let (frame, painter) = (output.rect, ui.painter().with_clip_rect(output.rect));
    let [low, high] = output.x_range;
    for (from, to) in [(low.min(high), cell.inner.0), (cell.inner.1, low.max(high))] {
        if from < to {
            let (a, b) = (at(from), at(to));
            let zone = Rect::from_min_max(pos2(a.min(b), frame.top()), pos2(a.max(b), frame.bottom()));
            painter.rect_filled(zone, 0.0, theme.line.gamma_multiply(SHADE));
        }
    }
}
