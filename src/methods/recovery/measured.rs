//! A CARS spectrum as recovery methods take it.

use std::sync::Arc;

use crate::spectrum::Axis;
use crate::spectrum::resample::on_axis;

/// Intensities over an even, rising grid: finite, not negative, somewhere positive.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    grid: Arc<Axis>,
    intensity: Vec<f64>,
    reference: Option<Vec<f64>>,
}

impl Measured {
    /// The caller keeps what this type promises.
    pub(super) fn new(grid: Arc<Axis>, intensity: Vec<f64>, reference: Option<Vec<f64>>) -> Self {
        Self { grid, intensity, reference }
    }

    /// A spectrum from numbers that stand on an even grid already, as benchmarks have them; negative intensities and
    /// numbers that are not finite become 0. `None` where lengths differ or nothing is positive.
    #[must_use]
    pub fn from_grid(grid: Arc<Axis>, intensity: &[f64]) -> Option<Self> {
        let intensity: Vec<f64> =
            intensity.iter().map(|v| if v.is_finite() { v.max(0.0) } else { 0.0 }).collect();
        let usable = intensity.len() == grid.len() && intensity.iter().any(|v| *v > 0.0);
        usable.then_some(Self { grid, intensity, reference: None })
    }

    /// The same over a reference that stands on the same grid; `None` where its length differs.
    #[must_use]
    pub fn with_reference(self, reference: &[f64]) -> Option<Self> {
        let fits = reference.len() == self.len() && reference.iter().all(|v| v.is_finite());
        fits.then(|| Self { reference: Some(reference.to_vec()), ..self })
    }

    /// The positions: even and rising.
    #[must_use]
    pub fn grid(&self) -> &Arc<Axis> {
        &self.grid
    }

    /// The intensities.
    #[must_use]
    pub fn intensity(&self) -> &[f64] {
        &self.intensity
    }

    /// The intensities of a non-resonant reference on the same grid, where one was measured.
    #[must_use]
    pub fn reference(&self) -> Option<&[f64]> {
        self.reference.as_deref()
    }

    /// Number of points.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a measurement is never empty")]
    pub fn len(&self) -> usize {
        self.intensity.len()
    }

    /// The part of the grid in `range` as a measurement of its own; the whole where the range is too short.
    #[must_use]
    pub fn part(&self, range: std::ops::Range<usize>) -> Self {
        let cut = |values: &[f64]| values.get(range.clone()).map(<[f64]>::to_vec);
        let axis = cut(self.grid.values()).and_then(|x| Axis::new(self.grid.kind().clone(), x).ok());
        match (axis, cut(&self.intensity)) {
            (Some(axis), Some(intensity)) => {
                Self { grid: Arc::new(axis), intensity, reference: self.reference.as_deref().and_then(cut) }
            }
            _ => self.clone(),
        }
    }

    /// The intensities on `points` even positions over the same span: binned where those are coarser, a cubic spline
    /// where they are finer, never negative.
    #[must_use]
    pub fn onto(&self, points: usize) -> Vec<f64> {
        let Ok(to) = self.even(points) else { return self.intensity.clone() };
        let y: Vec<f32> = self.intensity.iter().map(|v| *v as f32).collect();
        on_axis(&self.grid, &y, &to).into_iter().map(|v| f64::from(v).max(0.0)).collect()
    }

    /// Values on evenly spaced positions over the span of the grid, brought to the grid.
    #[must_use]
    pub fn back(&self, values: &[f64]) -> Vec<f64> {
        if values.len() == self.len() {
            return values.to_vec();
        }
        let Ok(from) = self.even(values.len()) else { return vec![0.0; self.len()] };
        let y: Vec<f32> = values.iter().map(|v| *v as f32).collect();
        on_axis(&from, &y, &self.grid).into_iter().map(f64::from).collect()
    }

    fn even(&self, points: usize) -> Result<Axis, crate::spectrum::SpectrumError> {
        Axis::even(self.grid.kind().clone(), self.grid.low(), self.grid.high(), points)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::AxisKind;

    fn measured(points: usize) -> Measured {
        let grid = Arc::new(Axis::even(AxisKind::RamanShift, 500.0, 1500.0, points).unwrap());
        let y: Vec<f64> = grid.values().iter().map(|x| 2.0 + (x / 100.0).sin() + x / 1500.0).collect();
        Measured::from_grid(grid, &y).unwrap()
    }

    #[test]
    fn there_and_back_is_the_same_curve() {
        for points in [300, 1024, 3000] {
            let one = measured(points);
            let there = one.onto(1024);
            assert_eq!(there.len(), 1024);
            for (found, expected) in one.back(&there).iter().zip(one.intensity()) {
                // 1 % of the oscillation: what binning and splines lose at the ends.
                assert!((found - expected).abs() < 0.01, "{points}: {found} {expected}");
            }
        }
    }

    #[test]
    fn a_part_keeps_its_positions() {
        let part = measured(1001).part(100..400);
        assert_eq!((part.len(), part.grid().low(), part.grid().high()), (300, 600.0, 899.0));
        assert_eq!(measured(1001).part(10..11).len(), 1001);
    }

    #[test]
    fn nothing_but_zeros_is_no_measurement() {
        let grid = Arc::new(Axis::even(AxisKind::RamanShift, 0.0, 9.0, 10).unwrap());
        assert!(Measured::from_grid(Arc::clone(&grid), &[0.0; 10]).is_none());
        assert!(Measured::from_grid(Arc::clone(&grid), &[f64::NAN; 10]).is_none());
        assert!(Measured::from_grid(Arc::clone(&grid), &[1.0; 9]).is_none());
        let mended =
            Measured::from_grid(grid, &[1.0, -1.0, f64::INFINITY, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0]);
        assert_eq!(mended.unwrap().intensity()[..4], [1.0, 0.0, 0.0, 1.0]);
    }
}
