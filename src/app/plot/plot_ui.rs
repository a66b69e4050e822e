//! The widget: axes and navigation by `egui_plot`, curves, legend, labels, ruler and reading by us.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use eframe::egui;
use eframe::egui::{Frame, Id, Margin, PointerButton, Pos2, Rangef, Rect, Role, Ui, Vec2b, WidgetInfo, vec2};
use egui_plot::{AxisHints, Plot, PlotResponse, PlotTransform, PlotUi};

use super::arrange::{Arranged, FactCache, Shown, arrange};
use super::curve::{CurveItem, Curves, Nearest, nearest_of};
use super::labels::{Over, Taken, peak_labels_ui, reading_ui, ruler_ui};
use super::legend::{LegendOutput, legend_ui};
use super::meshes::MeshCache;
use super::options::PlotOptions;
use super::text::{axis_title, shortened, significant};
use super::ticks::{BASE_POINTS, marks, tick_text};
use super::view::{PlotView, Ruler, Stacking, ViewNorm};
use crate::spectrum::{Axis, AxisKind};

/// How to move in a plot, for a tooltip or the help page.
pub const PLOT_HINT: &str = "Drag to move · wheel to zoom, with Shift in intensity · right drag zooms to a box · double click to see all · drag an axis to stretch it";

/// Room for the title on the left, which `egui_plot` puts a little outside, and for half a number on the right.
const MARGIN: Margin = Margin { left: 4, right: 14, top: 0, bottom: 0 };
/// Least distance of the numbers at the intensities, in points.
const Y_ROOM: f32 = 36.0;
/// Strength of grid and pointer lines, as a part of the colour of the text.
const GRID: f32 = 0.14;
const POINTER: f32 = 0.55;
/// A curve is named when the pointer is this near, in points.
const REACH: f32 = 12.0;
/// Wheel points that zoom by a factor of e.
const WHEEL_PER_E: f32 = 240.0;
/// Opacity of the other curves while one is brought out.
const FADED: f32 = 0.3;
/// Added to the width of the curve that is brought out, in points.
const WIDER: f32 = 1.0;
/// A click sets the ruler to the highest point of the nearest curve within this distance, in points.
const SNAP: f32 = 8.0;
/// Longest name in the reading, in characters.
const LONGEST_NAME: usize = 40;

/// Everything a plot computed and can use again. One for the whole window.
#[derive(Default)]
pub struct PlotCache {
    meshes: MeshCache,
    facts: FactCache,
    looks: HashMap<Id, Look>,
}

/// What a plot remembers that is not worth saving.
#[derive(Default)]
struct Look {
    brought_out: Option<u64>,
    hovered_in_legend: Option<u64>,
    horizontal: Option<(AxisKind, Option<u64>)>,
    vertical: Option<(ViewNorm, Stacking)>,
}

/// A place in the plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Position in the unit shown.
    pub position: f64,
    /// Height in the plot, scaled and stacked as shown.
    pub height: f64,
    /// The curve at the place, if one is near.
    pub nearest: Option<Nearest>,
}

/// What happened in a plot.
pub struct PlotOutput {
    /// The area inside the axes.
    pub rect: Rect,
    /// Range of positions shown.
    pub x_range: [f64; 2],
    /// Unit of the positions.
    pub kind: AxisKind,
    /// Under the pointer.
    pub hovered: Option<Reading>,
    /// Clicked with the first button, not dragged.
    pub clicked: Option<Reading>,
    /// The ruler the user wants instead of the one in the view.
    pub ruler: Option<Ruler>,
    /// The curve brought out by a click in the legend.
    pub brought_out: Option<u64>,
    /// Names of curves that cannot be shown in the unit asked for.
    pub left_out: Vec<Arc<str>>,
    /// Where each plot coordinate lies on the screen.
    pub transform: PlotTransform,
    /// For menus and focus.
    pub response: egui::Response,
}

/// Draws `shown` as `view` says. Computes only what changed since the last frame.
pub fn spectra_plot_ui(
    ui: &mut Ui,
    id: Id,
    shown: &[Shown],
    view: &PlotView,
    cache: &mut PlotCache,
    options: &PlotOptions,
) -> PlotOutput {
    let PlotCache { meshes, facts, looks } = cache;
    let look = looks.entry(id).or_default();
    let Arranged { curves, kind, left_out } = arrange(shown, view, facts);
    let drawn = brought_out(&curves, look.hovered_in_legend.or(look.brought_out));
    let before = look.horizontal.as_ref().map(|(kind, _)| kind.clone());
    let changed = look.changed(&kind, view);
    let carried = before.filter(|before| changed.x && *before != kind).map(|before| {
        let laser = curves.first().and_then(|c| c.spectrum.meta.laser_nm).or(view.unit.laser_nm());
        view.ruler.converted(|at| elsewhere(at, &before, &kind, laser))
    });
    let reset = Vec2b::new(changed.x || options.see_all, changed.y || options.see_all);
    let y_label = options.y_label.clone().unwrap_or_else(|| {
        let title = value_title(view.normalise, shown);
        if view.stacking == Stacking::Overlay { title } else { format!("{title}, curves offset") }
    });
    let plot = plot(ui, id, view, &kind, y_label, options);
    let PlotResponse { response, transform, .. } = Frame::NONE
        .inner_margin(MARGIN)
        .show(ui, |ui| {
            plot.show(ui, |plot_ui| {
                if reset.any() {
                    let auto = plot_ui.auto_bounds();
                    plot_ui.set_auto_bounds(Vec2b::new(auto.x || reset.x, auto.y || reset.y));
                }
                if options.wheel_zooms {
                    zoom_by_wheel(plot_ui);
                }
                plot_ui.add(Curves::new(id, &drawn, meshes));
            })
        })
        .inner;

    let frame = *transform.frame();
    let stacked = view.stacking != Stacking::Overlay;
    let legend = if view.legend {
        legend_ui(ui, id, frame, &curves, stacked, look.brought_out)
    } else {
        LegendOutput::default()
    };
    look.legend_used(ui, &legend);

    let read = |at: Pos2| {
        let value = transform.value_from_position(at);
        Reading { position: value.x, height: value.y, nearest: nearest_of(&curves, at, REACH, &transform) }
    };
    let hovered = response.hover_pos().map(read);
    let clicked = response.interact_pointer_pos().filter(|_| response.clicked()).map(read);
    let snapped = |reading: &Reading| snap(reading, &curves, &transform);

    let painter = ui.painter().with_clip_rect(frame);
    let mut taken = Taken::default();
    if let Some(rect) = legend.rect {
        taken.add(rect);
    }
    let pointer = hovered.as_ref().map(snapped);
    let over = Over { ui, painter: &painter, transform: &transform, kind: &kind };
    ruler_ui(&over, view.ruler, pointer, &mut taken);
    peak_labels_ui(&over, &curves, view.peaks, facts, &mut taken);

    if view.crosshair
        && let Some(reading) = &hovered
    {
        let (position, rest) = reading_text(reading, &curves);
        reading_ui(&over, position, &rest);
    }
    let count = curves.len();
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, plot_name(count)));
    let clicked_ruler = clicked.as_ref().filter(|_| view.ruler != Ruler::Off);
    let ruler = carried.or_else(|| clicked_ruler.map(|c| view.ruler.clicked(snapped(c))));
    PlotOutput {
        rect: frame,
        x_range: [transform.bounds().min()[0], transform.bounds().max()[0]],
        kind,
        hovered,
        clicked,
        ruler,
        brought_out: look.brought_out,
        left_out,
        transform,
        response,
    }
}

fn plot<'a>(
    ui: &Ui,
    id: Id,
    view: &PlotView,
    kind: &AxisKind,
    y_label: String,
    options: &PlotOptions,
) -> Plot<'a> {
    let (shift, middle) = ui.input(|i| (i.modifiers.shift, i.pointer.middle_down()));
    let text = ui.visuals().text_color();
    let cursor = options.link.is_some_and(|link| link.cursor);
    let x_room = options.x_room;
    let mut plot = Plot::new(id)
        .id(id)
        // egui_plot would draw numbers that stand closer than 80 points paler.
        .custom_x_axes(vec![AxisHints::new_x().label_spacing(Rangef::new(0.6 * x_room, 0.8 * x_room))])
        .invert_x(view.reversed)
        .set_margin_fraction(vec2(0.005, 0.08))
        .allow_scroll(false)
        .allow_boxed_zoom(true)
        .boxed_zoom_pointer_button(if shift { PointerButton::Primary } else { PointerButton::Secondary })
        .pan_pointer_button(if shift || middle { PointerButton::Middle } else { PointerButton::Primary })
        .y_axis_min_width(options.y_room)
        .show_x(view.crosshair || cursor)
        .show_y(view.crosshair)
        .show_crosshair(view.crosshair || cursor)
        .grid_spacing(Rangef::new(BASE_POINTS, 300.0)) // the upper end does nothing: all lines are alike
        .x_grid_spacer(move |input| marks(&input, x_room))
        .y_grid_spacer(|input| marks(&input, Y_ROOM))
        .x_axis_formatter(tick_text)
        .y_axis_formatter(tick_text)
        .grid_fade(0.0)
        .grid_color(text.gamma_multiply(GRID))
        .cursor_color(text.gamma_multiply(POINTER))
        .min_size(vec2(60.0, 40.0));
    if let Some(link) = options.link {
        plot = plot.link_axis(link.group, [link.x, link.y]);
        if link.cursor {
            plot = plot.link_cursor(link.group, [true, false]);
        }
    }
    let x_label = options.x_label.clone().unwrap_or_else(|| axis_title(kind));
    if !x_label.is_empty() {
        plot = plot.x_axis_label(x_label);
    }
    if !y_label.is_empty() {
        plot = plot.y_axis_label(y_label);
    }
    if let Some(height) = options.height {
        plot = plot.height(height);
    }
    plot
}

/// Title of the intensities: their unit where all spectra state the same one.
#[must_use]
pub fn value_title(normalise: ViewNorm, shown: &[Shown]) -> String {
    let unit = |s: &Shown| s.spectrum.meta.intensity_unit.clone().filter(|u| !u.trim().is_empty());
    let first = shown.first().and_then(unit);
    let unit = first.filter(|first| shown.iter().all(|s| unit(s).as_ref() == Some(first)));
    match normalise {
        ViewNorm::None => format!("Intensity ({})", unit.as_deref().unwrap_or("a.u.")),
        ViewNorm::Max => "Intensity (highest = 1)".to_owned(),
        ViewNorm::Area => "Intensity (area = 1)".to_owned(),
        ViewNorm::Vector => "Intensity (length = 1)".to_owned(),
    }
}

/// What a screen reader says.
fn plot_name(curves: usize) -> String {
    match curves {
        0 => "Plot without curves".to_owned(),
        1 => "Plot of 1 curve".to_owned(),
        _ => format!("Plot of {curves} curves"),
    }
}

/// Up and down along the axis; with Shift, which turns the wheel sideways, in intensity.
fn zoom_by_wheel(plot_ui: &mut PlotUi<'_>) {
    if !plot_ui.response().contains_pointer() {
        return;
    }
    let turned = plot_ui.ctx().input(|i| i.smooth_scroll_delta);
    let zoom = vec2((turned.x / WHEEL_PER_E).exp(), (turned.y / WHEEL_PER_E).exp());
    if (turned.x.abs() > 0.0 || turned.y.abs() > 0.0) && zoom.is_finite() {
        let auto = plot_ui.auto_bounds();
        plot_ui.zoom_bounds_around_hovered(vec2(zoom.y, zoom.x));
        if turned.x.abs() <= 0.0 && auto.y {
            plot_ui.set_auto_bounds(Vec2b::new(false, true));
        }
        plot_ui.ctx().input_mut(|i| i.smooth_scroll_delta = egui::Vec2::ZERO);
    }
}

/// The curves as drawn: one wider and on top and the others faded, when one is brought out.
fn brought_out(curves: &[CurveItem], out: Option<u64>) -> Cow<'_, [CurveItem]> {
    let Some(out) = out.filter(|out| curves.iter().any(|c| c.id == *out)) else {
        return Cow::Borrowed(curves);
    };
    let mut drawn = curves.to_vec();
    for curve in &mut drawn {
        if curve.id == out {
            curve.width += WIDER;
        } else {
            curve.colour = curve.colour.gamma_multiply(FADED);
        }
    }
    drawn.sort_by_key(|curve| curve.id == out);
    Cow::Owned(drawn)
}

/// The top the user meant: the highest point of the nearest curve around the pointer, else the pointer itself.
fn snap(reading: &Reading, curves: &[CurveItem], transform: &PlotTransform) -> f64 {
    let Some(nearest) = &reading.nearest else { return reading.position };
    let Some(curve) = curves.iter().find(|c| c.id == nearest.id) else { return reading.position };
    let reach = f64::from(SNAP) * transform.dvalue_dpos()[0].abs();
    let y = curve.spectrum.y();
    let around = curve.axis.range(nearest.position - reach, nearest.position + reach);
    let top = around.max_by(|a, b| y[*a].total_cmp(&y[*b])).unwrap_or(nearest.index);
    curve.axis.values()[top]
}

/// A position in another unit.
fn elsewhere(at: f64, from: &AxisKind, to: &AxisKind, laser_nm: Option<f64>) -> Option<f64> {
    // An axis has two points at least.
    let axis = Axis::new(from.clone(), vec![at, at + 1.0]).ok()?.converted(to, laser_nm).ok()?;
    axis.values().first().copied()
}

/// Where the pointer is, and what stands there.
fn reading_text(reading: &Reading, curves: &[CurveItem]) -> (f64, String) {
    match &reading.nearest {
        Some(near) => {
            let curve = curves.iter().find(|c| c.id == near.id);
            let unit = curve.and_then(|c| c.spectrum.meta.intensity_unit.as_deref()).unwrap_or_default();
            let value = format!("{} {unit}", significant(f64::from(near.value)));
            let value = value.trim_end();
            (near.position, format!("{value} · {}", shortened(&near.name, LONGEST_NAME)))
        }
        None => (reading.position, significant(reading.height)),
    }
}

impl Look {
    /// Whether positions or intensities now mean something else, so that an old zoom shows nothing useful.
    fn changed(&mut self, kind: &AxisKind, view: &PlotView) -> Vec2b {
        let horizontal = Some((kind.clone(), view.unit.laser_nm().map(f64::to_bits)));
        let vertical = Some((view.normalise, view.stacking));
        let changed = Vec2b::new(
            self.horizontal.is_some() && self.horizontal != horizontal,
            self.vertical.is_some() && self.vertical != vertical,
        );
        (self.horizontal, self.vertical) = (horizontal, vertical);
        changed
    }

    fn legend_used(&mut self, ui: &Ui, legend: &LegendOutput) {
        if legend.hovered != self.hovered_in_legend {
            self.hovered_in_legend = legend.hovered;
            ui.ctx().request_repaint();
        }
        if let Some(clicked) = legend.clicked {
            self.brought_out = if self.brought_out == Some(clicked) { None } else { Some(clicked) };
        }
    }
}
