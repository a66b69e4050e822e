//! Questions about sessions: where to save, what becomes of unsaved work, what to recover.

use std::time::{Duration, SystemTime};

use eframe::egui::{RichText, Ui};

use super::dialogs::{buttons, first_field, modal, typed_path};
use crate::app::dialogs::Then;
use crate::app::view::View;
use crate::app::widgets::{hint, main_button, spectra, weak};
use crate::app::wish::{Wish, Wishes};
use crate::session::file::EXTENSION;

/// Unsaved work stands in the way of what was asked for.
pub fn unsaved_ui(ui: &Ui, then: &Then, wishes: &mut Wishes) {
    modal(ui, "Unsaved work", 440.0, wishes, |ui, wishes| {
        let what = match then {
            Then::Quit => "Closing the window",
            Then::New => "A new session",
            Then::Open(_) => "Opening another session",
        };
        ui.label(format!("{what} loses what was changed since the session was saved last."));
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            let save = main_button(ui, "Save session", true);
            if ui.memory(|m| m.focused().is_none()) {
                save.request_focus();
            }
            if save.clicked() {
                wishes.push(Wish::CloseDialog);
                wishes.push(Wish::Save(Some(then.clone())));
            }
            if ui.button("Do not save").clicked() {
                wishes.push(Wish::CloseDialog);
                wishes.push(Wish::Leave(then.clone()));
            }
            if ui.button("Cancel").clicked() {
                wishes.push(Wish::CloseDialog);
            }
        });
    });
}

/// A path for the session, where the desktop has no dialog of its own.
pub fn save_as_ui(ui: &Ui, view: &View, typed: &mut String, then: Option<&Then>, wishes: &mut Wishes) {
    modal(ui, "Save session as", 520.0, wishes, |ui, wishes| {
        let enter = first_field(ui, "File", typed);
        hint(
            ui,
            format!(
                "The whole session with its data in one file; .{EXTENSION} is added where it is missing."
            ),
        );
        let path = typed_path(typed);
        let other = view.session.path() != Some(path.as_path());
        let exists = !typed.trim().is_empty() && other && path.exists();
        if exists {
            ui.label(RichText::new("⚠ This file exists and will be replaced").color(view.theme.warning));
        }
        let label = if exists { "Replace" } else { "Save" };
        let ready = !typed.trim().is_empty();
        if (buttons(ui, label, ready, wishes) || (enter && !exists)) && ready {
            wishes.push(Wish::CloseDialog);
            wishes.push(Wish::SaveAs(path, then.cloned()));
        }
    });
}

/// Work of windows that ended without saving.
pub fn recover_ui(ui: &Ui, view: &View, wishes: &mut Wishes) {
    modal(ui, "Recover unsaved work", 520.0, wishes, |ui, wishes| {
        weak(ui, "A window ended without saving. Its last autosave is here.");
        for (number, found) in view.work.keep.found.iter().enumerate() {
            ui.separator();
            let when = found.when().map(ago).unwrap_or_default();
            match found.spectra() {
                Ok(count) => {
                    ui.label(format!("{}{when}", spectra(usize::try_from(count).unwrap_or(usize::MAX))))
                }
                Err(problem) => ui.label(RichText::new(format!("⚠ {problem}")).color(view.theme.warning)),
            };
            ui.horizontal(|ui| {
                let whole = found.spectra().is_ok();
                if whole {
                    let button = main_button(ui, "Recover", true);
                    if number == 0 && ui.memory(|m| m.focused().is_none()) {
                        button.request_focus();
                    }
                    if button.clicked() {
                        wishes.push(Wish::Recover(number));
                    }
                }
                let label = if whole { "Throw away" } else { "Keep the file aside" };
                if ui.button(label).clicked() {
                    wishes.push(Wish::ForgetRecoverable(number));
                }
            });
        }
        ui.add_space(8.0);
        if ui.button("Later").on_hover_text("Ask again at the next start").clicked() {
            wishes.push(Wish::CloseDialog);
        }
    });
}

/// `, saved 5 minutes ago`.
fn ago(when: SystemTime) -> String {
    let age = SystemTime::now().duration_since(when).unwrap_or(Duration::ZERO).as_secs();
    match age {
        ..120 => ", saved a moment ago".to_owned(),
        120..7_200 => format!(", saved {} minutes ago", age / 60),
        7_200..172_800 => format!(", saved {} hours ago", age / 3_600),
        _ => format!(", saved {} days ago", age / 86_400),
    }
}
