//! Where everything stands on the page: rows and columns of panels with room for the words around them.

use super::axes::{Direction, NUMBER_GAP_PT, TICK_PT, has_title, small, ticks_for, widest};
use super::grid::Grid;
use super::legend::{Block, GAP_PT, MOST_INSIDE, entries};
use super::model::{Content, Figure, LegendPlace, Panel};
use super::scale::{Rect, Scale};
use super::ticks::Ticks;
use super::words::clean;
use super::{heat, ranges, room};

/// Free border of the page in pt.
const MARGIN_PT: f64 = 5.0;
/// Room between two columns, and two rows, in pt.
const COLUMN_GAP_PT: f64 = 6.0;
const ROW_GAP_PT: f64 = 5.0;
/// Room to the right of an axis for a number that stands out, in pt.
const RIGHT_PT: f64 = 7.0;
/// Least share of its place that a plot keeps; smaller words make room where this fails.
const LEAST_SHARE: f64 = 0.25;
/// Words are not made smaller than this for room, in pt.
const SMALLEST_PT: f64 = 2.0;

/// The page with everything placed, in pt.
pub(super) struct Sheet<'a> {
    pub width: f64,
    pub height: f64,
    /// Size of titles.
    pub size: f64,
    /// The page without its border.
    pub inner: Rect,
    /// Baseline of the column headings.
    pub headings_y: f64,
    /// Centre and room of each column heading.
    pub columns: Vec<(f64, f64)>,
    pub cells: Vec<Cell<'a>>,
    /// The common legend.
    pub below: Option<Block>,
}

/// One placed panel.
pub(super) struct Cell<'a> {
    pub panel: &'a Panel,
    pub plot: Rect,
    pub x: Scale,
    pub y: Scale,
    pub x_ticks: Ticks,
    pub y_ticks: Ticks,
    pub x_numbers: bool,
    pub y_numbers: bool,
    pub x_title: &'a str,
    pub y_title: &'a str,
    /// Outer ends of the room for the titles, left and below.
    pub edges: (f64, f64),
    /// Names of the curves; true where they stand to the right of the plot.
    pub legend: Option<(Block, bool)>,
}

impl<'a> Sheet<'a> {
    pub(super) fn of(figure: &'a Figure) -> Self {
        let grid = Grid::of(figure);
        let mut size = grid.size;
        loop {
            let (sheet, share) = Self::attempt(figure, &grid, size);
            if share >= LEAST_SHARE || size <= SMALLEST_PT {
                return sheet;
            }
            size *= 0.8;
        }
    }

    /// The sheet with titles of `size`, and the smallest share of its place that a plot got.
    fn attempt(figure: &'a Figure, grid: &Grid<'a>, size: f64) -> (Self, f64) {
        let (width, height) = (grid.width, grid.height);
        let inner =
            Rect { left: MARGIN_PT, top: MARGIN_PT, right: width - MARGIN_PT, bottom: height - MARGIN_PT };
        let below = (figure.legend == LegendPlace::Below)
            .then(|| entries(grid.panels.iter().flat_map(|p| ranges::curves(p))))
            .filter(|names| !names.is_empty())
            .map(|names| Block::flowing(&names, small(size), (inner.width(), 0.2 * height)));
        let title = if clean(&figure.title).is_empty() { 0.0 } else { 1.9 * size };
        let headed = figure.column_headings.iter().any(|h| !clean(h).is_empty());
        let headings = if headed { 1.6 * size } else { 0.0 };
        let body = Rect {
            top: inner.top + title + headings,
            bottom: inner.bottom - below.as_ref().map_or(0.0, |b| b.height + 2.0 * GAP_PT),
            ..inner
        };
        let rows = row_rects(figure, grid, &body, size);
        let guess = (body.width() / grid.columns as f64 - 6.0 * size).max(1.0);
        let mut drafts: Vec<Draft> = (0..grid.panels.len())
            .map(|at| Draft::of(figure, grid, at, (guess, rows[at / grid.columns].height()), size))
            .collect();
        if figure.share_y {
            for row in drafts.chunks_mut(grid.columns) {
                let all = row.iter().filter(|d| !d.is_map).fold(None, |r, d| ranges::union(r, Some(d.y)));
                row.iter_mut().filter(|d| !d.is_map).for_each(|d| d.y = all.unwrap_or(d.y));
            }
        }
        let needs: Vec<(f64, f64)> =
            (0..drafts.len()).map(|at| drafts[at].sides(grid, at, &rows[at / grid.columns], size)).collect();
        let plots = column_spans(grid, &body, &needs);
        let cells: Vec<Cell> = drafts
            .into_iter()
            .enumerate()
            .map(|(at, draft)| {
                let (left, right) = plots[at % grid.columns];
                let place = Rect { left, right, ..rows[at / grid.columns] };
                // Titles of curves stand in line down the column, that of a map beside its numbers.
                let column = needs.iter().skip(at % grid.columns).step_by(grid.columns);
                let widest = column.fold(0.0f64, |most, need| most.max(need.0));
                let room = if draft.is_map { needs[at].0 } else { widest };
                draft.placed(grid, at, place, room, size)
            })
            .collect();
        let columns =
            plots.iter().map(|&(l, r)| (f64::midpoint(l, r), r - l + 2.0 * COLUMN_GAP_PT)).collect();
        let across = plots.iter().map(|p| p.1 - p.0).sum::<f64>() / body.width();
        let down = rows.iter().map(Rect::height).sum::<f64>() / body.height();
        let share = if cells.is_empty() { 1.0 } else { across.min(down) };
        let headings_y = body.top - 0.5 * size;
        (Self { width, height, size, inner, headings_y, columns, cells, below }, share)
    }
}

/// Room under a plot for numbers and title.
fn foot(grid: &Grid, at: usize, size: f64) -> f64 {
    let numbers = grid.x_numbers(at);
    let mut foot = TICK_PT;
    if numbers {
        foot += NUMBER_GAP_PT + small(size);
    }
    if has_title(grid.x_title(at), &grid.x_ticks(at), numbers) {
        foot += 1.3 * size;
    }
    foot
}

/// The plots' upper and lower ends, row by row, over the whole width.
fn row_rects(figure: &Figure, grid: &Grid, body: &Rect, size: f64) -> Vec<Rect> {
    let rows = grid.panels.len().div_ceil(grid.columns);
    let mut heads = vec![0.0f64; rows];
    let mut feet = vec![0.0f64; rows];
    for (at, panel) in grid.panels.iter().enumerate() {
        let row = at / grid.columns;
        // Half a number may stand out above the plot.
        let head = if clean(&panel.heading).is_empty() { 0.4 * size } else { 1.5 * size };
        heads[row] = heads[row].max(head);
        feet[row] = feet[row].max(foot(grid, at, size));
    }
    let weight = |row: usize| {
        let weight = figure.row_weights.get(row).copied().unwrap_or(1.0);
        if weight.is_finite() { weight.clamp(0.2, 5.0) } else { 1.0 }
    };
    let gaps = ROW_GAP_PT * rows.saturating_sub(1) as f64;
    let free = body.height() - gaps - heads.iter().sum::<f64>() - feet.iter().sum::<f64>();
    let unit = free.max(rows as f64) / (0..rows).map(weight).sum::<f64>();
    let mut top = body.top;
    (0..rows)
        .map(|row| {
            let plot = Rect { top: top + heads[row], bottom: top + heads[row] + unit * weight(row), ..*body };
            top = plot.bottom + feet[row] + ROW_GAP_PT;
            plot
        })
        .collect()
}

/// Left and right end of the plots of each column, all of the same width.
fn column_spans(grid: &Grid, body: &Rect, needs: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut sides = vec![(0.0f64, RIGHT_PT); grid.columns];
    for (at, need) in needs.iter().enumerate() {
        let side = &mut sides[at % grid.columns];
        *side = (side.0.max(need.0), side.1.max(need.1));
    }
    let gaps = COLUMN_GAP_PT * (grid.columns - 1) as f64;
    let taken: f64 = sides.iter().map(|s| s.0 + s.1).sum();
    let width = ((body.width() - gaps - taken) / grid.columns as f64).max(1.0);
    let mut left = body.left;
    sides
        .iter()
        .map(|side| {
            let plot = (left + side.0, left + side.0 + width);
            left = plot.1 + side.1 + COLUMN_GAP_PT;
            plot
        })
        .collect()
}

/// A panel whose height is known and whose width is guessed.
struct Draft<'a> {
    panel: &'a Panel,
    is_map: bool,
    x: (f64, f64),
    y: (f64, f64),
    legend: Option<(Block, bool)>,
}

impl<'a> Draft<'a> {
    fn of(figure: &Figure, grid: &Grid<'a>, at: usize, plot: (f64, f64), size: f64) -> Self {
        let panel = grid.panels[at];
        let x = grid.x_range(at);
        if let Content::Map(map) = &panel.content {
            let (top, bottom) = heat::edges(map.y_edges, map.height);
            return Self { panel, is_map: true, x, y: (bottom, top), legend: None };
        }
        let names = entries(ranges::curves(panel).iter());
        let outside = names.len() > MOST_INSIDE;
        let most = if outside { (0.35 * plot.0, plot.1) } else { (0.75 * plot.0, 0.6 * plot.1) };
        let legend = (figure.legend == LegendPlace::Panel && !names.is_empty())
            .then(|| (Block::stacked(&names, small(size), most), outside));
        let mut y = ranges::settled(ranges::y_range(panel, x));
        if let Some(asked) = panel.y_range {
            y = ranges::settled(Some(asked));
        } else {
            let rect = Rect { left: 0.0, top: 0.0, right: plot.0, bottom: plot.1 };
            let inside = legend.as_ref().filter(|(_, outside)| !outside).map(|(block, _)| block);
            let (x, y_scale) = scales(panel, x, y, &rect);
            y.1 = room::raised(panel, inside, &x, &y_scale, &rect, small(size));
        }
        Self { panel, is_map: false, x, y, legend }
    }

    /// Room to the left and to the right of the plot.
    fn sides(&self, grid: &Grid, at: usize, row: &Rect, size: f64) -> (f64, f64) {
        let (_, y) = scales(self.panel, self.x, self.y, row);
        let ticks = ticks_for(&y, Direction::Upwards, small(size));
        let numbers = grid.y_numbers(at);
        let mut left = TICK_PT;
        if numbers {
            left += NUMBER_GAP_PT + widest(&ticks, small(size));
        }
        if has_title(grid.y_title(at), &ticks, numbers) {
            left += 1.5 * size;
        }
        let right = match (&self.panel.content, &self.legend) {
            (Content::Map(map), _) => heat::bar_room(map, row.height(), size),
            (_, Some((block, true))) => block.width + 2.0 * GAP_PT,
            _ => 0.0,
        };
        (left, right)
    }

    fn placed(self, grid: &Grid<'a>, at: usize, place: Rect, left: f64, size: f64) -> Cell<'a> {
        let plot = match &self.panel.content {
            Content::Map(map) => heat::proportion(map).map_or(place, |p| place.with_proportion(p)),
            Content::Curves(_) => place,
        };
        let (x, y) = scales(self.panel, self.x, self.y, &plot);
        Cell {
            panel: self.panel,
            x_ticks: ticks_for(&x, Direction::Across, small(size)),
            y_ticks: ticks_for(&y, Direction::Upwards, small(size)),
            x_numbers: grid.x_numbers(at),
            y_numbers: grid.y_numbers(at),
            x_title: grid.x_title(at),
            y_title: grid.y_title(at),
            edges: (plot.left - left, plot.bottom + foot(grid, at, size)),
            legend: self.legend,
            plot,
            x,
            y,
        }
    }
}

/// The two scales of a panel over its plot.
fn scales(panel: &Panel, x: (f64, f64), y: (f64, f64), plot: &Rect) -> (Scale, Scale) {
    let reversed = panel.x_reversed && matches!(panel.content, Content::Curves(_));
    let (from, to) = if reversed { (plot.right, plot.left) } else { (plot.left, plot.right) };
    (Scale { lo: x.0, hi: x.1, from, to }, Scale { lo: y.0, hi: y.1, from: plot.bottom, to: plot.top })
}
