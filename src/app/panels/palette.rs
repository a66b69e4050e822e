//! The command palette and the help page: both are the list of actions.

use eframe::egui::{self, Button, Grid, Id, Key, Modal, ScrollArea, Ui};

use crate::app::actions::{ACTIONS, ActionInfo, Menu};
use crate::app::dialogs::Dialog;
use crate::app::view::View;
use crate::app::widgets::{bold, hint, search_field, weak};
use crate::app::wish::{Wish, Wishes};

/// Draws the palette over the window.
pub fn palette_ui(ui: &Ui, view: &View, typed: &mut String, marked: &mut usize, wishes: &mut Wishes) {
    let area = Modal::default_area(Id::unique("palette")).anchor(egui::Align2::CENTER_TOP, [0.0, 70.0]);
    let modal = Modal::new(Id::unique("palette")).area(area).show(ui.ctx(), |ui| {
        ui.set_width(520.0);
        let found: Vec<&ActionInfo> =
            ACTIONS.iter().filter(|info| view.enabled(info) && info.matches(typed)).collect();
        let (down, up, enter) = ui.input(|i| {
            (i.key_pressed(Key::ArrowDown), i.key_pressed(Key::ArrowUp), i.key_pressed(Key::Enter))
        });
        let response = search_field(ui, typed, "Search commands", f32::INFINITY);
        response.request_focus();
        if response.changed() {
            *marked = 0;
        }
        let last = found.len().saturating_sub(1);
        if down {
            *marked = (*marked + 1).min(last);
        }
        if up {
            *marked = marked.saturating_sub(1);
        }
        *marked = (*marked).min(last);
        ui.add_space(4.0);
        ScrollArea::vertical().max_height(360.0).auto_shrink([false, true]).show(ui, |ui| {
            for (i, info) in found.iter().enumerate() {
                let keys = info.shortcut.map(|k| ui.ctx().format_shortcut(&k)).unwrap_or_default();
                let text = format!("{}, {}", info.menu.name(), info.name);
                let width = ui.available_width();
                let button = Button::selectable(i == *marked, text)
                    .right_text(weak_text(ui, &keys))
                    .min_size(egui::vec2(width, 24.0));
                let response = ui.add(button).on_hover_text(info.what);
                if i == *marked && (up || down) {
                    response.scroll_to_me(None);
                }
                if response.clicked() || (enter && i == *marked) {
                    wishes.push(Wish::CloseDialog);
                    wishes.act(info.action);
                }
            }
            if found.is_empty() {
                weak(ui, "No command that can be used now has these words");
            }
        });
        hint(ui, "Arrow keys choose, Enter runs, Escape closes");
    });
    if modal.should_close() {
        wishes.push(Wish::CloseDialog);
    }
}

fn weak_text(ui: &Ui, text: &str) -> egui::RichText {
    egui::RichText::new(text).color(ui.visuals().weak_text_color())
}

/// Draws the help page.
pub fn help_ui(ui: &Ui, typed: &mut String, wishes: &mut Wishes) {
    let modal = Modal::new(Id::unique("help")).show(ui.ctx(), |ui| {
        ui.set_width((ui.ctx().content_rect().width() - 80.0).clamp(300.0, 860.0));
        ui.heading("Help");
        search_field(ui, typed, "Search help", f32::INFINITY);
        let height = (ui.ctx().content_rect().height() - 220.0).clamp(160.0, 620.0);
        ScrollArea::vertical().max_height(height).auto_shrink(false).show(ui, |ui| {
            if typed.is_empty() {
                first_steps(ui);
            }
            for menu in Menu::ALL {
                let found: Vec<&ActionInfo> =
                    ACTIONS.iter().filter(|i| i.menu == menu && i.matches(typed)).collect();
                if found.is_empty() {
                    continue;
                }
                ui.add_space(8.0);
                ui.label(bold(menu.name()));
                Grid::new(menu.name()).num_columns(3).striped(true).min_col_width(120.0).show(ui, |ui| {
                    for info in found {
                        ui.label(info.name);
                        let keys = info.shortcut.map(|k| ui.ctx().format_shortcut(&k)).unwrap_or_default();
                        weak(ui, keys);
                        ui.add(egui::Label::new(info.what).wrap());
                        ui.end_row();
                    }
                });
            }
        });
        if ui.button("Close").clicked() {
            wishes.push(Wish::CloseDialog);
        }
    });
    if modal.should_close() {
        wishes.push(Wish::CloseDialog);
    }
}

fn first_steps(ui: &mut Ui) {
    for line in [
        "1. Drop files, folders or zip archives into the window, or use Open.",
        "2. Choose a spectrum in the list. Prepare removes cosmic rays and fluorescence, with a preview; the raw data stays.",
        "3. Choose methods on the right and press Compare methods: every method answers in a column of its own.",
        "4. Click a component to see it over its library spectrum; accept or reject it and run again.",
        "5. Export components as CSV, figures as PNG or SVG, or a report.",
        "A CARS spectrum is another task: Recover Raman from CARS takes it apart, then add what it recovered to the list.",
    ] {
        ui.label(line);
    }
    ui.add_space(4.0);
    hint(
        ui,
        "In plots: wheel zooms, drag moves, drag with the right button zooms to a box, double click shows everything.",
    );
}

/// An empty palette.
pub fn open_palette() -> Dialog {
    Dialog::Palette { typed: String::new(), marked: 0 }
}
