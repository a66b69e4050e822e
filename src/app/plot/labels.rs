//! Labels that avoid one another, written over a plot: positions at the peaks, the ruler, the reading.

use eframe::egui;
use eframe::egui::{
    Align2, Color32, FontId, Galley, Painter, Pos2, Rect, Stroke, TextStyle, Ui, Vec2, pos2, vec2,
};
use egui_plot::PlotTransform;

use super::arrange::FactCache;
use super::curve::CurveItem;
use super::text::{peak_decimals, position_text};
use super::view::{PeakLabels, Ruler, distance_text};
use crate::spectrum::AxisKind;

/// A strip of a plot narrower than this, at the edge of a scrolled grid, shows no reading: it would be a column of words.
const READABLE: f32 = 130.0;
/// Labels are written for this many curves at most; more would bury the curves.
pub(super) const MOST_CURVES: usize = 10;
/// Labels of one curve at most, the highest first.
const MOST_LABELS: usize = 60;
/// Free room between the top and its label, in points.
const LIFT: f32 = 5.0;
/// Half the length of the mark at the end of a ruler, in points.
const TICK: f32 = 5.0;

/// What the text is written on.
pub(super) struct Over<'a> {
    pub ui: &'a Ui,
    pub painter: &'a Painter,
    pub transform: &'a PlotTransform,
    pub kind: &'a AxisKind,
}

/// Where text already stands.
#[derive(Default)]
pub(super) struct Taken(Vec<Rect>);

impl Taken {
    /// Marks a place as taken.
    pub(super) fn add(&mut self, rect: Rect) {
        self.0.push(rect);
    }

    /// Takes the place if it is free.
    fn take(&mut self, rect: Rect) -> bool {
        let free = !self.0.iter().any(|other| other.intersects(rect));
        if free {
            self.0.push(rect);
        }
        free
    }
}

/// Writes the positions of the peaks above them; of two labels that overlap the higher peak has its own.
pub(super) fn peak_labels_ui(
    over: &Over<'_>,
    curves: &[CurveItem],
    labels: PeakLabels,
    facts: &mut FactCache,
    taken: &mut Taken,
) {
    let Over { ui, painter, transform, kind } = *over;
    if !labels.shown || curves.len() > MOST_CURVES {
        return;
    }
    let font = TextStyle::Small.resolve(ui.style());
    let frame = *transform.frame();
    let decimals = peak_decimals(kind);
    let mut tops: Vec<(f64, Pos2, f64, Color32)> = Vec::new();
    for curve in curves {
        let peaks = facts.peaks(curve, labels.prominence);
        let seen = curve.visible(transform);
        let own_axis = std::sync::Arc::ptr_eq(&curve.axis, curve.spectrum.axis());
        let colour = if curves.len() == 1 { ui.visuals().text_color() } else { curve.colour };
        tops.extend(peaks.iter().filter(|peak| seen.contains(&peak.index)).filter_map(|peak| {
            let at = transform.position_from_point(&curve.drawn(peak.index)?);
            let position = if own_axis { peak.position } else { curve.axis.values()[peak.index] };
            frame.contains(at).then_some((peak.prominence * curve.y_scale, at, position, colour))
        }));
    }
    tops.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (_, at, position, colour) in tops.into_iter().take(MOST_LABELS * curves.len()) {
        let text = format!("{position:.decimals$}");
        let galley = painter.layout_no_wrap(text, font.clone(), colour);
        let size = galley.size();
        let left = (at.x - 0.5 * size.x)
            .clamp(frame.left() + 2.0, (frame.right() - size.x - 2.0).max(frame.left() + 2.0));
        let top = (at.y - LIFT - size.y).max(frame.top() + 2.0);
        let place = Rect::from_min_size(pos2(left, top), size);
        if taken.take(place.expand2(vec2(2.0, 0.0))) {
            if top + size.y + 1.0 < at.y {
                painter.line_segment(
                    [pos2(at.x, top + size.y), pos2(at.x, at.y - 1.5)],
                    Stroke::new(1.0, colour.gamma_multiply(0.6)),
                );
            }
            painter.galley(place.min, galley, colour);
        }
    }
}

/// Draws the ruler: a mark at each end and the distance between them. A started ruler reaches to the pointer.
pub(super) fn ruler_ui(over: &Over<'_>, ruler: Ruler, pointer: Option<f64>, taken: &mut Taken) {
    let Over { ui, painter, transform, kind } = *over;
    let (from, to) = match ruler {
        Ruler::Off | Ruler::Ready => return,
        Ruler::Started { from } => (from, pointer.unwrap_or(from)),
        Ruler::Set { from, to } => (from, to),
    };
    let frame = transform.frame();
    let colour = ui.visuals().strong_text_color();
    let stroke = Stroke::new(1.0, colour);
    let y = frame.top() + 26.0;
    let (a, b) = (transform.position_from_point_x(from), transform.position_from_point_x(to));
    for x in [a, b] {
        painter.extend(egui::Shape::dashed_line(
            &[pos2(x, frame.top()), pos2(x, frame.bottom())],
            stroke,
            4.0,
            4.0,
        ));
        painter.line_segment([pos2(x, y - TICK), pos2(x, y + TICK)], stroke);
    }
    if (b - a).abs() > 0.5 {
        painter.line_segment([pos2(a, y), pos2(b, y)], stroke);
        let text = distance_text(kind, from, to);
        let font = TextStyle::Body.resolve(ui.style());
        let middle = pos2(0.5 * (a + b), y - 3.0);
        taken.add(boxed_text(ui, painter, middle, Align2::CENTER_BOTTOM, &text, font));
    }
}

/// Position, value and nearest curve at the pointer, in the upper left corner of the plot.
pub(super) fn reading_ui(over: &Over<'_>, position: f64, rest: &str) {
    let Over { ui, painter, transform, kind } = *over;
    let frame = transform.frame();
    if painter.clip_rect().width() < READABLE {
        return;
    }
    let text = format!("{} · {rest}", position_text(kind, position));
    let font = TextStyle::Body.resolve(ui.style());
    boxed_text(ui, painter, frame.min + vec2(8.0, 4.0), Align2::LEFT_TOP, &text, font);
}

/// Text on a soft background of its own, moved into the plot where it would leave it.
fn boxed_text(ui: &Ui, painter: &Painter, at: Pos2, align: Align2, text: &str, font: FontId) -> Rect {
    let colour = ui.visuals().strong_text_color();
    let room = painter.clip_rect().shrink(4.0);
    // In a narrow plot a long text has several lines.
    let galley: std::sync::Arc<Galley> = painter.layout(text.to_owned(), font, colour, room.width());
    let mut place = align.anchor_size(at, galley.size());
    let over = (place.right() - room.right()).max(0.0);
    place = place.translate(vec2(-over, 0.0));
    let under = Vec2::new((room.left() - place.left()).max(0.0), (room.top() - place.top()).max(0.0));
    place = place.translate(under);
    let back = ui.visuals().extreme_bg_color.gamma_multiply(0.85);
    painter.rect_filled(place.expand2(vec2(4.0, 2.0)), 3.0, back);
    painter.galley(place.min, galley, colour);
    place.expand(4.0)
}
