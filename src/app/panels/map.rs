//! Map.

use eframe::egui::Ui;

use crate::app::view::View;
use crate::app::wish::Wishes;

/// What the panel remembers.
#[derive(Default)]
pub struct MapState {}

/// Draws the panel.
pub fn map_ui(ui: &mut Ui, _view: &View, _state: &mut MapState, _wishes: &mut Wishes) {
    crate::app::widgets::empty(ui, "Map", "");
}
