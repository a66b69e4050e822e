//! One component brought out: over its library spectrum, within the mixture, and everything that is known about it.

use eframe::egui::{
    Button, Id, Key, Label, Popup, Response, RichText, Role, ScrollArea, Ui, UiBuilder, WidgetInfo, vec2,
};

use crate::app::plot::{PlotLink, PlotOptions, PlotView, Shown, spectra_plot_ui};
use crate::app::view::View;
use crate::app::widgets::{bold, hint, number, section, swatch, weak};
use crate::app::wish::Wishes;
use crate::methods::Component;
use crate::session::{Command, Comparison, PinKey};

use super::panel::{BroughtOut, CompareState};
use super::pin::{PinState, pin_ui};
use super::sheet::{Done, Sheet};
use super::{verdict, words};

/// Width of the facts beside the plots.
const FACTS: f32 = 236.0;
/// Entries, alternatives and peaks that are listed; the rest is counted.
const LISTED: usize = 12;

/// Room for the numbers of the intensity axis.
const NUMBERS: f32 = 74.0;

/// The curves of a component that is brought out, kept while it is.
#[derive(Default)]
pub struct Within {
    of: Option<(BroughtOut, u64)>,
    curves: Vec<Shown>,
}

/// Draws the component in place of the grid.
pub fn detail_ui(
    ui: &mut Ui,
    view: &View,
    comparison: &Comparison,
    out: &BroughtOut,
    plot: &PlotView,
    state: &mut CompareState,
    wishes: &mut Wishes,
) {
    head_ui(ui, view, comparison, out, state, wishes);
    let room = ui.available_rect_before_wrap();
    let (mut left, mut right) = (room, room);
    left.set_right(room.right() - FACTS - 10.0);
    right.set_left(room.right() - FACTS);
    ui.allocate_rect(room, eframe::egui::Sense::hover());
    plots_ui(&mut ui.new_child(UiBuilder::new().max_rect(left)), view, comparison, out, plot, state);
    let mut facts = ui.new_child(UiBuilder::new().max_rect(right));
    ScrollArea::vertical().id_salt("component facts").auto_shrink(false).show(&mut facts, |ui| {
        facts_ui(ui, view, comparison, out, state, wishes);
    });
}

fn head_ui(
    ui: &mut Ui,
    view: &View,
    comparison: &Comparison,
    out: &BroughtOut,
    state: &mut CompareState,
    wishes: &mut Wishes,
) {
    let mut next = Some(out.clone());
    ui.horizontal_wrapped(|ui| {
        let free = ui.memory(|m| m.focused().is_none() && m.top_modal_layer().is_none());
        let escape = free && !Popup::is_any_open(ui.ctx()) && ui.input(|i| i.key_pressed(Key::Escape));
        if ui.button("← Back").on_hover_text("Back to the grid\nEscape").clicked() || escape {
            next = None;
        }
        let Some(column) = state.sheet.column(&out.method) else { return };
        let Some(done) = column.done() else { return };
        let Some(component) = done.outcome.components.get(out.component) else { return };
        let slot = done.slots.get(out.component).copied().unwrap_or_default();
        swatch(ui, view.theme.curve(slot), eframe::egui::Sense::hover());
        let title = bold(format!("{} by {}", words::short(&component.name, 28), column.name));
        ui.label(title).on_hover_text(words::about(component, &component.name));
        if let Some(species) = &component.species {
            verdict::verdict_ui(ui, comparison, species, &column.name, wishes);
        }
        // The same substance as other methods see it is one click away.
        for (method, index) in state.sheet.substances.get(slot).into_iter().flat_map(|s| &s.members) {
            let Some(other) = state.sheet.column(method).filter(|_| *method != out.method) else { continue };
            let button = ui.add(Button::new(RichText::new(&other.name).small()));
            let name = format!("{} as {} finds it", component.name, other.name);
            button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
            if button.on_hover_text(name.as_str()).clicked() {
                next = Some(BroughtOut { method: method.clone(), component: *index });
            }
        }
    });
    if next.as_ref() != Some(out) {
        state.out = next;
        state.pin = PinState::default();
    }
}

fn plots_ui(
    ui: &mut Ui,
    view: &View,
    comparison: &Comparison,
    out: &BroughtOut,
    plot: &PlotView,
    state: &mut CompareState,
) {
    let CompareState { sheet, plots, within, .. } = state;
    let curves = |sheet: &Sheet| {
        let done = sheet.column(&out.method).and_then(|column| column.done())?;
        Some(done.components.get(out.component)?.first()?.id)
    };
    let now = curves(sheet).map(|first| (out.clone(), first));
    if within.of != now {
        within.curves = sheet.within(&out.method, out.component, view.theme);
        within.of = now;
    }
    let Some(done) = sheet.column(&out.method).and_then(|column| column.done()) else { return };
    let Some(curves) = done.components.get(out.component) else { return };
    let look = PlotView { reversed: plot.reversed, bands: plot.bands, ..PlotView::default() };
    let group = Id::unique(("component", comparison.id.0));
    let height = (ui.available_height() - 4.0) / 2.0;
    for (name, shown, label) in
        [("over its reference", curves, Some(String::new())), ("within the mixture", &within.curves, None)]
    {
        let options = PlotOptions {
            link: Some(PlotLink { group, x: true, y: false, cursor: true }),
            height: Some(height),
            x_label: label,
            // Both plots begin at the same place.
            y_room: NUMBERS,
            ..PlotOptions::default()
        };
        let id = Id::unique(("component plot", comparison.id.0, name));
        let output = spectra_plot_ui(ui, id, shown, &look, plots, &options);
        output
            .response
            .widget_info(|| WidgetInfo::labeled(Role::Canvas, true, format!("The component {name}")));
    }
}

fn facts_ui(
    ui: &mut Ui,
    view: &View,
    comparison: &Comparison,
    out: &BroughtOut,
    state: &mut CompareState,
    wishes: &mut Wishes,
) {
    let CompareState { sheet, pin, .. } = state;
    let Some(done) = sheet.column(&out.method).and_then(|column| column.done()) else { return };
    let Some(component) = done.outcome.components.get(out.component) else { return };
    let key = PinKey { method: out.method.clone(), component: out.component };
    let share = line_ui(ui, "Share of the signal", &words::share(component));
    if component.share_interval().is_some() {
        share.on_hover_text(words::INTERVAL);
    }
    if let Some(confidence) = component.confidence {
        line_ui(ui, "Probability", &words::percent(confidence));
    }
    if let Some(dosage) = words::judged(&done.outcome, &component.name).and_then(|j| words::dosage(&j)) {
        let tip = "Signal by height of the pure spectrum, 1 for the strongest substance; its 90 % interval behind it";
        line_ui(ui, "Dosage", dosage.trim_start_matches("dosage ")).on_hover_text(tip);
    }
    unlisted_ui(ui, component);
    reference_ui(ui, view, comparison, done, &key, wishes);
    pin_ui(ui, view, comparison, &key, pin, wishes);
    alternatives_ui(ui, component);
    judged_ui(ui, done);
    entries_ui(ui, component);
    peaks_ui(ui, done);
    if !done.outcome.notes.is_empty() {
        section(ui, "Notes of the method");
        for note in &done.outcome.notes {
            hint(ui, note.replace("cm-1", "cm⁻¹"));
        }
    }
}

/// Every substance that the method was asked about.
fn judged_ui(ui: &mut Ui, done: &Done) {
    let judged = done.outcome.judged();
    if judged.is_empty() {
        return;
    }
    section(ui, "All that the model knows");
    for one in &judged {
        let there = if one.present { "there" } else { "not there" };
        let mut value = format!("{there}, {}", words::percent(one.probability));
        if let Some(dosage) = words::dosage(one) {
            let bare = dosage.trim_start_matches("dosage ");
            value.push_str(&if one.present {
                format!(", {bare}")
            } else {
                format!(", raw {:.2}", one.dosage.unwrap_or_default())
            });
        }
        line_ui(ui, &one.name, &value);
    }
}

fn reference_ui(
    ui: &mut Ui,
    view: &View,
    comparison: &Comparison,
    done: &Done,
    key: &PinKey,
    wishes: &mut Wishes,
) {
    section(ui, "Compared with");
    let found = done.found(key.component);
    let matched = found.and_then(|f| f.matched.as_ref());
    match matched {
        Some(matched) => {
            ui.add(Label::new(&matched.name).wrap());
            line_ui(ui, "Match score", &words::score(matched.score));
        }
        None => {
            weak(ui, if done.finding.is_some() { "no library spectrum" } else { "at work" });
        }
    }
    if let Some(problem) = found.and_then(|f| f.problem.as_ref()) {
        ui.add(Label::new(RichText::new(format!("⚠ {problem}")).color(view.theme.warning)).wrap());
    }
    if let Some(truth) = found.and_then(|f| f.truth.as_ref()) {
        section(ui, "True component");
        ui.add(Label::new(&truth.name).wrap());
        line_ui(ui, "SI-SNR", &format!("{:.1} dB", truth.si_snr_db));
        line_ui(ui, "Spectral angle", &format!("{:.1}°", truth.sad_deg));
    }
    if comparison.pins.contains_key(key)
        && ui.button("Back to the method's own reference").on_hover_text("Forget the chosen one").clicked()
    {
        wishes.step(Command::SetPin(comparison.id, key.clone(), None));
    }
}

fn unlisted_ui(ui: &mut Ui, component: &Component) {
    let Some(unlisted) = &component.unlisted else { return };
    section(ui, "Not in the library");
    line_ui(ui, "Probability of that", &words::percent(unlisted.probability));
    if let Some(nearest) = &unlisted.nearest {
        weak(ui, "Nearest species");
        ui.add(Label::new(nearest).wrap());
    }
    for position in unlisted.peaks_cm1.iter().take(LISTED) {
        line_ui(ui, "Peak", &format!("{position:.1} cm⁻¹"));
    }
    more_ui(ui, unlisted.peaks_cm1.len());
    hint(ui, words::UNLISTED);
}

fn alternatives_ui(ui: &mut Ui, component: &Component) {
    if component.alternatives.is_empty() {
        return;
    }
    section(ui, "Could also be");
    for alternative in component.alternatives.iter().take(LISTED) {
        line_ui(ui, &alternative.species, &words::percent(alternative.posterior));
    }
    more_ui(ui, component.alternatives.len());
}

fn entries_ui(ui: &mut Ui, component: &Component) {
    if component.entries.is_empty() {
        return;
    }
    section(ui, "Library entries and their weights");
    for entry in component.entries.iter().take(LISTED) {
        line_ui(ui, &entry.name, &number(entry.weight));
    }
    more_ui(ui, component.entries.len());
}

fn peaks_ui(ui: &mut Ui, done: &Done) {
    let peaks = &done.outcome.unexplained.peaks;
    if peaks.is_empty() {
        return;
    }
    section(ui, "Peaks that no component explains");
    for peak in peaks.iter().take(LISTED) {
        let height = format!("{:.0} × its uncertainty", peak.significance);
        line_ui(ui, &format!("{:.1} cm⁻¹", peak.position_cm1), &height);
    }
    more_ui(ui, peaks.len());
}

fn more_ui(ui: &mut Ui, count: usize) {
    if count > LISTED {
        hint(ui, format!("and {} more", count - LISTED));
    }
}

/// A name and, at the right, its number.
fn line_ui(ui: &mut Ui, name: &str, value: &str) -> Response {
    ui.horizontal(|ui| {
        let font = eframe::egui::TextStyle::Body.resolve(ui.style());
        let colour = ui.visuals().text_color();
        let width = ui.painter().layout_no_wrap(value.to_owned(), font, colour).size().x;
        let left = (ui.available_width() - width - 14.0).max(40.0);
        ui.allocate_ui(vec2(left, 16.0), |ui| {
            ui.set_width(left);
            ui.add(Label::new(name).truncate());
        });
        ui.label(value)
    })
    .inner
}
