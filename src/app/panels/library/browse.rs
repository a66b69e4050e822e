//! The entries of the library in use, by name, with a search field.

use std::sync::Arc;

use eframe::egui::{
    Align, Button, Key, Layout, RichText, Role, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, vec2,
};

use super::panel::Marked;
use super::peek::plain_formula;
use super::rows::entry_line;
use crate::app::actions::Action;
use crate::app::view::View;
use crate::app::widgets::{action_button, empty, hint, sign_button};
use crate::app::wish::Wishes;
use crate::library::{Facts, Library};
use crate::session::{Command, LibraryId};

/// Height of a line.
const ROW: f32 = 24.0;
/// Longest formula or kind in a line, in characters.
const TAIL: usize = 18;

/// Entries that have the words, found again only when words or library change.
#[derive(Default)]
pub struct Found {
    words: String,
    /// Held, so that its address stays its own.
    library: Option<Arc<Library>>,
    /// Places of the entries, by name.
    places: Vec<usize>,
}

impl Found {
    fn refresh(&mut self, library: &Arc<Library>, words: &str) {
        if self.words == words && self.library.as_ref().is_some_and(|l| Arc::ptr_eq(l, library)) {
            return;
        }
        words.clone_into(&mut self.words);
        self.library = Some(Arc::clone(library));
        let entries = library.entries();
        self.places = (0..entries.len()).filter(|&i| fits(&entries[i].facts, words)).collect();
        self.places.sort_by_cached_key(|&i| entries[i].facts.name.to_lowercase());
    }
}

/// Every word stands in the name, species, formula or kind.
fn fits(facts: &Facts, words: &str) -> bool {
    let kind = facts.kind.to_lowercase();
    words.split_whitespace().all(|word| facts.matches(word) || kind.contains(&word.to_lowercase()))
}

/// Draws the list in this height.
pub fn browse_ui(
    ui: &mut Ui,
    view: &View,
    words: &mut String,
    found: &mut Found,
    marked: &mut Option<Marked>,
    height: f32,
    wishes: &mut Wishes,
) {
    let Some(open) = view.document.chosen_library() else { return };
    let bottom = ui.cursor().top() + height;
    field_ui(ui, words);
    found.refresh(&open.library, words);
    let entries = open.library.entries();
    ui.horizontal(|ui| {
        if words.trim().is_empty() {
            hint(ui, "Click one to see it over the plot, or drag it there.");
        } else {
            hint(ui, format!("{} of {} entries", found.places.len(), entries.len()));
        }
    });
    let foot = 30.0;
    let height = (bottom - ui.cursor().top() - foot).max(3.0 * ROW);
    if found.places.is_empty() {
        let (title, advice) = if entries.is_empty() {
            ("This library is empty", "Add the active spectrum below, or choose another library above.")
        } else {
            ("Nothing found", "Try a part of the name, a formula such as CaCO3, or a kind such as mineral.")
        };
        ui.allocate_ui(vec2(ui.available_width(), height), |ui| {
            ui.set_min_height(height);
            empty(ui, title, advice);
        });
    } else {
        let area = ScrollArea::vertical().id_salt("entries").auto_shrink(false).max_height(height);
        ui.spacing_mut().item_spacing.y = 1.0;
        area.show_rows(ui, ROW, found.places.len(), |ui, range| {
            for &place in found.places.get(range).unwrap_or_default() {
                row_ui(ui, view, open.id, &entries[place], marked, wishes);
            }
        });
    }
    let ready = view.enabled(Action::AddToMine.info());
    action_button(ui, Action::AddToMine, "Add active spectrum to my library…", ready, wishes);
}

fn field_ui(ui: &mut Ui, words: &mut String) {
    ui.horizontal(|ui| {
        let width = ui.available_width() - 28.0;
        let field = TextEdit::singleline(words).hint_text("Name, formula or kind").desired_width(width);
        let response = ui.add(field);
        response.widget_info(|| {
            let info = WidgetInfo::text_edit(true, "", &*words, "Name, formula or kind");
            WidgetInfo { label: Some("Find in library".to_owned()), ..info }
        });
        let cleared = response.has_focus() && ui.input(|i| i.key_pressed(Key::Escape));
        if sign_button(ui, "×", "Clear words").clicked() || cleared {
            words.clear();
        }
    });
}

fn row_ui(
    ui: &mut Ui,
    view: &View,
    library: LibraryId,
    entry: &crate::library::Entry,
    marked: &mut Option<Marked>,
    wishes: &mut Wishes,
) {
    let this = Marked { library, entry: entry.id };
    let left = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(vec2(ui.available_width(), ROW), left, |ui| {
        ui.spacing_mut().button_padding.y = 0.0;
        let remove = format!("Remove {} from my library", entry.facts.name);
        if library == LibraryId::MINE && sign_button(ui, "×", &remove).clicked() {
            wishes.step(Command::RemoveFromMine(entry.id));
        }
        let tail = [plain_formula(&entry.facts.formula), entry.facts.kind.clone()];
        let tail: Vec<String> = tail.iter().filter(|t| !t.is_empty()).map(|t| shortened(t)).collect();
        let width = ui.available_width();
        let button = Button::selectable(*marked == Some(this), entry.facts.name.as_str())
            .right_text(RichText::new(tail.join(" · ")).small().color(view.theme.weak))
            .truncate()
            .sense(Sense::click_and_drag())
            .min_size(vec2(width, 0.0));
        let response = ui.add_sized(vec2(width, ROW), button);
        response.widget_info(|| {
            WidgetInfo::selected(Role::Button, true, *marked == Some(this), &entry.facts.name)
        });
        if entry_line(ui, &response, view.theme, library, entry, wishes) {
            *marked = Some(this);
        }
    });
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= TAIL {
        return text.to_owned();
    }
    text.chars().take(TAIL - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::default_library;

    #[test]
    fn entries_are_found_by_name_formula_and_kind_and_stand_by_name() {
        let library = Arc::new(default_library().clone());
        let mut found = Found::default();
        let mut names = |words: &str| -> Vec<String> {
            found.refresh(&library, words);
            found.places.iter().map(|&i| library.entries()[i].facts.name.clone()).collect()
        };
        assert_eq!(names("").len(), library.len());
        let calcite = names("CaCO3");
        assert!(calcite.iter().any(|name| name.to_lowercase().contains("calcite")), "{calcite:?}");
        let (minerals, all) = (names("mineral"), names("no such thing"));
        assert!(minerals.len() > 3 && all.is_empty());
        assert!(minerals.is_sorted_by_key(|name| name.to_lowercase()));
    }
}
