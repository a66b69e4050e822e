//! Library.

use eframe::egui::Ui;

use crate::app::view::View;
use crate::app::wish::Wishes;

/// What the panel remembers.
#[derive(Default)]
pub struct LibraryState {
    /// How the library is searched.
    pub options: crate::library::SearchOptions,
}

/// Draws the panel.
pub fn library_ui(ui: &mut Ui, _view: &View, _state: &mut LibraryState, _wishes: &mut Wishes) {
    crate::app::widgets::empty(ui, "Library", "");
}
