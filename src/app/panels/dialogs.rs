//! The question that stands over the window, and the sign that a drop would be welcome.

use std::path::PathBuf;

use eframe::egui::{
    Align2, Color32, FontId, Id, Key, LayerId, Modal, Order, Response, ScrollArea, Stroke, StrokeKind,
    TextEdit, Ui,
};

use super::palette::{help_ui, palette_ui};
use crate::app::dialogs::Dialog;
use crate::app::view::View;
use crate::app::widgets::{hint, main_button, weak};
use crate::app::wish::{Wish, Wishes};
use crate::library::Facts;
use crate::session::{Command, ItemId};

/// Draws the open dialog.
pub fn dialog_ui(ui: &Ui, view: &View, dialog: &mut Dialog, wishes: &mut Wishes) {
    match dialog {
        Dialog::Palette { typed, marked } => palette_ui(ui, view, typed, marked, wishes),
        Dialog::Help { typed } => help_ui(ui, typed, wishes),
        Dialog::About => about_ui(ui, view, wishes),
        Dialog::Path { typed, library } => path_ui(ui, typed, *library, wishes),
        Dialog::Rename { id, typed } => {
            let id = *id;
            name_ui(ui, "Rename", "Name", typed, &[], wishes, |name| Command::Rename(id, name));
        }
        Dialog::Group { ids, typed } => {
            let (ids, groups) = (ids.clone(), view.document.groups());
            name_ui(ui, "Group", "Name of the group, empty for none", typed, &groups, wishes, |name| {
                Command::Group(ids, name)
            });
        }
        Dialog::SaveRecipe { id, typed } => {
            let Some(item) = view.document.item(*id) else { return wishes.push(Wish::CloseDialog) };
            let steps = item.steps.clone();
            let names: Vec<&str> = view.document.recipes.iter().map(|r| r.name.as_str()).collect();
            name_ui(ui, "Save recipe", "Name of the recipe", typed, &names, wishes, |name| {
                Command::SaveRecipe(name, steps)
            });
        }
        Dialog::Truths { id, marked, typed } => truths_ui(ui, view, *id, marked, typed, wishes),
        Dialog::AddToMine { id, facts } => mine_ui(ui, view, *id, facts, wishes),
        Dialog::Export(form) => super::export::export_ui(ui, view, form, wishes),
        Dialog::Unsaved { then } => super::session::unsaved_ui(ui, then, wishes),
        Dialog::Recover => super::session::recover_ui(ui, view, wishes),
        Dialog::SaveAs { typed, then } => super::session::save_as_ui(ui, view, typed, then.as_ref(), wishes),
    }
}

/// A dialog in the middle of the window. Enter is its main button, Escape closes it.
pub fn modal(
    ui: &Ui,
    title: &str,
    width: f32,
    wishes: &mut Wishes,
    content: impl FnOnce(&mut Ui, &mut Wishes),
) {
    let modal = Modal::new(Id::unique(title)).show(ui.ctx(), |ui| {
        ui.set_width(width.min(ui.ctx().content_rect().width() - 60.0).max(0.0));
        ui.heading(title);
        ui.add_space(4.0);
        content(ui, wishes);
    });
    if modal.should_close() {
        wishes.push(Wish::CloseDialog);
    }
}

/// A field that has the keyboard when the dialog opens; true when Enter was pressed in it.
pub fn first_field(ui: &mut Ui, label: &str, text: &mut String) -> bool {
    let name = ui.label(label).id;
    let response = ui.add(TextEdit::singleline(text).desired_width(f32::INFINITY)).labelled_by(name);
    focus_first(ui, label, &response)
}

/// Gives the field the keyboard when its dialog opens; true when Enter was pressed in it.
pub fn focus_first(ui: &Ui, label: &str, response: &Response) -> bool {
    let enter = response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
    let opened = Id::unique(("first field", label));
    let frame = ui.ctx().cumulative_frame_nr();
    let before: Option<u64> = ui.data(|d| d.get_temp(opened));
    if before.is_none_or(|before| before + 1 < frame) {
        response.request_focus();
    }
    ui.data_mut(|d| d.insert_temp(opened, frame));
    enter
}

/// The buttons at the foot; true when the main one was pressed.
pub fn buttons(ui: &mut Ui, main: &str, ready: bool, wishes: &mut Wishes) -> bool {
    ui.add_space(8.0);
    let mut pressed = false;
    ui.horizontal(|ui| {
        pressed = main_button(ui, main, ready).clicked();
        if ui.button("Cancel").clicked() {
            wishes.push(Wish::CloseDialog);
        }
    });
    pressed
}

fn path_ui(ui: &Ui, typed: &mut String, library: bool, wishes: &mut Wishes) {
    let title = if library { "Open library" } else { "Open path" };
    modal(ui, title, 520.0, wishes, |ui, wishes| {
        let enter = first_field(ui, "File or folder", typed);
        hint(ui, "Quotes and file:// in front are understood, as they come from other programs.");
        if (buttons(ui, "Open", !typed.trim().is_empty(), wishes) || enter) && !typed.trim().is_empty() {
            wishes.push(Wish::CloseDialog);
            let paths = typed.lines().map(typed_path).filter(|p| !p.as_os_str().is_empty());
            for path in paths {
                wishes.push(if library { Wish::OpenLibrary(path) } else { Wish::Open(vec![path]) });
            }
        }
    });
}

/// A path as people paste it: quoted, as a URL, with `~`.
pub fn typed_path(text: &str) -> PathBuf {
    let text = text.trim().trim_matches(['"', '\'']);
    if let Some(url) = text.strip_prefix("file://") {
        return PathBuf::from(decoded(url));
    }
    if let (Some(rest), Some(home)) = (text.strip_prefix("~/"), std::env::home_dir()) {
        return home.join(rest);
    }
    PathBuf::from(text)
}

/// A path out of a URL, where a space is `%20`.
fn decoded(url: &str) -> String {
    let mut bytes = Vec::with_capacity(url.len());
    let mut rest = url.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail.get(..2).filter(|_| *first == b'%').and_then(|code| std::str::from_utf8(code).ok());
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn name_ui(
    ui: &Ui,
    title: &str,
    label: &str,
    typed: &mut String,
    known: &[&str],
    wishes: &mut Wishes,
    command: impl FnOnce(String) -> Command,
) {
    modal(ui, title, 380.0, wishes, |ui, wishes| {
        let enter = first_field(ui, label, typed);
        if !known.is_empty() {
            ui.horizontal_wrapped(|ui| {
                for name in known {
                    if ui.button(*name).on_hover_text("Use this name").clicked() {
                        (*name).clone_into(typed);
                    }
                }
            });
        }
        let ready = !typed.trim().is_empty() || title == "Group";
        if (buttons(ui, title, ready, wishes) || enter) && ready {
            wishes.push(Wish::CloseDialog);
            wishes.step(command(std::mem::take(typed)));
        }
    });
}

fn truths_ui(
    ui: &Ui,
    view: &View,
    id: ItemId,
    marked: &mut Vec<ItemId>,
    typed: &mut String,
    wishes: &mut Wishes,
) {
    modal(ui, "True components", 460.0, wishes, |ui, wishes| {
        weak(ui, "Mark the pure spectra that this mixture is made of. Methods are then scored against them.");
        let enter = first_field(ui, "Search", typed);
        let words = typed.to_lowercase();
        ScrollArea::vertical().max_height(300.0).auto_shrink([false, true]).show(ui, |ui| {
            let others = view.document.items.iter().filter(|item| item.id != id);
            let mut none = true;
            for item in others.filter(|item| item.name.to_lowercase().contains(&words)) {
                none = false;
                let mut on = marked.contains(&item.id);
                if ui.checkbox(&mut on, &item.name).changed() {
                    marked.retain(|m| *m != item.id);
                    if on {
                        marked.push(item.id);
                    }
                }
            }
            if none {
                hint(ui, "No other spectrum in the list has this name. Open the pure spectra first.");
            }
        });
        if buttons(ui, "Assign", true, wishes) || enter {
            wishes.push(Wish::CloseDialog);
            wishes.step(Command::SetTruths(id, marked.clone()));
        }
    });
}

fn mine_ui(ui: &Ui, view: &View, id: ItemId, facts: &mut Facts, wishes: &mut Wishes) {
    let spectrum =
        view.session.active().filter(|s| s.item == id).and_then(|s| view.derived.spectrum(view.document, s));
    modal(ui, "Add to my library", 420.0, wishes, |ui, wishes| {
        let enter = first_field(ui, "Name of the substance", &mut facts.name);
        for (label, text) in [
            ("Species (specimens of one species share it)", &mut facts.group),
            ("Formula", &mut facts.formula),
            ("Source", &mut facts.source),
            ("Notes", &mut facts.notes),
        ] {
            let name = ui.label(label).id;
            ui.add(TextEdit::singleline(text).desired_width(f32::INFINITY)).labelled_by(name);
        }
        hint(ui, "The spectrum is kept as it is prepared now. Your library is kept for later sessions.");
        let ready = spectrum.is_some() && !facts.name.trim().is_empty();
        if (buttons(ui, "Add", ready, wishes) || enter)
            && ready
            && let Some(spectrum) = spectrum
        {
            if facts.group.trim().is_empty() {
                facts.group.clone_from(&facts.name);
            }
            wishes.push(Wish::CloseDialog);
            wishes.step(Command::AddToMine(facts.clone(), (*spectrum).clone()));
        }
    });
}

fn about_ui(ui: &Ui, view: &View, wishes: &mut Wishes) {
    modal(ui, "About Unravel", 460.0, wishes, |ui, wishes| {
        ui.label(format!("Unravel {}, a Raman workbench", env!("CARGO_PKG_VERSION")));
        weak(ui, format!("Methods run on {}", view.work.device.words));
        weak(ui, "Free software, MIT or Apache-2.0. Font Inter, SIL Open Font License 1.1.");
        let close = ui.button("Close");
        if ui.memory(|m| m.focused().is_none()) {
            close.request_focus();
        }
        if close.clicked() {
            wishes.push(Wish::CloseDialog);
        }
    });
}

/// While files hang over the window: it says that they are welcome.
pub fn hover_ui(ui: &Ui, view: &View) {
    let files = ui.ctx().input(|i| i.raw.hovered_files.len());
    if files == 0 {
        return;
    }
    let rect = ui.ctx().content_rect();
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Tooltip, Id::unique("drop here")));
    painter.rect_filled(rect, 0.0, view.theme.ground.gamma_multiply(0.75));
    painter.rect_stroke(rect.shrink(6.0), 8.0, Stroke::new(3.0, view.theme.accent), StrokeKind::Inside);
    let text =
        if files == 1 { "Drop to open".to_owned() } else { format!("Drop to open {files} files or folders") };
    let colour: Color32 = view.theme.text;
    painter.text(rect.center(), Align2::CENTER_CENTER, text, FontId::proportional(26.0), colour);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_paths_are_understood() {
        for (text, path) in
            [("\"/a b/c.spc\"", "/a b/c.spc"), ("file:///a%20b/100%/%C3%A4", "/a b/100%/ä"), (" '/x' ", "/x")]
        {
            assert_eq!(typed_path(text), PathBuf::from(path));
        }
    }
}
