//! Draws the curves of a panel, and the short sample of one in a legend.

use super::band::outlines;
use super::model::{Curve, Dash};
use super::pen::{FAINT, Pen, hex, number};
use super::reduce;
use super::scale::{Rect, Scale};

/// Least share of the axis on both sides of zero for zero to get its line.
const ZERO_SHARE: f64 = 0.1;
/// Opacity of a band, in the colour of its line.
const BAND: f64 = 0.22;

/// Width of the line in pt, made drawable.
pub(super) fn line_width(curve: &Curve) -> f64 {
    if curve.width_pt.is_finite() { curve.width_pt.clamp(0.1, 10.0) } else { 1.0 }
}

/// The attributes of the curve's line.
pub(super) fn style(color: [u8; 3], width: f64, dash: Dash) -> String {
    let pattern = |on: f64, off: f64| {
        format!(" stroke-dasharray=\"{} {}\"", number(on * width.max(0.5)), number(off * width.max(0.5)))
    };
    let dashes = match dash {
        Dash::Solid => String::new(),
        Dash::Dashed => pattern(4.0, 2.0),
        Dash::Dotted => pattern(1.0, 1.5),
    };
    format!("stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"{dashes}", hex(color), number(width))
}

/// Draws all curves, the first at the back, over a faint line at zero where the axis passes well through it.
pub(super) fn draw(pen: &mut Pen, curves: &[Curve], x: &Scale, y: &Scale, plot: &Rect) {
    let (lo, hi) = y.sorted();
    let share = -lo / (hi - lo);
    if share > ZERO_SHARE && share < 1.0 - ZERO_SHARE {
        pen.line((plot.left, y.at(0.0)), (plot.right, y.at(0.0)), FAINT, 0.5);
    }
    // Bands below all lines.
    if curves.iter().any(|curve| curve.band.is_some()) {
        pen.open("bands");
        for curve in curves {
            for outline in outlines(curve, x, y, plot) {
                pen.polygon(&outline, curve.color, BAND);
            }
        }
        pen.close();
    }
    pen.open("curves");
    for curve in curves {
        let width = line_width(curve);
        let style = style(curve.color, width, curve.dash);
        for run in reduce::runs(curve, x, y, plot) {
            match run.as_slice() {
                [only] => pen.dot(*only, width.max(0.8), curve.color),
                run => pen.polyline(run, &style),
            }
        }
    }
    pen.close();
}
