//! The table above the grid: a row a method.

use eframe::egui::{
    Align, Button, Label, Layout, ProgressBar, RichText, Role, ScrollArea, Stroke, Ui, WidgetInfo, vec2,
};

use crate::app::actions::Action;
use crate::app::view::View;
use crate::app::widgets::{bold, milliseconds, tooltip};
use crate::app::wish::Wishes;
use crate::app::work::Running;
use crate::session::Comparison;

use super::panel::{BroughtOut, CompareState};
use super::sheet::{Column, Done, State};
use super::{verdict, words};

/// Chips of one method; the others are in the grid.
const CHIPS: usize = 6;
/// Height of a line.
const LINE: f32 = 20.0;
/// The table takes at most this part of the panel.
const PART: f32 = 0.4;

/// A column of numbers: title, what it means, width.
type Head = (&'static str, &'static str, f32);

const METHOD: f32 = 130.0;
const MATCH: Head = ("Match", "Mean cosine of the components with their library spectra, 1 is best", 46.0);
const RESIDUAL: Head =
    ("Residual", "Root mean square of what is left over; 1 × noise is all explained", 86.0);
const SI_SNR: Head =
    ("SI-SNR", "Mean scale-invariant signal-to-noise ratio against the true components", 58.0);
const SAD: Head = ("SAD", "Mean spectral angle to the true components, 0° is best", 46.0);
const TIME: Head = ("Time", "Time of the method, without preparing the library", 56.0);
const DEVICE: Head = ("Device", "What the method ran on", 88.0);
/// In a narrow panel the device stands without its details.
const DEVICE_SHORT: Head = ("Device", "What the method ran on", 44.0);
const NARROW: f32 = 900.0;
/// Least room for the substances.
const CHIP_ROOM: f32 = 120.0;
/// Room from which a chip holds the longest name with an interval.
const INTERVAL_ROOM: f32 = 280.0;

/// Draws the table.
pub fn table_ui(
    ui: &mut Ui,
    view: &View,
    comparison: &Comparison,
    bands: bool,
    state: &mut CompareState,
    wishes: &mut Wishes,
) {
    let scored = state.sheet.columns.iter().any(|column| truth(column).is_some());
    let mut heads = vec![MATCH, RESIDUAL];
    if scored {
        heads.extend([SI_SNR, SAD]);
    }
    heads.extend([TIME, if ui.available_width() < NARROW { DEVICE_SHORT } else { DEVICE }]);
    let gap = ui.spacing().item_spacing.x;
    let left = |heads: &[Head]| {
        let fixed: f32 = heads.iter().map(|(.., width)| width + gap).sum::<f32>() + METHOD + 2.0 * gap;
        ui.available_width() - fixed - 12.0
    };
    // In a very narrow panel the numbers stand back for the substances.
    while heads.len() > 1 && left(&heads) < CHIP_ROOM {
        heads.pop();
    }
    let chips = left(&heads).max(CHIP_ROOM);
    let mut clicked = None;
    ui.horizontal(|ui| {
        cell(ui, METHOD, |ui| title_ui(ui, "Method", "Its settings on hover"));
        cell(ui, chips, |ui| {
            let what = "Share of the signal; from methods that know, its 90 % interval and how sure they are of the name";
            title_ui(ui, "Components", what);
            if state.sheet.banded() {
                bands_ui(ui, bands, wishes);
            }
        });
        for (title, what, width) in &heads {
            cell(ui, *width, |ui| title_ui(ui, title, what));
        }
    });
    let height = (ui.available_height() * PART).max(3.0 * LINE);
    ScrollArea::vertical().id_salt("comparison table").max_height(height).auto_shrink([false, true]).show(
        ui,
        |ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            for column in &state.sheet.columns {
                ui.horizontal_top(|ui| {
                    cell(ui, METHOD, |ui| name_ui(ui, column));
                    match &column.state {
                        State::Done(done) => {
                            wrapped(ui, chips, |ui| {
                                if let Some(out) = chips_ui(ui, view, comparison, state, column, done) {
                                    clicked = Some(out);
                                }
                            });
                            numbers_ui(ui, done, &heads);
                        }
                        State::Failed(sentence) => {
                            let text = RichText::new(sentence).color(view.theme.error);
                            ui.add(Label::new(text).truncate()).on_hover_text(sentence);
                        }
                        State::Open => {
                            let width = ui.available_width();
                            cell(ui, width, |ui| open_ui(ui, view, comparison, column));
                        }
                    }
                });
            }
        },
    );
    if clicked.is_some() {
        state.out = clicked;
    }
}

/// A method that has no answer yet: how far the comparison is, and what this method does.
pub fn open_ui(ui: &mut Ui, view: &View, comparison: &Comparison, column: &Column) {
    match view.work.running(comparison.id) {
        Running::Yes { fraction, words } => {
            let own = words.strip_prefix(&column.name).and_then(|rest| rest.strip_prefix(": "));
            let text = own.map_or_else(|| "at work or waiting".to_owned(), |what| format!("at work, {what}"));
            let width = (ui.available_width() - 8.0).clamp(60.0, 120.0);
            ui.add(ProgressBar::new(fraction.unwrap_or(0.0)).desired_width(width).desired_height(10.0));
            ui.add(Label::new(RichText::new(&text).color(view.theme.weak)).truncate()).on_hover_text(text);
        }
        Running::No => {
            ui.label(RichText::new("no answer; compare again").color(view.theme.weak));
        }
    }
}

fn truth(column: &Column) -> Option<(f64, f64)> {
    column.done()?.finding.as_ref()?.mean_truth()
}

fn cell<R>(ui: &mut Ui, width: f32, content: impl FnOnce(&mut Ui) -> R) -> R {
    let layout = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(vec2(width, LINE), layout, |ui| {
        ui.set_width(width);
        content(ui)
    })
    .inner
}

fn wrapped(ui: &mut Ui, width: f32, content: impl FnOnce(&mut Ui)) {
    let layout = Layout::left_to_right(Align::Center).with_main_wrap(true);
    ui.allocate_ui_with_layout(vec2(width, LINE), layout, |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing = vec2(4.0, 2.0);
        content(ui);
    });
}

fn title_ui(ui: &mut Ui, title: &str, what: &str) {
    let text = RichText::new(title).small().color(crate::app::theme::Theme::of(ui.ctx()).weak);
    ui.add(Label::new(text).truncate()).on_hover_text(what);
}

/// Shows or hides the bands; in the line of titles, so that nothing moves when it comes.
fn bands_ui(ui: &mut Ui, on: bool, wishes: &mut Wishes) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let tip = tooltip(ui, Action::Bands);
        let button =
            ui.add(Button::selectable(on, RichText::new("Bands").small()).small().min_size(vec2(0.0, 18.0)));
        button.widget_info(|| WidgetInfo::selected(Role::Button, true, on, Action::Bands.name()));
        if button.on_hover_text(tip).clicked() {
            wishes.act(Action::Bands);
        }
    });
}

fn name_ui(ui: &mut Ui, column: &Column) {
    let label = ui.add(Label::new(bold(&column.name)).truncate());
    if column.settings.is_empty() {
        label.on_hover_text(format!("{}\nno settings", column.name));
    } else {
        label.on_hover_text(format!("{}\n{}", column.name, column.settings));
    }
}

fn chips_ui(
    ui: &mut Ui,
    view: &View,
    comparison: &Comparison,
    state: &CompareState,
    column: &Column,
    done: &Done,
) -> Option<BroughtOut> {
    let components = &done.outcome.components;
    if components.is_empty() {
        ui.label(RichText::new("nothing found").color(view.theme.weak));
    }
    let roomy = ui.max_rect().width() >= INTERVAL_ROOM;
    let mut clicked = None;
    for (index, component) in components.iter().enumerate().take(CHIPS) {
        let colour = view.theme.curve(done.slots[index]);
        let mark = verdict::sign(comparison, component.species.as_deref());
        let amount = words::amount(component);
        let shown = if roomy { amount.clone() } else { words::brief(component) };
        let text = format!("{mark}{} {shown}", words::short(&component.name, 20));
        let out = BroughtOut { method: column.method.clone(), component: index };
        ui.spacing_mut().button_padding.x = 6.0;
        let chip = Button::new(RichText::new(text).small())
            .fill(colour.gamma_multiply(if state.out.as_ref() == Some(&out) { 0.35 } else { 0.12 }))
            .stroke(Stroke::new(1.0, colour))
            .corner_radius(9.0)
            .min_size(vec2(0.0, 18.0));
        let response = ui.add(chip);
        let name = format!("{} by {}, {amount}", component.name, column.name);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        if response.on_hover_text(words::about(component, &name)).clicked() {
            clicked = Some(out);
        }
    }
    if let Some(rest) = components.get(CHIPS..).filter(|rest| !rest.is_empty()) {
        let names: Vec<String> =
            rest.iter().map(|c| format!("{} {}", c.name, words::amount(c))).take(40).collect();
        let text = RichText::new(format!("and {} more", rest.len())).small().color(view.theme.weak);
        ui.label(text).on_hover_text(names.join("\n"));
    }
    if let Some(why) = words::flag(&done.outcome) {
        let text = RichText::new("⚠ something else").small().color(view.theme.warning);
        ui.label(text).on_hover_text(why.replace("cm-1", "cm⁻¹"));
    }
    if let Some(absent) = words::absent(&done.outcome) {
        let text = RichText::new(words::short(&absent, 60)).small().color(view.theme.weak);
        ui.label(text).on_hover_text(absent);
    }
    clicked
}

fn numbers_ui(ui: &mut Ui, done: &Done, heads: &[Head]) {
    let finding = done.finding.as_ref();
    let truth = finding.and_then(|f| f.mean_truth());
    for (title, _, width) in heads {
        let text = match *title {
            "Match" => finding.and_then(|f| f.mean_score()).map(words::score),
            "Residual" => Some(words::residual(done.outcome.unexplained.ratio)),
            "SI-SNR" => truth.map(|(si_snr_db, _)| format!("{si_snr_db:.1} dB")),
            "SAD" => truth.map(|(_, sad_deg)| format!("{sad_deg:.1}°")),
            "Time" => Some(milliseconds(done.outcome.elapsed_ms)),
            _ => Some(device(&done.outcome.device, *width)),
        };
        cell(ui, *width, |ui| {
            if let Some(text) = text {
                let label = ui.add(Label::new(&text).truncate());
                if let Some(list) = list(title, done) {
                    label.on_hover_text(list);
                }
            }
        });
    }
}

fn device(whole: &str, width: f32) -> String {
    let short = whole.split(',').next().unwrap_or(whole);
    if width < DEVICE.2 { short.to_owned() } else { whole.to_owned() }
}

/// The numbers behind a mean, one component a line; the device in full.
fn list(title: &str, done: &Done) -> Option<String> {
    if title == DEVICE.0 {
        return Some(done.outcome.device.clone());
    }
    let one = |(index, component): (usize, &crate::methods::Component)| {
        let found = done.found(index)?;
        let text = match title {
            "Match" => {
                let matched = found.matched.as_ref()?;
                format!("{} with {}", words::score(matched.score), matched.name)
            }
            "SI-SNR" => {
                let truth = found.truth.as_ref()?;
                format!("{:.1} dB against {}", truth.si_snr_db, truth.name)
            }
            "SAD" => {
                let truth = found.truth.as_ref()?;
                format!("{:.1}° to {}", truth.sad_deg, truth.name)
            }
            _ => return None,
        };
        Some(format!("{}, {text}", component.name))
    };
    let lines: Vec<String> = done.outcome.components.iter().enumerate().filter_map(one).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}
