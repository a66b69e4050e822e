//! The bar at the top: menus, the most used buttons, the views.

use eframe::egui::{self, Button, MenuBar, RichText, Ui};

use crate::app::actions::{ACTIONS, Action, ActionInfo, Menu};
use crate::app::screen::{Screen, Tab};
use crate::app::view::View;
use crate::app::widgets::{action_button, main_button, tooltip};
use crate::app::wish::{Wish, Wishes};

/// Draws the bar.
pub fn bar_ui(ui: &mut Ui, view: &View, screen: &Screen, wishes: &mut Wishes) {
    MenuBar::new().ui(ui, |ui| {
        for menu in Menu::ALL {
            ui.menu_button(menu.name(), |ui| {
                ui.set_min_width(230.0);
                for info in ACTIONS.iter().filter(|info| info.menu == menu) {
                    entry_ui(ui, info, view, wishes);
                }
                if menu == Menu::File {
                    recent_ui(ui, view, wishes);
                }
            });
        }
        ui.separator();
        action_button(ui, Action::Open, "Open…", true, wishes);
        let undo = view.session.undo_label();
        let redo = view.session.redo_label();
        action_button(ui, Action::Undo, "Undo", undo.is_some(), wishes);
        action_button(ui, Action::Redo, "Redo", redo.is_some(), wishes);
        ui.separator();
        for (tab, name) in Tab::ALL {
            if ui.selectable_label(screen.tab == tab, name).clicked() {
                wishes.push(Wish::Tab(tab));
            }
        }
        // Most users never measure CARS: the view is there where something was recovered or it is looked at.
        let recovered = view.session.active().is_some_and(|subject| view.work.cars.of(subject).is_some());
        if (recovered || screen.tab == Tab::Cars)
            && ui.selectable_label(screen.tab == Tab::Cars, "CARS").clicked()
        {
            wishes.push(Wish::Tab(Tab::Cars));
        }
        if (view.work.train.something() || screen.tab == Tab::Train)
            && ui.selectable_label(screen.tab == Tab::Train, "Models").clicked()
        {
            wishes.push(Wish::Tab(Tab::Train));
        }
        ui.separator();
        for (action, name, shown) in [
            (Action::ToggleList, "List", !screen.list_hidden),
            (Action::ToggleTools, "Tools", !screen.tools_hidden),
        ] {
            let tip = tooltip(ui, action);
            if ui.selectable_label(shown, name).on_hover_text(tip).clicked() {
                wishes.act(action);
            }
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let ready = view.enabled(Action::Compare.info());
            let tip = tooltip(ui, Action::Compare);
            if main_button(ui, "Compare methods", ready)
                .on_hover_text(&tip)
                .on_disabled_hover_text(&tip)
                .clicked()
            {
                wishes.act(Action::Compare);
            }
            let keys =
                Action::Palette.info().shortcut.map(|k| ui.ctx().format_shortcut(&k)).unwrap_or_default();
            let text = RichText::new(format!("Search commands  {keys}")).color(view.theme.weak);
            if ui.available_width() > 160.0
                && ui.add(Button::new(text)).on_hover_text(Action::Palette.info().what).clicked()
            {
                wishes.act(Action::Palette);
            }
        });
    });
}

fn entry_ui(ui: &mut Ui, info: &ActionInfo, view: &View, wishes: &mut Wishes) {
    let name = match info.action {
        Action::Undo => view.session.undo_label().map(|l| format!("Undo {}", lower(l))),
        Action::Redo => view.session.redo_label().map(|l| format!("Redo {}", lower(l))),
        _ => None,
    };
    let mut button = Button::new(name.unwrap_or_else(|| info.name.to_owned()));
    if let Some(shortcut) = &info.shortcut {
        button = button.shortcut_text(ui.ctx().format_shortcut(shortcut));
    }
    let response =
        ui.add_enabled(view.enabled(info), button).on_hover_text(info.what).on_disabled_hover_text(info.what);
    if response.clicked() {
        wishes.act(info.action);
        ui.close();
    }
}

/// `Rename to x` inside a sentence.
fn lower(label: &str) -> String {
    let mut letters = label.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}

fn recent_ui(ui: &mut Ui, view: &View, wishes: &mut Wishes) {
    if view.recent.is_empty() {
        return;
    }
    ui.menu_button("Recent files", |ui| {
        for path in view.recent {
            let name = path
                .file_name()
                .map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
            if ui.button(name).on_hover_text(path.display().to_string()).clicked() {
                wishes.push(Wish::Open(vec![path.clone()]));
                ui.close();
            }
        }
    });
}
