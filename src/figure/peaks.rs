//! Labels of peaks: upright over the peak, the higher peak first, none over another.

use super::font::{Weight, width};
use super::model::PeakLabel;
use super::pen::{Anchor, FAINT, MIDDLE_EM, Pen, Place};
use super::ranges::usable;
use super::scale::{Rect, Scale};
use super::words::fit;

/// Distance of the label from its peak in pt.
const GAP_PT: f64 = 5.0;
/// Longest label as a share of the axis.
const LONGEST: f64 = 0.4;

/// Height in pt that a label takes above its peak on an axis of `height_pt`.
pub(super) fn above_pt(label: &PeakLabel, size: f64, height_pt: f64) -> f64 {
    let text = fit(&label.text, size, Weight::Regular, height_pt * LONGEST);
    if text.is_empty() { 0.0 } else { width(&text, size, Weight::Regular) + 1.5 * GAP_PT }
}

/// Draws those labels that find room.
pub(super) fn draw(pen: &mut Pen, labels: &[PeakLabel], x: &Scale, y: &Scale, plot: &Rect, size: f64) {
    let mut order: Vec<&PeakLabel> = labels.iter().filter(|l| usable(l.x) && usable(l.y)).collect();
    order.sort_by(|a, b| b.y.total_cmp(&a.y).then(a.x.total_cmp(&b.x)));
    let mut taken: Vec<f64> = Vec::new();
    pen.open("peaks");
    for label in order {
        let text = fit(&label.text, size, Weight::Regular, plot.height() * LONGEST);
        let at = x.at(label.x);
        let centre = at.clamp(plot.left + size / 2.0, plot.right - size / 2.0);
        let outside = at < plot.left || at > plot.right || plot.width() < 2.0 * size;
        if text.is_empty() || outside || taken.iter().any(|other| (other - centre).abs() < size) {
            continue;
        }
        taken.push(centre);
        let peak = y.at(label.y).clamp(plot.top, plot.bottom);
        let long = width(&text, size, Weight::Regular);
        let foot = (peak - GAP_PT).max(plot.top + long + 1.0).min(plot.bottom);
        if peak - foot >= GAP_PT - 0.5 {
            pen.line((at, peak - 1.5), (at, foot + 1.0), FAINT, 0.5);
        }
        let place = Place {
            x: centre + MIDDLE_EM * size,
            y: foot,
            size,
            weight: Weight::Regular,
            anchor: Anchor::Start,
            upright: true,
        };
        pen.text_over(place, &text);
    }
    pen.close();
}
