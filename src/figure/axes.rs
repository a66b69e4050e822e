//! The frame of a panel: ticks outside at the bottom and the left, numbers, titles.

use super::font::{Weight, width};
use super::pen::{Anchor, INK, MIDDLE_EM, Pen, Place};
use super::scale::{Rect, Scale};
use super::ticks::{Ticks, ticks};
use super::words::{clean, fit};

/// Length of a tick with a number, in pt.
pub(super) const TICK_PT: f64 = 3.0;
/// Length of a small tick.
const MINOR_PT: f64 = 1.6;
/// Distance of the number from its tick.
pub(super) const NUMBER_GAP_PT: f64 = 2.0;
/// Thickness of the frame and the ticks.
const LINE_PT: f64 = 0.6;
/// An axis with fewer numbers looks for a finer step.
const FEW_TICKS: usize = 3;
/// How far a number may stand out beyond the ends of the axis.
const OVERHANG_PT: f64 = 6.0;

/// Which way an axis runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Across,
    Upwards,
}

/// The most ticks whose numbers stand clear of each other on this axis.
pub(super) fn ticks_for(scale: &Scale, direction: Direction, size: f64) -> Ticks {
    let (lo, hi) = scale.sorted();
    let (per_tick, most) = match direction {
        Direction::Across => (26.0, 9.0),
        Direction::Upwards => (14.0, 7.0),
    };
    let most = (scale.length() / per_tick).clamp(1.0, most) as usize;
    let clear = |wanted: usize| {
        let found = ticks(lo, hi, wanted);
        stand_clear(&found, scale, direction, size).then_some(found)
    };
    let found = (1..=most).rev().find_map(clear);
    if found.as_ref().is_none_or(|f| f.major.len() < FEW_TICKS) {
        // The steps of 1, 2 and 5 are coarse on a short axis: a finer one may just fit.
        let finer = (most + 1..=most + FEW_TICKS).find_map(|w| clear(w).filter(|f| f.major.len() > 1));
        if let Some(finer) = finer.or(found) {
            return finer;
        }
    } else if let Some(found) = found {
        return found;
    }
    let mut ticks = ticks(lo, hi, 1);
    // Not even the coarsest step leaves room: only the first number stays.
    ticks.labels.iter_mut().skip(1).for_each(String::clear);
    ticks
}

fn stand_clear(ticks: &Ticks, scale: &Scale, direction: Direction, size: f64) -> bool {
    let long = match direction {
        Direction::Across => widest(ticks, size) + 0.7 * size,
        Direction::Upwards => 1.3 * size,
    };
    ticks.major.windows(2).all(|pair| (scale.at(pair[1]) - scale.at(pair[0])).abs() >= long)
}

/// Width of the widest number in pt.
pub(super) fn widest(ticks: &Ticks, size: f64) -> f64 {
    ticks.labels.iter().map(|l| width(l, size, Weight::Regular)).fold(0.0, f64::max)
}

/// One axis as it will be drawn.
pub(super) struct Axis<'a> {
    pub scale: Scale,
    pub ticks: &'a Ticks,
    pub numbers: bool,
    /// Title without the shared factor.
    pub title: &'a str,
}

/// Draws frame, ticks, numbers and titles around `plot`. `edges` are the outer ends of the room for the titles: the
/// left one of the y title and the lower one of the x title.
pub(super) fn draw(pen: &mut Pen, plot: &Rect, x: &Axis, y: &Axis, edges: (f64, f64), size: f64) {
    let small = small(size);
    pen.open("axes");
    pen.frame(plot, LINE_PT);
    let place = |x, y, anchor| Place { x, y, size: small, weight: Weight::Regular, anchor, upright: false };
    for &value in &x.ticks.minor {
        let at = x.scale.at(value);
        pen.line((at, plot.bottom), (at, plot.bottom + MINOR_PT), INK, LINE_PT);
    }
    for (&value, label) in x.ticks.major.iter().zip(&x.ticks.labels) {
        let at = x.scale.at(value);
        pen.line((at, plot.bottom), (at, plot.bottom + TICK_PT), INK, LINE_PT);
        if x.numbers {
            let half = width(label, small, Weight::Regular) / 2.0;
            let (least, most) = (plot.left - OVERHANG_PT + half, plot.right + OVERHANG_PT - half);
            let centre = if least < most { at.clamp(least, most) } else { at };
            let baseline = plot.bottom + TICK_PT + NUMBER_GAP_PT + 2.0 * MIDDLE_EM * small;
            pen.text(place(centre, baseline, Anchor::Middle), label);
        }
    }
    for &value in &y.ticks.minor {
        let at = y.scale.at(value);
        pen.line((plot.left - MINOR_PT, at), (plot.left, at), INK, LINE_PT);
    }
    for (&value, label) in y.ticks.major.iter().zip(&y.ticks.labels) {
        let at = y.scale.at(value);
        pen.line((plot.left - TICK_PT, at), (plot.left, at), INK, LINE_PT);
        if y.numbers {
            let right = plot.left - TICK_PT - NUMBER_GAP_PT;
            pen.text(place(right, at + MIDDLE_EM * small, Anchor::End), label);
        }
    }
    pen.close();
    let (centre, middle) = plot.centre();
    if let Some(text) = title(x, plot.width() + 2.0 * OVERHANG_PT, size) {
        pen.text(titled(centre, edges.1 - 0.3 * size, size, false), &text);
    }
    if let Some(text) = title(y, plot.height() + 2.0 * OVERHANG_PT, size) {
        pen.text(titled(edges.0 + size, middle, size, true), &text);
    }
}

fn titled(x: f64, y: f64, size: f64, upright: bool) -> Place {
    Place { x, y, size, weight: Weight::Regular, anchor: Anchor::Middle, upright }
}

/// Size of numbers and legends for titles of `size`.
pub(super) fn small(size: f64) -> f64 {
    0.875 * size
}

/// Does this axis have a title line?
pub(super) fn has_title(label: &str, ticks: &Ticks, numbers: bool) -> bool {
    numbers && !ticks.factor.is_empty() || !clean(label).is_empty()
}

/// The title with the shared factor of the numbers, cut to the room: the factor is never cut.
fn title(axis: &Axis, room: f64, size: f64) -> Option<String> {
    let factor = if axis.numbers { axis.ticks.factor.as_str() } else { "" };
    let tail = if factor.is_empty() { String::new() } else { format!(" {factor}") };
    let text = fit(axis.title, size, Weight::Regular, room - width(&tail, size, Weight::Regular));
    let whole = if text.is_empty() { factor.to_owned() } else { text + &tail };
    (!whole.is_empty()).then_some(whole)
}
