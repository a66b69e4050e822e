//! One step of the pipeline: its name, its place, and a field for every parameter.

use eframe::egui::{CornerRadius, Frame, Grid, Label, Margin, RichText, Stroke, Ui};
use serde_json::Value;

use super::catalogue::{axis_before, axis_unit, others, own_value, title};
use super::edit::{Draft, Fields, fields, sentence, step};
use super::pairs::pairs_ui;
use crate::app::params::{Edit, param_label, param_on_axis_ui};
use crate::app::view::View;
use crate::app::widgets::{bold, one_line, sign_button};
use crate::process::{Param, ParamKind, Pipeline, Step};
use crate::session::Item;

/// Width of the labels, so that the fields of all steps stand below one another.
const LABELS: f32 = 124.0;

/// What the user did with a step.
pub enum Change {
    /// A parameter has a new value; these are all steps now.
    Value {
        /// All steps.
        steps: Pipeline,
        /// The step that has it.
        index: usize,
        /// The parameter.
        param: &'static str,
    },
    /// Steps were moved or taken out.
    Order(Pipeline),
}

/// Draws step `index` of an item.
pub fn step_ui(
    ui: &mut Ui,
    view: &View,
    item: &Item,
    index: usize,
    draft: &mut Option<Draft>,
) -> Option<Change> {
    let now = item.steps.steps.get(index)?;
    let (theme, mut change) = (view.theme, None);
    let card = Frame::new()
        .fill(theme.raised)
        .stroke(Stroke::new(1.0, theme.line))
        .corner_radius(CornerRadius::same(4))
        .inner_margin(Margin::symmetric(6, 5));
    card.show(ui, |ui| {
        ui.set_width(ui.available_width());
        change = head_ui(ui, item, index, now);
        let refused = draft
            .as_ref()
            .filter(|d| d.index == index && d.version == item.version)
            .map(|d| d.fields.clone());
        let mut values = refused.unwrap_or_else(|| fields(now));
        let Some(param) = fields_ui(ui, view, item, index, now, &mut values) else {
            return refused_ui(ui, view, item, index, draft.as_ref());
        };
        *draft = None;
        match step(&values) {
            Ok(new) => {
                let mut steps = item.steps.clone();
                if let Some(old) = steps.steps.get_mut(index) {
                    *old = new;
                }
                change = Some(Change::Value { steps, index, param: param.name });
            }
            Err(error) => *draft = Some(Draft { version: item.version, index, fields: values, error }),
        }
    });
    change
}

/// Why the values of this step are not taken.
fn refused_ui(ui: &mut Ui, view: &View, item: &Item, index: usize, draft: Option<&Draft>) {
    if let Some(draft) = draft.filter(|d| d.index == index && d.version == item.version) {
        let text = RichText::new(format!("✗ {}", sentence(&draft.error))).color(view.theme.error);
        ui.add(Label::new(text).wrap()).on_hover_text(draft.error.to_string());
    }
}

/// Name of the step and the buttons that move it.
fn head_ui(ui: &mut Ui, item: &Item, index: usize, now: &Step) -> Option<Change> {
    let mut steps = item.steps.clone();
    let (name, last) = (title(now.name()), steps.steps.len() - 1);
    let mut changed = false;
    ui.horizontal(|ui| {
        let buttons = 3.0 * 26.0;
        ui.allocate_ui(eframe::egui::vec2(ui.available_width() - buttons, 20.0), |ui| {
            one_line(ui, bold(name)).on_hover_text(format!("{}\n{now}", now.info().what));
            ui.set_min_width(ui.available_width());
        });
        let moves = [("▲", "up", index > 0, index.wrapping_sub(1)), ("▼", "down", index < last, index + 1)];
        for (sign, way, possible, to) in moves {
            ui.add_enabled_ui(possible, |ui| {
                let label = format!("Move step {} {way}, {name}", index + 1);
                if sign_button(ui, sign, &label).clicked() {
                    steps.steps.swap(index, to);
                    changed = true;
                }
            });
        }
        if sign_button(ui, "×", &format!("Remove step {}, {name}", index + 1)).clicked() {
            steps.steps.remove(index);
            changed = true;
        }
    });
    changed.then_some(Change::Order(steps))
}

/// Draws the fields; gives the parameter whose value is a new one in `values`.
fn fields_ui(
    ui: &mut Ui,
    view: &View,
    item: &Item,
    index: usize,
    now: &Step,
    values: &mut Fields,
) -> Option<&'static Param> {
    let unit = axis_unit(item, index);
    let mut changed = None;
    Grid::new(("fields", index)).num_columns(2).min_col_width(LABELS).spacing([8.0, 3.0]).show(ui, |ui| {
        for param in now.info().params {
            let old = values.get(param.name);
            let new = if param.kind == ParamKind::Pairs {
                pairs_ui(ui, &param_label(param, &unit), old, &unit)
            } else if (now.name(), param.name) == ("subtract", "spectrum") {
                other_ui(ui, view, item, old)
            } else {
                match param_on_axis_ui(ui, param, old, &unit) {
                    Edit::Set(Some(value)) if old.is_none_or(Value::is_null) => {
                        let axis = axis_before(view.document, item, index);
                        Some(own_value(param, &axis, item.raw.meta().laser_nm).unwrap_or(value))
                    }
                    Edit::Set(value) => Some(value.unwrap_or(Value::Null)),
                    Edit::None | Edit::Ended => None,
                }
            };
            ui.end_row();
            if let Some(value) = new {
                values.insert(param.name.to_owned(), value);
                changed = Some(param);
            }
        }
    });
    changed
}

/// The choice of another spectrum of the list.
fn other_ui(ui: &mut Ui, view: &View, item: &Item, old: Option<&Value>) -> Option<Value> {
    let now = old.and_then(Value::as_str).unwrap_or_default();
    let mut new = None;
    let name = ui.label("Spectrum").on_hover_text("What is taken away, as measured").id;
    let combo = eframe::egui::ComboBox::from_id_salt("other").selected_text(now).truncate();
    let combo = combo.width((ui.available_width() - 24.0).clamp(60.0, 200.0)).show_ui(ui, |ui| {
        for other in others(view.document, item) {
            if ui.selectable_label(now == other, other).clicked() {
                new = Some(Value::from(other));
            }
        }
    });
    combo.response.labelled_by(name);
    new
}
