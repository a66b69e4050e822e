//! From a measurement to what the network takes, and back.

use std::ops::Range;

use super::super::recovery::{Measured, cross_fade, windows};

/// Half maxima of a line must be so many of the network's points apart for it to be seen.
const LEAST_WIDTH: f64 = 4.0;
/// Lines lower than this part of the highest are not asked for their width.
const LEAST_HEIGHT: f64 = 0.05;

/// A measurement as the network takes it.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    /// Parts of the grid; one where the whole fits.
    windows: Vec<Range<usize>>,
    /// Each part as a measurement of its own, with its height.
    parts: Vec<(Measured, f64)>,
    /// Each part on the network's points, of height 1.
    pub inputs: Vec<Vec<f32>>,
}

impl Prepared {
    /// The whole measurement at once.
    pub fn whole(measured: &Measured, points: usize) -> Self {
        Self::new(measured, std::iter::once(0..measured.len()).collect(), points)
    }

    /// In windows of at most so many points of its own.
    pub fn in_windows(measured: &Measured, points: usize) -> Self {
        Self::new(measured, windows(measured.len(), points), points)
    }

    fn new(measured: &Measured, windows: Vec<Range<usize>>, points: usize) -> Self {
        let part = |window: &Range<usize>| {
            let part =
                if window.len() == measured.len() { measured.clone() } else { measured.part(window.clone()) };
            let on = part.onto(points);
            let height = on.iter().copied().fold(0.0, f64::max);
            // A part without light stays as dark as it is.
            let height = if height > 0.0 { height } else { 1.0 };
            let input: Vec<f32> = on.iter().map(|v| (v / height) as f32).collect();
            ((part, height), input)
        };
        let (parts, inputs) = windows.iter().map(part).unzip();
        Self { windows, parts, inputs }
    }

    /// One curve over the measurement's grid from the network's curves over its parts.
    pub fn back(&self, curves: &[&[f32]]) -> Vec<f64> {
        let part = |((part, height), curve): (&(Measured, f64), &&[f32])| {
            let root = height.sqrt();
            let scaled: Vec<f64> = curve.iter().map(|v| f64::from(*v) * root).collect();
            part.back(&scaled)
        };
        let mut parts: Vec<Vec<f64>> = self.parts.iter().zip(curves).map(part).collect();
        match (self.windows.as_slice(), parts.pop()) {
            ([_], Some(only)) => only,
            (_, Some(last)) => {
                parts.push(last);
                let points = self.windows.last().map_or(0, |window| window.end);
                cross_fade(points, &self.windows, &parts)
            }
            (_, None) => Vec::new(),
        }
    }
}

/// Whether lines of a recovered curve are so narrow that the network's points cannot hold them.
pub(super) fn too_narrow(raman: &[f32]) -> bool {
    let highest = raman.iter().copied().fold(0.0_f32, f32::max);
    let tops = raman
        .windows(3)
        .enumerate()
        .filter(|(_, w)| w[1] > w[0] && w[1] >= w[2] && f64::from(w[1]) >= LEAST_HEIGHT * f64::from(highest));
    let mut widths: Vec<f64> = tops.map(|(i, _)| width(raman, i + 1)).collect();
    if widths.is_empty() {
        return false;
    }
    // A single ripple is no line: the narrow third decides.
    let third = (widths.len() - 1) / 3;
    let (_, width, _) = widths.select_nth_unstable_by(third, f64::total_cmp);
    *width < LEAST_WIDTH
}

/// Points between the half maxima around a top.
fn width(curve: &[f32], top: usize) -> f64 {
    let half = 0.5 * curve[top];
    let crossing = |far: Option<&f32>, near: f32| {
        let far = far.copied().unwrap_or(half);
        f64::from((near - half) / (near - far).max(f32::MIN_POSITIVE)).min(1.0)
    };
    let left = (0..top).rev().find(|i| curve[*i] <= half);
    let right = (top + 1..curve.len()).find(|i| curve[*i] <= half);
    let before = left.map_or(top as f64, |i| (top - i - 1) as f64 + crossing(curve.get(i), curve[i + 1]));
    let after = right.map_or((curve.len() - 1 - top) as f64, |i| {
        (i - top - 1) as f64 + crossing(curve.get(i), curve[i - 1])
    });
    before + after
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: usize, half_width: f32) -> Vec<f32> {
        let at = |i: usize| (i as f32 - 0.41 * points as f32) / half_width;
        (0..points).map(|i| 1.0 / (1.0 + at(i).powi(2))).collect()
    }

    #[test]
    fn the_width_of_a_line_is_found_between_points() {
        for half_width in [2.5, 6.0, 20.0] {
            let curve = line(1000, half_width);
            let top = curve.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0;
            let found = width(&curve, top);
            assert!((found - 2.0 * f64::from(half_width)).abs() < 0.35, "{half_width}: {found}");
        }
    }

    #[test]
    fn narrow_lines_ask_for_windows_and_broad_ones_do_not() {
        assert!(too_narrow(&line(1024, 1.2)));
        assert!(!too_narrow(&line(1024, 5.0)));
        assert!(!too_narrow(&[0.0; 64]) && !too_narrow(&[]));
    }
}
