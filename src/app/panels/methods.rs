//! Which methods are compared, with which settings.

use std::collections::BTreeMap;

use eframe::egui::{DragValue, Role, ScrollArea, TextWrapMode, Ui, WidgetInfo};
use serde::{Deserialize, Serialize};

use crate::app::actions::Action;
use crate::app::params::{Edit, param_ui};
use crate::app::view::View;
use crate::app::widgets::{
    action_button, choice, hint, main_button, section, sign_button, small_line, spectra, tooltip,
};
use crate::app::wish::Wishes;
use crate::methods::{Components, Method, Settings, Trained, methods};
use crate::session::{Ask, Chosen, LibraryId, Subject};

/// What will be asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct MethodsState {
    /// Ids of the chosen methods.
    pub chosen: Vec<String>,
    /// Settings that differ from the defaults, by method.
    pub settings: BTreeMap<String, Settings>,
    /// How many components.
    pub components: Components,
    /// Range of interest in cm-1.
    pub range: Option<(f64, f64)>,
    /// Whether cosmic rays are removed first.
    pub despike: bool,
    /// Methods whose settings are open.
    pub open: Vec<String>,
}

impl Default for MethodsState {
    /// All usual methods: comparing is the point.
    fn default() -> Self {
        Self {
            chosen: methods().iter().filter(|m| m.usual()).map(|m| m.id().to_owned()).collect(),
            settings: BTreeMap::new(),
            components: Components::Auto,
            range: None,
            despike: true,
            open: Vec::new(),
        }
    }
}

impl MethodsState {
    /// The question as it stands; methods in the order of the registry, the user's own models behind them, those that are
    /// gone left out.
    pub fn ask(&self, library: LibraryId, own: &[&'static Trained]) -> Ask {
        let own = own.iter().map(|model| *model as &dyn Method);
        let chosen = methods().iter().copied().chain(own);
        let chosen = chosen.filter(|m| self.chosen.iter().any(|c| c == m.id()));
        Ask {
            methods: chosen
                .map(|m| Chosen {
                    id: m.id().to_owned(),
                    settings: self.settings.get(m.id()).cloned().unwrap_or_default(),
                })
                .collect(),
            components: self.components,
            range: self.range,
            library,
            fixed: Vec::new(),
            excluded: Vec::new(),
            despike: self.despike,
        }
    }
}

/// Draws the choice of methods.
pub fn methods_ui(ui: &mut Ui, view: &View, state: &mut MethodsState, wishes: &mut Wishes) {
    let foot = 66.0;
    ScrollArea::vertical().auto_shrink(false).max_height((ui.available_height() - foot).max(80.0)).show(
        ui,
        |ui| {
            section(ui, "Methods");
            for method in methods() {
                method_ui(ui, *method, state);
            }
            let own = &view.work.train.shelf.models;
            if !own.is_empty() {
                section(ui, "Models of your own");
            }
            for model in own {
                method_ui(ui, *model, state);
            }
            ui.horizontal(|ui| {
                if ui.button("All").on_hover_text("Choose all methods").clicked() {
                    state.chosen = methods().iter().map(|m| m.id().to_owned()).collect();
                    state.chosen.extend(own.iter().map(|m| m.id().to_owned()));
                }
                if ui.button("None").on_hover_text("Choose no method").clicked() {
                    state.chosen.clear();
                }
            });
            question_ui(ui, view, state);
        },
    );
    ui.separator();
    // Models that are gone are chosen still: they may come back.
    let count = state.ask(view.document.library, &view.work.train.shelf.models).methods.len();
    let ready = view.enabled(Action::Compare.info()) && count > 0;
    let tip = tooltip(ui, Action::Compare);
    let label = if count == 1 { "Run 1 method".to_owned() } else { format!("Compare {count} methods") };
    ui.horizontal(|ui| {
        if main_button(ui, &label, ready).on_hover_text(&tip).on_disabled_hover_text(&tip).clicked() {
            wishes.act(Action::Compare);
        }
        action_button(ui, Action::CompareMany, "On all selected", ready, wishes);
    });
    let subject = view.session.active().map(|s| active(view, s));
    small_line(ui, subject.unwrap_or_else(|| "Select a spectrum first".to_owned()));
}

/// What is asked about. The mean of many spectra is seldom meant where these are different samples.
fn active(view: &View, subject: Subject) -> String {
    let set = view.document.item(subject.item).filter(|item| item.is_set() && subject.row.is_none());
    match set {
        Some(item) => format!("The mean of {}; click one under Map ({})", spectra(item.raw.len()), item.name),
        None => format!("Active spectrum {}", view.document.subject_name(subject)),
    }
}

fn method_ui(ui: &mut Ui, method: &'static dyn Method, state: &mut MethodsState) {
    let info = method.info();
    let id = info.id;
    let mut on = state.chosen.iter().any(|c| c == id);
    let mut open = state.open.iter().any(|o| o == id);
    ui.horizontal(|ui| {
        if info.settings.is_empty() {
            // Names of the user's own models may be long: they must not widen the panel.
            ui.style_mut().wrap_mode = Some(TextWrapMode::Truncate);
        }
        if ui.checkbox(&mut on, info.name).on_hover_text(info.about).changed() {
            state.chosen.retain(|c| c != id);
            if on {
                state.chosen.push(id.to_owned());
            }
        }
        if info.settings.is_empty() {
            return;
        }
        let sign = if open { "▼" } else { "▶" };
        if sign_button(ui, sign, &format!("Settings of {}", info.name)).clicked() {
            open = !open;
            state.open.retain(|o| o != id);
            if open {
                state.open.push(id.to_owned());
            }
        }
        if state.settings.get(id).is_some_and(|s| s.iter().next().is_some())
            && ui.small_button("defaults").clicked()
        {
            state.settings.remove(id);
        }
    });
    if !open {
        return;
    }
    ui.indent(id, |ui| {
        hint(ui, info.about);
        for param in info.settings {
            let settings = state.settings.entry(id.to_owned()).or_default();
            let now = settings.iter().find(|(name, _)| *name == param.name).map(|(_, value)| value.clone());
            if let Edit::Set(value) =
                ui.push_id((id, param.name), |ui| param_ui(ui, param, now.as_ref())).inner
            {
                let others = settings.iter().filter(|(name, _)| *name != param.name);
                let mut next =
                    others.fold(Settings::default(), |s, (name, value)| s.with(name, value.clone()));
                if let Some(value) = value {
                    next = next.with(param.name, value);
                }
                *settings = next;
            }
        }
    });
}

fn question_ui(ui: &mut Ui, view: &View, state: &mut MethodsState) {
    section(ui, "Question");
    ui.horizontal(|ui| {
        ui.label("Components");
        let mut exact = matches!(state.components, Components::Exactly(_));
        if choice(ui, &mut exact, &[(false, "Automatic"), (true, "Exactly")]) {
            state.components = if exact { Components::Exactly(2) } else { Components::Auto };
        }
        if let Components::Exactly(count) = &mut state.components {
            let field = ui.add(DragValue::new(count).range(1..=16));
            field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, "Number of components"));
        }
    });
    ui.horizontal(|ui| {
        ui.label("Range");
        let mut part = state.range.is_some();
        if choice(ui, &mut part, &[(false, "Whole"), (true, "Part")]) {
            state.range = part.then(|| {
                view.active_spectrum().map_or((200.0, 1800.0), |s| (s.axis().low(), s.axis().high()))
            });
        }
        if let Some((low, high)) = &mut state.range {
            for (value, name) in [(low, "Range from, in cm⁻¹"), (high, "Range to, in cm⁻¹")] {
                let field =
                    ui.add(DragValue::new(value).speed(5.0).max_decimals(0).range(-4_000.0..=10_000.0));
                field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, name));
            }
            ui.label("cm⁻¹");
        }
    });
    ui.checkbox(&mut state.despike, "Remove cosmic rays first")
        .on_hover_text("Cosmic rays look like lines to every method");
    let library = view.document.chosen_library().map(|open| &open.library);
    if let Some(library) = library {
        hint(
            ui,
            format!("Library {}, {} entries; choose another one under Library.", library.name, library.len()),
        );
    }
}
