//! The empty window: what can be dropped, and other ways to begin.

use eframe::egui::{self, Align, Frame, Layout, Margin, RichText, ScrollArea, Stroke, Ui};

use crate::app::actions::Action;
use crate::app::samples::SAMPLES;
use crate::app::view::View;
use crate::app::widgets::{action_button, bold, hint, weak};
use crate::app::wish::{Wish, Wishes};
use crate::formats::formats;

/// Recent files shown.
const RECENT: usize = 8;

/// Draws the empty state.
pub fn welcome_ui(ui: &mut Ui, view: &View, wishes: &mut Wishes) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let width = ui.available_width().min(760.0);
        ui.vertical_centered(|ui| {
            ui.set_max_width(width);
            ui.add_space((ui.ctx().content_rect().height() * 0.05).clamp(10.0, 70.0));
            drop_ui(ui, view, wishes);
            ui.add_space(14.0);
            ui.columns(2, |columns| {
                samples_ui(&mut columns[0], wishes);
                recent_ui(&mut columns[1], view, wishes);
            });
            ui.add_space(14.0);
            formats_ui(ui);
            ui.add_space(20.0);
        });
    });
}

fn drop_ui(ui: &mut Ui, view: &View, wishes: &mut Wishes) {
    let border = Stroke::new(1.5, view.theme.accent);
    Frame::new().stroke(border).corner_radius(8).inner_margin(Margin::same(22)).fill(view.theme.panel).show(
        ui,
        |ui| {
            ui.set_width(ui.available_width());
            ui.label(bold("Drop spectra here").size(22.0));
            ui.add_space(2.0);
            weak(ui, "Files, folders and zip archives from Raman instruments, as many as you like");
            ui.add_space(10.0);
            // A row of known width stands in the middle.
            ui.allocate_ui_with_layout(egui::vec2(330.0, 26.0), Layout::left_to_right(Align::Center), |ui| {
                action_button(ui, Action::Open, "Open files…", true, wishes);
                action_button(ui, Action::OpenFolder, "Open folder…", true, wishes);
                action_button(ui, Action::OpenPath, "Type a path…", true, wishes);
            });
            ui.add_space(8.0);
            hint(
                ui,
                "Then press Compare methods: each method says what the sample is made of, side by side.",
            );
        },
    );
}

fn samples_ui(ui: &mut Ui, wishes: &mut Wishes) {
    ui.with_layout(Layout::top_down(Align::Min), |ui| {
        ui.label(bold("Try a sample"));
        hint(ui, "Synthetic spectra that ship with the program");
        for (name, what, _) in SAMPLES.iter().take(7) {
            if ui.link(*what).on_hover_text(*name).clicked() {
                wishes.push(Wish::OpenSample(Some(name)));
            }
        }
        if ui.button("Open all samples").clicked() {
            wishes.push(Wish::OpenSample(None));
        }
    });
}

fn recent_ui(ui: &mut Ui, view: &View, wishes: &mut Wishes) {
    ui.with_layout(Layout::top_down(Align::Min), |ui| {
        ui.label(bold("Recent files"));
        if view.recent.is_empty() {
            hint(ui, "Files that you open are listed here the next time");
        }
        for path in view.recent.iter().take(RECENT) {
            let name = path
                .file_name()
                .map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
            let link = ui.add(egui::Link::new(RichText::new(name)));
            if link.on_hover_text(path.display().to_string()).clicked() {
                wishes.push(Wish::Open(vec![path.clone()]));
            }
        }
    });
}

fn formats_ui(ui: &mut Ui) {
    ui.with_layout(Layout::top_down(Align::Min), |ui| {
        ui.label(bold(format!("{} formats are read", formats().len())));
        let names: Vec<&str> = formats().iter().map(|format| format.name).collect();
        hint(ui, names.join(" · "));
    });
}
