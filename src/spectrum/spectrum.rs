//! One measured or computed curve.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Axis, AxisKind, AxisOrder, Metadata, SpectrumError};

/// Intensities over a shared axis. Always finite and as long as the axis; cloning copies no numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "SpectrumFields", into = "SpectrumFields")]
pub struct Spectrum {
    axis: Arc<Axis>,
    intensities: Arc<[f32]>,
    /// What is known about the measurement.
    pub meta: Metadata,
}

#[derive(Serialize, Deserialize)]
struct SpectrumFields {
    axis: Arc<Axis>,
    intensities: Arc<[f32]>,
    meta: Metadata,
}

impl TryFrom<SpectrumFields> for Spectrum {
    type Error = SpectrumError;

    fn try_from(fields: SpectrumFields) -> Result<Self, SpectrumError> {
        Self::new(fields.axis, fields.intensities, fields.meta)
    }
}

impl From<Spectrum> for SpectrumFields {
    fn from(spectrum: Spectrum) -> Self {
        Self { axis: spectrum.axis, intensities: spectrum.intensities, meta: spectrum.meta }
    }
}

impl Spectrum {
    /// Checks lengths and finiteness, then keeps the numbers.
    pub fn new(
        axis: impl Into<Arc<Axis>>,
        intensities: impl Into<Arc<[f32]>>,
        meta: Metadata,
    ) -> Result<Self, SpectrumError> {
        let (axis, intensities) = (axis.into(), intensities.into());
        if axis.len() != intensities.len() {
            return Err(SpectrumError::LengthMismatch { axis: axis.len(), intensities: intensities.len() });
        }
        if let Some((index, &value)) = intensities.iter().enumerate().find(|(_, v)| !v.is_finite()) {
            return Err(SpectrumError::IntensityNotFinite { index, value });
        }
        Ok(Self { axis, intensities, meta })
    }

    /// The positions, shared.
    #[must_use]
    pub fn axis(&self) -> &Arc<Axis> {
        &self.axis
    }

    /// Shorthand for the axis values.
    #[must_use]
    pub fn x(&self) -> &[f64] {
        self.axis.values()
    }

    /// The intensities in axis order.
    #[must_use]
    pub fn y(&self) -> &[f32] {
        &self.intensities
    }

    /// Number of points.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a spectrum is never empty")]
    pub fn len(&self) -> usize {
        self.intensities.len()
    }

    /// The same metadata over new numbers, with one more line of history.
    pub fn derive(
        &self,
        axis: impl Into<Arc<Axis>>,
        intensities: impl Into<Arc<[f32]>>,
        what: impl Into<String>,
    ) -> Result<Self, SpectrumError> {
        let mut meta = self.meta.clone();
        meta.history.push(what.into());
        Self::new(axis, intensities, meta)
    }

    /// The same spectrum with positions running low to high (needed by display, models and solvers).
    #[must_use]
    pub fn ascending(&self) -> Self {
        match self.axis.order() {
            AxisOrder::Ascending => self.clone(),
            AxisOrder::Descending => Self {
                axis: Arc::new(self.axis.ascending()),
                intensities: self.intensities.iter().rev().copied().collect(),
                meta: self.meta.clone(),
            },
        }
    }

    /// The same points with the axis expressed as `kind`; the laser wavelength comes from the metadata.
    pub fn converted(&self, kind: &AxisKind) -> Result<Self, SpectrumError> {
        if self.axis.kind() == kind {
            return Ok(self.clone());
        }
        let axis = self.axis.converted(kind, self.meta.laser_nm)?;
        self.derive(axis, Arc::clone(&self.intensities), format!("axis converted to {}", kind.label()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_lengths_and_non_finite_intensities_are_refused() {
        let axis = Arc::new(Axis::even(AxisKind::RamanShift, 0.0, 2.0, 3).unwrap());
        let make = |y: &[f32]| Spectrum::new(Arc::clone(&axis), y, Metadata::default());
        assert_eq!(make(&[1.0]), Err(SpectrumError::LengthMismatch { axis: 3, intensities: 1 }));
        assert!(matches!(
            make(&[1.0, f32::INFINITY, 0.0]),
            Err(SpectrumError::IntensityNotFinite { index: 1, .. })
        ));
        assert!(make(&[1.0, 2.0, 3.0]).is_ok());
    }

    #[test]
    fn turning_a_descending_spectrum_keeps_its_pairs() {
        let axis = Axis::new(AxisKind::RamanShift, vec![3.0, 2.0, 0.0]).unwrap();
        let up = Spectrum::new(axis, vec![30.0, 20.0, 0.0], Metadata::default()).unwrap().ascending();
        assert_eq!(up.x(), [0.0, 2.0, 3.0]);
        assert_eq!(up.y(), [0.0, 20.0, 30.0]);
    }
}
