//! One cell of the grid: a head in words and a small plot.

use eframe::egui::{
    Align, Button, Id, Label, Layout, RichText, Role, ScrollArea, Sense, Ui, Vec2b, WidgetInfo, vec2,
};

use crate::app::plot::{PlotCache, PlotLink, PlotOptions, PlotView, Shown, spectra_plot_ui};
use crate::app::view::View;
use crate::app::widgets::{bold, one_line, swatch, weak};
use crate::app::wish::Wishes;
use crate::session::{Comparison, Substance};

use super::grid::Row;
use super::panel::BroughtOut;
use super::sheet::{Column, Done, State};
use super::{table, verdict, words};

/// Everything about the place of a cell.
pub struct Cell<'a> {
    pub comparison: &'a Comparison,
    pub column: &'a Column,
    pub row: Row,
    pub substances: &'a [Substance],
    pub plot: &'a PlotView,
    pub link: PlotLink,
    /// Whether this is the last row, which has the title of the axis.
    pub bottom: bool,
}

/// Draws a cell; the component that the user wants to look at closely.
pub fn cell_ui(
    ui: &mut Ui,
    view: &View,
    cell: &Cell,
    plots: &mut PlotCache,
    wishes: &mut Wishes,
) -> Option<BroughtOut> {
    ui.spacing_mut().item_spacing.y = 2.0;
    let column = cell.column;
    match (&column.state, cell.row) {
        (State::Done(done), Row::Mixture) => {
            one_line(ui, RichText::new("Mixture and reconstruction").small().color(view.theme.weak));
            plot_ui(ui, cell, &done.mixture, "Mixture", plots);
        }
        (State::Done(done), Row::Residual) => {
            let text = format!("Residual, {}", words::residual(done.outcome.unexplained.ratio));
            one_line(ui, RichText::new(text).small().color(view.theme.weak));
            plot_ui(ui, cell, &done.residual, "Residual", plots);
        }
        (State::Done(done), Row::Substance(row)) => {
            let substance = cell.substances.get(row)?;
            let Some(component) = substance.component_of(&column.method) else {
                missing_ui(ui, &format!("{} was not found by {}", substance.name, column.name));
                return None;
            };
            let out = head_ui(ui, view, cell, done, component, wishes);
            let curves = done.components.get(component)?;
            plot_ui(ui, cell, curves, &substance.name, plots);
            return out;
        }
        (State::Failed(sentence), Row::Mixture) => {
            ScrollArea::vertical().id_salt("failure").auto_shrink(false).show(ui, |ui| {
                ui.add(Label::new(RichText::new(sentence).color(view.theme.error)).wrap());
            });
        }
        (State::Open, Row::Mixture) => {
            ui.add_space(30.0);
            ui.vertical_centered(|ui| table::open_ui(ui, view, cell.comparison, column));
        }
        (State::Failed(_) | State::Open, _) => {}
    }
    None
}

fn missing_ui(ui: &mut Ui, text: &str) {
    let rect = ui.max_rect();
    let weak = ui.visuals().weak_text_color();
    ui.painter().rect_stroke(
        rect.shrink(1.0),
        4.0,
        eframe::egui::Stroke::new(1.0, ui.visuals().widgets.noninteractive.bg_stroke.color),
        eframe::egui::StrokeKind::Inside,
    );
    ui.put(rect.shrink(12.0), Label::new(RichText::new(text).color(weak)).wrap());
}

/// Colour, name, numbers and verdict of a component.
fn head_ui(
    ui: &mut Ui,
    view: &View,
    cell: &Cell,
    done: &Done,
    index: usize,
    wishes: &mut Wishes,
) -> Option<BroughtOut> {
    let component = done.outcome.components.get(index)?;
    let of = &cell.column.name;
    let mut out = None;
    ui.horizontal(|ui| {
        swatch(ui, view.theme.curve(*done.slots.get(index).unwrap_or(&0)), Sense::hover());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            if let Some(species) = &component.species {
                // From right to left.
                ui.allocate_ui_with_layout(vec2(46.0, 18.0), Layout::left_to_right(Align::Center), |ui| {
                    verdict::verdict_ui(ui, cell.comparison, species, of, wishes);
                });
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let button = Button::new(bold(&component.name)).frame(false).truncate();
                let response = ui.add(button);
                let name = format!("Look closely at {} by {of}", component.name);
                response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
                if response.on_hover_text(format!("{}\nClick to look closely", component.name)).clicked() {
                    out = Some(BroughtOut { method: cell.column.method.clone(), component: index });
                }
            });
        });
    });
    let mut parts = vec![words::amount(component)];
    if let Some(found) = done.found(index) {
        if let Some(matched) = &found.matched {
            let pinned = if matched.pinned { " (chosen)" } else { "" };
            parts.push(format!("match {}{pinned}", words::score(matched.score)));
        }
        if let Some(truth) = &found.truth {
            parts.push(format!("SI-SNR {:.1} dB", truth.si_snr_db));
        }
        if found.problem.is_some() {
            parts.push("⚠ reference".to_owned());
        }
    }
    if component.species.as_ref().is_some_and(|s| cell.comparison.ask.fixed.contains(s)) {
        parts.push("fixed".to_owned());
    }
    let text = parts.join(" · ");
    let label = ui.add(Label::new(RichText::new(&text).small().color(view.theme.weak)).truncate());
    let reference = done.found(index).and_then(|f| f.matched.as_ref());
    label.on_hover_text(match reference {
        Some(matched) => format!("{text}\nover {}", matched.name),
        None => text,
    });
    out
}

fn plot_ui(ui: &mut Ui, cell: &Cell, curves: &[Shown], what: &str, plots: &mut PlotCache) {
    if curves.is_empty() {
        weak(ui, "These numbers cannot be drawn");
        return;
    }
    let id = Id::unique(("comparison cell", cell.comparison.id.0, &cell.column.method, row_number(cell.row)));
    let options = PlotOptions {
        link: Some(cell.link),
        height: Some(ui.available_height()),
        x_label: if cell.bottom { None } else { Some(String::new()) },
        y_label: Some(String::new()),
        axes: Vec2b::TRUE,
        wheel_zooms: false,
        see_all: false,
    };
    let output = spectra_plot_ui(ui, id, curves, cell.plot, plots, &options);
    let name = format!("{what} by {}", cell.column.name);
    output.response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, &name));
}

fn row_number(row: Row) -> usize {
    match row {
        Row::Mixture => 0,
        Row::Residual => 1,
        Row::Substance(number) => number + 2,
    }
}
