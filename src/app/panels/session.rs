//! Questions about sessions.

use eframe::egui::Ui;

use super::dialogs::{buttons, modal};
use crate::app::dialogs::Then;
use crate::app::wish::Wishes;

/// Draws the dialog.
pub fn unsaved_ui(ui: &Ui, _then: &Then, wishes: &mut Wishes) {
    modal(ui, "Unsaved work", 420.0, wishes, |ui, wishes| {
        let _ = buttons(ui, "Save", true, wishes);
    });
}
