//! Compare.

use eframe::egui::Ui;

use crate::app::view::View;
use crate::app::wish::Wishes;

/// What the panel remembers.
#[derive(Default)]
pub struct CompareState {}

/// Draws the panel.
pub fn compare_ui(ui: &mut Ui, _view: &View, _state: &mut CompareState, _wishes: &mut Wishes) {
    crate::app::widgets::empty(ui, "Compare", "");
}
