//! How the library is searched.

use eframe::egui::{ComboBox, DragValue, Response, Role, Ui, WidgetInfo};

use crate::app::view::View;
use crate::app::widgets::{hint, sign_button};
use crate::library::{Metric, SearchOptions, Window};
use crate::spectrum::AxisKind;

/// Name of a measure for people.
pub fn metric_name(metric: Metric) -> &'static str {
    match metric {
        Metric::Cosine => "Cosine",
        Metric::Pearson => "Correlation",
        Metric::Derivative => "Correlation of slopes",
        Metric::Sad => "Spectral angle",
    }
}

fn metric_about(metric: Metric) -> &'static str {
    match metric {
        Metric::Cosine => "Cosine of the angle between both spectra; an offset lowers it",
        Metric::Pearson => "Correlation (Pearson): an offset does not matter",
        Metric::Derivative => {
            "Correlation of the smoothed first derivatives: a slowly varying background hardly matters"
        }
        Metric::Sad => "1 for equal shapes, 0 for a right angle between both spectra",
    }
}

/// Draws the options; true when a change is complete.
pub fn options_ui(ui: &mut Ui, view: &View, options: &mut SearchOptions) -> bool {
    let mut changed = false;
    ui.horizontal(|ui| {
        let name = ui.label("Measure").id;
        let combo = ComboBox::from_id_salt("metric").selected_text(metric_name(options.metric));
        let combo = combo.width(150.0).show_ui(ui, |ui| {
            for metric in Metric::ALL {
                let label = ui.selectable_label(options.metric == metric, metric_name(metric));
                if label.on_hover_text(metric_about(metric)).clicked() && options.metric != metric {
                    options.metric = metric;
                    changed = true;
                }
            }
        });
        combo.response.labelled_by(name).on_hover_text(metric_about(options.metric));
        let name = ui.label("Hits").id;
        let hits = ui.add(DragValue::new(&mut options.max_hits).range(1..=100));
        changed |= complete(&hits.labelled_by(name));
    });
    ui.horizontal(|ui| {
        ui.label("Range");
        if options.windows.is_empty() {
            hint(ui, "All that both cover counts.");
        }
        if ui.button("Add range").on_hover_text("Only the ranges listed count").clicked() {
            options.windows.push(first_window(view));
            changed = true;
        }
    });
    let mut gone = None;
    for (index, window) in options.windows.iter_mut().enumerate() {
        ui.horizontal(|ui| {
            for (value, name, label) in
                [(&mut window.low_cm1, "from", "From"), (&mut window.high_cm1, "to", "to")]
            {
                ui.label(label);
                let field =
                    ui.add(DragValue::new(value).speed(5.0).max_decimals(0).range(-4_000.0..=10_000.0));
                let label = format!("Range {} {name}, in cm⁻¹", index + 1);
                field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, &label));
                changed |= complete(&field);
            }
            ui.label("cm⁻¹");
            if sign_button(ui, "×", &format!("Remove range {}", index + 1)).clicked() {
                gone = Some(index);
            }
        });
    }
    if let Some(index) = gone {
        options.windows.remove(index);
    }
    changed || gone.is_some()
}

/// A number was typed, or its drag ended.
fn complete(field: &Response) -> bool {
    field.drag_stopped() || (field.lost_focus() && !field.dragged()) || (field.changed() && !field.dragged())
}

/// All of the active spectrum, where that is over Raman shift.
fn first_window(view: &View) -> Window {
    let active = view.active_spectrum().filter(|s| *s.axis().kind() == AxisKind::RamanShift);
    let (low_cm1, high_cm1) =
        active.map_or((200.0, 1_800.0), |s| (s.axis().low().floor(), s.axis().high().ceil()));
    Window { low_cm1, high_cm1, weight: 1.0 }
}
