//! The panel as a whole: whose steps, which recipes, the steps, the text.

use eframe::egui::{Button, Frame, Label, Panel, RichText, ScrollArea, Ui};

use super::add::add_ui;
use super::edit::Draft;
use super::recipes::recipes_ui;
use super::step::{Change, step_ui};
use super::text::text_ui;
use crate::app::view::View;
use crate::app::widgets::{bold, choice, empty, hint, one_line, section};
use crate::app::wish::{Wish, Wishes};
use crate::process::Pipeline;
use crate::session::{Command, Item, ItemId, Subject};

/// Room for a scroll bar.
const GUTTER: f32 = 12.0;

/// What the panel remembers.
pub struct PrepareState {
    /// Whether the raw curve and the baseline are drawn beneath the prepared one.
    pub behind: bool,
    scope: Scope,
    /// Text that is not applied yet.
    typed: Option<String>,
    /// Values that make no step.
    draft: Option<Draft>,
    /// Why a step could not be added.
    refused: Option<String>,
    /// The parameter that is dragged or typed into: all of it is one step of undo.
    gesture: Option<(usize, &'static str)>,
    /// The step that was added last: the list moves to it.
    added: Option<usize>,
    /// The item that all this is about.
    item: Option<ItemId>,
}

impl Default for PrepareState {
    fn default() -> Self {
        Self {
            behind: true,
            scope: Scope::Active,
            typed: None,
            draft: None,
            refused: None,
            gesture: None,
            added: None,
            item: None,
        }
    }
}

/// Which spectra get the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Active,
    Selected,
    All,
}

/// Draws the panel.
pub fn prepare_ui(ui: &mut Ui, view: &View, state: &mut PrepareState, wishes: &mut Wishes) {
    let Some(item) = view.active_item() else {
        return empty(ui, "Nothing to prepare", "Select a spectrum in the list.");
    };
    if state.item != Some(item.id) {
        (state.item, state.typed, state.draft, state.refused) = (Some(item.id), None, None, None);
    }
    let going_on = ui.input(|i| i.pointer.any_down()) || ui.ctx().text_edit_focused();
    if !going_on {
        state.end_gesture(wishes);
    }
    one_line(ui, bold(&item.name)).on_hover_text(&item.name);
    // Hints and errors come and go in a part of their own: the widgets below keep their ids, and with them the keyboard.
    let ids = ui.vertical(|ui| scope_ui(ui, view, item, state)).inner;
    let mut next = None;
    Panel::bottom("prepare foot").frame(Frame::NONE).resizable(false).show(ui, |ui| {
        ui.add_space(4.0);
        next = below_ui(ui, view, item, state, wishes);
        if let Some(steps) = text_ui(ui, view, &item.steps, &mut state.typed, wishes) {
            next = Some(Change::Order(steps));
        }
    });
    ui.vertical(|ui| errors_ui(ui, view, item, &ids));
    // The same with and without a scroll bar: the panel must not grow when the bar comes.
    let width = ui.available_width() - GUTTER;
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.set_width(width);
        section(ui, "Recipes");
        if let Some(steps) = recipes_ui(ui, view, item, wishes) {
            next = Some(Change::Order(steps));
        }
        section(ui, "Steps");
        if item.steps.steps.is_empty() {
            hint(
                ui,
                "The raw data, as measured. Add a step or apply a recipe; the raw data is kept in any case.",
            );
        }
        for index in 0..item.steps.steps.len() {
            let card = ui.push_id(index, |ui| step_ui(ui, view, item, index, &mut state.draft));
            next = card.inner.or(next.take());
            if state.added == Some(index) {
                state.added = None;
                card.response.scroll_to_me(None);
            }
        }
    });
    match next {
        Some(Change::Value { steps, index, param }) => {
            state.changed(Command::Prepare(ids, steps), (index, param), going_on, wishes);
        }
        Some(Change::Order(steps)) => {
            state.end_gesture(wishes);
            (state.typed, state.draft, state.refused) = (None, None, None);
            wishes.step(Command::Prepare(ids, steps));
        }
        None => {}
    }
}

impl PrepareState {
    fn end_gesture(&mut self, wishes: &mut Wishes) {
        if self.gesture.take().is_some() {
            wishes.push(Wish::EndGesture);
        }
    }

    /// A parameter has a new value; while the pointer is down or a number is typed it goes on changing.
    fn changed(
        &mut self,
        command: Command,
        this: (usize, &'static str),
        going_on: bool,
        wishes: &mut Wishes,
    ) {
        if self.gesture != Some(this) {
            self.end_gesture(wishes);
        }
        self.typed = None;
        wishes.command(command);
        if going_on {
            self.gesture = Some(this);
        } else {
            self.gesture = None;
            wishes.push(Wish::EndGesture);
        }
    }
}

/// Which spectra are changed.
fn scope_ui(ui: &mut Ui, view: &View, item: &Item, state: &mut PrepareState) -> Vec<ItemId> {
    let mut selected = view.session.selection().to_vec();
    if !selected.contains(&item.id) {
        selected.push(item.id);
    }
    let (few, all) =
        (format!("Selected ({})", selected.len()), format!("All ({})", view.document.items.len()));
    ui.horizontal(|ui| {
        ui.label("Change");
        let choices = [(Scope::Active, "Active"), (Scope::Selected, &few), (Scope::All, &all)];
        choice(ui, &mut state.scope, &choices);
    });
    let ids = match state.scope {
        Scope::Active => vec![item.id],
        Scope::Selected => selected,
        Scope::All => view.document.items.iter().map(|item| item.id).collect(),
    };
    let differs = |id: &&ItemId| view.document.item(**id).is_some_and(|other| other.steps != item.steps);
    let others = if ids.len() > 1 { ids.iter().filter(differs).count() } else { 0 };
    if others > 0 {
        hint(ui, format!("{others} of these have other steps; a change here replaces them."));
    }
    if item.is_set() {
        let shown = match view.session.active().and_then(|subject| subject.row) {
            Some(row) => format!("spectrum {}", row + 1),
            None => "the mean".to_owned(),
        };
        hint(
            ui,
            format!("The steps are done on each of the {} spectra; the plot shows {shown}.", item.raw.len()),
        );
    }
    ids
}

/// What is wrong with the steps.
fn errors_ui(ui: &mut Ui, view: &View, item: &Item, ids: &[ItemId]) {
    let red = |ui: &mut Ui, text: String| {
        ui.add(Label::new(RichText::new(text).color(view.theme.error)).wrap());
    };
    if let Some(error) = view.session.active().and_then(|subject| view.derived.error(subject)) {
        red(ui, format!("✗ {error}. The raw curve is shown."));
    }
    let alike = |id: &&ItemId| view.document.item(**id).is_some_and(|other| other.steps == item.steps);
    let failed = |id: &&ItemId| view.derived.error(Subject { item: **id, row: None }).is_some();
    let mut failing = ids.iter().filter(|id| **id != item.id).filter(failed).filter(alike);
    if let Some(first) = failing.next() {
        let name = view.document.item(*first).map_or("", |item| item.name.as_str());
        let more = failing.count();
        let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
        red(ui, format!("✗ These steps cannot be done on {name}{tail}."));
    }
}

/// What stands below the steps.
fn below_ui(
    ui: &mut Ui,
    view: &View,
    item: &Item,
    state: &mut PrepareState,
    wishes: &mut Wishes,
) -> Option<Change> {
    let mut change = None;
    let some = !item.steps.steps.is_empty();
    ui.horizontal(|ui| {
        match add_ui(ui, view, item) {
            Some(Ok(step)) => {
                let mut steps = item.steps.clone();
                state.added = Some(steps.steps.len());
                steps.steps.push(step);
                change = Some(Change::Order(steps));
            }
            Some(Err(sentence)) => state.refused = Some(sentence),
            None => {}
        }
        let remove = ui.add_enabled(some, Button::new("Remove all steps"));
        let remove = remove.on_hover_text("Go back to the raw data");
        if remove.on_disabled_hover_text("There are no steps.").clicked() {
            change = Some(Change::Order(Pipeline::default()));
        }
    });
    if let Some(sentence) = &state.refused {
        ui.add(Label::new(RichText::new(sentence).color(view.theme.error)).wrap());
    }
    let others: Vec<ItemId> = view.session.selection().iter().copied().filter(|id| *id != item.id).collect();
    ui.horizontal(|ui| {
        let copy = ui.add_enabled(!others.is_empty() && some, Button::new("Copy steps to selected"));
        let copy = copy.on_hover_text(format!("Give these steps to {} more", others.len()));
        if copy.on_disabled_hover_text("Select more spectra in the list, with Ctrl or Shift.").clicked() {
            wishes.step(Command::Prepare(others, item.steps.clone()));
        }
        ui.checkbox(&mut state.behind, "Show raw curve").on_hover_text(
            "Draw the raw curve and the baseline beneath the prepared one, while this tab is open",
        );
    });
    change
}
