//! Pipelines with a name: those that come with the program and those that the user saved.

use eframe::egui::{ComboBox, Role, Ui, WidgetInfo};

use super::catalogue::RECIPES;
use crate::app::dialogs::Dialog;
use crate::app::view::View;
use crate::app::widgets::{sign_button, weak};
use crate::app::wish::{Wish, Wishes};
use crate::process::Pipeline;
use crate::session::{Command, Item};

/// Draws the recipes; gives the pipeline that was chosen.
pub fn recipes_ui(ui: &mut Ui, view: &View, item: &Item, wishes: &mut Wishes) -> Option<Pipeline> {
    let mut chosen = None;
    ui.horizontal_wrapped(|ui| {
        for (name, text) in RECIPES {
            let tip = format!("Replaces the steps by {text}");
            if ui.button(name).on_hover_text(tip).clicked() {
                chosen = text.parse().ok();
            }
        }
    });
    ui.horizontal(|ui| {
        if let Some(steps) = saved_ui(ui, view, item, wishes) {
            chosen = Some(steps);
        }
        let some = !item.steps.steps.is_empty();
        let save = ui.add_enabled(some, eframe::egui::Button::new("Save as…"));
        let save = save.on_hover_text("Keep these steps under a name");
        if save.on_disabled_hover_text("There are no steps to keep.").clicked() {
            let named = view.document.recipes.iter().find(|recipe| recipe.steps == item.steps);
            let typed = named.map(|recipe| recipe.name.clone()).unwrap_or_default();
            wishes.push(Wish::Ask(Dialog::SaveRecipe { id: item.id, typed }));
        }
    });
    chosen
}

fn saved_ui(ui: &mut Ui, view: &View, item: &Item, wishes: &mut Wishes) -> Option<Pipeline> {
    let recipes = &view.document.recipes;
    let mut chosen = None;
    let now = recipes.iter().find(|recipe| recipe.steps == item.steps);
    let text = match now {
        Some(recipe) => recipe.name.as_str(),
        None if recipes.is_empty() => "No saved recipe",
        None => "Saved recipes",
    };
    let combo = ComboBox::from_id_salt("recipes").selected_text(text).width(160.0).truncate();
    let response = combo
        .show_ui(ui, |ui| {
            if recipes.is_empty() {
                weak(ui, "Save steps that you use often.");
            }
            for recipe in recipes {
                ui.horizontal(|ui| {
                    if sign_button(ui, "×", &format!("Delete recipe {}", recipe.name)).clicked() {
                        wishes.step(Command::ForgetRecipe(recipe.name.clone()));
                    }
                    let label =
                        ui.selectable_label(now.is_some_and(|now| now.name == recipe.name), &recipe.name);
                    if label.on_hover_text(recipe.steps.to_string()).clicked() {
                        chosen = Some(recipe.steps.clone());
                    }
                });
            }
        })
        .response;
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("Recipe, {text}")));
    response.on_hover_text("Apply a recipe that you saved");
    chosen
}
