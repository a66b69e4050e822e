//! When two reference spectra are practically the same curve.

use crate::spectrum::resample::{Interpolation, overlap, resample};
use crate::spectrum::{Axis, Spectrum, metrics};

/// Correlation from which two spectra count as copies of one measurement. Rounded and resampled copies in public
/// collections agree better than this; two scans of one mineral in different orientations do not.
pub const DUPLICATE_CORRELATION: f64 = 0.998;

/// Share of the longer range that two spectra must have in common to be compared as copies.
pub(super) const DUPLICATE_OVERLAP: f64 = 0.8;

/// Pearson correlation over the common range; `None` when the ranges or axis kinds differ too much to tell.
pub(super) fn likeness(a: &Spectrum, b: &Spectrum) -> Option<f64> {
    let (first, second) = (a.axis(), b.axis());
    if first == second {
        return Some(metrics::pearson(a.y(), b.y()));
    }
    if first.kind() != second.kind() {
        return None;
    }
    let (low, high) = overlap(first, second).ok()?;
    let longest = (first.high() - first.low()).max(second.high() - second.low());
    if high - low < DUPLICATE_OVERLAP * longest {
        return None;
    }
    let step = first.mean_step().max(second.mean_step());
    let points = ((high - low) / step).clamp(16.0, 8192.0) as usize;
    let grid = Axis::even(first.kind().clone(), low, high, points).ok()?;
    let on_grid = |s: &Spectrum| resample(s.axis(), s.y(), &grid, Interpolation::Linear, 0.0);
    Some(metrics::pearson(&on_grid(a), &on_grid(b)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{peak, peak_over};
    use super::*;

    #[test]
    fn the_same_line_on_another_axis_is_a_copy_and_a_moved_one_is_not() {
        let other_axis = peak_over(1086.0, 120.0, 1480.0, 1900);
        assert!(likeness(&peak(1086.0), &other_axis).unwrap() > DUPLICATE_CORRELATION);
        assert!(likeness(&peak(1086.0), &peak(1088.0)).unwrap() < DUPLICATE_CORRELATION);
    }

    #[test]
    fn ranges_that_hardly_meet_are_not_compared() {
        assert_eq!(likeness(&peak(464.0), &peak_over(464.0, 400.0, 600.0, 200)), None);
        assert_eq!(likeness(&peak(464.0), &peak_over(2900.0, 2000.0, 3000.0, 200)), None);
    }
}
