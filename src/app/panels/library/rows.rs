//! What the lines of both lists can do: be clicked, be dragged into the plot, show their entry on hover.

use eframe::egui::{self, Align2, FontId, Id, LayerId, Order, RectAlign, Response, Tooltip, Ui, vec2};

use super::peek::peek_ui;
use crate::app::theme::Theme;
use crate::app::wish::{Wish, Wishes};
use crate::library::{Entry, EntryId};
use crate::session::LibraryId;

/// An entry on its way into the plot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DraggedEntry {
    /// Where it is from.
    pub library: LibraryId,
    /// Which.
    pub entry: EntryId,
}

/// The wish to see an entry over the plot.
pub fn overlay(entry: &Entry, stays: bool) -> Wish {
    Wish::Overlay { name: entry.facts.name.clone(), spectrum: entry.spectrum.clone(), stays }
}

/// What every line does; true when it was clicked.
pub fn entry_line(
    ui: &Ui,
    response: &Response,
    theme: &Theme,
    library: LibraryId,
    entry: &Entry,
    wishes: &mut Wishes,
) -> bool {
    response.dnd_set_drag_payload(DraggedEntry { library, entry: entry.id });
    if response.dragged() {
        ghost_ui(ui, theme, &entry.facts.name);
    }
    let clicked = response.clicked();
    response.context_menu(|ui| {
        if ui.button("Keep in plot").on_hover_text("It stays when another one is looked at").clicked() {
            wishes.push(overlay(entry, true));
            ui.close();
        }
        if ui.button("Copy name").clicked() {
            wishes.push(Wish::Copy(entry.facts.name.clone()));
            ui.close();
        }
    });
    if !clicked && !response.dragged() {
        // Beside the list, not over its next lines.
        let mut tooltip = Tooltip::for_enabled(response);
        tooltip.popup = tooltip.popup.align(RectAlign::LEFT_START);
        tooltip.show(|ui| {
            ui.set_width(300.0);
            peek_ui(ui, theme, entry, 90.0);
        });
    }
    if clicked {
        wishes.push(overlay(entry, false));
    }
    clicked
}

/// The name at the pointer while an entry is dragged.
fn ghost_ui(ui: &Ui, theme: &Theme, name: &str) {
    let Some(at) = ui.ctx().pointer_interact_pos() else { return };
    ui.ctx().set_cursor_icon(egui::CursorIcon::Grabbing);
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Tooltip, Id::unique("dragged entry")));
    let galley = painter.layout_no_wrap(name.to_owned(), FontId::proportional(13.0), theme.on_accent);
    let rect = Align2::LEFT_CENTER.anchor_size(at + vec2(14.0, 0.0), galley.size());
    painter.rect_filled(rect.expand2(vec2(6.0, 3.0)), 4.0, theme.accent);
    painter.galley(rect.min, galley, theme.on_accent);
}
