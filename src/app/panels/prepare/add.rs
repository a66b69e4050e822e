//! The menu of all steps.

use eframe::egui::{Align, Button, Layout, ScrollArea, Ui, vec2};

use super::catalogue::{GROUPS, begin, others, title};
use super::edit::sentence;
use crate::app::view::View;
use crate::app::widgets::{bold, hint};
use crate::process::{Step, StepInfo};
use crate::session::Item;

/// Width of the names and of the descriptions.
const COLUMNS: (f32, f32) = (170.0, 546.0);
/// Height of the whole menu, where the window has it.
const TALL: f32 = 570.0;

/// Draws the menu button; gives the step that was chosen, or why it cannot be added.
pub fn add_ui(ui: &mut Ui, view: &View, item: &Item) -> Option<Result<Step, String>> {
    let mut chosen = None;
    ui.menu_button("Add step…", |ui| {
        ui.set_width(COLUMNS.0 + COLUMNS.1 + 24.0);
        ui.spacing_mut().item_spacing.y = 1.0;
        let tall = (ui.ctx().content_rect().height() - 120.0).clamp(100.0, TALL);
        ScrollArea::vertical().max_height(tall).min_scrolled_height(tall).show(ui, |ui| {
            for (group, names) in GROUPS {
                ui.add_space(4.0);
                ui.label(bold(group));
                for info in names.iter().filter_map(|name| Step::find(name).ok()) {
                    let possible = info.name != "subtract" || others(view.document, item).next().is_some();
                    if entry_ui(ui, info, possible) {
                        chosen = Some(begin(info, view.document, item).map_err(|error| sentence(&error)));
                        ui.close();
                    }
                }
            }
        });
    });
    chosen
}

/// One step with its description; true when it was clicked.
fn entry_ui(ui: &mut Ui, info: &StepInfo, possible: bool) -> bool {
    let mut clicked = false;
    ui.horizontal(|ui| {
        let left = Layout::top_down_justified(Align::LEFT);
        ui.allocate_ui_with_layout(vec2(COLUMNS.0, 22.0), left, |ui| {
            let button = ui.add_enabled(possible, Button::selectable(false, title(info.name)));
            clicked = button.on_disabled_hover_text("There is no other spectrum in the list.").clicked();
        });
        ui.vertical(|ui| {
            ui.set_width(COLUMNS.1);
            ui.add_space(3.0);
            hint(ui, info.what);
        });
    });
    clicked
}
