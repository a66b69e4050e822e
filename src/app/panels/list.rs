//! The list of spectra on the left: search, colours, visibility, groups, selection.

use eframe::egui::{self, Button, Key, Popup, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo};
use serde::{Deserialize, Serialize};

use crate::app::actions::Action;
use crate::app::theme::Theme;
use crate::app::view::View;
use crate::app::widgets::{action_button, search_field, sign_button, spectra, swatch};
use crate::app::wish::{Wish, Wishes};
use crate::session::{Colour, Command, Document, Item, ItemId, Subject};

/// Height of a line.
const ROW: f32 = 24.0;

/// What the list looks like.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ListState {
    /// Words that names, groups or files must hold.
    #[serde(skip)]
    pub filter: String,
    /// Groups that are folded up.
    pub folded: Vec<String>,
}

/// One line of the list.
enum Row<'a> {
    Group(&'a str, usize),
    Item(&'a Item),
}

/// Draws the list.
pub fn list_ui(ui: &mut Ui, view: &View, state: &mut ListState, wishes: &mut Wishes) {
    ui.horizontal(|ui| {
        let width = ui.available_width() - 28.0;
        let response = search_field(ui, &mut state.filter, "Search spectra", width);
        if response.has_focus() && ui.input(|i| i.key_pressed(Key::Escape)) {
            state.filter.clear();
        }
        if sign_button(ui, "×", "Clear search").clicked() {
            state.filter.clear();
        }
    });
    let rows = rows(view.document, state);
    let order: Vec<ItemId> = rows
        .iter()
        .filter_map(|row| match row {
            Row::Item(item) => Some(item.id),
            Row::Group(..) => None,
        })
        .collect();
    let foot = 30.0;
    ScrollArea::vertical().auto_shrink(false).max_height((ui.available_height() - foot).max(ROW)).show_rows(
        ui,
        ROW - ui.spacing().item_spacing.y,
        rows.len(),
        |ui, range| {
            for row in &rows[range] {
                match row {
                    Row::Group(name, count) => group_ui(ui, name, *count, view, state, wishes),
                    Row::Item(item) => item_ui(ui, item, &order, view, wishes),
                }
            }
        },
    );
    if rows.is_empty() {
        let sentence =
            if view.document.items.is_empty() { "No spectra yet" } else { "No spectrum has these words" };
        ui.put(
            egui::Rect::from_center_size(ui.max_rect().center(), egui::vec2(ui.available_width(), ROW)),
            egui::Label::new(RichText::new(sentence).color(view.theme.weak)),
        );
    }
    ui.with_layout(egui::Layout::bottom_up(egui::Align::Min), |ui| {
        ui.horizontal(|ui| {
            let (all, selected) = (view.document.items.len(), view.session.selection().len());
            let words =
                RichText::new(format!("{}, {selected} selected", spectra(all))).color(view.theme.weak);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                action_button(ui, Action::Remove, "Remove", selected > 0, wishes);
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    ui.add(egui::Label::new(words).truncate());
                });
            });
        });
    });
}

/// Ungrouped items first, then group by group, all in the order of the document.
fn rows<'a>(document: &'a Document, state: &ListState) -> Vec<Row<'a>> {
    let words = state.filter.to_lowercase();
    let words: Vec<&str> = words.split_whitespace().collect();
    let fits = |item: &Item| {
        words.is_empty() || {
            let text = format!("{} {} {}", item.name, item.group, item.source.path).to_lowercase();
            words.iter().all(|word| text.contains(word))
        }
    };
    let within = |group: &str| -> Vec<Row<'a>> {
        document.items.iter().filter(|i| i.group == group && fits(i)).map(|i| Row::Item(i)).collect()
    };
    let mut rows = within("");
    for group in document.groups() {
        let items = within(group);
        if items.is_empty() {
            continue;
        }
        rows.push(Row::Group(group, items.len()));
        if !state.folded.iter().any(|f| f == group) || !words.is_empty() {
            rows.extend(items);
        }
    }
    rows
}

fn group_ui(ui: &mut Ui, name: &str, count: usize, view: &View, state: &mut ListState, wishes: &mut Wishes) {
    ui.horizontal(|ui| {
        ui.set_height(ROW - ui.spacing().item_spacing.y);
        let folded = state.folded.iter().any(|f| f == name);
        let sign = if folded { "▶" } else { "▼" };
        if sign_button(ui, sign, &format!("Fold group {name}")).clicked() {
            if folded {
                state.folded.retain(|f| f != name);
            } else {
                state.folded.push(name.to_owned());
            }
        }
        let label =
            Button::new(crate::app::widgets::bold(format!("{name} ({count})"))).frame(false).truncate();
        if ui.add(label).on_hover_text("Select the whole group").clicked() {
            let ids = view.document.items.iter().filter(|i| i.group == name).map(|i| i.id).collect();
            wishes.push(Wish::Select(ids));
        }
    });
}

fn item_ui(ui: &mut Ui, item: &Item, order: &[ItemId], view: &View, wishes: &mut Wishes) {
    ui.horizontal(|ui| {
        ui.set_height(ROW - ui.spacing().item_spacing.y);
        if !item.group.is_empty() {
            ui.add_space(10.0);
        }
        let mut visible = item.visible;
        let show = ui.checkbox(&mut visible, "");
        show.widget_info(|| {
            WidgetInfo::selected(Role::CheckBox, true, visible, format!("Show {}", item.name))
        });
        if show.on_hover_text("Draw this curve").changed() {
            wishes.step(Command::Show(vec![item.id], visible));
        }
        colour_ui(ui, item, view.theme, wishes);
        name_ui(ui, item, order, view, wishes);
    });
}

fn colour_ui(ui: &mut Ui, item: &Item, theme: &Theme, wishes: &mut Wishes) {
    let response = swatch(ui, theme.paint(item.colour), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Colour of {}", item.name)));
    let response = response.on_hover_text("Change colour");
    Popup::menu(&response).show(|ui| {
        ui.set_max_width(150.0);
        ui.horizontal_wrapped(|ui| {
            for slot in 0..10 {
                let square = swatch(ui, theme.curve(slot), Sense::click());
                square
                    .widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Colour {}", slot + 1)));
                if square.clicked() {
                    wishes.step(Command::Paint(item.id, Colour::Slot(slot)));
                }
            }
        });
        let now = theme.paint(item.colour);
        let mut rgb = [now.r(), now.g(), now.b()];
        ui.horizontal(|ui| {
            let label = ui.label("Own colour").id;
            let picked = ui.color_edit_button_srgb(&mut rgb).labelled_by(label);
            if picked.changed() {
                wishes.command(Command::Paint(item.id, Colour::Chosen(rgb)));
            }
        });
    });
}

fn name_ui(ui: &mut Ui, item: &Item, order: &[ItemId], view: &View, wishes: &mut Wishes) {
    let selected = view.session.selection().contains(&item.id);
    let active = view.session.active().is_some_and(|s| s.item == item.id);
    let mut text = RichText::new(&item.name);
    if active {
        text = text.family(egui::FontFamily::Name(crate::app::theme::BOLD.into()));
    }
    if !item.visible {
        text = text.color(view.theme.weak);
    }
    let mut tail = Vec::new();
    if item.is_set() {
        tail.push(format!("{}×", item.raw.len()));
    }
    if !item.steps.steps.is_empty() {
        tail.push("prepared".to_owned());
    }
    if !item.warnings.is_empty() {
        tail.push("⚠".to_owned());
    }
    let tail = tail.join(" ");
    let width = ui.available_width();
    // The text on the right, empty as a rule, pushes the name to the left.
    let tail = RichText::new(tail).small().color(view.theme.weak);
    let button =
        Button::selectable(selected, text).right_text(tail).truncate().min_size(egui::vec2(width, ROW - 4.0));
    let response = ui.add(button);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, &item.name));
    let response = response.on_hover_ui(|ui| about(ui, item));
    if response.clicked() {
        let modifiers = ui.input(|i| i.modifiers);
        wishes.push(Wish::Select(clicked(
            view.session.selection(),
            order,
            item.id,
            view.session.active(),
            modifiers,
        )));
        if !modifiers.command && !modifiers.shift {
            wishes.push(Wish::Activate(Subject { item: item.id, row: None }));
        }
    }
    if response.double_clicked() {
        wishes.act(Action::Rename);
    }
    response.context_menu(|ui| {
        if !selected {
            wishes.push(Wish::Select(vec![item.id]));
            wishes.push(Wish::Activate(Subject { item: item.id, row: None }));
        }
        for action in [
            Action::Compare,
            Action::SearchLibrary,
            Action::TrainModel,
            Action::Show,
            Action::ShowOnly,
            Action::Rename,
            Action::Group,
            Action::Truths,
            Action::AddToMine,
            Action::ExportSpectrum,
            Action::Remove,
        ] {
            if ui.button(action.name()).on_hover_text(action.info().what).clicked() {
                wishes.act(action);
                ui.close();
            }
        }
    });
}

fn about(ui: &mut Ui, item: &Item) {
    let axis = item.raw.axis();
    ui.label(crate::app::widgets::bold(&item.name));
    if !item.source.path.is_empty() {
        ui.label(format!("{} ({})", item.source.path, item.source.format));
    }
    let unit = axis.kind().unit().replace("cm-1", "cm⁻¹");
    ui.label(format!("{} points, {:.1} to {:.1} {unit}", axis.len(), axis.low(), axis.high()));
    for warning in &item.warnings {
        ui.label(format!("⚠ {warning}"));
    }
}

/// The selection after a click with these keys held.
fn clicked(
    selection: &[ItemId],
    order: &[ItemId],
    id: ItemId,
    active: Option<Subject>,
    modifiers: egui::Modifiers,
) -> Vec<ItemId> {
    if modifiers.shift
        && let Some(from) = active.and_then(|a| order.iter().position(|&o| o == a.item))
        && let Some(to) = order.iter().position(|&o| o == id)
    {
        return order[from.min(to)..=from.max(to)].to_vec();
    }
    if modifiers.command {
        let mut next = selection.to_vec();
        if selection.contains(&id) && selection.len() > 1 {
            next.retain(|&s| s != id);
        } else if !selection.contains(&id) {
            next.push(id);
        }
        return next;
    }
    vec![id]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clicks_select_as_everywhere() {
        let ids: Vec<ItemId> = (0..5).map(ItemId).collect();
        let active = Some(Subject { item: ids[1], row: None });
        let click = |id: usize, modifiers| clicked(&ids[1..2], &ids, ids[id], active, modifiers);
        assert_eq!(click(3, egui::Modifiers::NONE), [ids[3]]);
        assert_eq!(click(3, egui::Modifiers::COMMAND), [ids[1], ids[3]]);
        assert_eq!(click(1, egui::Modifiers::COMMAND), [ids[1]]);
        assert_eq!(click(3, egui::Modifiers::SHIFT), ids[1..=3]);
        assert_eq!(click(0, egui::Modifiers::SHIFT), ids[0..=1]);
    }
}
