//! A reference chosen by hand for a component.

use std::sync::Arc;

use eframe::egui::{Button, Key, Role, ScrollArea, TextEdit, Ui, WidgetInfo};

use crate::app::view::View;
use crate::app::widgets::{hint, sign_button, weak};
use crate::app::wish::Wishes;
use crate::library::{EntryId, Library};
use crate::session::{Command, Comparison, Pin, PinKey};

/// Entries that are listed; a library has thousands, and who types finds.
const LISTED: usize = 200;

/// The list of references.
#[derive(Default)]
pub struct PinState {
    open: bool,
    typed: String,
    hits: Hits,
}

/// What was found for the words typed last.
#[derive(Default)]
struct Hits {
    of: Option<(Arc<Library>, String)>,
    listed: Vec<EntryId>,
    more: bool,
}

impl Hits {
    fn refresh(&mut self, library: &Arc<Library>, typed: &str) {
        if self.of.as_ref().is_some_and(|(of, words)| Arc::ptr_eq(of, library) && words == typed) {
            return;
        }
        let mut found = library.find(typed).map(|entry| entry.id);
        self.listed = found.by_ref().take(LISTED).collect();
        self.more = found.next().is_some();
        self.of = Some((Arc::clone(library), typed.to_owned()));
    }
}

/// Draws the button that opens the list, or the list.
pub fn pin_ui(
    ui: &mut Ui,
    view: &View,
    comparison: &Comparison,
    key: &PinKey,
    state: &mut PinState,
    wishes: &mut Wishes,
) {
    let Some(library) = view.document.open_library(comparison.ask.library) else {
        weak(ui, "The library of this comparison is closed");
        return;
    };
    if !state.open {
        let button = ui.button("Compare with…").on_hover_text("Choose another reference for this component");
        state.open = button.clicked();
        return;
    }
    ui.horizontal(|ui| {
        let name = ui.label("Reference").id;
        let width = ui.available_width() - 28.0;
        let field = TextEdit::singleline(&mut state.typed).hint_text("Name or formula").desired_width(width);
        let response = ui.add(field).labelled_by(name);
        let escaped = response.lost_focus() && ui.input(|i| i.key_pressed(Key::Escape));
        if sign_button(ui, "×", "Close the list of references").clicked() || escaped {
            state.open = false;
        }
    });
    state.hits.refresh(&library.library, &state.typed);
    let row = 20.0;
    let count = state.hits.listed.len();
    ScrollArea::vertical().id_salt("references").max_height(9.0 * row).auto_shrink([false, true]).show_rows(
        ui,
        row - ui.spacing().item_spacing.y,
        count,
        |ui, range| {
            for id in state.hits.listed.get(range).unwrap_or_default() {
                let Some(entry) = library.library.get(*id) else { continue };
                let pin = Pin { library: library.id, entry: *id };
                let on = comparison.pins.get(key) == Some(&pin);
                let response = ui.add(Button::selectable(on, &entry.facts.name).truncate());
                let name = format!("Compare with {}", entry.facts.name);
                response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, &name));
                let response = response.on_hover_text(format!(
                    "{}\n{} {}\n{}",
                    entry.facts.name, entry.facts.group, entry.facts.formula, entry.facts.source
                ));
                if response.clicked() {
                    wishes.step(Command::SetPin(comparison.id, key.clone(), Some(pin)));
                    state.open = false;
                }
            }
        },
    );
    if count == 0 {
        weak(ui, "No reference has these words");
    } else if state.hits.more {
        hint(ui, format!("The first {LISTED}; type to find others"));
    }
}
