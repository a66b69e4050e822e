//! What is known about the active spectrum: where it came from, how it was measured, what was done to it.

use eframe::egui::{Grid, RichText, ScrollArea, Ui};

use crate::app::view::View;
use crate::app::widgets::{bold, empty, hint, number, section};
use crate::session::Item;

/// Draws the details.
pub fn details_ui(ui: &mut Ui, view: &View) {
    let Some(item) = view.active_item() else {
        empty(
            ui,
            "Nothing selected",
            "Select a spectrum in the list: its file, instrument settings and history stand here.",
        );
        return;
    };
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.label(bold(&item.name).size(15.0));
        for warning in &item.warnings {
            ui.label(RichText::new(format!("⚠ {warning}")).color(view.theme.warning));
        }
        table(ui, "file", &file(item));
        section(ui, "Measurement");
        table(ui, "measurement", &measurement(item));
        let extra = &item.raw.meta().extra;
        if !extra.is_empty() {
            section(ui, "Also in the file");
            table(ui, "extra", extra);
        }
        if let Some(spectrum) = view.active_spectrum() {
            section(ui, "History");
            if spectrum.meta.history.is_empty() {
                hint(ui, "As measured: nothing was done to it");
            }
            for (i, line) in spectrum.meta.history.iter().enumerate() {
                ui.label(format!("{}. {line}", i + 1));
            }
        }
        if !item.truths.is_empty() {
            section(ui, "True components");
            for truth in item.truths.iter().filter_map(|id| view.document.item(*id)) {
                ui.label(&truth.name);
            }
        }
    });
}

fn table(ui: &mut Ui, id: &str, rows: &[(String, String)]) {
    let width = ui.available_width();
    Grid::new(id).num_columns(2).striped(true).max_col_width(width * 0.62).show(ui, |ui| {
        for (name, value) in rows {
            ui.label(RichText::new(name).color(ui.visuals().weak_text_color()));
            ui.add(eframe::egui::Label::new(value).wrap());
            ui.end_row();
        }
    });
}

fn file(item: &Item) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    if !item.source.path.is_empty() {
        rows.push(("File".to_owned(), item.source.path.clone()));
        rows.push(("Format".to_owned(), item.source.format.clone()));
    }
    if item.source.number > 1 {
        rows.push(("Spectrum in the file".to_owned(), item.source.number.to_string()));
    }
    rows
}

fn measurement(item: &Item) -> Vec<(String, String)> {
    let (axis, meta) = (item.raw.axis(), item.raw.meta());
    let unit = axis.kind().unit().replace("cm-1", "cm⁻¹");
    let mut rows = vec![
        ("Axis".to_owned(), axis.kind().label().replace("cm-1", "cm⁻¹")),
        ("Range".to_owned(), format!("{} to {} {unit}", number(axis.low()), number(axis.high()))),
        (
            "Points".to_owned(),
            format!("{}, {} {unit} apart on average", axis.len(), number(axis.mean_step())),
        ),
    ];
    if item.is_set() {
        rows.push(("Spectra".to_owned(), item.raw.len().to_string()));
    }
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            rows.push((name.to_owned(), value));
        }
    };
    add("Sample", meta.sample.clone());
    add("Laser", meta.laser_nm.map(|nm| format!("{} nm", number(nm))));
    add("Integration time", meta.integration_time_s.map(|s| format!("{} s", number(s))));
    add("Accumulations", meta.accumulations.map(|n| n.to_string()));
    add("Date", meta.date.clone());
    add("Instrument", meta.instrument.clone());
    add("Intensity unit", meta.intensity_unit.clone());
    rows
}
