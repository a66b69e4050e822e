//! Which comparison is shown, and its parts put together.

use std::sync::Arc;

use eframe::egui::{Button, ComboBox, Role, Ui, WidgetInfo};

use crate::app::actions::Action;
use crate::app::plot::{Bands, PlotCache, PlotView};
use crate::app::view::View;
use crate::app::widgets::{action_button, empty, main_button, one_line, sign_button};
use crate::app::wish::{Wish, Wishes};
use crate::app::work::Running;
use crate::session::{Command, Comparison, ComparisonId, Subject};

use super::pin::PinState;
use super::sheet::Sheet;
use super::{detail, grid, table, verdict, words};

/// What the panel remembers.
#[derive(Default)]
pub struct CompareState {
    subject: Option<Subject>,
    newest: Option<ComparisonId>,
    /// The comparison that is shown.
    pub shown: Option<ComparisonId>,
    pub(super) sheet: Sheet,
    pub(super) plots: PlotCache,
    pub(super) out: Option<BroughtOut>,
    pub(super) pin: PinState,
    pub(super) within: detail::Within,
}

/// The component that is looked at closely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BroughtOut {
    /// Id of the method.
    pub method: String,
    /// Number of the component in its answer.
    pub component: usize,
}

/// Draws the panel. `plot` is the look of the main plot: a reversed axis is reversed here too.
pub fn compare_ui(ui: &mut Ui, view: &View, plot: &PlotView, state: &mut CompareState, wishes: &mut Wishes) {
    let Some(subject) = view.session.active() else {
        empty(ui, "No spectrum is selected", "Select a mixed spectrum in the list.");
        return;
    };
    let Some(comparison) = state.choose(view, subject) else {
        nothing_ui(ui, view, subject, wishes);
        return;
    };
    state.sheet.refresh(view, &comparison);
    head_ui(ui, view, &comparison, state, wishes);
    remarks_ui(ui, view, &comparison, state, wishes);
    table::table_ui(ui, view, &comparison, plot.bands == Bands::Shown, state, wishes);
    ui.add_space(2.0);
    let out = state.out.clone().filter(|out| {
        let done = state.sheet.column(&out.method).and_then(|column| column.done());
        done.is_some_and(|done| out.component < done.outcome.components.len())
    });
    match out {
        Some(out) => detail::detail_ui(ui, view, &comparison, &out, plot, state, wishes),
        None => grid::grid_ui(ui, view, &comparison, plot, state, wishes),
    }
}

impl CompareState {
    /// The comparison to show: the newest of the spectrum, unless the user went back to an earlier one since it came.
    fn choose(&mut self, view: &View, subject: Subject) -> Option<Arc<Comparison>> {
        let newest = view.document.comparison_of(subject).map(|c| c.id);
        if self.subject != Some(subject) || self.newest != newest {
            (self.subject, self.newest) = (Some(subject), newest);
            self.show(newest);
        }
        let chosen = self.shown.and_then(|id| view.document.comparison(id));
        let chosen = chosen.or_else(|| view.document.comparison_of(subject)).cloned();
        if chosen.as_ref().map(|c| c.id) != self.shown {
            self.show(chosen.as_ref().map(|c| c.id));
        }
        chosen
    }

    fn show(&mut self, id: Option<ComparisonId>) {
        self.shown = id;
        self.out = None;
        self.pin = PinState::default();
    }
}

fn nothing_ui(ui: &mut Ui, view: &View, subject: Subject, wishes: &mut Wishes) {
    let name = view.document.subject_name(subject);
    empty(
        ui,
        "No comparison yet",
        &format!(
            "Choose methods and their settings under Methods on the right, then compare them on {name}. Answers come side by side as each method finishes."
        ),
    );
    ui.add_space(10.0);
    ui.vertical_centered(|ui| {
        if main_button(ui, "Compare methods", view.enabled(Action::Compare.info())).clicked() {
            wishes.act(Action::Compare);
        }
    });
}

fn head_ui(
    ui: &mut Ui,
    view: &View,
    comparison: &Arc<Comparison>,
    state: &mut CompareState,
    wishes: &mut Wishes,
) {
    ui.horizontal_wrapped(|ui| {
        let all: Vec<&Arc<Comparison>> =
            view.document.comparisons.iter().filter(|c| c.subject == comparison.subject).collect();
        let place = |id| all.iter().position(|c| c.id == id).unwrap_or_default() + 1;
        let title = |c: &Comparison| {
            let count = c.ask.methods.len();
            let methods = if count == 1 { "1 method".to_owned() } else { format!("{count} methods") };
            let library = view.document.open_library(c.ask.library);
            let library = library.map_or("closed library", |open| open.library.name.as_str());
            let mut parts = vec![format!("{} of {}", place(c.id), all.len()), methods, library.to_owned()];
            parts.extend(words::question(&c.ask));
            parts.join(" · ")
        };
        let now = title(comparison);
        let combo = ComboBox::from_id_salt("comparison shown").width(230.0).truncate();
        let response = combo.selected_text(&now).show_ui(ui, |ui| {
            for other in all.iter().rev() {
                if ui.selectable_label(other.id == comparison.id, title(other)).clicked() {
                    state.show(Some(other.id));
                }
            }
        });
        let response = response.response;
        response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("Comparison {now}")));
        response.on_hover_text(format!("Comparison {now}"));
        if sign_button(ui, "×", "Remove comparison").clicked() {
            wishes.step(Command::RemoveComparison(comparison.id));
        }
        if let Some(job) = view.work.job(comparison.id) {
            if ui.button("Cancel").on_hover_text("Stop; answers that are there stay").clicked() {
                wishes.push(Wish::Cancel(job));
            }
        } else {
            action_button(ui, Action::Compare, "Compare again", true, wishes);
        }
        judged_ui(ui, view, comparison, state, wishes);
    });
}

/// What follows from accepting and rejecting; in the head, so that the grid stays where it is at the first click.
fn judged_ui(ui: &mut Ui, view: &View, comparison: &Comparison, state: &CompareState, wishes: &mut Wishes) {
    let (label, short, tip, ask) = if !comparison.verdicts.is_empty() {
        let ask = verdict::judged(comparison, &state.sheet.substances);
        let tip = words::question(&ask).join(" · ");
        ("Run again with what was accepted and rejected", "Run with ✓ and ✗", tip, ask)
    } else if !comparison.ask.fixed.is_empty() || !comparison.ask.excluded.is_empty() {
        let tip = format!("Now {}", words::question(&comparison.ask).join(" · "));
        ("Run without fixed and excluded", "Run with all", tip, verdict::unjudged(comparison))
    } else {
        return;
    };
    let idle = view.work.running(comparison.id) == Running::No;
    let button = ui.add_enabled(idle, Button::new(short));
    button.widget_info(|| WidgetInfo::labeled(Role::Button, idle, label));
    if button.on_hover_text(format!("{label}\n{tip}")).clicked() {
        wishes.push(Wish::Compare(comparison.subject, ask));
    }
    one_line(ui, tip);
}

/// What the user should know before looking at the numbers.
fn remarks_ui(ui: &mut Ui, view: &View, comparison: &Comparison, state: &CompareState, wishes: &mut Wishes) {
    let item = view.document.item(comparison.subject.item);
    if item.is_some_and(|item| item.version != comparison.version) {
        ui.horizontal(|ui| {
            ui.colored_label(view.theme.warning, "⚠ The spectrum was prepared differently since");
            if ui.button("Run again").on_hover_text("Ask the same of the spectrum as it is now").clicked() {
                wishes.push(Wish::Compare(comparison.subject, comparison.ask.clone()));
            }
        });
    }
    let problem = state.sheet.columns.iter().find_map(|column| {
        let finding = column.done()?.finding.as_ref()?;
        finding.problem.clone()
    });
    if let Some(problem) = problem {
        one_line(ui, eframe::egui::RichText::new(format!("⚠ {problem}")).color(view.theme.warning));
    }
}
