//! The substances that were found, to be corrected: one name for all spectra of a substance, or another one for some.

use eframe::egui::{Role, ScrollArea, TextEdit, Ui, WidgetInfo, vec2};

use super::form::TrainForm;
use crate::app::widgets::{hint, sign_button, small_line, spectra};

/// Height of the table.
const HEIGHT: f32 = 190.0;
/// Width of a name.
const NAME: f32 = 200.0;

/// Draws the table.
pub fn substances_ui(ui: &mut Ui, form: &mut TrainForm) {
    let substances = form.substances();
    ScrollArea::vertical().id_salt("substances").max_height(HEIGHT).auto_shrink([false, true]).show(
        ui,
        |ui| {
            for (number, (name, count)) in substances.iter().enumerate() {
                ui.push_id(("substance", number), |ui| substance_ui(ui, form, number, name, *count));
            }
        },
    );
    if substances.iter().any(|(_, count)| *count > 0) && substances.iter().all(|(_, count)| *count < 3) {
        hint(
            ui,
            "With three or more spectra of a substance the training learns its natural variation; the last one is kept for validation.",
        );
    }
}

fn substance_ui(ui: &mut Ui, form: &mut TrainForm, number: usize, name: &str, count: usize) {
    let open = form.open.iter().any(|o| o == name);
    ui.horizontal(|ui| {
        let sign = if open { "▼" } else { "▶" };
        if sign_button(ui, sign, &format!("Spectra of {name}")).clicked() {
            form.open.retain(|o| o != name);
            if !open {
                form.open.push(name.to_owned());
            }
        }
        // A name is taken when the field is left: in between, letters would move spectra to other substances.
        if let Some(new) = name_ui(ui, &format!("Name of substance {}", number + 1), name) {
            form.picks.iter_mut().filter(|p| p.substance == name).for_each(|p| p.substance.clone_from(&new));
            form.open.iter_mut().filter(|o| *o == name).for_each(|o| o.clone_from(&new));
        }
        ui.label(spectra(count));
        if !open {
            let titles: Vec<&str> = form
                .picks
                .iter()
                .filter(|p| p.used && p.substance == name)
                .map(|p| p.title.as_str())
                .collect();
            small_line(ui, titles.join(", "));
        }
    });
    if !open {
        return;
    }
    let mut moved = None;
    for (at, pick) in form.picks.iter_mut().enumerate().filter(|(_, p)| p.substance == name) {
        ui.horizontal(|ui| {
            ui.add_space(24.0);
            let response = ui.checkbox(&mut pick.used, "");
            let used = pick.used;
            response.widget_info(|| {
                WidgetInfo::selected(Role::CheckBox, true, used, format!("Train with {}", pick.title))
            });
            response.on_hover_text("Train with this spectrum");
            if let Some(new) = name_ui(ui, &format!("Substance of {}", pick.title), name) {
                moved = Some((at, new));
            }
            small_line(ui, &pick.title);
        });
    }
    if let Some((at, new)) = moved {
        form.picks[at].substance = new;
    }
}

/// A field for a name; the new one when it was left with another one.
fn name_ui(ui: &mut Ui, label: &str, name: &str) -> Option<String> {
    let id = ui.make_persistent_id(label);
    let typed: Option<String> = ui.data(|d| d.get_temp(id));
    let mut text = typed.unwrap_or_else(|| name.to_owned());
    let response = ui.add_sized(vec2(NAME, 20.0), TextEdit::singleline(&mut text));
    response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, "", &text, "");
        info.label = Some(label.to_owned());
        info
    });
    if response.has_focus() {
        ui.data_mut(|d| d.insert_temp(id, text.clone()));
    }
    if !response.lost_focus() {
        return None;
    }
    ui.data_mut(|d| d.remove_temp::<String>(id));
    let new = text.trim();
    (!new.is_empty() && new != name).then(|| new.to_owned())
}
