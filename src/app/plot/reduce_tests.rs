//! Properties of the reduction: nothing that would be seen is lost.

use proptest::prelude::*;

use super::reduce::{GAP, Point, Screen, TOLERANCE, reduce, simplify, visible};

/// Rounding of `f32` screen coordinates up to a few thousand points.
const ROUNDING: f32 = 2e-3;

const SAME: Screen = Screen { x_scale: 1.0, x_shift: 0.0, y_scale: 1.0, y_shift: 0.0 };

fn pieces(points: &[Point]) -> Vec<&[Point]> {
    points.split(|p| p[1].is_nan()).filter(|piece| !piece.is_empty()).collect()
}

/// Smallest vertical distance of a point to the line through the piece it belongs to.
fn distance(point: Point, line: &[Point]) -> f32 {
    let at = |p: Point| if (p[0] - point[0]).abs() < 1e-6 { (p[1] - point[1]).abs() } else { f32::INFINITY };
    let ends = line.iter().copied().map(at).fold(f32::INFINITY, f32::min);
    let between = line.windows(2).filter(|w| (w[0][0] - point[0]) * (w[1][0] - point[0]) < 0.0);
    between
        .map(|w| {
            let part = (point[0] - w[0][0]) / (w[1][0] - w[0][0]);
            (w[0][1] + part * (w[1][1] - w[0][1]) - point[1]).abs()
        })
        .fold(ends, f32::min)
}

fn curve(points: usize) -> impl Strategy<Value = (Vec<f64>, Vec<f32>)> {
    let steps = prop::collection::vec(prop_oneof![1 => Just(0.0), 9 => 0.001_f64..1.5], points);
    let values = prop::collection::vec(prop_oneof![1 => Just(f32::NAN), 30 => -300.0_f32..300.0], points);
    (steps, values, any::<bool>()).prop_map(|(steps, values, descending)| {
        let mut at = 0.0;
        let mut x: Vec<f64> = steps
            .iter()
            .map(|s| {
                at += s;
                at
            })
            .collect();
        if descending {
            x.reverse();
        }
        (x, values)
    })
}

proptest! {
    #[test]
    fn every_column_keeps_its_lowest_and_highest_point((x, y) in curve(400), squeeze in 0.005_f64..3.0) {
        let screen = Screen { x_scale: squeeze, ..SAME };
        let mut drawn = Vec::new();
        reduce(&x, &y, &screen, 1.0, &mut drawn);
        let column = |at: f32| at.floor() as i64;
        let columns: std::collections::BTreeSet<i64> =
            x.iter().map(|x| column((x * squeeze) as f32)).collect();
        let lines = pieces(&drawn);
        for c in columns {
            let here: Vec<Point> = x
                .iter()
                .zip(&y)
                .filter(|(x, y)| y.is_finite() && column((*x * squeeze) as f32) == c)
                .map(|(x, y)| [(x * squeeze) as f32, *y])
                .collect();
            for extreme in [
                here.iter().copied().min_by(|a, b| a[1].total_cmp(&b[1])),
                here.iter().copied().max_by(|a, b| a[1].total_cmp(&b[1])),
            ].into_iter().flatten() {
                let off = lines.iter().map(|l| distance(extreme, l)).fold(f32::INFINITY, f32::min);
                prop_assert!(off <= TOLERANCE + ROUNDING, "column {c}: {extreme:?} lies {off} from the line");
            }
        }
    }

    #[test]
    fn both_ends_of_every_piece_stay((x, y) in curve(300), squeeze in 0.005_f64..3.0) {
        let screen = Screen { x_scale: squeeze, ..SAME };
        let mut drawn = Vec::new();
        reduce(&x, &y, &screen, 1.0, &mut drawn);
        let whole: Vec<Point> = x.iter().zip(&y)
            .map(|(x, y)| if y.is_finite() { [(x * squeeze) as f32, *y] } else { GAP })
            .collect();
        let (before, after) = (pieces(&whole), pieces(&drawn));
        prop_assert_eq!(before.len(), after.len());
        for (b, a) in before.iter().zip(&after) {
            prop_assert_eq!(b.first(), a.first());
            prop_assert_eq!(b.last(), a.last());
        }
    }

    #[test]
    fn a_dropped_point_lies_within_the_tolerance(
        (x, y) in curve(300), flat in 0.0_f32..0.02, tolerance in 0.05_f32..2.0,
    ) {
        let whole: Vec<Point> = x.iter().zip(&y)
            .map(|(x, y)| if y.is_finite() { [*x as f32, flat * y] } else { GAP })
            .collect();
        let mut drawn = whole.clone();
        simplify(&mut drawn, tolerance);
        for (piece, line) in pieces(&whole).iter().zip(pieces(&drawn)) {
            for p in *piece {
                let off = distance(*p, line);
                prop_assert!(off <= tolerance + ROUNDING, "{p:?} lies {off} from the line");
            }
        }
    }

    #[test]
    fn the_visible_range_reaches_one_point_further((x, _) in curve(60), a in -5.0_f64..60.0, b in -5.0_f64..60.0) {
        let (low, high) = (a.min(b), a.max(b));
        let range = visible(&x, low, high);
        for (i, v) in x.iter().enumerate() {
            if (low..=high).contains(v) {
                prop_assert!(range.contains(&i));
            }
        }
        let inside = x.iter().filter(|v| (low..=high).contains(*v)).count();
        prop_assert!(range.len() <= inside + 2);
    }
}

#[test]
fn a_straight_line_costs_two_points() {
    let x: Vec<f64> = (0..500).map(f64::from).collect();
    let y: Vec<f32> = (0..500_u16).map(|i| 0.25 * f32::from(i)).collect();
    let mut drawn = Vec::new();
    reduce(&x, &y, &SAME, 1.0, &mut drawn);
    assert_eq!(drawn, [[0.0, 0.0], [499.0, 124.75]]);
}

#[test]
fn one_spike_in_a_million_points_is_drawn() {
    let x: Vec<f64> = (0..1_000_000).map(f64::from).collect();
    let mut y = vec![5.0_f32; x.len()];
    y[654_321] = 900.0;
    let screen = Screen { x_scale: 1e-3, ..SAME };
    let mut drawn = Vec::new();
    reduce(&x, &y, &screen, 1.0, &mut drawn);
    assert!(drawn.len() < 10, "{}", drawn.len());
    assert!(drawn.iter().any(|p| (p[1] - 900.0).abs() < 0.01));
}

#[test]
fn nothing_is_drawn_of_nothing() {
    let mut drawn = vec![GAP];
    reduce(&[], &[], &SAME, 1.0, &mut drawn);
    assert!(drawn.is_empty());
    reduce(&[1.0, 2.0], &[f32::NAN, f32::NAN], &SAME, 1.0, &mut drawn);
    assert!(drawn.is_empty());
}
