//! All of it, one below the other: what runs, what is to be trained, what is there.

use std::path::PathBuf;

use eframe::egui::{Label, RichText, ScrollArea, Ui};

use super::course::{ended_ui, now_ui};
use super::form::{TrainForm, form_ui};
use super::shelf::{models_ui, unfinished_ui};
use super::substances::substances_ui;
use crate::app::panels::methods::MethodsState;
use crate::app::view::View;
use crate::app::widgets::{hint, main_button, section, spectra};
use crate::app::wish::{Wish, Wishes};
use crate::session::{Document, ItemId};

/// What the panel remembers.
#[derive(Default)]
pub struct TrainState {
    form: TrainForm,
    /// The model that is about to be deleted.
    asked: Option<PathBuf>,
}

impl TrainState {
    /// The user wants a model of these spectra.
    pub fn take(&mut self, document: &Document, selection: &[ItemId]) {
        self.form.take(document, selection);
    }
}

/// Draws the panel.
pub fn train_ui(
    ui: &mut Ui,
    view: &View,
    state: &mut TrainState,
    methods: &mut MethodsState,
    wishes: &mut Wishes,
) {
    ScrollArea::vertical().id_salt("train").auto_shrink(false).show(ui, |ui| {
        let train = &view.work.train;
        if let Some(now) = train.now() {
            now_ui(ui, view, &now, wishes);
            ui.separator();
        } else if let Some(ended) = &train.ended {
            ended_ui(ui, view, ended);
            ui.separator();
        }
        unfinished_ui(ui, view, wishes);
        models_ui(ui, view, &mut state.asked, methods, wishes);
        new_ui(ui, view, &mut state.form, wishes);
    });
}

fn new_ui(ui: &mut Ui, view: &View, form: &mut TrainForm, wishes: &mut Wishes) {
    form.picks.retain(|pick| view.document.item(pick.subject.item).is_some());
    section(ui, "Train a mixture model");
    hint(
        ui,
        "From pure spectra of the substances that can be in your samples. The model names and doses them in any mixture, and says when something else is there.",
    );
    let selection = view.session.selection();
    let other = selection != form.of.as_slice() || form.picks.is_empty();
    if other && !selection.is_empty() {
        let label = format!("Take the {} selected in the list", spectra(selection.len()));
        if ui.button(label).on_hover_text("In place of what stands here").clicked() {
            form.take(view.document, selection);
        }
    }
    if !form.picks.is_empty() {
        substances_ui(ui, form);
        form_ui(ui, form);
    }
    let hindrances = form.hindrances(view);
    for sentence in &hindrances {
        let sentence = sentence.replace("cm-1", "cm⁻¹");
        ui.add(Label::new(RichText::new(format!("⚠ {sentence}")).color(view.theme.warning)).wrap());
    }
    if main_button(ui, "Train", hindrances.is_empty()).clicked() {
        wishes.push(Wish::Train(Box::new(form.order())));
    }
}
