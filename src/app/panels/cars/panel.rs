//! The view in the middle: a column a method, rows for fit, Raman spectrum, background and residual.

use eframe::egui::{Button, Id, Label, Rect, RichText, ScrollArea, Sense, Ui, UiBuilder, pos2, vec2};

use crate::app::actions::Action;
use crate::app::plot::{PlotCache, PlotLink, PlotView};
use crate::app::view::View;
use crate::app::widgets::{action_button, bold, empty, main_button, milliseconds, one_line};
use crate::app::wish::{Wish, Wishes};
use crate::app::work::{CarsAnswers, CarsAsk, CarsMethod, CarsState as Found};
use crate::jobs::Named;
use crate::methods::recovery::Verdict;
use crate::session::Subject;

use super::cell::{Cell, cell_ui};
use super::options::options_ui;
use super::sheet::{Row, Sheet};

/// Narrowest column.
const COLUMN: f32 = 272.0;
/// Least height of a row.
const ROW: f32 = 150.0;
/// Between cells.
const GAP: f32 = 8.0;
/// Heads of columns: the method, its verdict.
const HEAD: f32 = 40.0;
/// Kept free for the scroll bar.
const BAR: f32 = 12.0;
/// Why nothing can be asked.
const NO_METHOD: &str = "Choose a method first";
/// Score below which a library entry is only the nearest one: substances that the library lacks reach 0.8.
const LIKE: f64 = 0.9;
/// Lines that are named.
const LINES: usize = 5;

/// What the panel remembers.
#[derive(Default)]
pub struct CarsState {
    /// How the next recovery is done.
    pub ask: CarsAsk,
    sheet: Sheet,
    plots: PlotCache,
}

/// Draws the panel. `plot` is the look of the main plot: a reversed axis is reversed here too.
pub fn cars_ui(
    ui: &mut Ui,
    view: &View,
    plot: &PlotView,
    dark: bool,
    state: &mut CarsState,
    wishes: &mut Wishes,
) {
    let Some(subject) = view.session.active() else {
        empty(ui, "No spectrum is selected", "Select a CARS spectrum in the list.");
        return;
    };
    options_ui(ui, view, subject, &mut state.ask);
    let Some(answers) = view.work.cars.of(subject) else {
        nothing_ui(ui, view, subject, &state.ask, wishes);
        return;
    };
    state.sheet.refresh(answers, view.theme, dark);
    remarks_ui(ui, view, subject, (answers, &state.ask), wishes);
    grid_ui(ui, view, plot, (subject, answers), state, wishes);
}

fn nothing_ui(ui: &mut Ui, view: &View, subject: Subject, ask: &CarsAsk, wishes: &mut Wishes) {
    let name = view.document.subject_name(subject);
    empty(
        ui,
        "Nothing recovered yet",
        &format!(
            "If {name} is a CARS spectrum, its Raman spectrum and its background can be taken apart. Take no baseline off before: the background of CARS is signal."
        ),
    );
    ui.add_space(10.0);
    ui.vertical_centered(|ui| {
        let able = ask.methods().next().is_some();
        if main_button(ui, "Recover the Raman spectrum", able).on_disabled_hover_text(NO_METHOD).clicked() {
            wishes.push(Wish::RecoverCars(subject));
        }
    });
}

/// What the user should know, running again, and what can be done with the answers.
fn remarks_ui(
    ui: &mut Ui,
    view: &View,
    subject: Subject,
    (answers, ask): (&CarsAnswers, &CarsAsk),
    wishes: &mut Wishes,
) {
    ui.horizontal(|ui| {
        if let Some(job) = view.work.cars.job(subject) {
            if ui.button("Cancel").on_hover_text("Stop; answers that are there stay").clicked() {
                wishes.push(Wish::Cancel(job));
            }
        } else {
            let able = ask.methods().next().is_some();
            let again = ui.add_enabled(able, Button::new("Recover again"));
            let tip = "Ask the methods again, with what is chosen above";
            if again.on_hover_text(tip).on_disabled_hover_text(NO_METHOD).clicked() {
                wishes.push(Wish::RecoverCars(subject));
            }
        }
        let done = view.work.cars.answered(subject);
        action_button(ui, Action::ExportComponents, "Export CSV…", done, wishes);
        let changed = view.derived.version(subject).is_some_and(|version| version != answers.version);
        let item = view.document.item(subject.item);
        let flattened = item.is_some_and(|item| item.steps.steps.iter().any(crate::process::Step::is_baseline));
        let warning = if answers.ask != *ask {
            Some("⚠ What is chosen above differs from what these answers were made with")
        } else if changed {
            Some("⚠ The spectrum was prepared differently since")
        } else if flattened {
            Some("⚠ A baseline is taken off this spectrum; the background of CARS is signal, so switch that step off")
        } else {
            None
        };
        match warning {
            Some(warning) => one_line(ui, RichText::new(warning).color(view.theme.warning)),
            None => one_line(ui, view.document.subject_name(subject)),
        };
    });
}

fn grid_ui(
    ui: &mut Ui,
    view: &View,
    plot: &PlotView,
    (subject, answers): (Subject, &CarsAnswers),
    state: &mut CarsState,
    wishes: &mut Wishes,
) {
    let room = ui.available_rect_before_wrap();
    ui.allocate_rect(room, Sense::hover());
    let count = answers.methods.len().max(1) as f32;
    let width = ((room.width() - BAR) / count - GAP).max(COLUMN);
    let rows = Row::ALL.len() as f32;
    let height = ((room.height() - HEAD - BAR) / rows - GAP).max(ROW);
    let group = Id::unique(("cars grid", answers.number));
    let link = PlotLink { group, x: true, y: false, cursor: true };
    let look = PlotView { reversed: plot.reversed, crosshair: true, legend: false, ..PlotView::default() };
    let CarsState { sheet, plots, .. } = state;
    let mut inside = ui.new_child(UiBuilder::new().max_rect(room));
    ScrollArea::both().id_salt(group).auto_shrink(false).show_viewport(&mut inside, |ui, viewport| {
        ui.set_min_size(vec2(count * (width + GAP), HEAD + rows * (height + GAP)));
        let origin = ui.max_rect().min.to_vec2();
        for (at, method) in answers.methods.iter().enumerate() {
            let left = at as f32 * (width + GAP);
            let head = Rect::from_min_size(pos2(left, 0.0), vec2(width, HEAD));
            let mut child =
                ui.new_child(UiBuilder::new().max_rect(head.translate(origin)).id_salt((group, "head", at)));
            head_ui(&mut child, view, subject, method, wishes);
            let Found::Done(named) = &method.answer else { continue };
            for (number, row) in Row::ALL.into_iter().enumerate() {
                let corner = pos2(left, HEAD + number as f32 * (height + GAP));
                let place = Rect::from_min_size(corner, vec2(width, height));
                if !viewport.intersects(place) {
                    continue;
                }
                let cell = Cell {
                    number: answers.number,
                    method: &method.id,
                    name: &method.name,
                    row,
                    link,
                    plot: &look,
                    inner: named.recovered.inner,
                    bottom: row == Row::Residual,
                };
                let builder = UiBuilder::new().max_rect(place.translate(origin)).id_salt((group, at, number));
                let mut child = ui.new_child(builder);
                let curves = sheet.cell(at, row).unwrap_or_default();
                cell_ui(&mut child, view.theme, &cell, &words(named, row), curves, plots);
            }
        }
    });
}

fn head_ui(ui: &mut Ui, view: &View, subject: Subject, method: &CarsMethod, wishes: &mut Wishes) {
    ui.spacing_mut().item_spacing.y = 1.0;
    match &method.answer {
        Found::Done(named) => {
            let ms = milliseconds(named.recovered.elapsed_ms);
            ui.horizontal(|ui| {
                let tip = format!("Put the Raman spectrum by {} into the list", method.name);
                if ui.small_button("To the list").on_hover_text(tip).clicked() {
                    wishes.push(Wish::KeepRecovered(subject, method.id.clone()));
                }
                one_line(ui, bold(format!("{} · {ms}", method.name)));
            });
            let consistency = named.recovered.consistency;
            let (colour, said) = match consistency.verdict {
                Verdict::Green => (view.theme.good, "explains the measurement"),
                Verdict::Amber => (view.theme.warning, "deviates visibly"),
                Verdict::Red => (view.theme.error, "does not explain it"),
            };
            let text = format!("Consistency {:.3}, {said}", consistency.ratio);
            let response = ui.add(Label::new(RichText::new(&text).small().color(colour)).truncate());
            let notes = named.recovered.notes.join("\n");
            response
                .on_hover_text(format!("{text}\nWhat both parts together leave of the measurement\n{notes}"));
        }
        Found::Open => {
            one_line(ui, bold(&method.name));
            one_line(ui, RichText::new("At work…").small().color(view.theme.weak));
        }
        Found::Failed(why) => {
            one_line(ui, bold(format!("{} · no answer", method.name)));
            one_line(ui, RichText::new(why).small().color(view.theme.error));
        }
    }
}

/// What is said above the curves of a row.
fn words(named: &Named, row: Row) -> String {
    match row {
        Row::Raman => {
            let mut lines = named.recovered.lines();
            lines.sort_by(|a, b| b.height.total_cmp(&a.height));
            lines.truncate(LINES);
            let list: Vec<String> = lines.iter().map(|line| format!("{:.0}", line.position)).collect();
            let lines = if list.is_empty() { "no lines".to_owned() } else { list.join(", ") };
            let found = match (named.hits.first(), &named.trouble) {
                (Some(hit), _) if hit.score < LIKE => format!("nearest {} {:.2}", hit.species, hit.score),
                (Some(hit), _) => format!("{} {:.2}", hit.species, hit.score),
                (None, Some(why)) => why.clone(),
                (None, None) => "nothing in the library is like it".to_owned(),
            };
            format!("{} · {found} · {lines}", row.title())
        }
        _ => row.title().to_owned(),
    }
}
