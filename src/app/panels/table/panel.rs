//! The results panel from top to bottom.

use std::sync::Arc;

use eframe::egui::{self, Key, ProgressBar, Role, TextEdit, Ui, WidgetInfo};

use super::filter::Filter;
use super::order::{Shown, Sorting};
use super::rows::rows_ui;
use crate::app::actions::Action;
use crate::app::view::View;
use crate::app::widgets::{action_button, empty, hint, sign_button, small_line, spectra};
use crate::app::wish::{Wish, Wishes};
use crate::app::work::Running;
use crate::session::{Batch, BatchId, BatchRow, Command, Document, Session, Subject};

/// While rows come in, a table of more rows than this is put in order at most every half second.
const LARGE: usize = 5_000;
/// The half second.
const PATIENCE: f64 = 0.5;

/// Longest name in the title of a table, in characters.
const LONGEST_NAME: usize = 18;

/// What the panel remembers.
#[derive(Default)]
pub struct TableState {
    /// The table that was chosen; the newest one while none is.
    chosen: Option<BatchId>,
    typed: String,
    sorting: Sorting,
    kept: Option<Kept>,
}

/// The order of rows, and what it was made from.
struct Kept {
    batch: BatchId,
    document: Arc<Document>,
    revision: u64,
    typed: String,
    sorting: Sorting,
    made: f64,
    shown: Shown,
}

impl TableState {
    /// The table that is shown.
    pub fn batch<'a>(&self, document: &'a Document) -> Option<&'a Arc<Batch>> {
        self.chosen.and_then(|id| document.batch(id)).or(document.batches.last())
    }

    /// The table that is shown and the numbers of its rows as they are filtered and sorted; in the order they would have
    /// where the table was never drawn.
    pub fn shown_rows(&self, session: &Session) -> Option<(BatchId, Vec<usize>)> {
        let batch = self.batch(session.document())?;
        let rows = session.answers().batch(batch.id).map(|table| table.rows.as_slice()).unwrap_or_default();
        let kept = self.kept.as_ref().filter(|kept| kept.batch == batch.id);
        let numbers = if let Some(kept) = kept.filter(|kept| kept.revision == session.revision()) {
            kept.shown.rows.clone()
        } else {
            Shown::new(session.document(), batch, rows, &Filter::new(&self.typed), &self.sorting).rows
        };
        Some((batch.id, numbers))
    }

    /// Puts the rows in order if anything has changed.
    fn refresh(&mut self, view: &View, batch: &Batch, rows: &[BatchRow], now: f64) {
        let fresh = self.kept.as_ref().is_some_and(|kept| {
            let same = kept.batch == batch.id && kept.typed == self.typed && kept.sorting == self.sorting;
            let young = rows.len() > LARGE && (0.0..PATIENCE).contains(&(now - kept.made));
            let untouched = kept.revision == view.session.revision();
            same && (untouched || (young && Arc::ptr_eq(&kept.document, view.session.document())))
        });
        if fresh {
            return;
        }
        self.kept = Some(Kept {
            batch: batch.id,
            document: Arc::clone(view.session.document()),
            revision: view.session.revision(),
            typed: self.typed.clone(),
            sorting: self.sorting.clone(),
            made: now,
            shown: Shown::new(view.document, batch, rows, &Filter::new(&self.typed), &self.sorting),
        });
    }
}

/// What a table is about, for lists.
pub fn batch_title(view: &View, batch: &Batch) -> String {
    let number = view.document.batches.iter().position(|b| b.id == batch.id).map_or(0, |at| at + 1);
    let first = batch.subjects.first().and_then(|(s, _)| view.document.item(s.item));
    let name = first.map_or("removed spectra", |item| item.name.as_str());
    let mut of: String = name.chars().take(LONGEST_NAME).collect();
    if of.len() < name.len() {
        of = format!("{}…", of.trim_end());
    }
    let methods = batch.ask.methods.len();
    let methods = if methods == 1 { "1 method".to_owned() } else { format!("{methods} methods") };
    format!("{number}. {of}, {}, {methods}", spectra(batch.subjects.len()))
}

/// Draws the panel.
pub fn table_ui(ui: &mut Ui, view: &View, state: &mut TableState, wishes: &mut Wishes) {
    let Some(batch) = state.batch(view.document) else { return no_table_ui(ui, view, wishes) };
    let rows = view.session.answers().batch(batch.id).map(|table| table.rows.as_slice()).unwrap_or_default();
    let running = view.work.running_many(batch.id);
    tables_ui(ui, view, batch, &running, state, wishes);
    missing_ui(ui, view, batch, rows.len(), &running, wishes);
    let now = ui.input(|i| i.time);
    state.refresh(view, batch, rows, now);
    ui.horizontal_wrapped(|ui| {
        filter_ui(ui, rows.len(), state);
        // In a row that is there anyway: nothing moves when the end is reached.
        progress_ui(ui, view, batch.id, &running, wishes);
    });
    let TableState { kept: Some(kept), sorting, .. } = state else { return };
    if rows.is_empty() {
        hint(
            ui,
            if running == Running::No {
                "No spectrum has an answer."
            } else {
                "The first answers are on their way."
            },
        );
        return;
    }
    rows_ui(ui, view, batch, rows, &kept.shown, sorting, wishes);
}

/// Which table, and what can be done with it.
fn tables_ui(
    ui: &mut Ui,
    view: &View,
    batch: &Batch,
    running: &Running,
    state: &mut TableState,
    wishes: &mut Wishes,
) {
    ui.horizontal_wrapped(|ui| {
        let now = batch_title(view, batch);
        let combo = egui::ComboBox::from_id_salt("batch").selected_text(&now).width(250.0).truncate();
        let response = combo
            .show_ui(ui, |ui| {
                for one in view.document.batches.iter().rev() {
                    if ui.selectable_label(one.id == batch.id, batch_title(view, one)).clicked() {
                        state.chosen = Some(one.id);
                    }
                }
            })
            .response;
        response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("Table, {now}")));
        response.on_hover_text(now);
        let active = view.session.active().filter(|active| batch.subjects.iter().any(|(s, _)| s == active));
        let compare = ui.add_enabled(active.is_some(), egui::Button::new("Compare this one"));
        let compare = compare
            .on_hover_text("Run the same methods on the active spectrum, with all curves side by side")
            .on_disabled_hover_text("Click a row first");
        if compare.clicked()
            && let Some(subject) = active
        {
            wishes.push(Wish::Compare(subject, batch.ask.clone()));
        }
        action_button(ui, Action::ExportBatch, "Export…", true, wishes);
        if *running == Running::No
            && ui.button("Remove table").on_hover_text("Remove this table; undo brings it back").clicked()
        {
            wishes.step(Command::RemoveBatch(batch.id));
        }
    });
}

/// How far it is.
fn progress_ui(ui: &mut Ui, view: &View, batch: BatchId, running: &Running, wishes: &mut Wishes) {
    let Running::Yes { fraction, words } = running else { return };
    let bar = ui.add(ProgressBar::new(fraction.unwrap_or(0.0)).desired_width(90.0).desired_height(14.0));
    let edge = egui::Stroke::new(1.0, view.theme.line);
    ui.painter().rect_stroke(bar.rect, 7.0, edge, egui::StrokeKind::Outside);
    bar.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, format!("Progress, {words}")));
    ui.label(words);
    if ui.button("Cancel").on_hover_text("Stop here; the rows that are there stay").clicked() {
        wishes.push(Wish::CancelMany(batch));
    }
}

/// What could still be run.
fn missing_ui(ui: &mut Ui, view: &View, batch: &Batch, rows: usize, running: &Running, wishes: &mut Wishes) {
    if *running != Running::No {
        return;
    }
    let there = |subject: &Subject| view.document.item(subject.item).is_some();
    let wanted = batch.subjects.len() * batch.ask.methods.len();
    let missing = rows < wanted && batch.subjects.iter().any(|(s, _)| there(s));
    let changed = batch
        .subjects
        .iter()
        .filter(|(s, version)| view.document.item(s.item).is_some_and(|item| item.version != *version))
        .count();
    if !missing && changed == 0 {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        if missing {
            ui.colored_label(view.theme.warning, format!("⚠ {rows} of {wanted} answers"));
            if ui.button("Run the rest").on_hover_text("Run the methods where answers are missing").clicked()
            {
                wishes.push(Wish::ContinueMany(batch.id));
            }
        }
        if changed > 0 {
            ui.colored_label(view.theme.warning, format!("⚠ {} changed since", spectra(changed)));
            let again = ui.button("Run again on changed spectra");
            if again
                .on_hover_text("A new table; answers for spectra that did not change are taken over")
                .clicked()
            {
                wishes.push(Wish::RepeatMany(batch.id));
            }
        }
    });
}

fn filter_ui(ui: &mut Ui, rows: usize, state: &mut TableState) {
    let field = TextEdit::singleline(&mut state.typed)
        .hint_text("Filter: words, or Quartz > 0.2 and residual < 2")
        .desired_width(330.0);
    let response = ui.add(field);
    response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, "", &state.typed, "Filter rows");
        info.label = Some("Filter rows".to_owned());
        info
    });
    if response.has_focus() && ui.input(|i| i.key_pressed(Key::Escape)) {
        state.typed.clear();
    }
    response.on_hover_text(
            "Words in the name, method or substance. Shares of substances, confidence, residual and time can be compared with numbers; divide several conditions by and",
        );
    if !state.typed.is_empty() && sign_button(ui, "×", "Clear filter").clicked() {
        state.typed.clear();
    }
    let shown = state.kept.as_ref().map_or(0, |kept| kept.shown.rows.len());
    let failed = state.kept.as_ref().map_or(0, |kept| kept.shown.failed);
    let mut text = if shown == rows { format!("{rows} rows") } else { format!("{shown} of {rows} rows") };
    if failed > 0 {
        text = format!("{text}, {failed} without an answer");
    }
    small_line(ui, text);
}

/// Nothing to show: how a table comes about.
fn no_table_ui(ui: &mut Ui, view: &View, wishes: &mut Wishes) {
    empty(
        ui,
        "No results of many spectra yet",
        "Select several spectra in the list, or one map, choose methods on the right and compare on all selected. Rows appear here as they are found; a map gets images of every substance, too.",
    );
    ui.vertical_centered(|ui| {
        let ready = view.enabled(Action::CompareMany.info());
        action_button(ui, Action::CompareMany, "Compare on all selected", ready, wishes);
    });
}
