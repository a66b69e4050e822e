//! Models that are there, and trainings that were interrupted.

use eframe::egui::Ui;

use crate::app::panels::methods::MethodsState;
use crate::app::view::View;
use crate::app::widgets::{bold, hint, section, small_line};
use crate::app::wish::{Wish, Wishes};
use crate::jobs::Unfinished;
use crate::methods::{Method as _, Trained};

/// Draws what was interrupted.
pub fn unfinished_ui(ui: &mut Ui, view: &View, wishes: &mut Wishes) {
    let train = &view.work.train;
    if train.shelf.unfinished.is_empty() {
        return;
    }
    section(ui, "Interrupted trainings");
    for one in &train.shelf.unfinished {
        ui.horizontal(|ui| one_ui(ui, one, train.runs(), wishes));
    }
}

fn one_ui(ui: &mut Ui, one: &Unfinished, busy: bool, wishes: &mut Wishes) {
    let name = &one.name;
    ui.label(bold(name)).on_hover_text(one.substances.join(", "));
    ui.label(format!("{} of {} mixtures", one.samples, one.all));
    let go = ui.add_enabled(!busy, eframe::egui::Button::new("Go on"));
    if go.on_hover_text(format!("Train {name} from its last checkpoint on")).clicked() {
        wishes.push(Wish::GoOnTraining(one.folder.clone(), false));
    }
    let usable = one.samples > 0 && !busy;
    let tip = format!(
        "Make a model of {name} without learning more; it is worth less than one that was trained to its end"
    );
    let as_it_is = ui.add_enabled(usable, eframe::egui::Button::new("Use what there is"));
    if as_it_is.on_hover_text(tip).clicked() {
        wishes.push(Wish::GoOnTraining(one.folder.clone(), true));
    }
    if ui.button("Throw away").on_hover_text(format!("Delete what was reached of {name}")).clicked() {
        wishes.push(Wish::RemoveModel(one.folder.clone()));
    }
}

/// Draws the models.
pub fn models_ui(
    ui: &mut Ui,
    view: &View,
    asked: &mut Option<std::path::PathBuf>,
    methods: &mut MethodsState,
    wishes: &mut Wishes,
) {
    let models = &view.work.train.shelf.models;
    if models.is_empty() {
        return;
    }
    section(ui, "Your models");
    for model in models {
        ui.push_id(&model.folder, |ui| model_ui(ui, model, asked, methods, wishes));
    }
    hint(ui, "A model that is ticked is among the methods of the next comparison.");
}

fn model_ui(
    ui: &mut Ui,
    model: &'static Trained,
    asked: &mut Option<std::path::PathBuf>,
    methods: &mut MethodsState,
    wishes: &mut Wishes,
) {
    let (name, id) = (model.name(), model.id());
    let mut on = methods.chosen.iter().any(|c| c == id);
    ui.horizontal(|ui| {
        if ui.checkbox(&mut on, bold(name)).on_hover_text(model.info().about).changed() {
            methods.chosen.retain(|c| c != id);
            if on {
                methods.chosen.push(id.to_owned());
            }
        }
        if asked.as_ref() == Some(&model.folder) {
            ui.label("Delete it for good?");
            if ui.button(format!("Delete {name}")).clicked() {
                wishes.push(Wish::RemoveModel(model.folder.clone()));
                *asked = None;
            }
            if ui.button("Keep").clicked() {
                *asked = None;
            }
        } else if ui.button("Delete…").on_hover_text(format!("Delete {name}")).clicked() {
            *asked = Some(model.folder.clone());
        }
        small_line(ui, words(model));
    });
}

/// `F1 0.965 · dosage ± 0.031 · 15104 mixtures, 4.6 min · aniline (3), toluene`.
fn words(model: &Trained) -> String {
    let Some(panel) = &model.card.panel else { return String::new() };
    let mut parts = vec![format!("F1 {:.3}", panel.scores.f1)];
    parts.extend(panel.scores.dosage_mae.map(|mae| format!("dosage off by {mae:.3}")));
    let minutes = panel.curve.last().map_or(0.0, |step| step.minutes);
    parts.push(format!("{} mixtures, {minutes:.1} min", model.card.training.samples));
    let names: Vec<&str> = panel.substances.iter().map(|s| s.name.as_str()).collect();
    parts.push(names.join(", "));
    parts.join(" · ")
}
