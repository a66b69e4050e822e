//! The menu of all steps.

use eframe::egui::{Button, ScrollArea, Ui, vec2};

use super::catalogue::{GROUPS, begin, others, title};
use super::edit::sentence;
use crate::app::view::View;
use crate::app::widgets::{bold, hint};
use crate::process::Step;
use crate::session::Item;

/// Width of the names and of the descriptions.
const COLUMNS: (f32, f32) = (180.0, 320.0);

/// Draws the menu button; gives the step that was chosen, or why it cannot be added.
pub fn add_ui(ui: &mut Ui, view: &View, item: &Item) -> Option<Result<Step, String>> {
    let mut chosen = None;
    ui.menu_button("Add step…", |ui| {
        ui.set_width(COLUMNS.0 + COLUMNS.1 + 24.0);
        ScrollArea::vertical().max_height(560.0).show(ui, |ui| {
            for (group, names) in GROUPS {
                ui.label(bold(group));
                for info in names.iter().filter_map(|name| Step::find(name).ok()) {
                    let possible = info.name != "subtract" || others(view.document, item).next().is_some();
                    ui.horizontal_top(|ui| {
                        let button =
                            Button::selectable(false, title(info.name)).min_size(vec2(COLUMNS.0, 0.0));
                        let button = ui.add_enabled(possible, button);
                        if button.on_disabled_hover_text("There is no other spectrum in the list.").clicked()
                        {
                            chosen = Some(begin(info, view.document, item).map_err(|error| sentence(&error)));
                            ui.close();
                        }
                        ui.vertical(|ui| {
                            ui.set_width(COLUMNS.1);
                            ui.add_space(4.0);
                            hint(ui, info.what);
                        });
                    });
                }
            }
        });
    });
    chosen
}
