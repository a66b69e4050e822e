//! The grid: a column a method, a row a substance. Only what is visible is drawn.

use eframe::egui::{Id, Label, Rect, ScrollArea, Sense, Ui, UiBuilder, Vec2, pos2, vec2};

use crate::app::plot::{PlotLink, PlotView};
use crate::app::view::View;
use crate::app::widgets::{bold, milliseconds};
use crate::app::wish::Wishes;
use crate::session::Comparison;

use super::cell::{Cell, cell_ui};
use super::panel::CompareState;
use super::sheet::{Column, State};

/// Narrowest column.
const COLUMN: f32 = 272.0;
/// Between cells.
const GAP: f32 = 8.0;
/// Heads of columns.
const HEAD: f32 = 24.0;
/// Least heights of rows.
const ROW: f32 = 172.0;
/// The residual has nothing to read but whether it is flat.
const RESIDUAL: f32 = 150.0;
/// Kept free for the scroll bar.
const BAR: f32 = 12.0;

/// What stands in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// Mixture and reconstruction.
    Mixture,
    /// The substance with this number.
    Substance(usize),
    /// What is left.
    Residual,
}

/// Where rows and columns lie.
struct Plan {
    width: f32,
    rows: Vec<(Row, f32, f32)>,
    size: Vec2,
}

impl Plan {
    fn new(columns: usize, substances: usize, room: Vec2) -> Self {
        let count = columns.max(1) as f32;
        let width = ((room.x - BAR) / count - GAP).max(COLUMN);
        let mut rows = Vec::with_capacity(substances + 2);
        let mut top = 0.0;
        let kinds =
            std::iter::once(Row::Mixture).chain((0..substances).map(Row::Substance)).chain([Row::Residual]);
        // Few rows share the height that there is.
        let least = ROW * (substances + 1) as f32 + RESIDUAL + GAP * (substances + 2) as f32;
        let stretch = (room.y / least).clamp(1.0, 1.8);
        for row in kinds {
            let height = stretch * if row == Row::Residual { RESIDUAL } else { ROW };
            rows.push((row, top, height));
            top += height + GAP;
        }
        Self { width, rows, size: vec2(count * (width + GAP), top) }
    }
}

/// Draws the grid into all the room that is left.
pub fn grid_ui(
    ui: &mut Ui,
    view: &View,
    comparison: &Comparison,
    plot: &PlotView,
    state: &mut CompareState,
    wishes: &mut Wishes,
) {
    let room = ui.available_rect_before_wrap();
    let heads = Rect::from_min_size(room.min, vec2(room.width(), HEAD));
    let body = Rect::from_min_max(pos2(room.left(), heads.bottom() + 2.0), room.max);
    ui.allocate_rect(room, Sense::hover());
    let CompareState { sheet, plots, .. } = state;
    let plan = Plan::new(sheet.columns.len(), sheet.substances.len(), body.size());
    let PlotView { reversed, bands, .. } = *plot;
    let view_of_plots = PlotView { reversed, bands, crosshair: true, legend: false, ..PlotView::default() };
    let group = Id::unique(("comparison grid", comparison.id.0));
    let link = PlotLink { group, x: true, y: false, cursor: true };
    let last = plan.rows.len() - 1;
    let mut out = None;
    let mut inside = ui.new_child(UiBuilder::new().max_rect(body));
    let scrolled =
        ScrollArea::both().id_salt(group).auto_shrink(false).show_viewport(&mut inside, |ui, viewport| {
            ui.set_min_size(plan.size);
            let origin = ui.max_rect().min;
            for (at, column) in sheet.columns.iter().enumerate() {
                for (number, (row, top, height)) in plan.rows.iter().enumerate() {
                    let corner = pos2(at as f32 * (plan.width + GAP), *top);
                    let place = Rect::from_min_size(corner, vec2(plan.width, *height));
                    if !viewport.intersects(place) {
                        continue;
                    }
                    let place = place.translate(origin.to_vec2());
                    let cell = Cell {
                        comparison,
                        column,
                        row: *row,
                        substances: &sheet.substances,
                        plot: &view_of_plots,
                        link,
                        bottom: number == last,
                    };
                    let builder = UiBuilder::new().max_rect(place).id_salt((group, at, number));
                    let mut child = ui.new_child(builder);
                    if let Some(component) = cell_ui(&mut child, view, &cell, plots, wishes) {
                        out = Some(component);
                    }
                }
            }
        });
    let offset = scrolled.state.clamped_offset().x;
    let mut top = ui.new_child(UiBuilder::new().max_rect(heads));
    top.set_clip_rect(heads.intersect(ui.clip_rect()));
    for (at, column) in sheet.columns.iter().enumerate() {
        let corner = heads.min + vec2(at as f32 * (plan.width + GAP) - offset, 0.0);
        let place = Rect::from_min_size(corner, vec2(plan.width, HEAD));
        if place.intersects(heads) {
            let mut child = top.new_child(UiBuilder::new().max_rect(place).id_salt((group, "head", at)));
            head_ui(&mut child, view, column, place);
        }
    }
    if out.is_some() {
        state.out = out;
    }
}

fn head_ui(ui: &mut Ui, view: &View, column: &Column, place: Rect) {
    ui.painter().rect_filled(place, 4.0, view.theme.panel);
    let text = match &column.state {
        State::Done(done) => format!("{} · {}", column.name, milliseconds(done.outcome.elapsed_ms)),
        State::Failed(_) => format!("{} · no answer", column.name),
        State::Open => column.name.clone(),
    };
    let inner = place.shrink2(vec2(8.0, 2.0));
    ui.put(inner, Label::new(bold(text)).truncate()).on_hover_text(&column.settings);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_columns_fill_the_width_and_many_scroll() {
        let two = Plan::new(2, 2, vec2(680.0, 500.0));
        assert!((two.size.x - (680.0 - BAR)).abs() < 0.1, "{}", two.size.x);
        let six = Plan::new(6, 2, vec2(680.0, 500.0));
        assert!((six.width - COLUMN).abs() < 0.1 && six.size.x > 1_500.0);
        let rows: Vec<Row> = six.rows.iter().map(|(row, ..)| *row).collect();
        assert_eq!(rows, [Row::Mixture, Row::Substance(0), Row::Substance(1), Row::Residual]);
        assert!(six.rows.windows(2).all(|w| w[0].1 + w[0].2 < w[1].1));
    }

    #[test]
    fn few_rows_grow_into_the_height_there_is() {
        let tall = Plan::new(1, 0, vec2(300.0, 500.0));
        assert!(tall.size.y > 490.0 && tall.size.y < 510.0, "{}", tall.size.y);
    }
}
