//! Which library is used.

use eframe::egui::{Button, ComboBox, Role, Ui, WidgetInfo};

use crate::app::actions::Action;
use crate::app::dialogs::Dialog;
use crate::app::view::View;
use crate::app::widgets::action_button;
use crate::app::wish::{Wish, Wishes};
use crate::session::{Command, LibraryId, OpenLibrary};

/// Draws the choice of a library.
pub fn choose_ui(ui: &mut Ui, view: &View, wishes: &mut Wishes) {
    let document = view.document;
    let now = document.chosen_library();
    let text = now.map(title).unwrap_or_default();
    let combo = ComboBox::from_id_salt("library").selected_text(&text).width(ui.available_width());
    let response = combo
        .truncate()
        .show_ui(ui, |ui| {
            for open in &document.libraries {
                let label = ui.selectable_label(open.id == document.library, title(open));
                let label = if open.path.is_empty() { label } else { label.on_hover_text(&open.path) };
                if label.clicked() && open.id != document.library {
                    wishes.step(Command::UseLibrary(open.id));
                }
            }
        })
        .response;
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("Library, {text}")));
    response.on_hover_text("The library for searches and for comparing methods");
    ui.horizontal(|ui| {
        action_button(ui, Action::OpenLibrary, "Open library…", true, wishes);
        if ui.button("Type a path…").on_hover_text("Open a library by its path").clicked() {
            wishes.push(Wish::Ask(Dialog::Path { typed: String::new(), library: true }));
        }
        let own = [LibraryId::DEFAULT, LibraryId::MINE].contains(&document.library);
        let close = ui.add_enabled(!own, Button::new("Close")).on_hover_text("Close this library");
        if close.on_disabled_hover_text("This library is always open.").clicked() {
            wishes.step(Command::CloseLibrary(document.library));
        }
    });
}

fn title(open: &OpenLibrary) -> String {
    let count = open.library.len();
    let entries = if count == 1 { "entry" } else { "entries" };
    format!("{} ({count} {entries})", open.library.name)
}
