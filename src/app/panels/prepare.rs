//! Prepare.

use eframe::egui::Ui;

use crate::app::view::View;
use crate::app::wish::Wishes;

/// What the panel remembers.
#[derive(Default)]
pub struct PrepareState {}

/// Draws the panel.
pub fn prepare_ui(ui: &mut Ui, _view: &View, _state: &mut PrepareState, _wishes: &mut Wishes) {
    crate::app::widgets::empty(ui, "Prepare", "");
}
