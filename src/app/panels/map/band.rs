//! The spectrum of a map with the band to drag.

use std::sync::Arc;

use eframe::egui::{
    Color32, CursorIcon, Id, Pos2, Rect, Role as WidgetRole, Sense, Stroke, Ui, WidgetInfo, pos2,
};

use super::controls::Kind;
use super::panel::MapLook;
use crate::app::plot::{
    PlotCache, PlotOptions, PlotOutput, PlotView, Role, Shown, position_text, significant, spectra_plot_ui,
};
use crate::app::view::View;
use crate::app::widgets::hint;
use crate::session::{Item, Subject};
use crate::spectrum::peaks::{PeakLimits, find_peaks};
use crate::spectrum::{Axis, Band, Spectrum};

/// Width of the strip that takes hold of an edge, in points.
const GRIP: f32 = 9.0;
/// Half the first band, as a part of the axis.
const HALF: f64 = 0.012;

/// The first band of a map, around its strongest line, and another around the second one.
pub fn default_band(mean: &Spectrum) -> [Band; 2] {
    let axis = mean.axis();
    let limits = PeakLimits { prominence: 0.0, significance: 5.0 };
    let mut peaks = find_peaks(axis, mean.y(), limits);
    peaks.sort_by(|a, b| b.prominence.total_cmp(&a.prominence));
    let half = (HALF * (axis.high() - axis.low())).max(3.0 * axis.mean_step());
    // The feet of the line: where a neighbour rises again the band ends.
    let foot = |from: f64, to: f64| {
        let lowest = axis.range(from, to).min_by(|a, b| mean.y()[*a].total_cmp(&mean.y()[*b]));
        lowest.and_then(|index| axis.values().get(index).copied())
    };
    let around = |middle: f64| {
        let (low, high) = ((middle - half).max(axis.low()), (middle + half).min(axis.high()));
        Band::new(foot(low, middle).unwrap_or(low), foot(middle, high).unwrap_or(high))
    };
    let span = axis.high() - axis.low();
    let place = |n: usize, else_at: f64| peaks.get(n).map_or(axis.low() + else_at * span, |p| p.position);
    [around(place(0, 0.5)), around(place(1, 0.25))]
}

/// Draws the mean of all rows, the row that was picked, and the band over both.
pub fn spectrum_ui(
    ui: &mut Ui,
    view: &View,
    item: &Item,
    look: &mut MapLook,
    plots: &mut PlotCache,
    height: f32,
) {
    let shown = curves(view, item, look.prepared);
    let Some(first) = shown.last() else { return };
    let spectrum = Arc::clone(&first.spectrum);
    let id = Id::unique(("map spectrum", item.id));
    let options = PlotOptions { height: Some(height - 18.0), ..PlotOptions::default() };
    let output = spectra_plot_ui(ui, id, &shown, &PlotView::default(), plots, &options);
    let theme = view.theme;
    let baseline = (look.kind != Kind::Mean).then_some(&*spectrum);
    if look.kind == Kind::Ratio {
        band_ui(
            ui,
            id.with("over"),
            &output,
            &spectrum,
            &mut look.over,
            theme.residual,
            "Second band",
            baseline,
        );
    }
    band_ui(ui, id.with("band"), &output, &spectrum, &mut look.band, theme.accent, "Band", baseline);
    let reading = ui.input(|i| i.pointer.hover_pos()).filter(|at| output.rect.contains(*at));
    let text = match reading.map(|at| output.transform.value_from_position(at).x) {
        Some(position) => {
            let value = spectrum.y()[spectrum.axis().nearest(position)];
            let name = shown.last().map_or("", |s| &*s.name);
            format!("{} · {} · {name}", position_text(&output.kind, position), significant(f64::from(value)))
        }
        None => "Drag the coloured band or its edges; the image follows. Click into the image for the spectrum of a place."
            .to_owned(),
    };
    hint(ui, text);
}

/// Mean first, the picked row over it.
fn curves(view: &View, item: &Item, prepared: bool) -> Vec<Shown> {
    let mean = Subject { item: item.id, row: None };
    let row = view.session.active().filter(|s| s.item == item.id && s.row.is_some());
    let curve = |subject: Subject, name: String, id: u64, colour: Color32| {
        let spectrum = if prepared {
            view.derived.spectrum(view.document, subject)?
        } else {
            view.derived.raw(subject)?
        };
        let state = if prepared { view.derived.version(subject).map_or(0, |v| v.0) } else { 0 };
        let version =
            stamp(&[item.id.0, subject.row.map_or(0, |row| row as u64 + 1), state, u64::from(prepared)]);
        Some(Shown { id, name: name.into(), spectrum, colour, version, role: Role::Measured, band: None })
    };
    let count = item.raw.len();
    let mean = curve(mean, format!("Mean of {count} spectra"), item.id.0 << 1, view.theme.weak);
    let picked = row.and_then(|subject| {
        let name = format!("Spectrum {}", subject.row.unwrap_or_default() + 1);
        curve(subject, name, (item.id.0 << 1) + 1, view.theme.mixture)
    });
    mean.into_iter().chain(picked).collect()
}

/// One number for several (FNV-1a over their bytes).
pub fn stamp(parts: &[u64]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// One band: its area, its edges, and the straight line under it.
#[expect(clippy::too_many_arguments, reason = "a drawing has as many parts")]
fn band_ui(
    ui: &Ui,
    id: Id,
    output: &PlotOutput,
    spectrum: &Spectrum,
    band: &mut Band,
    colour: Color32,
    name: &str,
    baseline: Option<&Spectrum>,
) {
    let (transform, frame) = (&output.transform, output.rect);
    let at = |position: f64| transform.position_from_point_x(position);
    let (a, b) = (at(band.low()), at(band.high()));
    let area = Rect::from_x_y_ranges(a.min(b)..=a.max(b), frame.y_range());
    // Where the band is narrow, the strips stand outside, so that its middle can still be taken.
    let inside = (0.25 * area.width()).min(0.5 * GRIP);
    let strip = |from: f32, to: f32| Rect::from_x_y_ranges(from..=to, frame.y_range()).intersect(frame);
    let left = strip(area.left() - (GRIP - inside), area.left() + inside);
    let right = strip(area.right() - inside, area.right() + (GRIP - inside));
    let middle = hold(ui, id.with("middle"), area.intersect(frame), name, CursorIcon::Grab);
    let low_is_left = a <= b;
    let edge = |rect: Rect, low: bool| {
        let label = format!("{} edge of {}", if low { "Lower" } else { "Upper" }, name.to_lowercase());
        hold(ui, id.with(low), rect, &label, CursorIcon::ResizeHorizontal)
    };
    let low = edge(if low_is_left { left } else { right }, true);
    let high = edge(if low_is_left { right } else { left }, false);
    let axis = spectrum.axis();
    if let Some(at) = low.dragged {
        *band = with_edge(axis, *band, transform.value_from_position(at).x, true);
    } else if let Some(at) = high.dragged {
        *band = with_edge(axis, *band, transform.value_from_position(at).x, false);
    } else if middle.dragged.is_some() {
        *band = moved(axis, *band, f64::from(middle.by) * transform.dvalue_dpos()[0]);
    }
    let painter = ui.painter().with_clip_rect(frame);
    let strong = low.hovered || high.hovered || middle.hovered;
    painter.rect_filled(area, 0.0, colour.gamma_multiply(if strong { 0.28 } else { 0.18 }));
    for (x, hovered) in [(a, low.hovered), (b, high.hovered)] {
        let width = if hovered { 2.5 } else { 1.5 };
        painter.line_segment([pos2(x, frame.top()), pos2(x, frame.bottom())], Stroke::new(width, colour));
    }
    if let Some(curve) = baseline {
        let point = |position: f64| {
            let value = f64::from(curve.y()[curve.axis().nearest(position)]);
            transform.position_from_point(&egui_plot::PlotPoint::new(position, value))
        };
        painter.line_segment([point(band.low()), point(band.high())], Stroke::new(1.5, colour));
    }
}

/// What happens to a part of a band that can be taken hold of.
struct Held {
    hovered: bool,
    dragged: Option<Pos2>,
    by: f32,
}

fn hold(ui: &Ui, id: Id, rect: Rect, name: &str, cursor: CursorIcon) -> Held {
    if rect.width() <= 0.0 || rect.height() <= 0.0 {
        return Held { hovered: false, dragged: None, by: 0.0 };
    }
    let response = ui.interact(rect, id, Sense::DRAG).on_hover_cursor(cursor);
    response.widget_info(|| WidgetInfo::labeled(WidgetRole::Splitter, true, name));
    let dragged = response.interact_pointer_pos().filter(|_| response.dragged());
    Held { hovered: response.hovered() || response.dragged(), dragged, by: response.drag_delta().x }
}

/// The band with one edge elsewhere, on the axis and not beyond the other edge.
fn with_edge(axis: &Axis, band: Band, position: f64, low: bool) -> Band {
    let least = 2.0 * axis.mean_step();
    let position = position.clamp(axis.low(), axis.high());
    if low {
        Band::new(position.min(band.high() - least), band.high())
    } else {
        Band::new(band.low(), position.max(band.low() + least))
    }
}

/// The whole band elsewhere on the axis.
fn moved(axis: &Axis, band: Band, by: f64) -> Band {
    let by = by.max(axis.low() - band.low()).min(axis.high() - band.high());
    Band::new(band.low() + by, band.high() + by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::{AxisKind, Metadata};

    fn axis() -> Axis {
        Axis::even(AxisKind::RamanShift, 100.0, 1_100.0, 501).unwrap()
    }

    #[test]
    fn the_first_band_lies_on_the_strongest_line() {
        let line = |x: f64, at: f64| (-((x - at) / 6.0).powi(2)).exp();
        let y: Vec<f32> = axis()
            .values()
            .iter()
            .map(|x| (5.0 + 30.0 * line(*x, 400.0) + 80.0 * line(*x, 800.0)) as f32)
            .collect();
        let [first, second] = default_band(&Spectrum::new(axis(), y, Metadata::default()).unwrap());
        assert!(first.low() < 795.0 && first.high() > 805.0 && first.width() < 40.0, "{first:?}");
        assert!(second.low() < 395.0 && second.high() > 405.0, "{second:?}");
    }

    #[test]
    fn the_first_band_leaves_a_neighbour_out() {
        let line = |x: f64, at: f64| (-((x - at) / 6.0).powi(2)).exp();
        let values = axis();
        let y =
            values.values().iter().map(|x| (5.0 + 70.0 * line(*x, 780.0) + 80.0 * line(*x, 800.0)) as f32);
        let [first, _] =
            default_band(&Spectrum::new(axis(), y.collect::<Vec<_>>(), Metadata::default()).unwrap());
        assert!((788.0..=792.0).contains(&first.low()), "{first:?}");
        assert!(first.high() > 807.0, "{first:?}");
    }

    #[test]
    fn a_band_stays_on_the_axis_and_its_edges_do_not_cross() {
        let band = Band::new(500.0, 520.0);
        assert_eq!(moved(&axis(), band, 1e4), Band::new(1_080.0, 1_100.0));
        assert_eq!(moved(&axis(), band, -1e4), Band::new(100.0, 120.0));
        assert_eq!(with_edge(&axis(), band, 900.0, true), Band::new(516.0, 520.0));
        assert_eq!(with_edge(&axis(), band, 0.0, true), Band::new(100.0, 520.0));
        assert_eq!(with_edge(&axis(), band, 400.0, false), Band::new(500.0, 504.0));
    }
}
