//! Fields for parameters: one drawing for the steps of a pipeline and the settings of a method, made from their own
//! descriptions.

use std::ops::RangeInclusive;

use eframe::egui::{self, ComboBox, DragValue, Role, Slider, Ui, WidgetInfo};
use serde_json::Value;

use crate::process::{Param, ParamDefault, ParamKind};

use super::widgets::hint;

/// What the user did with a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Nothing.
    None,
    /// A new value; `None` means back to what the program finds by itself.
    Set(Option<Value>),
    /// The drag ended.
    Ended,
}

/// Draws the field of one parameter. `value` is what the user set, if anything.
pub fn param_ui(ui: &mut Ui, param: &Param, value: Option<&Value>) -> Edit {
    param_on_axis_ui(ui, param, value, "")
}

/// The same for a parameter that may be measured along an axis of this unit.
pub fn param_on_axis_ui(ui: &mut Ui, param: &Param, value: Option<&Value>, axis_unit: &str) -> Edit {
    let label = param_label(param, axis_unit);
    let mut edit = Edit::None;
    let name = ui.label(&label).on_hover_text(param.what).id;
    ui.horizontal(|ui| {
        let automatic = matches!(param.default, ParamDefault::Auto(_));
        if automatic && automatic_ui(ui, param, value, &label, &mut edit) {
            return;
        }
        let response = match param.kind {
            ParamKind::Number { min, max, log } => number_ui(ui, param, value, min..=max, log, &mut edit),
            ParamKind::Whole { min, max, odd } => whole_ui(ui, param, value, min..=max, odd, &mut edit),
            ParamKind::Choice(words) => choice_ui(ui, param, value, words, &mut edit),
            ParamKind::Flag => {
                let mut on = value
                    .and_then(Value::as_bool)
                    .unwrap_or(matches!(param.default, ParamDefault::Flag(true)));
                let response = ui.checkbox(&mut on, "");
                response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, &label));
                if response.changed() {
                    edit = Edit::Set(Some(Value::from(on)));
                }
                response
            }
            ParamKind::Text | ParamKind::Pairs => text_ui(ui, param, value, &mut edit),
        };
        let response = response.labelled_by(name).on_hover_text(param.what);
        if edit == Edit::None && (response.drag_stopped() || response.lost_focus()) {
            edit = Edit::Ended;
        }
    });
    edit
}

/// Name and unit: `Smoothness`, `Width (cm⁻¹)`.
pub fn param_label(param: &Param, axis_unit: &str) -> String {
    let mut name = param.name.replace('_', " ");
    for tail in [" cm1", " nm", " db"] {
        if name.ends_with(tail) {
            name.truncate(name.len() - tail.len());
        }
    }
    if let Some(first) = name.get(0..1) {
        name = format!("{}{}", first.to_uppercase(), &name[1..]);
    }
    match if param.unit == "axis" { axis_unit } else { param.unit } {
        "" => name,
        unit => format!("{name} ({})", unit.replace("cm-1", "cm⁻¹")),
    }
}

/// The switch between automatic and set by hand; true while it is automatic.
fn automatic_ui(ui: &mut Ui, param: &Param, value: Option<&Value>, label: &str, edit: &mut Edit) -> bool {
    let ParamDefault::Auto(how) = param.default else { return false };
    let mut automatic = value.is_none_or(Value::is_null);
    let response = ui.checkbox(&mut automatic, "auto");
    response
        .widget_info(|| WidgetInfo::selected(Role::CheckBox, true, automatic, format!("{label}, automatic")));
    if response.on_hover_text(how).changed() {
        *edit = Edit::Set(if automatic { None } else { Some(start(param)) });
    }
    if automatic {
        hint(ui, how);
    }
    automatic
}

/// A value to begin with where the program finds one by itself.
fn start(param: &Param) -> Value {
    match param.kind {
        ParamKind::Number { min, max, log: true } if min > 0.0 => Value::from((min * max).sqrt()),
        ParamKind::Number { min, max, .. } if max - min < 1e4 => Value::from(0.5 * (min + max)),
        ParamKind::Number { min, max, .. } => Value::from(0.0_f64.clamp(min, max)),
        ParamKind::Whole { min, .. } => Value::from(min.max(1)),
        ParamKind::Choice(words) => Value::from(words.first().copied().unwrap_or_default()),
        ParamKind::Flag => Value::from(true),
        ParamKind::Text | ParamKind::Pairs => Value::from(""),
    }
}

/// A number without zeros that say nothing: `7`, `0.001`, `1e5`.
fn short(value: f64) -> String {
    let text = super::widgets::number(value);
    let (digits, power) = text.split_once('e').map_or((text.as_str(), None), |(d, p)| (d, Some(p)));
    let digits =
        if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits };
    power.map_or_else(|| digits.to_owned(), |power| format!("{digits}e{power}"))
}

fn number_ui(
    ui: &mut Ui,
    param: &Param,
    value: Option<&Value>,
    range: RangeInclusive<f64>,
    log: bool,
    edit: &mut Edit,
) -> egui::Response {
    let standing = match param.default {
        ParamDefault::Number(number) => number,
        ParamDefault::Whole(number) => number as f64,
        _ => start(param).as_f64().unwrap_or_default(),
    };
    let mut number = value.and_then(Value::as_f64).unwrap_or(standing);
    let wide = range.end() - range.start() > 1e4 && !log;
    let response = if wide || !range.start().is_finite() || !range.end().is_finite() {
        ui.add(DragValue::new(&mut number).range(range).speed(1.0).max_decimals(3))
    } else {
        ui.spacing_mut().slider_width = (ui.available_width() - 90.0).clamp(60.0, 220.0);
        let logarithmic = log && *range.start() > 0.0;
        ui.add(
            Slider::new(&mut number, range)
                .logarithmic(logarithmic)
                .custom_formatter(|n, _| short(n))
                .custom_parser(|text| text.trim().parse().ok()),
        )
    };
    if response.changed() {
        *edit = Edit::Set(Some(Value::from(number)));
    }
    response
}

fn whole_ui(
    ui: &mut Ui,
    param: &Param,
    value: Option<&Value>,
    range: RangeInclusive<i64>,
    odd: bool,
    edit: &mut Edit,
) -> egui::Response {
    let standing =
        if let ParamDefault::Whole(number) = param.default { number } else { (*range.start()).max(1) };
    let mut number = value.and_then(Value::as_i64).unwrap_or(standing);
    let response = if range.end() - range.start() <= 1_000 {
        ui.spacing_mut().slider_width = (ui.available_width() - 90.0).clamp(60.0, 220.0);
        ui.add(Slider::new(&mut number, range).step_by(if odd { 2.0 } else { 1.0 }))
    } else {
        ui.add(DragValue::new(&mut number).range(range))
    };
    if response.changed() {
        if odd && number % 2 == 0 {
            number += 1;
        }
        *edit = Edit::Set(Some(Value::from(number)));
    }
    response
}

fn choice_ui(
    ui: &mut Ui,
    param: &Param,
    value: Option<&Value>,
    words: &[&str],
    edit: &mut Edit,
) -> egui::Response {
    let standing = if let ParamDefault::Word(word) = param.default { word } else { "" };
    let now = value.and_then(Value::as_str).unwrap_or(standing).to_owned();
    ComboBox::from_id_salt(param.name)
        .selected_text(&now)
        .show_ui(ui, |ui| {
            for word in words {
                if ui.selectable_label(now == *word, *word).clicked() {
                    *edit = Edit::Set(Some(Value::from(*word)));
                }
            }
        })
        .response
}

fn text_ui(ui: &mut Ui, param: &Param, value: Option<&Value>, edit: &mut Edit) -> egui::Response {
    let mut text = match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    let response = ui
        .add(egui::TextEdit::singleline(&mut text).hint_text(param.expected()).desired_width(f32::INFINITY));
    if response.changed() {
        *edit = Edit::Set(Some(Value::from(text)));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_without_idle_zeros() {
        for (value, text) in [(7.0, "7"), (1e5, "1e5"), (0.001, "0.001"), (100.0, "100"), (1_200.0, "1200")] {
            assert_eq!(short(value), text);
            assert!((text.parse::<f64>().unwrap() - value).abs() < 1e-12);
        }
    }
}
