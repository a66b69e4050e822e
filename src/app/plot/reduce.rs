//! From a curve to the points worth drawing: cut to what is visible, first, lowest, highest and last point of each
//! pixel column where the points are dense, then drop what a straight line shows as well.
//!
//! Pure functions over slices. A gap in the data (not a number) is a point `[NAN, NAN]` in the result.

use std::ops::Range;

/// One point on the screen, in egui points.
pub(super) type Point = [f32; 2];

/// Largest vertical distance, in screen points, between a dropped point and the drawn line.
pub(super) const TOLERANCE: f32 = 0.2;
/// Screen coordinates beyond this are as good as infinite, and `f32` would lose the pixels before it.
const FAR: f64 = 1e6;
/// Lanes of the loop over a dense column: two SSE registers.
const LANES: usize = 8;

/// A gap between two drawn pieces.
pub(super) const GAP: Point = [f32::NAN, f32::NAN];

/// From data to the screen: `screen = scale * value + shift`, per direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Screen {
    pub x_scale: f64,
    pub x_shift: f64,
    pub y_scale: f64,
    pub y_shift: f64,
}

impl Screen {
    pub(super) fn x(&self, position: f64) -> f32 {
        (self.x_scale * position + self.x_shift).clamp(-FAR, FAR) as f32
    }

    pub(super) fn y(&self, value: f32) -> f32 {
        (self.y_scale * f64::from(value) + self.y_shift).clamp(-FAR, FAR) as f32
    }

    fn point(&self, position: f64, value: f32) -> Point {
        [self.x(position), self.y(value)]
    }
}

/// Indices of the points between `low` and `high` on an axis that runs up or down, and one more on each side so that
/// the line leaves the picture where it should.
pub(super) fn visible(x: &[f64], low: f64, high: f64) -> Range<usize> {
    let descending = x.first() > x.last();
    let (start, end) = if descending {
        (x.partition_point(|v| *v > high), x.partition_point(|v| *v >= low))
    } else {
        (x.partition_point(|v| *v < low), x.partition_point(|v| *v <= high))
    };
    start.saturating_sub(1)..(end.max(start) + 1).min(x.len())
}

/// Writes the points of the curve that are worth drawing into `out`, in their order. `column` is the width of one
/// pixel in screen points.
pub(super) fn reduce(x: &[f64], y: &[f32], screen: &Screen, column: f32, out: &mut Vec<Point>) {
    out.clear();
    let points = x.len().min(y.len());
    let (x, y) = (&x[..points], &y[..points]);
    let (Some(first), Some(last)) = (x.first(), x.last()) else { return };
    let columns = (screen.x(*last) - screen.x(*first)).abs() / column;
    if points as f32 > 2.0 * columns {
        extremes_per_column(x, y, screen, column, out);
    } else {
        out.extend(x.iter().zip(y).map(|(x, y)| if y.is_finite() { screen.point(*x, *y) } else { GAP }));
    }
    simplify(out, TOLERANCE);
}

/// First, lowest, highest and last point of every pixel column, in their order.
fn extremes_per_column(x: &[f64], y: &[f32], screen: &Screen, column: f32, out: &mut Vec<Point>) {
    let column_of = |i: usize| (screen.x(x[i]) / column).floor();
    let (mut start, mut step) = (0, 1);
    while start < x.len() {
        let here = column_of(start);
        let inside = |i: usize| i < x.len() && (column_of(i) - here).abs() < 0.5;
        let end = first_outside(start, step, inside);
        step = end - start;
        keep_extremes(start..end, x, y, screen, out);
        start = end;
    }
}

/// First index after `start` that is not `inside`, for a condition that ends once. `guess` is about how far that is:
/// columns of an even axis hold the same number of points give or take one.
fn first_outside(start: usize, guess: usize, inside: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high);
    let mut step = 1;
    if inside(start + guess) {
        low = start + guess;
        while inside(low + step) {
            low += step;
            step *= 2;
        }
        high = low + step;
    } else {
        high = start + guess;
        while high - start > step && !inside(high - step) {
            high -= step;
            step *= 2;
        }
        low = high.saturating_sub(step).max(start);
    }
    while high - low > 1 {
        let middle = low.midpoint(high);
        if inside(middle) { low = middle } else { high = middle }
    }
    high
}

fn keep_extremes(range: Range<usize>, x: &[f64], y: &[f32], screen: &Screen, out: &mut Vec<Point>) {
    let values = &y[range.clone()];
    let (low, high, whole) = extremes(values);
    if whole {
        keep_run(range.start, values, (low, high), x, screen, out);
        return;
    }
    let mut at = range.start;
    for run in values.split(|v| !v.is_finite()) {
        if !run.is_empty() {
            let (low, high, _) = extremes(run);
            keep_run(at, run, (low, high), x, screen, out);
        }
        at += run.len() + 1;
        if at <= range.end && out.last().is_some_and(|p| !p[1].is_nan()) {
            out.push(GAP);
        }
    }
}

fn keep_run(
    start: usize,
    values: &[f32],
    (low, high): (f32, f32),
    x: &[f64],
    screen: &Screen,
    out: &mut Vec<Point>,
) {
    // Both values stand in the run, bit for bit or as the other zero.
    let lowest = values.iter().position(|v| *v <= low).unwrap_or(0);
    let highest = values.iter().position(|v| *v >= high).unwrap_or(0);
    let mut before = None;
    for i in [0, lowest.min(highest), lowest.max(highest), values.len() - 1] {
        if before != Some(i) {
            out.push(screen.point(x[start + i], values[i]));
            before = Some(i);
        }
    }
}

/// Lowest and highest value, and whether all are finite. Written in lanes so that it compiles to vector code.
fn extremes(values: &[f32]) -> (f32, f32, bool) {
    let (mut low, mut high) = ([f32::INFINITY; LANES], [f32::NEG_INFINITY; LANES]);
    // Zero times not a number, and zero times infinity, are not zero.
    let mut odd = [0.0_f32; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        for lane in 0..LANES {
            let v = chunk[lane];
            low[lane] = if v < low[lane] { v } else { low[lane] };
            high[lane] = if v > high[lane] { v } else { high[lane] };
            odd[lane] += 0.0 * v;
        }
    }
    for (lane, &v) in rest.iter().enumerate() {
        low[lane] = if v < low[lane] { v } else { low[lane] };
        high[lane] = if v > high[lane] { v } else { high[lane] };
        odd[lane] += 0.0 * v;
    }
    let least = low.iter().copied().fold(f32::INFINITY, f32::min);
    let most = high.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    (least, most, odd.iter().all(|o| !o.is_nan()))
}

/// Drops points that lie at most `tolerance` above or below the line drawn without them. One pass, in place: from the
/// last kept point a cone is opened that all points since then must share with the next kept one.
pub(super) fn simplify(points: &mut Vec<Point>, tolerance: f32) {
    let mut kept = 0;
    let mut anchor: Option<Point> = None;
    let mut pending: Option<Point> = None;
    let (mut low, mut high) = (f32::NEG_INFINITY, f32::INFINITY);
    for i in 0..points.len() {
        let p = points[i];
        let mut keep = |q: Point| {
            points[kept] = q;
            kept += 1;
        };
        if p[1].is_nan() {
            if let Some(last) = pending.take() {
                keep(last);
            }
            if anchor.take().is_some() {
                keep(GAP);
            }
            continue;
        }
        let Some(mut from) = anchor else {
            keep(p);
            anchor = Some(p);
            (low, high) = (f32::NEG_INFINITY, f32::INFINITY);
            continue;
        };
        let slope = (p[1] - from[1]) / (p[0] - from[0]).abs();
        if let Some(last) = pending
            && !(low <= slope && slope <= high)
        {
            keep(last);
            from = last;
            anchor = Some(last);
            (low, high) = (f32::NEG_INFINITY, f32::INFINITY);
        }
        let run = (p[0] - from[0]).abs();
        if run > 0.0 {
            low = low.max((p[1] - tolerance - from[1]) / run);
            high = high.min((p[1] + tolerance - from[1]) / run);
            pending = Some(p);
        } else {
            keep(p);
            anchor = Some(p);
            pending = None;
            (low, high) = (f32::NEG_INFINITY, f32::INFINITY);
        }
    }
    if let Some(last) = pending {
        points[kept] = last;
        kept += 1;
    }
    points.truncate(kept);
    if points.last().is_some_and(|p| p[1].is_nan()) {
        points.pop();
    }
}
