//! Moving intensities from one axis to another. All functions accept ascending or descending axes on both sides.
//!
//! Outside the source range the result is `outside`; callers that must know use [`overlap`] first.

use serde::{Deserialize, Serialize};

use super::{Axis, SpectrumError};

/// How values between the source points are made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interpolation {
    /// Straight lines.
    #[default]
    Linear,
    /// Natural cubic spline.
    Cubic,
    /// Mean of the source over each target cell: keeps areas when the target is coarser.
    Area,
}

/// Range shared by two axes, or an error that names both.
pub fn overlap(a: &Axis, b: &Axis) -> Result<(f64, f64), SpectrumError> {
    let (low, high) = (a.low().max(b.low()), a.high().min(b.high()));
    if low < high {
        Ok((low, high))
    } else {
        Err(SpectrumError::NoOverlap {
            a_first: a.low(),
            a_last: a.high(),
            b_first: b.low(),
            b_last: b.high(),
        })
    }
}

/// `y` over `from`, evaluated at the positions of `to`; `outside` where `to` leaves the range of `from`.
#[must_use]
pub fn resample(from: &Axis, y: &[f32], to: &Axis, how: Interpolation, outside: f32) -> Vec<f32> {
    let (x, y) = ascending_unique(from, y);
    let targets = to.ascending();
    let mut out = match how {
        Interpolation::Linear => linear(&x, &y, targets.values()),
        Interpolation::Cubic => cubic(&x, &y, targets.values()),
        Interpolation::Area => area(&x, &y, targets.values()),
    };
    let (low, high) = (x[0], x[x.len() - 1]);
    // Positions within a rounding error of the ends count as inside.
    let slack = 1e-9 * (high - low);
    for (value, target) in out.iter_mut().zip(targets.values()) {
        if *target < low - slack || *target > high + slack {
            *value = f64::from(outside);
        }
    }
    let mut out: Vec<f32> = out.into_iter().map(|v| v as f32).collect();
    if to.first() > to.last() {
        out.reverse();
    }
    out
}

/// Points this much closer than those of the other axis are binned, others interpolated.
const FINER: f64 = 0.75;

/// `y` over `from` as an instrument with the axis `to` would have stored it: the same values on the same axis, finer
/// points binned, others interpolated smoothly; 0 where `to` leaves the range of `from`.
#[must_use]
pub fn on_axis(from: &Axis, y: &[f32], to: &Axis) -> Vec<f32> {
    if from == to {
        return y.to_vec();
    }
    let finer = from.mean_step() < FINER * to.mean_step();
    resample(from, y, to, if finer { Interpolation::Area } else { Interpolation::Cubic }, 0.0)
}

/// Ascending copies with repeated positions averaged, so that every step is positive.
fn ascending_unique(axis: &Axis, y: &[f32]) -> (Vec<f64>, Vec<f64>) {
    let mut xs: Vec<f64> = Vec::with_capacity(axis.len());
    let mut ys: Vec<f64> = Vec::with_capacity(axis.len());
    let mut repeats = 1.0;
    let mut push = |x: f64, v: f64| match xs.last() {
        Some(last) if *last >= x => {
            repeats += 1.0;
            if let Some(mean) = ys.last_mut() {
                *mean += (v - *mean) / repeats;
            }
        }
        _ => {
            repeats = 1.0;
            xs.push(x);
            ys.push(v);
        }
    };
    let pairs = axis.values().iter().zip(y).map(|(x, v)| (*x, f64::from(*v)));
    if axis.first() <= axis.last() {
        pairs.for_each(|(x, v)| push(x, v));
    } else {
        pairs.rev().for_each(|(x, v)| push(x, v));
    }
    (xs, ys)
}

/// Walks ascending targets along ascending knots; `f(i, t)` gets the cell `x[i]..x[i+1]` and the fraction in it.
fn walk(x: &[f64], targets: &[f64], mut f: impl FnMut(usize, f64) -> f64) -> Vec<f64> {
    let mut cell = 0;
    targets
        .iter()
        .map(|target| {
            while cell + 2 < x.len() && x[cell + 1] < *target {
                cell += 1;
            }
            let fraction = (target - x[cell]) / (x[cell + 1] - x[cell]);
            f(cell, fraction.clamp(0.0, 1.0))
        })
        .collect()
}

fn linear(x: &[f64], y: &[f64], targets: &[f64]) -> Vec<f64> {
    walk(x, targets, |i, t| y[i] + (y[i + 1] - y[i]) * t)
}

/// Natural cubic spline: second derivatives from a tridiagonal system (Thomas algorithm).
fn cubic(x: &[f64], y: &[f64], targets: &[f64]) -> Vec<f64> {
    let n = x.len();
    if n < 3 {
        return linear(x, y, targets);
    }
    let mut second = vec![0.0; n];
    let mut upper = vec![0.0; n];
    for i in 1..n - 1 {
        let (h0, h1) = (x[i] - x[i - 1], x[i + 1] - x[i]);
        let right = 6.0 * ((y[i + 1] - y[i]) / h1 - (y[i] - y[i - 1]) / h0);
        let pivot = 2.0 * (h0 + h1) - h0 * upper[i - 1];
        upper[i] = h1 / pivot;
        second[i] = (right - h0 * second[i - 1]) / pivot;
    }
    second[n - 1] = 0.0;
    for i in (1..n - 1).rev() {
        second[i] -= upper[i] * second[i + 1];
    }
    walk(x, targets, |i, t| {
        let h = x[i + 1] - x[i];
        let s = 1.0 - t;
        s * y[i]
            + t * y[i + 1]
            + h * h / 6.0 * ((s * s * s - s) * second[i] + (t * t * t - t) * second[i + 1])
    })
}

/// Mean of the piecewise linear source over each target's cell (half way to its neighbours), cut to the source range.
/// The sum of value x cell width over all cells inside equals the source's trapezoid area.
fn area(x: &[f64], y: &[f64], targets: &[f64]) -> Vec<f64> {
    let mut cumulative = vec![0.0; x.len()];
    for i in 1..x.len() {
        cumulative[i] = cumulative[i - 1] + 0.5 * (y[i] + y[i - 1]) * (x[i] - x[i - 1]);
    }
    let (low, high) = (x[0], x[x.len() - 1]);
    let edges: Vec<f64> = cell_edges(targets).into_iter().map(|e| e.clamp(low, high)).collect();
    let at_edges = walk(x, &edges, |i, t| {
        let here = y[i] + (y[i + 1] - y[i]) * t;
        cumulative[i] + 0.5 * (y[i] + here) * t * (x[i + 1] - x[i])
    });
    let centres = linear(x, y, targets);
    edges
        .windows(2)
        .zip(at_edges.windows(2))
        .zip(centres)
        .map(|((edge, sum), centre)| {
            let width = edge[1] - edge[0];
            if width > 0.0 { (sum[1] - sum[0]) / width } else { centre }
        })
        .collect()
}

/// Borders of the cells around ascending positions: mid-points, and half a step beyond each end.
fn cell_edges(targets: &[f64]) -> Vec<f64> {
    let n = targets.len();
    let mut edges = Vec::with_capacity(n + 1);
    edges.push(targets[0] - 0.5 * (targets[1] - targets[0]));
    edges.extend(targets.windows(2).map(|w| 0.5 * (w[0] + w[1])));
    edges.push(targets[n - 1] + 0.5 * (targets[n - 1] - targets[n - 2]));
    edges
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::AxisKind;
    use super::*;

    fn axis(values: &[f64]) -> Axis {
        Axis::new(AxisKind::RamanShift, values.to_vec()).unwrap()
    }

    #[test]
    fn linear_is_exact_on_lines_in_every_direction() {
        let up = axis(&[0.0, 1.0, 2.5, 4.0]);
        let down = axis(&[4.0, 2.5, 1.0, 0.0]);
        let line = |a: &Axis| a.values().iter().map(|v| (3.0 * v + 1.0) as f32).collect::<Vec<f32>>();
        for from in [&up, &down] {
            for to in [axis(&[0.5, 3.0, 4.0]), axis(&[4.0, 3.0, 0.5])] {
                let out = resample(from, &line(from), &to, Interpolation::Linear, f32::NAN);
                for (found, expected) in out.iter().zip(line(&to)) {
                    assert!((found - expected).abs() < 1e-6);
                }
            }
        }
    }

    #[test]
    fn outside_the_range_stands_what_the_caller_asked_for() {
        let from = axis(&[1.0, 2.0]);
        let out = resample(&from, &[5.0, 6.0], &axis(&[0.0, 1.0, 2.0, 3.0]), Interpolation::Linear, -1.0);
        assert_eq!(out, [-1.0, 5.0, 6.0, -1.0]);
        assert!(overlap(&from, &axis(&[5.0, 6.0])).is_err());
    }

    #[test]
    fn repeated_positions_are_averaged() {
        let from = axis(&[0.0, 1.0, 1.0, 1.0, 2.0]);
        let out =
            resample(&from, &[0.0, 1.0, 2.0, 6.0, 0.0], &axis(&[0.0, 1.0, 2.0]), Interpolation::Linear, 0.0);
        assert_eq!(out, [0.0, 3.0, 0.0]);
    }

    #[test]
    fn the_spline_goes_through_its_knots_and_follows_a_sine() {
        let from = Axis::even(AxisKind::RamanShift, 0.0, std::f64::consts::PI, 21).unwrap();
        let y: Vec<f32> = from.values().iter().map(|v| v.sin() as f32).collect();
        let to = Axis::even(AxisKind::RamanShift, 0.0, std::f64::consts::PI, 201).unwrap();
        let out = resample(&from, &y, &to, Interpolation::Cubic, 0.0);
        for (x, v) in to.values().iter().zip(&out) {
            // h^4/384 * max|f''''| = 1.6e-6 for a spline; natural ends fit sin exactly.
            assert!((x.sin() as f32 - v).abs() < 5e-6);
        }
    }

    proptest! {
        #[test]
        fn binning_keeps_the_area(y in prop::collection::vec(0.0_f32..100.0, 64), cells in 5_usize..40) {
            let from = Axis::even(AxisKind::RamanShift, 0.0, 63.0, 64).unwrap();
            // Cells whose outer edges are exactly the source's ends.
            let width = 63.0 / cells as f64;
            let to = Axis::even(AxisKind::RamanShift, 0.5 * width, 63.0 - 0.5 * width, cells).unwrap();
            let out = resample(&from, &y, &to, Interpolation::Area, 0.0);
            let before: f64 = y.windows(2).map(|w| 0.5 * f64::from(w[0] + w[1])).sum();
            let after: f64 = out.iter().map(|v| f64::from(*v) * width).sum();
            prop_assert!((before - after).abs() <= 1e-5 * before.max(1.0), "{before} {after}");
        }

        #[test]
        fn linear_stays_within_the_source(y in prop::collection::vec(-10.0_f32..10.0, 8)) {
            let from = Axis::even(AxisKind::RamanShift, 0.0, 7.0, 8).unwrap();
            let to = Axis::even(AxisKind::RamanShift, 0.0, 7.0, 50).unwrap();
            let out = resample(&from, &y, &to, Interpolation::Linear, 0.0);
            let (low, high) = y.iter().fold((f32::MAX, f32::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
            prop_assert!(out.iter().all(|v| *v >= low - 1e-5 && *v <= high + 1e-5));
        }
    }
}
