//! The panel as a whole.

use eframe::egui::{ScrollArea, Ui};

use super::browse::{Found, browse_ui};
use super::choose::choose_ui;
use super::hits::hits_ui;
use super::options::options_ui;
use super::peek::peek_ui;
use super::rows::overlay;
use crate::app::actions::Action;
use crate::app::view::View;
use crate::app::widgets::{choice, main_button, tooltip};
use crate::app::wish::Wishes;
use crate::library::{EntryId, SearchOptions};
use crate::session::LibraryId;

/// Height of the part that shows one entry.
const PEEK: f32 = 236.0;

/// What the panel remembers.
#[derive(Default)]
pub struct LibraryState {
    /// How the library is searched.
    pub options: SearchOptions,
    mode: Mode,
    words: String,
    found: Found,
    /// The entry that is looked at.
    marked: Option<Marked>,
    options_open: bool,
    /// Searches that had ended in the last frame.
    ended: u64,
}

/// An entry of an open library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    /// Which library.
    pub library: LibraryId,
    /// Which entry.
    pub entry: EntryId,
}

/// What the panel shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Mode {
    #[default]
    Browse,
    Search,
}

/// Draws the panel.
pub fn library_ui(ui: &mut Ui, view: &View, state: &mut LibraryState, wishes: &mut Wishes) {
    let search = &view.work.search;
    let came = state.ended != search.ended;
    state.ended = search.ended;
    // A search that was begun anywhere shows here.
    if came || search.running() {
        state.mode = Mode::Search;
    }
    choose_ui(ui, view, wishes);
    ui.separator();
    ui.horizontal(|ui| {
        choice(ui, &mut state.mode, &[(Mode::Browse, "Browse"), (Mode::Search, "Search hits")]);
        ui.with_layout(eframe::egui::Layout::right_to_left(eframe::egui::Align::Center), |ui| {
            search_ui(ui, view, state, wishes);
        });
    });
    let marked = state.marked.and_then(|marked| {
        let open = view.document.open_library(marked.library)?;
        Some((marked, open.library.get(marked.entry)?))
    });
    let peek = if marked.is_some() { PEEK } else { 0.0 };
    match state.mode {
        Mode::Browse => {
            let height = ui.available_height() - peek;
            let LibraryState { words, found, marked, .. } = state;
            browse_ui(ui, view, words, found, marked, height, wishes);
        }
        Mode::Search => {
            if state.options_open && options_ui(ui, view, &mut state.options) {
                wishes.act(Action::SearchLibrary);
            }
            let height = ui.available_height() - peek;
            hits_ui(ui, view, &mut state.marked, came, height, wishes);
        }
    }
    let Some((marked, entry)) = marked else { return };
    ui.with_layout(eframe::egui::Layout::bottom_up(eframe::egui::Align::Min), |ui| {
        ui.horizontal(|ui| {
            if ui
                .button("Keep in plot")
                .on_hover_text(
                    "It stays when another one is looked at; dragging it into the plot does the same",
                )
                .clicked()
            {
                wishes.push(overlay(entry, true));
            }
            if ui.button("Hide").on_hover_text("Give the list more room").clicked() {
                state.marked = None;
            }
        });
        ui.with_layout(eframe::egui::Layout::top_down(eframe::egui::Align::Min), |ui| {
            ui.separator();
            let area = ScrollArea::vertical().id_salt("peek").auto_shrink(false);
            ui.push_id((marked.library.0, marked.entry.0), |ui| {
                area.show(ui, |ui| peek_ui(ui, view.theme, entry, 84.0));
            });
        });
    });
}

/// The search button and the switch of its options.
fn search_ui(ui: &mut Ui, view: &View, state: &mut LibraryState, wishes: &mut Wishes) {
    let tip = tooltip(ui, Action::SearchLibrary);
    let ready = view.enabled(Action::SearchLibrary.info());
    let button = main_button(ui, "Search", ready).on_hover_text(&tip);
    if button.on_disabled_hover_text(&tip).clicked() {
        wishes.act(Action::SearchLibrary);
    }
    if state.mode == Mode::Search {
        let open = ui.selectable_label(state.options_open, "Options");
        if open.on_hover_text("Measure, number of hits, ranges that count").clicked() {
            state.options_open = !state.options_open;
        }
    }
}
