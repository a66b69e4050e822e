//! Names of the curves: which ones, how large, and the corner where they hide the least.

use super::curves::{line_width, style};
use super::font::{Weight, width};
use super::model::{Curve, Dash};
use super::pen::{Anchor, MIDDLE_EM, Pen, Place};
use super::room::Top;
use super::scale::Rect;
use super::words::{clean, fit};

/// More names than this go to the right of the panel.
pub(super) const MOST_INSIDE: usize = 6;
/// Length of the sample of a line in pt.
const SAMPLE_PT: f64 = 14.0;
/// Room between sample and name, and around the whole, in pt.
pub(super) const GAP_PT: f64 = 4.0;
/// Distance of two lines of text, in em.
const LINE_EM: f64 = 1.3;

/// One name with the look of its line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    label: String,
    color: [u8; 3],
    width: f64,
    dash: Dash,
}

/// The names of some curves, each look and name once, in the order of the curves.
pub(super) fn entries<'a>(curves: impl Iterator<Item = &'a Curve>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for curve in curves {
        let label = clean(&curve.label);
        let known = |e: &Entry| e.label == label && e.color == curve.color && e.dash == curve.dash;
        if !label.is_empty() && !entries.iter().any(known) {
            entries.push(Entry { label, color: curve.color, width: line_width(curve), dash: curve.dash });
        }
    }
    entries
}

/// A placed name, relative to the top left of its block: a missing entry is the line that says how many are left out.
#[derive(Debug, Clone)]
struct Item {
    x: f64,
    line: usize,
    entry: Option<Entry>,
    text: String,
}

/// Names arranged in a block of known size.
#[derive(Debug, Clone)]
pub(super) struct Block {
    items: Vec<Item>,
    size: f64,
    pub width: f64,
    pub height: f64,
}

impl Block {
    /// One name below the other, cut to the room; a last line counts those left out.
    pub(super) fn stacked(entries: &[Entry], size: f64, room: (f64, f64)) -> Self {
        let lines = ((room.1 / (LINE_EM * size)).floor() as usize).max(1);
        let shown = if entries.len() > lines { lines - 1 } else { entries.len() };
        let mut items: Vec<Item> = entries[..shown]
            .iter()
            .enumerate()
            .map(|(line, entry)| Item {
                x: 0.0,
                line,
                text: fit(&entry.label, size, Weight::Regular, room.0 - SAMPLE_PT - GAP_PT),
                entry: Some(entry.clone()),
            })
            .collect();
        items.extend(left_out(entries.len() - shown, 0.0, shown, size, room.0));
        Self::of(items, size)
    }

    /// Names in lines like words on a page; a last one counts those left out.
    pub(super) fn flowing(entries: &[Entry], size: f64, room: (f64, f64)) -> Self {
        let lines = ((room.1 / (LINE_EM * size)).floor() as usize).max(1);
        let more_room = width("… and 000 more", size, Weight::Regular);
        let (mut items, mut x, mut line): (Vec<Item>, f64, usize) = (Vec::new(), 0.0, 0);
        for (at, entry) in entries.iter().enumerate() {
            let text = fit(&entry.label, size, Weight::Regular, room.0 / 2.0 - SAMPLE_PT - GAP_PT);
            let long = SAMPLE_PT + GAP_PT + width(&text, size, Weight::Regular);
            let tail = if line + 1 == lines && at + 1 < entries.len() { more_room } else { 0.0 };
            if x > 0.0 && x + long + tail > room.0 {
                if line + 1 == lines {
                    items.extend(left_out(entries.len() - at, x, line, size, room.0 - x));
                    break;
                }
                (x, line) = (0.0, line + 1);
            }
            items.push(Item { x, line, entry: Some(entry.clone()), text });
            x += long + 3.0 * GAP_PT;
        }
        Self::of(items, size)
    }

    fn of(items: Vec<Item>, size: f64) -> Self {
        let end = |item: &Item| item.x + item.indent() + width(&item.text, size, Weight::Regular);
        let block_width = items.iter().map(end).fold(0.0, f64::max);
        let lines = items.iter().map(|i| i.line + 1).max().unwrap_or(0);
        Self { items, size, width: block_width, height: lines as f64 * LINE_EM * size }
    }

    /// Draws the block with its top left corner at `(x, y)`.
    pub(super) fn draw(&self, pen: &mut Pen, x: f64, y: f64) {
        pen.open("legend");
        for item in &self.items {
            let middle = y + (item.line as f64 + 0.5) * LINE_EM * self.size;
            if let Some(entry) = &item.entry {
                let from = x + item.x;
                // The sample is never too thin to show its colour nor thicker than the name is high.
                let width = entry.width.clamp(1.0, 3.0);
                let style = style(entry.color, width, entry.dash);
                pen.polyline(&[(from, middle), (from + SAMPLE_PT, middle)], &style);
            }
            let place = Place {
                x: x + item.x + item.indent(),
                y: middle + MIDDLE_EM * self.size,
                size: self.size,
                weight: Weight::Regular,
                anchor: Anchor::Start,
                upright: false,
            };
            pen.text(place, &item.text);
        }
        pen.close();
    }
}

impl Item {
    fn indent(&self) -> f64 {
        if self.entry.is_some() { SAMPLE_PT + GAP_PT } else { 0.0 }
    }
}

fn left_out(count: usize, x: f64, line: usize, size: f64, room: f64) -> Option<Item> {
    let text = fit(&format!("… and {count} more"), size, Weight::Regular, room);
    (count > 0).then_some(Item { x, line, entry: None, text })
}

/// The four corners a block can stand in, the usual ones first.
const CORNERS: [(bool, bool); 4] = [(true, true), (true, false), (false, true), (false, false)];

/// The corner (as the rectangle of the block) where the curves and peak labels reach least far into it.
pub(super) fn corner(block: &Block, plot: &Rect, tops: &[Top]) -> Rect {
    let mut best: Option<(f64, Rect)> = None;
    for (is_top, is_right) in CORNERS {
        let rect = at_corner(block, plot, is_top, is_right);
        let intrusion = tops.iter().filter(|top| stands_over(&rect, top)).fold(0.0f64, |most, top| {
            let reach = if is_top { rect.bottom - (top.y - top.above) } else { top.y - rect.top };
            most.max(reach)
        });
        if best.as_ref().is_none_or(|(least, _)| intrusion < least - 0.5) {
            best = Some((intrusion, rect));
        }
    }
    best.map_or(*plot, |(_, rect)| rect)
}

/// The block in one corner of the plot.
pub(super) fn at_corner(block: &Block, plot: &Rect, top: bool, right: bool) -> Rect {
    let left = if right { plot.right - GAP_PT - block.width } else { plot.left + GAP_PT };
    let upper = if top { plot.top + GAP_PT } else { plot.bottom - GAP_PT - block.height };
    Rect { left, top: upper, right: left + block.width, bottom: upper + block.height }
}

/// Does this place lie below or above the block?
pub(super) fn stands_over(rect: &Rect, top: &Top) -> bool {
    top.x >= rect.left - GAP_PT && top.x <= rect.right + GAP_PT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str]) -> Vec<Entry> {
        let curves: Vec<Curve> =
            names.iter().map(|n| Curve::new(n, vec![0.0], vec![0.0], [1, 2, 3])).collect();
        entries(curves.iter())
    }

    #[test]
    fn the_same_look_and_name_is_listed_once_and_no_name_not_at_all() {
        assert_eq!(named(&["a", "b", "a", "", "\n"]).len(), 2);
    }

    #[test]
    fn a_block_counts_what_it_cannot_show() {
        let names: Vec<String> = (0..200).map(|i| format!("curve {i}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for (width, height) in [(60.0, 50.0), (30.0, 5.0), (200.0, 21.0)] {
            for block in [
                Block::stacked(&named(&names), 7.0, (width, height)),
                Block::flowing(&named(&names), 7.0, (width, height)),
            ] {
                let shown = block.items.len() - 1;
                let last = &block.items[shown];
                assert!(last.entry.is_none());
                assert!(last.text.len() < 5 || last.text.starts_with("… "), "{}", last.text);
                if width > 60.0 {
                    assert_eq!(last.text, format!("… and {} more", 200 - shown));
                }
                assert!(block.width <= width + 1e-9 && block.height <= height.max(9.1 + 1e-9));
            }
        }
    }

    #[test]
    fn the_block_avoids_the_corner_with_the_peak() {
        let block = Block::stacked(&named(&["a", "b"]), 7.0, (50.0, 50.0));
        let plot = Rect { left: 0.0, top: 0.0, right: 200.0, bottom: 100.0 };
        let at = |x: f64| Top { x, y: 0.0, above: 0.0 };
        let right = corner(&block, &plot, &[at(10.0)]);
        assert!(right.left > 100.0 && right.top < 50.0);
        let left = corner(&block, &plot, &[at(190.0)]);
        assert!(left.right < 100.0 && left.top < 50.0);
        let low = corner(&block, &plot, &[at(190.0), at(10.0)]);
        assert!(low.top > 50.0);
    }
}
