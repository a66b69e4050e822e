//! Table.

use eframe::egui::Ui;

use crate::app::view::View;
use crate::app::wish::Wishes;

/// What the panel remembers.
#[derive(Default)]
pub struct TableState {}

/// Draws the panel.
pub fn table_ui(ui: &mut Ui, _view: &View, _state: &mut TableState, _wishes: &mut Wishes) {
    crate::app::widgets::empty(ui, "Table", "");
}
