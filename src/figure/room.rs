//! Room above the curves: for the labels of peaks and for the legend, as far as the range of y is free.

use super::curves::line_width;
use super::legend::{Block, GAP_PT, at_corner, stands_over};
use super::model::Panel;
use super::scale::{Rect, Scale};
use super::{peaks, ranges, reduce};

/// Distance in pt at which long straight parts of a curve are looked at.
const STRIDE_PT: f64 = 3.0;
/// Points added to one straight part at most.
const MOST_STRIDES: f64 = 500.0;

/// A place on the page that should stay readable, and the height in pt that stands above it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Top {
    pub x: f64,
    pub y: f64,
    pub above: f64,
}

/// The places of all curves and peak labels of a panel.
pub(super) fn tops(panel: &Panel, x: &Scale, y: &Scale, plot: &Rect, size: f64) -> Vec<Top> {
    let mut tops = Vec::new();
    for curve in ranges::curves(panel) {
        let above = line_width(curve) / 2.0;
        for run in reduce::runs(curve, x, y, plot) {
            tops.extend(run.first().map(|p| Top { x: p.0, y: p.1, above }));
            for pair in run.windows(2) {
                let steps = ((pair[1].0 - pair[0].0).abs() / STRIDE_PT).ceil().clamp(1.0, MOST_STRIDES);
                tops.extend((1..=steps as usize).map(|i| {
                    let part = i as f64 / steps;
                    let x = pair[0].0 + part * (pair[1].0 - pair[0].0);
                    Top { x, y: pair[0].1 + part * (pair[1].1 - pair[0].1), above }
                }));
            }
        }
    }
    let shown = panel.peaks.iter().filter(|p| ranges::usable(p.x) && ranges::usable(p.y));
    tops.extend(shown.map(|peak| Top {
        x: x.at(peak.x),
        y: y.at(peak.y).clamp(plot.top, plot.bottom),
        above: peaks::above_pt(peak, size, plot.height()),
    }));
    tops.retain(|top| top.x >= plot.left && top.x <= plot.right);
    tops
}

/// The upper end of y (at present that of `y`) with room for peak labels and for the legend in the better upper corner.
pub(super) fn raised(
    panel: &Panel,
    legend: Option<&Block>,
    x: &Scale,
    y: &Scale,
    plot: &Rect,
    size: f64,
) -> f64 {
    let tops = tops(panel, x, y, plot, size);
    let height = plot.height();
    let labelled = tops.iter().fold(y.hi, |hi, top| hi.max(end_for(top, 0.0, y, plot.bottom, height)));
    let Some(block) = legend else { return labelled };
    [true, false]
        .into_iter()
        .map(|right| {
            let rect = at_corner(block, plot, true, right);
            let below = tops.iter().filter(|top| stands_over(&rect, top));
            below.fold(labelled, |hi, top| {
                hi.max(end_for(top, block.height + 2.0 * GAP_PT, y, plot.bottom, height))
            })
        })
        .fold(f64::INFINITY, f64::min)
}

/// The end of the axis at which `more` pt fit over a place that is now at `top`.
fn end_for(top: &Top, more: f64, y: &Scale, bottom: f64, height: f64) -> f64 {
    // At most half of the axis is given away: the data comes first.
    let left = (height - top.above - more).max(height / 2.0);
    y.lo + (bottom - top.y) / left * (y.hi - y.lo)
}

#[cfg(test)]
mod tests {
    use super::super::model::{Curve, PeakLabel};
    use super::*;

    const PLOT: Rect = Rect { left: 0.0, top: 0.0, right: 100.0, bottom: 100.0 };
    const X: Scale = Scale { lo: 0.0, hi: 1.0, from: 0.0, to: 100.0 };
    const Y: Scale = Scale { lo: 0.0, hi: 10.0, from: 100.0, to: 0.0 };

    #[test]
    fn a_label_gets_the_room_it_needs_above_its_peak() {
        let curve = Curve::new("", vec![0.0, 0.5, 1.0], vec![0.0, 9.0, 0.0], [0; 3]);
        let mut panel = Panel::curves("", "", vec![curve]);
        assert!((raised(&panel, None, &X, &Y, &PLOT, 7.0) - 10.0).abs() < 1e-9);
        panel.peaks.push(PeakLabel { x: 0.5, y: 9.0, text: "1001".into() });
        let above = peaks::above_pt(&panel.peaks[0], 7.0, 100.0);
        let hi = raised(&panel, None, &X, &Y, &PLOT, 7.0);
        assert!((9.0 / hi * 100.0 + above - 100.0).abs() < 1e-9, "{hi}");
    }

    #[test]
    fn a_straight_line_of_two_points_is_seen_under_the_legend() {
        let curve = Curve::new("", vec![0.0, 1.0], vec![9.9, 9.9], [0; 3]);
        let panel = Panel::curves("", "", vec![curve]);
        assert!(tops(&panel, &X, &Y, &PLOT, 7.0).iter().any(|t| (t.x - 50.0).abs() < 2.0));
    }
}
