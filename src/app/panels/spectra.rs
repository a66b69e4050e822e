//! The main plot: every visible curve, with what a spectroscopist does to look closer.

use std::sync::Arc;

use eframe::egui::{self, DragAndDrop, DragValue, Id, RichText, Role, Ui, WidgetInfo};

use crate::app::actions::Action;
use crate::app::overlays::{OWN_IDS, Overlays};
use crate::app::panels::library::{DraggedEntry, overlay};
use crate::app::plot::{
    PLOT_HINT, PlotCache, PlotOptions, PlotView, Role as CurveRole, Ruler, Shown, Stacking, ViewNorm,
    ViewUnit, position_text, significant, spectra_plot_ui,
};
use crate::app::view::View;
use crate::app::widgets::{choice, empty, one_line, small_line, tooltip};
use crate::app::wish::Wishes;
use crate::session::{Item, Subject};

/// What the plot remembers between frames.
#[derive(Default)]
pub struct SpectraState {
    /// Show everything again in the next frame.
    pub reset: bool,
    /// References that the user laid over the plot: a hit that was clicked, an entry dragged in.
    pub references: Overlays,
    /// Whether the raw curve and the baseline of the active spectrum are drawn beneath it.
    pub behind: bool,
    /// Ranges of positions and intensities that were on the screen last.
    pub seen: Option<[[f64; 2]; 2]>,
    /// Curves are missing because nobody knows their laser.
    wants_laser: bool,
    cache: PlotCache,
    kept: Kept,
}

/// The curves of the last frame, made again only when something changed.
#[derive(Default)]
struct Kept {
    key: Vec<(u64, u64, [u8; 4], Arc<str>)>,
}

/// Draws the main plot.
pub fn spectra_ui(
    ui: &mut Ui,
    view: &View,
    plot: &mut PlotView,
    state: &mut SpectraState,
    wishes: &mut Wishes,
) {
    toolbar_ui(ui, view, plot, state, wishes);
    let shown = drawn(view, plot, state);
    if shown.is_empty() && state.references.is_empty() {
        empty(ui, "No curve is drawn", "Tick spectra in the list to draw them here.");
        return;
    }
    let foot = 20.0;
    let options = PlotOptions {
        height: Some((ui.available_height() - foot).max(crate::app::theme::size::PLOT)),
        see_all: std::mem::take(&mut state.reset),
        ..PlotOptions::default()
    };
    let output = spectra_plot_ui(ui, Id::unique("spectra"), &shown, plot, &mut state.cache, &options);
    if let Some(ruler) = output.ruler {
        plot.ruler = ruler;
    }
    let bounds = output.transform.bounds();
    state.seen = Some([output.x_range, [bounds.min()[1], bounds.max()[1]]]);
    drop_ui(ui, view, output.rect, wishes);
    ui.horizontal(|ui| {
        // Before the reading: whoever drops a file has the pointer over the plot.
        if !output.left_out.is_empty() {
            let names: Vec<&str> = output.left_out.iter().take(3).map(AsRef::as_ref).collect();
            let text = format!(
                "⚠ Not drawn, for want of a laser wavelength: {}. Type it above, or choose Axis as measured",
                names.join(", ")
            );
            one_line(ui, RichText::new(text).small().color(view.theme.warning));
        } else if let Some(reading) = &output.hovered {
            let mut text = position_text(&output.kind, reading.position);
            if let Some(nearest) = &reading.nearest {
                text = format!("{text}, {} {}", nearest.name, significant(f64::from(nearest.value)));
            }
            small_line(ui, text);
        } else {
            small_line(ui, PLOT_HINT);
        }
    });
    state.wants_laser = !output.left_out.is_empty();
}

/// Everything the plot draws, in the colours of the view's theme; exports ask for it too.
pub fn drawn(view: &View, plot: &PlotView, state: &mut SpectraState) -> Vec<Shown> {
    let mut shown = curves(view, &mut state.kept);
    if state.behind {
        beneath(view, plot, &mut shown);
    }
    state.references.follow(view.active_spectrum());
    shown.extend(state.references.shown(view.theme.library));
    shown
}

/// One curve for each visible item.
fn curves(view: &View, kept: &mut Kept) -> Vec<Shown> {
    let visible = view.document.items.iter().filter(|item| item.visible);
    let mut shown = Vec::new();
    for (index, item) in visible.enumerate() {
        let subject = Subject { item: item.id, row: None };
        let Some(spectrum) = view.derived.spectrum(view.document, subject) else { continue };
        let name = kept.name(index, item);
        shown.push(Shown {
            id: item.id.0,
            name,
            spectrum,
            colour: view.theme.paint(item.colour),
            version: view.derived.version(subject).map_or(0, |v| v.0),
            role: CurveRole::Measured,
            band: None,
        });
    }
    let active = view.session.active().filter(|subject| subject.row.is_some());
    if let Some(subject) = active
        && let Some(spectrum) = view.derived.spectrum(view.document, subject)
    {
        shown.push(Shown {
            id: OWN_IDS,
            name: view.document.subject_name(subject).into(),
            spectrum,
            colour: view.theme.accent,
            version: version(view, subject),
            role: CurveRole::Measured,
            band: None,
        });
    }
    shown
}

/// Changes with the numbers of a subject, rows of maps included.
fn version(view: &View, subject: Subject) -> u64 {
    subject.row.map_or(0, |row| row as u64 + 1) + view.derived.version(subject).map_or(0, |v| v.0 << 24)
}

/// What the active spectrum is made from, beneath everything else.
fn beneath(view: &View, plot: &PlotView, shown: &mut Vec<Shown>) {
    let Some(subject) = view.session.active() else { return };
    let drawn = subject.row.is_some() || view.document.item(subject.item).is_some_and(|item| item.visible);
    let Some(behind) = view.derived.behind(subject).filter(|_| drawn && plot.stacking == Stacking::Overlay)
    else {
        return;
    };
    let tail = if behind.scaled { ", scaled" } else { "" };
    let parts = [
        (&behind.raw, "Raw", OWN_IDS + 1, view.theme.weak),
        (&behind.baseline, "Baseline", OWN_IDS + 2, view.theme.warning),
    ];
    let curves = parts.into_iter().filter_map(|(spectrum, name, id, colour)| {
        Some(Shown {
            id,
            name: format!("{name}{tail}").into(),
            spectrum: Arc::clone(spectrum.as_ref()?),
            colour,
            version: version(view, subject),
            role: CurveRole::Background,
            band: None,
        })
    });
    shown.splice(0..0, curves);
}

/// A reference that is dragged out of the library may be dropped here.
fn drop_ui(ui: &Ui, view: &View, rect: egui::Rect, wishes: &mut Wishes) {
    let ctx = ui.ctx();
    let over = ctx.pointer_interact_pos().is_some_and(|at| rect.contains(at));
    if !over || !DragAndDrop::has_payload_of_type::<DraggedEntry>(ctx) {
        return;
    }
    let edge = egui::Stroke::new(2.0, view.theme.accent);
    ui.painter().rect_stroke(rect.shrink(1.0), 4.0, edge, egui::StrokeKind::Inside);
    if ctx.input(|i| i.pointer.any_released())
        && let Some(dropped) = DragAndDrop::take_payload::<DraggedEntry>(ctx)
        && let Some(open) = view.document.open_library(dropped.library)
        && let Some(entry) = open.library.get(dropped.entry)
    {
        wishes.push(overlay(entry, true));
    }
}

impl Kept {
    /// The name of an item without a new allocation each frame.
    fn name(&mut self, index: usize, item: &Item) -> Arc<str> {
        match self.key.get(index) {
            Some((id, _, _, name)) if *id == item.id.0 && **name == *item.name => Arc::clone(name),
            _ => {
                let name: Arc<str> = item.name.as_str().into();
                self.key.truncate(index);
                self.key.push((item.id.0, 0, [0; 4], Arc::clone(&name)));
                name
            }
        }
    }
}

fn toolbar_ui(ui: &mut Ui, view: &View, plot: &mut PlotView, state: &mut SpectraState, wishes: &mut Wishes) {
    ui.horizontal_wrapped(|ui| {
        normalise_ui(ui, plot);
        stacking_ui(ui, plot);
        unit_ui(ui, plot);
        ui.separator();
        for (action, name, on) in [
            (Action::Reverse, "Reverse", plot.reversed),
            (Action::Crosshair, "Crosshair", plot.crosshair),
            (Action::Peaks, "Peaks", plot.peaks.shown),
            (Action::Ruler, "Ruler", plot.ruler != Ruler::Off),
        ] {
            let tip = tooltip(ui, action);
            if ui.selectable_label(on, name).on_hover_text(tip).clicked() {
                wishes.act(action);
            }
        }
        if ui.button("Reset").on_hover_text(tooltip(ui, Action::ResetView)).clicked() {
            state.reset = true;
        }
        // What comes and goes stands last: nothing else moves.
        spacing_ui(ui, plot);
        laser_ui(ui, plot, state.wants_laser);
        if plot.peaks.shown {
            let mut percent = 100.0 * plot.peaks.prominence;
            let response = ui.add(
                DragValue::new(&mut percent)
                    .speed(0.2)
                    .range(0.5..=50.0)
                    .max_decimals(1)
                    .prefix("peaks above ")
                    .suffix(" %"),
            );
            let name = "Least height of labelled peaks";
            response.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, name));
            if response.changed() {
                plot.peaks.prominence = percent / 100.0;
            }
            response.on_hover_text("Least height of labelled peaks, of the height of the curve");
        }
        if !state.references.is_empty() {
            let names: Vec<&str> = state.references.names().collect();
            let button = ui.button("Remove references").on_hover_text(names.join(", "));
            if button.clicked() {
                state.references.clear();
            }
        }
        if view.session.active().is_some_and(|s| view.derived.making(s)) {
            ui.spinner();
        }
    });
}

fn normalise_ui(ui: &mut Ui, plot: &mut PlotView) {
    let names = [
        (ViewNorm::None, "As measured"),
        (ViewNorm::Max, "Maximum 1"),
        (ViewNorm::Area, "Area 1"),
        (ViewNorm::Vector, "Length 1"),
    ];
    let now = names.iter().find(|(norm, _)| *norm == plot.normalise).map_or("", |(_, name)| *name);
    combo(ui, "Normalise for view", now, |ui| {
        choice(ui, &mut plot.normalise, &names);
    });
}

fn stacking_ui(ui: &mut Ui, plot: &mut PlotView) {
    let now = match plot.stacking {
        Stacking::Overlay => "Overlay",
        Stacking::Offset { .. } => "Stacked",
        Stacking::Waterfall { .. } => "Waterfall",
    };
    combo(ui, "Stack", now, |ui| {
        for (name, stacking) in [
            ("Overlay", Stacking::Overlay),
            ("Stacked", Stacking::Offset { spacing: 0.6 }),
            ("Waterfall", Stacking::Waterfall { spacing: 0.15, slant: 0.02 }),
        ] {
            if ui.selectable_label(now == name, name).clicked() {
                plot.stacking = stacking;
            }
        }
    });
}

fn spacing_ui(ui: &mut Ui, plot: &mut PlotView) {
    if let Stacking::Offset { spacing } | Stacking::Waterfall { spacing, .. } = &mut plot.stacking {
        let field =
            ui.add(DragValue::new(spacing).speed(0.01).range(0.0..=3.0).max_decimals(2).prefix("distance "));
        field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, "Distance of stacked curves"));
        field.on_hover_text("Distance of stacked curves, 1 is the height of the largest");
    }
}

fn unit_ui(ui: &mut Ui, plot: &mut PlotView) {
    let now = match plot.unit {
        ViewUnit::AsMeasured => "Axis as measured",
        ViewUnit::Shift { .. } => "Axis in cm⁻¹",
        ViewUnit::Wavelength { .. } => "Axis in nm",
    };
    let laser = plot.unit.laser_nm();
    combo(ui, "Axis in cm⁻¹ or nm", now, |ui| {
        for (name, unit) in [
            ("Axis as measured", ViewUnit::AsMeasured),
            ("Axis in cm⁻¹", ViewUnit::Shift { laser_nm: laser }),
            ("Axis in nm", ViewUnit::Wavelength { laser_nm: laser }),
        ] {
            if ui.selectable_label(now == name, name).clicked() {
                plot.unit = unit;
            }
        }
    });
}

fn laser_ui(ui: &mut Ui, plot: &mut PlotView, wants_laser: bool) {
    if let ViewUnit::Shift { laser_nm } | ViewUnit::Wavelength { laser_nm } = &mut plot.unit
        && (wants_laser || laser_nm.is_some())
    {
        // None is no number: one that stood there could not be typed, for it would be no change.
        let mut nm = laser_nm.unwrap_or_default();
        let mut field = DragValue::new(&mut nm).speed(0.1).range(150.0..=2_000.0).max_decimals(2);
        field = field.clamp_existing_to_range(false).suffix(" nm laser");
        if laser_nm.is_none() {
            field = field.custom_formatter(|_, _| "?".to_owned());
        }
        let field = ui.add(field);
        field.widget_info(|| {
            WidgetInfo::labeled(Role::SpinButton, true, "Laser of spectra that name none, in nm")
        });
        if field.on_hover_text("Laser wavelength of spectra whose file names none").changed() {
            *laser_nm = Some(nm);
        }
    }
}

fn combo(ui: &mut Ui, name: &str, now: &str, content: impl FnOnce(&mut Ui)) {
    let response =
        egui::ComboBox::from_id_salt(name).selected_text(now).width(104.0).show_ui(ui, content).response;
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("{name}, {now}")));
    response.on_hover_text(name);
}
