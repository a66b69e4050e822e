//! Draws a map with its colour bar.

use super::axes::{Direction, NUMBER_GAP_PT, TICK_PT, small, ticks_for, widest};
use super::cells::{color_bar, picture, value_range};
use super::font::Weight;
use super::model::HeatMap;
use super::pen::{Anchor, INK, MIDDLE_EM, Pen, Place};
use super::ranges::{settled, usable};
use super::scale::{Rect, Scale};
use super::ticks::Ticks;
use super::words::{clean, fit};

/// Width of the colour bar in pt.
const BAR_PT: f64 = 7.0;
/// Distance of the colour bar from the map in pt.
const BAR_GAP_PT: f64 = 6.0;
/// Most a map may be stretched; longer ones fill their panel.
const MOST_STRETCHED: f64 = 50.0;

/// Positions of two opposite edges, from left to right or from top to bottom; cells are counted where they say nothing.
pub(super) fn edges(edges: (f64, f64), cells: usize) -> (f64, f64) {
    let safe = settled(Some(edges));
    let known = usable(edges.0) && usable(edges.1) && safe == (edges.0.min(edges.1), edges.0.max(edges.1));
    if known { edges } else { (0.0, cells.max(1) as f64) }
}

/// Width per height of the map on the page.
pub(super) fn proportion(map: &HeatMap) -> Option<f64> {
    let (x, y) = (edges(map.x_edges, map.width), edges(map.y_edges, map.height));
    let proportion = ((x.1 - x.0) / (y.1 - y.0)).abs();
    (1.0 / MOST_STRETCHED..=MOST_STRETCHED).contains(&proportion).then_some(proportion)
}

fn bar_ticks(map: &HeatMap, plot_height: f64, size: f64) -> (Scale, Ticks) {
    let (lo, hi) = value_range(map);
    let scale = Scale { lo, hi, from: plot_height, to: 0.0 };
    (scale, ticks_for(&scale, Direction::Upwards, small(size)))
}

fn bar_title(map: &HeatMap, ticks: &Ticks) -> String {
    let unit = clean(&map.unit);
    match (unit.is_empty(), ticks.factor.is_empty()) {
        (true, _) => ticks.factor.clone(),
        (_, true) => unit,
        _ => format!("{unit} {}", ticks.factor),
    }
}

/// Room the colour bar needs to the right of the map, in pt.
pub(super) fn bar_room(map: &HeatMap, plot_height: f64, size: f64) -> f64 {
    let (_, ticks) = bar_ticks(map, plot_height, size);
    let title = if bar_title(map, &ticks).is_empty() { 0.0 } else { 1.4 * size };
    BAR_GAP_PT + BAR_PT + TICK_PT + NUMBER_GAP_PT + widest(&ticks, small(size)) + title
}

/// Draws the cells into `plot` and the colour bar beside it.
pub(super) fn draw(pen: &mut Pen, map: &HeatMap, plot: &Rect, size: f64) {
    pen.open("map");
    if let Some(address) = picture(map) {
        pen.image(plot, &address);
    }
    let left = plot.right + BAR_GAP_PT;
    let bar = Rect { left, right: left + BAR_PT, ..*plot };
    if let Some(address) = color_bar() {
        pen.image(&bar, &address);
    }
    let (scale, ticks) = bar_ticks(map, plot.height(), size);
    let text = small(size);
    for (&value, label) in ticks.major.iter().zip(&ticks.labels) {
        let at = plot.top + scale.at(value);
        pen.line((bar.right, at), (bar.right + TICK_PT, at), INK, 0.6);
        let place = Place {
            x: bar.right + TICK_PT + NUMBER_GAP_PT,
            y: at + MIDDLE_EM * text,
            size: text,
            weight: Weight::Regular,
            anchor: Anchor::Start,
            upright: false,
        };
        pen.text(place, label);
    }
    let place = Place {
        x: bar.right + TICK_PT + NUMBER_GAP_PT + widest(&ticks, text) + 1.3 * size,
        y: plot.centre().1,
        size,
        weight: Weight::Regular,
        anchor: Anchor::Middle,
        upright: true,
    };
    pen.text(place, &fit(&bar_title(map, &ticks), size, Weight::Regular, plot.height()));
    pen.close();
}
