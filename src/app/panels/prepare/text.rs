//! The one-line form of a pipeline: read it, copy it, paste another one.

use eframe::egui::{Key, Label, RichText, TextEdit, TextStyle, Ui};

use super::edit::sentence;
use crate::app::view::View;
use crate::app::wish::{Wish, Wishes};
use crate::process::Pipeline;

/// Draws the field; gives the pipeline that was typed or pasted.
pub fn text_ui(
    ui: &mut Ui,
    view: &View,
    steps: &Pipeline,
    typed: &mut Option<String>,
    wishes: &mut Wishes,
) -> Option<Pipeline> {
    let standing = steps.to_string();
    let mut text = typed.clone().unwrap_or_else(|| standing.clone());
    let (mut entered, unapplied) = (false, typed.is_some());
    ui.horizontal(|ui| {
        let name = ui
            .label("As text")
            .on_hover_text("The whole pipeline in one line, as the command line reads it")
            .id;
        let room = ui.available_width() - if unapplied { 118.0 } else { 58.0 };
        let field = TextEdit::singleline(&mut text)
            .font(TextStyle::Monospace)
            .hint_text("despike|arpls")
            .desired_width(room.max(80.0));
        let field = ui.add(field).labelled_by(name);
        if field.changed() {
            *typed = (text != standing).then(|| text.clone());
        }
        entered = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
        if unapplied {
            let apply = ui.button("Apply").on_hover_text("Replace the steps by this text\nEnter");
            entered |= apply.clicked();
        }
        if ui.button("Copy").on_hover_text("Copy the steps as text").clicked() {
            wishes.push(Wish::Copy(standing));
        }
    });
    let read = typed.as_ref()?.parse::<Pipeline>();
    match read {
        Ok(steps) if entered => {
            *typed = None;
            Some(steps)
        }
        Ok(_) => None,
        Err(error) => {
            let sentence = RichText::new(sentence(&error)).small().color(view.theme.error);
            ui.add(Label::new(sentence).wrap()).on_hover_text(error.to_string());
            None
        }
    }
}
