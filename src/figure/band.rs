//! The band around a curve as it appears on paper: closed pieces inside the plot, no finer than print.

use super::model::Curve;
use super::ranges::usable;
use super::reduce::COLUMN_PT;
use super::scale::{Rect, Scale};

type Point = (f64, f64);

/// Position of a slice of the band in pt, its top and its bottom.
type Slice = [f64; 3];

/// The outlines of the band in pt, one for each piece without a gap.
pub(super) fn outlines(curve: &Curve, x: &Scale, y: &Scale, plot: &Rect) -> Vec<Vec<Point>> {
    let Some(half) = curve.band.as_ref().filter(|half| half.len() == curve.y.len()) else {
        return Vec::new();
    };
    let mut pieces: Vec<Vec<Slice>> = vec![Vec::new()];
    let mut before: Option<Slice> = None;
    for ((&at, &value), &half) in curve.x.iter().zip(curve.y.iter()).zip(half.iter()) {
        let (value, half) = (f64::from(value), f64::from(half).abs());
        if !usable(at) || !usable(value) || !usable(half) {
            before = None;
            pieces.push(Vec::new());
            continue;
        }
        let ends = [y.at(value + half), y.at(value - half)].map(|end| end.clamp(plot.top, plot.bottom));
        let now = [x.at(at), ends[0].min(ends[1]), ends[0].max(ends[1])];
        let Some(piece) = pieces.last_mut() else { continue };
        if let Some(before) = before {
            cross(before, now, plot, piece);
        }
        if (plot.left..=plot.right).contains(&now[0]) {
            add(now, piece);
        }
        before = Some(now);
    }
    pieces.iter().filter(|piece| piece.len() > 1).map(|piece| outline(piece)).collect()
}

/// Adds the slices where the way from one point to the next passes the left or the right border.
fn cross(before: Slice, now: Slice, plot: &Rect, piece: &mut Vec<Slice>) {
    let mut borders = [plot.left, plot.right];
    if now[0] < before[0] {
        borders.reverse();
    }
    for border in borders {
        if (before[0] - border) * (now[0] - border) < 0.0 {
            let part = (border - before[0]) / (now[0] - before[0]);
            let [_, top, bottom] = [0, 1, 2].map(|k| before[k] + part * (now[k] - before[k]));
            piece.push([border, top, bottom]);
        }
    }
}

/// Adds a slice; those of one column of print become one that holds all.
fn add(now: Slice, piece: &mut Vec<Slice>) {
    match piece.last_mut() {
        Some(last) if (last[0] / COLUMN_PT).floor() as i64 == (now[0] / COLUMN_PT).floor() as i64 => {
            *last = [last[0], last[1].min(now[1]), last[2].max(now[2])];
        }
        _ => piece.push(now),
    }
}

fn outline(piece: &[Slice]) -> Vec<Point> {
    let tops = piece.iter().map(|slice| (slice[0], slice[1]));
    let bottoms = piece.iter().rev().map(|slice| (slice[0], slice[2]));
    tops.chain(bottoms).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLOT: Rect = Rect { left: 0.0, top: 0.0, right: 100.0, bottom: 50.0 };
    const X: Scale = Scale { lo: 0.0, hi: 1.0, from: 0.0, to: 100.0 };
    const Y: Scale = Scale { lo: 0.0, hi: 1.0, from: 50.0, to: 0.0 };

    fn outlines_of(x: Vec<f64>, y: Vec<f32>, half: Vec<f32>) -> Vec<Vec<Point>> {
        outlines(&Curve { band: Some(half.into()), ..Curve::new("", x, y, [0; 3]) }, &X, &Y, &PLOT)
    }

    #[test]
    fn a_band_is_closed_around_its_curve_and_ends_at_the_borders() {
        let found = outlines_of(vec![-0.5, 0.5, 1.5], vec![0.5; 3], vec![0.25, 0.25, 0.75]);
        let expected = [(0.0, 12.5), (50.0, 12.5), (100.0, 6.25), (100.0, 43.75), (50.0, 37.5), (0.0, 37.5)];
        assert_eq!(found, [expected.to_vec()]);
    }

    #[test]
    fn gaps_divide_it_and_a_wrong_length_is_no_band() {
        let x: Vec<f64> = (0..6).map(|i| 0.1 * f64::from(i)).collect();
        let y = vec![0.5, 0.5, f32::NAN, 0.5, 0.5, 0.5];
        assert_eq!(outlines_of(x.clone(), y.clone(), vec![0.1; 6]).len(), 2);
        assert_eq!(outlines_of(x.clone(), y.clone(), vec![0.1, f32::INFINITY, 0.1, 0.1, 0.1, 0.1]).len(), 1);
        assert!(outlines_of(x, y, vec![0.1; 5]).is_empty());
    }

    #[test]
    fn a_long_band_keeps_its_widest_place_and_loses_its_bulk() {
        let n = 200_000;
        let x = (0..n).map(|i| f64::from(i) / f64::from(n)).collect();
        let half = (0..n).map(|i| if i == 65_432 { 0.4 } else { 0.1 }).collect();
        let found = outlines_of(x, vec![0.5; 200_000], half);
        assert!(found[0].len() <= 2 * 835, "{}", found[0].len());
        let top = found[0].iter().map(|p| p.1).fold(f64::INFINITY, f64::min);
        assert!((top - Y.at(0.9)).abs() < 1e-5);
    }
}
