//! One cell of the grid: a head in words and a small plot.

use eframe::egui::{
    Align, Button, Color32, Id, Label, Layout, RichText, Role, ScrollArea, Sense, Shape, Stroke, StrokeKind,
    Ui, UiBuilder, WidgetInfo, vec2,
};

use crate::app::plot::{PlotCache, PlotLink, PlotOptions, PlotView, Shown, spectra_plot_ui};
use crate::app::view::View;
use crate::app::widgets::{bold, hint, swatch, weak};
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
    ui.spacing_mut().interact_size.y = 16.0;
    let column = cell.column;
    match (&column.state, cell.row) {
        (State::Done(done), Row::Mixture) => {
            let background = done.mixture.len() > 2;
            let lines = [
                ("Mixture", view.theme.mixture),
                ("Reconstruction", view.theme.reconstruction),
                ("Background", view.theme.weak),
            ];
            legend_ui(ui, &lines[..if background { 3 } else { 2 }]);
            plot_ui(ui, cell, &done.mixture, "Mixture", plots);
        }
        (State::Done(done), Row::Residual) => {
            let text = format!("Residual, {}", words::residual(done.outcome.unexplained.ratio));
            legend_ui(ui, &[(text.as_str(), view.theme.residual)]);
            plot_ui(ui, cell, &done.residual, "Residual", plots);
        }
        (State::Done(done), Row::Substance(row)) => {
            let substance = cell.substances.get(row)?;
            let Some(component) = substance.component_of(&column.method) else {
                let judged = words::judged(&done.outcome, &substance.name);
                let sure = judged.map_or(String::new(), |j| {
                    format!(" ({} that it is there)", words::percent(j.probability))
                });
                missing_ui(ui, &format!("{} was not found by {}{sure}", substance.name, column.name));
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

/// What the colours of the curves mean.
fn legend_ui(ui: &mut Ui, lines: &[(&str, Color32)]) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        for (name, colour) in lines {
            stroke_ui(ui, *colour, false);
            hint(ui, *name);
        }
    });
}

/// A piece of line as in the plot below.
fn stroke_ui(ui: &mut Ui, colour: Color32, dashed: bool) {
    let (rect, _) = ui.allocate_exact_size(vec2(14.0, 12.0), Sense::hover());
    let (from, to, stroke) = (rect.left_center(), rect.right_center(), Stroke::new(2.0, colour));
    if dashed {
        ui.painter().extend(Shape::dashed_line(&[from, to], stroke, 4.0, 3.0));
    } else {
        ui.painter().line_segment([from, to], stroke);
    }
}

fn missing_ui(ui: &mut Ui, text: &str) {
    let rect = ui.max_rect();
    let weak = ui.visuals().weak_text_color();
    ui.painter().rect_stroke(
        rect.shrink(1.0),
        4.0,
        Stroke::new(1.0, ui.visuals().widgets.noninteractive.bg_stroke.color),
        StrokeKind::Inside,
    );
    // Not `put`: it would stretch the words of a long name to the width of the cell.
    let middle = UiBuilder::new().max_rect(rect.shrink(12.0)).layout(Layout::top_down(Align::Center));
    ui.scope_builder(middle, |ui| {
        ui.add_space((0.5 * ui.available_height() - 12.0).max(0.0));
        ui.add(Label::new(RichText::new(text).color(weak)).wrap());
    });
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
    // As high as the verdict buttons from the start, so that all stand on one line.
    ui.spacing_mut().interact_size.y = 22.0;
    ui.horizontal(|ui| {
        swatch(ui, view.theme.curve(*done.slots.get(index).unwrap_or(&0)), Sense::hover());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            if let Some(species) = &component.species {
                verdict::verdict_ui(ui, cell.comparison, species, of, wishes);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let button = Button::new(bold(&component.name)).frame(false).truncate();
                let response = ui.add(button);
                let name = format!("Look closely at {} by {of}", component.name);
                response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
                let tip = format!("{}\nClick to look closely", words::about(component, &component.name));
                if response.on_hover_text(tip).clicked() {
                    out = Some(BroughtOut { method: cell.column.method.clone(), component: index });
                }
            });
        });
    });
    ui.spacing_mut().interact_size.y = 16.0;
    let mut parts = vec![words::amount(component)];
    parts.extend(words::judged(&done.outcome, &component.name).and_then(|judged| words::dosage(&judged)));
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
    parts.extend(words::unlisted(component));
    let text = parts.join(" · ");
    let reference = done.found(index).and_then(|f| f.matched.as_ref());
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        if reference.is_some() {
            stroke_ui(ui, view.theme.library, true);
        }
        let label = RichText::new(&text).small().color(view.theme.weak);
        ui.add(Label::new(label).truncate()).on_hover_text(match reference {
            Some(matched) => format!("{text}\nDashed, {} of the library", matched.name),
            None => text,
        });
    });
    out
}

fn plot_ui(ui: &mut Ui, cell: &Cell, curves: &[Shown], what: &str, plots: &mut PlotCache) {
    if curves.is_empty() {
        weak(ui, "These numbers cannot be drawn");
        return;
    }
    let id = Id::unique(("comparison cell", cell.comparison.id.0, &cell.column.method, row_number(cell.row)));
    let options = PlotOptions::cell(cell.link, ui.available_height(), cell.bottom);
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
