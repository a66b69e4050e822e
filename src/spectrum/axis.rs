//! Positions along a spectrum: numbers with a kind and a unit, in the order the instrument gave them.

use serde::{Deserialize, Serialize};

use super::SpectrumError;

/// What the positions of an [`Axis`] measure. The unit follows from the kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AxisKind {
    /// Raman shift in cm-1, relative to the laser line.
    RamanShift,
    /// Wavelength in nm.
    Wavelength,
    /// Absolute wavenumber in cm-1 (infrared spectra, or Raman before the laser line is subtracted).
    Wavenumber,
    /// Photon energy in eV.
    Energy,
    /// Detector pixel: position without calibration.
    Pixel,
    /// Anything else, with the label its file gave (time, m/z, diffraction angle, or no label at all).
    Other(String),
}

impl AxisKind {
    /// Stable machine name, used in JSON and file headers.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::RamanShift => "raman_shift",
            Self::Wavelength => "wavelength",
            Self::Wavenumber => "wavenumber",
            Self::Energy => "energy",
            Self::Pixel => "pixel",
            Self::Other(_) => "other",
        }
    }

    /// Unit as shown to people, plain ASCII.
    #[must_use]
    pub fn unit(&self) -> &str {
        match self {
            Self::RamanShift | Self::Wavenumber => "cm-1",
            Self::Wavelength => "nm",
            Self::Energy => "eV",
            Self::Pixel => "pixel",
            Self::Other(label) => label,
        }
    }

    /// Name and unit for titles: `Raman shift (cm-1)`.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::RamanShift => "Raman shift (cm-1)".into(),
            Self::Wavelength => "Wavelength (nm)".into(),
            Self::Wavenumber => "Wavenumber (cm-1)".into(),
            Self::Energy => "Energy (eV)".into(),
            Self::Pixel => "Pixel".into(),
            Self::Other(label) if label.is_empty() => "Position".into(),
            Self::Other(label) => label.clone(),
        }
    }
}

/// Direction in which the positions run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AxisOrder {
    /// Low to high.
    Ascending,
    /// High to low.
    Descending,
}

/// Exactly `points` numbers with equal steps from `first` to `last`, both included.
#[must_use]
pub fn evenly(first: f64, last: f64, points: usize) -> Vec<f64> {
    let step = (last - first) / points.saturating_sub(1).max(1) as f64;
    let mut values: Vec<f64> = (0..points).map(|i| first + step * i as f64).collect();
    if let (Some(end), true) = (values.last_mut(), points > 1) {
        *end = last;
    }
    values
}

/// Finite, monotone positions (ascending or descending, steps may be uneven, a value may repeat).
///
/// At least two points, first and last differ. Repeated neighbours are allowed because real files have them
/// (RRUFF's chromatite ends 1310, 1310); resampling averages them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "AxisFields", into = "AxisFields")]
pub struct Axis {
    kind: AxisKind,
    order: AxisOrder,
    values: Vec<f64>,
}

#[derive(Serialize, Deserialize)]
struct AxisFields {
    kind: AxisKind,
    values: Vec<f64>,
}

impl TryFrom<AxisFields> for Axis {
    type Error = SpectrumError;

    fn try_from(fields: AxisFields) -> Result<Self, SpectrumError> {
        Self::new(fields.kind, fields.values)
    }
}

impl From<Axis> for AxisFields {
    fn from(axis: Axis) -> Self {
        Self { kind: axis.kind, values: axis.values }
    }
}

impl Axis {
    /// Checks the positions and takes them as they are.
    pub fn new(kind: AxisKind, values: Vec<f64>) -> Result<Self, SpectrumError> {
        if values.len() < 2 {
            return Err(SpectrumError::TooFewPoints { found: values.len() });
        }
        if let Some((index, &value)) = values.iter().enumerate().find(|(_, v)| !v.is_finite()) {
            return Err(SpectrumError::AxisNotFinite { index, value });
        }
        let (first, last) = (values[0], values[values.len() - 1]);
        let order = if last >= first { AxisOrder::Ascending } else { AxisOrder::Descending };
        let turns = |w: &[f64]| match order {
            AxisOrder::Ascending => w[1] < w[0],
            AxisOrder::Descending => w[1] > w[0],
        };
        if let Some(index) = values.windows(2).position(turns) {
            return Err(SpectrumError::AxisNotSorted { index: index + 1, value: values[index + 1] });
        }
        if first >= last && last >= first {
            return Err(SpectrumError::AxisConstant { value: first });
        }
        Ok(Self { kind, order, values })
    }

    /// `points` evenly spaced positions from `first` to `last`, both included.
    pub fn even(kind: AxisKind, first: f64, last: f64, points: usize) -> Result<Self, SpectrumError> {
        if points < 2 {
            return Err(SpectrumError::TooFewPoints { found: points });
        }
        Self::new(kind, evenly(first, last, points))
    }

    /// What the positions measure.
    #[must_use]
    pub fn kind(&self) -> &AxisKind {
        &self.kind
    }

    /// Direction in which they run.
    #[must_use]
    pub fn order(&self) -> AxisOrder {
        self.order
    }

    /// The positions in stored order.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Number of points, at least two.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "an axis is never empty")]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// First stored position (the highest one when descending).
    #[must_use]
    pub fn first(&self) -> f64 {
        self.values[0]
    }

    /// Last stored position.
    #[must_use]
    pub fn last(&self) -> f64 {
        self.values[self.values.len() - 1]
    }

    /// Lowest position.
    #[must_use]
    pub fn low(&self) -> f64 {
        self.first().min(self.last())
    }

    /// Highest position.
    #[must_use]
    pub fn high(&self) -> f64 {
        self.first().max(self.last())
    }

    /// Mean distance between neighbours, positive.
    #[must_use]
    pub fn mean_step(&self) -> f64 {
        (self.high() - self.low()) / (self.len() - 1) as f64
    }

    /// True when every step equals the mean step within `tolerance` (a fraction of the mean step).
    #[must_use]
    pub fn is_even(&self, tolerance: f64) -> bool {
        let step = (self.last() - self.first()) / (self.len() - 1) as f64;
        self.values
            .iter()
            .enumerate()
            .all(|(i, v)| (v - (self.first() + step * i as f64)).abs() <= tolerance * step.abs())
    }

    /// Index of the point nearest to `position`.
    #[must_use]
    pub fn nearest(&self, position: f64) -> usize {
        let after = match self.order {
            AxisOrder::Ascending => self.values.partition_point(|v| *v < position),
            AxisOrder::Descending => self.values.partition_point(|v| *v > position),
        };
        if after == 0 {
            return 0;
        }
        if after == self.len() {
            return after - 1;
        }
        let (before, next) =
            ((self.values[after - 1] - position).abs(), (self.values[after] - position).abs());
        if before <= next { after - 1 } else { after }
    }

    /// Index range of the points with `low <= position <= high`; empty when none lies inside.
    #[must_use]
    pub fn range(&self, low: f64, high: f64) -> std::ops::Range<usize> {
        let (start, end) = match self.order {
            AxisOrder::Ascending => {
                (self.values.partition_point(|v| *v < low), self.values.partition_point(|v| *v <= high))
            }
            AxisOrder::Descending => {
                (self.values.partition_point(|v| *v > high), self.values.partition_point(|v| *v >= low))
            }
        };
        start..end.max(start)
    }

    /// The same positions said to measure something else.
    #[cfg(test)]
    pub(crate) fn relabelled(&self, kind: AxisKind) -> Self {
        Self { kind, ..self.clone() }
    }

    /// The same positions low to high.
    #[must_use]
    pub fn ascending(&self) -> Self {
        match self.order {
            AxisOrder::Ascending => self.clone(),
            AxisOrder::Descending => Self {
                kind: self.kind.clone(),
                order: AxisOrder::Ascending,
                values: self.values.iter().rev().copied().collect(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(values: &[f64]) -> Result<Axis, SpectrumError> {
        Axis::new(AxisKind::RamanShift, values.to_vec())
    }

    #[test]
    fn bad_axes_are_refused_with_their_place() {
        assert_eq!(axis(&[1.0]), Err(SpectrumError::TooFewPoints { found: 1 }));
        assert_eq!(axis(&[1.0, 2.0, 1.5]), Err(SpectrumError::AxisNotSorted { index: 2, value: 1.5 }));
        assert_eq!(axis(&[3.0, 3.0, 3.0]), Err(SpectrumError::AxisConstant { value: 3.0 }));
        assert!(matches!(axis(&[1.0, f64::NAN]), Err(SpectrumError::AxisNotFinite { index: 1, .. })));
        assert!(matches!(axis(&[1.0, 5.0, 1.0]), Err(SpectrumError::AxisNotSorted { .. })));
    }

    #[test]
    fn a_repeated_value_is_allowed() {
        assert!(axis(&[1.0, 2.0, 2.0]).is_ok());
    }

    #[test]
    fn ranges_and_nearest_points_agree_in_both_directions() {
        let up = axis(&[100.0, 101.0, 103.0, 110.0]).unwrap();
        let down = axis(&[110.0, 103.0, 101.0, 100.0]).unwrap();
        assert_eq!(up.range(101.0, 103.0), 1..3);
        assert_eq!(down.range(101.0, 103.0), 1..3);
        assert_eq!(up.range(104.0, 105.0).len(), 0);
        assert_eq!(up.range(200.0, 300.0).len(), 0);
        for position in [0.0, 100.4, 102.1, 108.0, 500.0] {
            assert!(
                (up.values()[up.nearest(position)] - down.values()[down.nearest(position)]).abs() < 1e-12
            );
        }
    }

    #[test]
    fn an_even_axis_ends_exactly_where_it_should() {
        let even = Axis::even(AxisKind::RamanShift, 150.0, 1500.0, 1024).unwrap();
        assert!(even.is_even(1e-9));
        assert_eq!(even.last().to_bits(), 1500.0_f64.to_bits());
        assert_eq!(even.ascending(), even);
    }

    #[test]
    fn an_axis_read_back_from_json_is_checked_again() {
        let json = serde_json::to_string(&axis(&[1.0, 2.0]).unwrap()).unwrap();
        assert!(serde_json::from_str::<Axis>(&json).is_ok());
        assert!(serde_json::from_str::<Axis>(&json.replace("2.0", "1.0")).is_err());
    }
    #[test]
    fn even_positions_end_exactly() {
        assert_eq!(evenly(4.0, 1.0, 4), [4.0, 3.0, 2.0, 1.0]);
        assert_eq!(evenly(4.0, 1.0, 1), [4.0]);
        assert!(evenly(4.0, 1.0, 0).is_empty());
    }
}
