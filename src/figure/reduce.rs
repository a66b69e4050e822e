//! A curve as it appears on paper: no more points than a printer of 600 dpi can show, cut at the border of the plot.

use super::model::Curve;
use super::scale::{Rect, Scale};

/// Width of one column of print in pt: 600 dpi.
pub(super) const COLUMN_PT: f64 = 72.0 / 600.0;

type Point = (f64, f64);

/// First, lowest, highest and last point of one column of print, with their order.
struct Column {
    index: i64,
    points: [(usize, Point); 4],
    count: usize,
}

impl Column {
    fn new(index: i64, point: Point) -> Self {
        Self { index, points: [(0, point); 4], count: 1 }
    }

    fn add(&mut self, point: Point) {
        let entry = (self.count, point);
        if point.1 < self.points[1].1.1 {
            self.points[1] = entry;
        }
        if point.1 > self.points[2].1.1 {
            self.points[2] = entry;
        }
        self.points[3] = entry;
        self.count += 1;
    }

    /// Appends the points in the order in which the curve passes them.
    fn write(mut self, run: &mut Vec<Point>) {
        self.points.sort_by_key(|(order, _)| *order);
        let mut last = None;
        for (order, point) in self.points {
            if last != Some(order) {
                run.push(point);
            }
            last = Some(order);
        }
    }
}

/// The unbroken runs of a curve in pt, all inside `plot`. A run of one point is a lone point.
pub(super) fn runs(curve: &Curve, x: &Scale, y: &Scale, plot: &Rect) -> Vec<Vec<Point>> {
    let mut inside = Vec::new();
    let mut run = Vec::new();
    let mut column: Option<Column> = None;
    for point in curve.points().chain([None]) {
        let Some(point) = point.map(|(px, py)| (x.at(px), y.at(py))) else {
            if let Some(full) = column.take() {
                full.write(&mut run);
            }
            clip(&run, plot, &mut inside);
            run.clear();
            continue;
        };
        let index = (point.0 / COLUMN_PT).floor() as i64;
        match &mut column {
            Some(column) if column.index == index => column.add(point),
            column => {
                if let Some(full) = column.replace(Column::new(index, point)) {
                    full.write(&mut run);
                }
            }
        }
    }
    inside
}

/// Appends the parts of a run that lie inside the plot.
fn clip(run: &[Point], plot: &Rect, inside: &mut Vec<Vec<Point>>) {
    if let [only] = run {
        let within = (plot.left..=plot.right).contains(&only.0) && (plot.top..=plot.bottom).contains(&only.1);
        if within {
            inside.push(vec![*only]);
        }
        return;
    }
    let mut part: Vec<Point> = Vec::new();
    for pair in run.windows(2) {
        let Some((start, end, ends_inside)) = segment(pair[0], pair[1], plot) else {
            continue;
        };
        if part.is_empty() {
            part.push(start);
        }
        part.push(end);
        if !ends_inside {
            inside.push(std::mem::take(&mut part));
        }
    }
    if !part.is_empty() {
        inside.push(part);
    }
}

/// The part of a straight line inside the plot (Liang and Barsky), and whether its end was inside.
fn segment(a: Point, b: Point, plot: &Rect) -> Option<(Point, Point, bool)> {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let (mut enter, mut leave) = (0.0f64, 1.0f64);
    let borders =
        [(-dx, a.0 - plot.left), (dx, plot.right - a.0), (-dy, a.1 - plot.top), (dy, plot.bottom - a.1)];
    for (towards, room) in borders {
        if towards < 0.0 {
            enter = enter.max(room / towards);
        } else if towards > 0.0 {
            leave = leave.min(room / towards);
        } else if room < 0.0 {
            return None;
        }
    }
    if enter > leave {
        return None;
    }
    let on =
        |t: f64| ((a.0 + t * dx).clamp(plot.left, plot.right), (a.1 + t * dy).clamp(plot.top, plot.bottom));
    Some((on(enter), on(leave), leave >= 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLOT: Rect = Rect { left: 0.0, top: 0.0, right: 100.0, bottom: 50.0 };
    const X: Scale = Scale { lo: 0.0, hi: 1.0, from: 0.0, to: 100.0 };
    const Y: Scale = Scale { lo: 0.0, hi: 1.0, from: 50.0, to: 0.0 };

    fn curve(x: Vec<f64>, y: Vec<f32>) -> Curve {
        Curve::new("", x, y, [0; 3])
    }

    #[test]
    fn a_long_curve_keeps_its_peak_and_loses_its_bulk() {
        let n = 1_000_000;
        let x: Vec<f64> = (0..n).map(|i| f64::from(i) / f64::from(n)).collect();
        let y: Vec<f32> = (0..n).map(|i| if i == 654_321 { 0.9 } else { 0.1 }).collect();
        let runs = runs(&curve(x, y), &X, &Y, &PLOT);
        assert_eq!(runs.len(), 1);
        assert!(runs[0].len() <= 4 * 835, "{}", runs[0].len());
        let top = runs[0].iter().map(|p| p.1).fold(f64::INFINITY, f64::min);
        assert!((top - Y.at(f64::from(0.9f32))).abs() < 1e-6);
    }

    #[test]
    fn a_gap_breaks_the_line_and_a_lone_point_stays() {
        let runs = runs(
            &curve(vec![0.0, 0.1, 0.2, 0.3, 0.4, 0.5], vec![0.1, 0.2, f32::NAN, 0.3, f32::INFINITY, 0.4]),
            &X,
            &Y,
            &PLOT,
        );
        assert_eq!(runs.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 1]);
    }

    #[test]
    fn the_line_is_cut_at_the_border_of_the_plot() {
        let out = runs(&curve(vec![0.0, 0.5, 1.0], vec![0.5, 1.5, 0.5]), &X, &Y, &PLOT);
        assert_eq!(out, [vec![(0.0, 25.0), (25.0, 0.0)], vec![(75.0, 0.0), (100.0, 25.0)]]);
        assert!(runs(&curve(vec![2.0, 3.0], vec![0.5, 0.5]), &X, &Y, &PLOT).is_empty());
        assert!(runs(&curve(vec![2.0], vec![0.5]), &X, &Y, &PLOT).is_empty());
    }
}
