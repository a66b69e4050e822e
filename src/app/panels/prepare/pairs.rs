//! The lines of a calibration: where each was measured and where it belongs.

use eframe::egui::{DragValue, Role, Ui, WidgetInfo};
use serde_json::{Value, json};

use crate::app::widgets::sign_button;

/// Draws the pairs; a new list when the user changed it.
pub fn pairs_ui(ui: &mut Ui, label: &str, value: Option<&Value>, unit: &str) -> Option<Value> {
    let mut pairs: Vec<[f64; 2]> =
        value.and_then(|value| serde_json::from_value(value.clone()).ok()).unwrap_or_default();
    let mut changed = false;
    let mut gone = None;
    ui.label(label).on_hover_text("Where each line was measured and where it belongs");
    ui.vertical(|ui| {
        let only = pairs.len() < 2;
        for (index, [measured, truth]) in pairs.iter_mut().enumerate() {
            ui.horizontal(|ui| {
                for (number, name) in [(measured, "measured"), (truth, "true")] {
                    if name == "true" {
                        ui.label("→");
                    }
                    let field = ui.add(DragValue::new(number).speed(0.1).max_decimals(3));
                    let label = format!("Line {}, {name} position in {unit}", index + 1);
                    field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, &label));
                    changed |= field.on_hover_text(label.as_str()).changed();
                }
                if !only && sign_button(ui, "×", &format!("Remove line {}", index + 1)).clicked() {
                    gone = Some(index);
                }
            });
        }
        if ui.button("Add line").clicked() {
            let last = pairs.last().map_or(1_000.0, |pair| pair[0] + 100.0);
            pairs.push([last, last]);
            changed = true;
        }
    });
    if let Some(index) = gone {
        pairs.remove(index);
    }
    (changed || gone.is_some()).then(|| json!(pairs))
}
