//! Export.

use eframe::egui::Ui;

use super::dialogs::{buttons, first_field, modal};
use crate::app::export::ExportForm;
use crate::app::view::View;
use crate::app::wish::Wishes;

/// Draws the dialog.
pub fn export_ui(ui: &Ui, _view: &View, form: &mut ExportForm, wishes: &mut Wishes) {
    modal(ui, "Export", 420.0, wishes, |ui, wishes| {
        let enter = first_field(ui, "File", &mut form.path);
        let _ = buttons(ui, "Export", true, wishes) || enter;
    });
}
