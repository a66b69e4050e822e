//! Small made-up libraries for this floor's tests.

use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};

/// One Lorentzian line of 8 cm-1 over a range.
pub(super) fn peak_over(at_cm1: f64, low: f64, high: f64, points: usize) -> Spectrum {
    lines_over(&[at_cm1], low, high, points)
}

/// One line over 100 to 1500 cm-1.
pub(super) fn peak(at_cm1: f64) -> Spectrum {
    peak_over(at_cm1, 100.0, 1500.0, 1200)
}

/// Equal lines over a range.
pub(super) fn lines_over(at_cm1: &[f64], low: f64, high: f64, points: usize) -> Spectrum {
    let axis = Axis::even(AxisKind::RamanShift, low, high, points).unwrap();
    let line = |x: f64, c: f64| 1.0 / (1.0 + ((x - c) / 4.0).powi(2));
    let y: Vec<f32> =
        axis.values().iter().map(|x| at_cm1.iter().map(|c| line(*x, *c)).sum::<f64>() as f32).collect();
    let title = at_cm1.first().map_or_else(String::new, |c| format!("line at {c}"));
    Spectrum::new(axis, y, Metadata::titled(title)).unwrap()
}
