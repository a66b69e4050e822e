//! One entry of a library: its curve and what is known about it.

use eframe::egui::{Align2, FontId, Label, Pos2, Rect, RichText, Sense, Shape, Stroke, Ui, pos2, vec2};

use crate::app::theme::Theme;
use crate::app::widgets::{bold, one_line};
use crate::library::{Entry, Facts};
use crate::spectrum::Spectrum;
use crate::spectrum::peaks::{PeakLimits, find_peaks};

/// Lines of a spectrum that are named.
const LINES: usize = 5;
/// Least height of a line that is named, as a share of the span of the curve.
const LEAST: f64 = 0.05;
/// Standard deviations of the noise that a named line rises by at least.
const SIGNIFICANCE: f64 = 6.0;
/// Room for the numbers below the curve.
const FOOT: f32 = 15.0;

/// Draws an entry with a curve of this height.
pub fn peek_ui(ui: &mut Ui, theme: &Theme, entry: &Entry, height: f32) {
    let Facts { name, group, formula, source, licence, kind, notes } = &entry.facts;
    one_line(ui, bold(name));
    curve_ui(ui, theme, &entry.spectrum, height);
    let lines = strongest(&entry.spectrum);
    if !lines.is_empty() {
        fact_ui(ui, theme, "Strongest lines", &format!("{} {}", lines.join(", "), unit(&entry.spectrum)));
    }
    let species = if group == name { "" } else { group.as_str() };
    for (label, text) in [
        ("Species", species),
        ("Formula", &plain_formula(formula)),
        ("Kind", kind),
        ("Source", source),
        ("Licence", licence),
        ("Notes", notes),
    ] {
        if !text.trim().is_empty() {
            fact_ui(ui, theme, label, text);
        }
    }
}

fn fact_ui(ui: &mut Ui, theme: &Theme, label: &str, text: &str) {
    let mut job = eframe::egui::text::LayoutJob::default();
    let style = ui.style();
    RichText::new(format!("{label}  ")).small().color(theme.weak).append_to(
        &mut job,
        style,
        eframe::egui::FontSelection::Default,
        eframe::egui::Align::Center,
    );
    RichText::new(text).small().color(theme.text).append_to(
        &mut job,
        style,
        eframe::egui::FontSelection::Default,
        eframe::egui::Align::Center,
    );
    ui.add(Label::new(job).wrap());
}

/// A formula without the marks of some sources around subscripts and charges.
pub fn plain_formula(formula: &str) -> String {
    formula.replace(['_', '^'], "")
}

fn unit(spectrum: &Spectrum) -> String {
    spectrum.axis().kind().unit().replace("cm-1", "cm⁻¹")
}

/// Positions of the highest lines, highest first.
fn strongest(spectrum: &Spectrum) -> Vec<String> {
    let [low, high] = span(spectrum);
    let limits = PeakLimits { prominence: LEAST * f64::from(high - low), significance: SIGNIFICANCE };
    let mut peaks = find_peaks(spectrum.axis(), spectrum.y(), limits);
    peaks.sort_by(|a, b| b.prominence.total_cmp(&a.prominence));
    peaks.iter().take(LINES).map(|peak| format!("{:.0}", peak.position)).collect()
}

fn span(spectrum: &Spectrum) -> [f32; 2] {
    let fold = |start, pick: fn(f32, f32) -> f32| spectrum.y().iter().copied().fold(start, pick);
    [fold(f32::INFINITY, f32::min), fold(f32::NEG_INFINITY, f32::max)]
}

fn curve_ui(ui: &mut Ui, theme: &Theme, spectrum: &Spectrum, height: f32) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 3.0, theme.ground);
    let inner = Rect::from_min_max(rect.min + vec2(4.0, 4.0), rect.max - vec2(4.0, FOOT));
    let base = inner.bottom() + 1.0;
    painter.hline(inner.x_range(), base, Stroke::new(1.0, theme.line));
    let points = reduced(spectrum, inner);
    painter.add(Shape::line(points, Stroke::new(1.2, theme.library)));
    let (low, high) = (spectrum.axis().low(), spectrum.axis().high());
    let font = FontId::proportional(10.5);
    let unit = unit(spectrum);
    for (at, align, text) in [
        (inner.left(), Align2::LEFT_TOP, format!("{low:.0}")),
        (inner.center().x, Align2::CENTER_TOP, format!("{:.0} {unit}", 0.5 * (low + high))),
        (inner.right(), Align2::RIGHT_TOP, format!("{high:.0}")),
    ] {
        painter.text(pos2(at, base + 1.0), align, text, font.clone(), theme.weak);
    }
}

/// Lowest and highest point of every column of pixels.
fn reduced(spectrum: &Spectrum, rect: Rect) -> Vec<Pos2> {
    let (axis, [bottom, top]) = (spectrum.axis(), span(spectrum));
    let wide = (axis.high() - axis.low()).max(f64::MIN_POSITIVE);
    let tall = if top > bottom { top - bottom } else { 1.0 };
    let height = |v: f32| rect.bottom() - rect.height() * (v - bottom) / tall;
    let mut columns: Vec<Option<[f32; 2]>> = vec![None; rect.width().max(1.0) as usize + 1];
    for (x, &y) in axis.values().iter().zip(spectrum.y()) {
        let column = ((x - axis.low()) / wide * f64::from(rect.width())) as usize;
        let Some(slot) = columns.get_mut(column) else { continue };
        *slot = Some(slot.map_or([y, y], |[low, high]| [low.min(y), high.max(y)]));
    }
    let mut points = Vec::with_capacity(2 * columns.len());
    for (column, ends) in columns.iter().enumerate() {
        let Some([low, high]) = *ends else { continue };
        let x = rect.left() + column as f32;
        points.push(pos2(x, height(low)));
        if high > low {
            points.push(pos2(x, height(high)));
        }
    }
    points
}
