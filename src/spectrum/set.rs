//! Maps and series: many rows over one axis, stored once.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Axis, Metadata, Spectrum, SpectrumError};

/// Where or when each row was measured. An empty list means the coordinate is not known.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Positions {
    /// Sideways position, in `length_unit`.
    pub x: Vec<f64>,
    /// Upwards position, in `length_unit`.
    pub y: Vec<f64>,
    /// Depth, in `length_unit`.
    pub z: Vec<f64>,
    /// Time since the start, in `time_unit`.
    pub time: Vec<f64>,
    /// Unit of the lengths as the file gave it (`um` as a rule).
    pub length_unit: String,
    /// Unit of the times (`s` as a rule).
    pub time_unit: String,
}

/// Rows arranged as an image, x running fastest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapShape {
    /// Columns.
    pub width: usize,
    /// Lines.
    pub height: usize,
}

/// One axis, many rows. The numbers stand in one flat block; a row is a slice of it.
///
/// Like a [`Spectrum`], a set is always finite; cloning it copies no numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct SpectrumSet {
    axis: Arc<Axis>,
    values: Arc<Vec<f32>>,
    rows: usize,
    /// Position of each row.
    pub positions: Positions,
    /// Image shape, when the rows fill one.
    pub shape: Option<MapShape>,
    /// Name of each row; empty when rows have no names of their own.
    pub labels: Vec<String>,
    /// What is known about the whole measurement.
    pub meta: Metadata,
}

impl SpectrumSet {
    /// Takes the flat block (row after row) without copying it.
    pub fn new(
        axis: impl Into<Arc<Axis>>,
        values: Vec<f32>,
        rows: usize,
        meta: Metadata,
    ) -> Result<Self, SpectrumError> {
        let axis = axis.into();
        if rows == 0 || rows.checked_mul(axis.len()) != Some(values.len()) {
            return Err(SpectrumError::SetShape { rows, values: values.len(), points: axis.len() });
        }
        if let Some((index, &value)) = values.iter().enumerate().find(|(_, v)| !v.is_finite()) {
            return Err(SpectrumError::IntensityNotFinite { index: index % axis.len(), value });
        }
        Ok(Self {
            axis,
            values: Arc::new(values),
            rows,
            positions: Positions::default(),
            shape: None,
            labels: Vec::new(),
            meta,
        })
    }

    /// Adds positions after checking that each known list has one entry a row.
    pub fn with_positions(mut self, positions: Positions) -> Result<Self, SpectrumError> {
        let lists =
            [("x", &positions.x), ("y", &positions.y), ("z", &positions.z), ("time", &positions.time)];
        for (which, list) in lists {
            if !list.is_empty() && list.len() != self.rows {
                return Err(SpectrumError::SetPositions { rows: self.rows, positions: list.len(), which });
            }
        }
        self.positions = positions;
        Ok(self)
    }

    /// Declares the image shape; ignored when it does not hold exactly the rows there are.
    #[must_use]
    pub fn with_shape(mut self, width: usize, height: usize) -> Self {
        self.shape = (width.checked_mul(height) == Some(self.rows)).then_some(MapShape { width, height });
        self
    }

    /// Names the rows; ignored when the count differs.
    #[must_use]
    pub fn with_labels(mut self, labels: Vec<String>) -> Self {
        if labels.len() == self.rows {
            self.labels = labels;
        }
        self
    }

    /// The shared axis.
    #[must_use]
    pub fn axis(&self) -> &Arc<Axis> {
        &self.axis
    }

    /// Number of rows, at least one.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a set is never empty")]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Points of each row.
    #[must_use]
    pub fn points(&self) -> usize {
        self.axis.len()
    }

    /// Row `index`, borrowed.
    #[must_use]
    pub fn row(&self, index: usize) -> Option<&[f32]> {
        let start = index.checked_mul(self.points())?;
        self.values.get(start..start + self.points())
    }

    /// All rows in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.values.chunks_exact(self.points())
    }

    /// The whole block, row after row.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Row `index` as a spectrum of its own (copies that row only), with its position in the metadata.
    #[must_use]
    pub fn spectrum(&self, index: usize) -> Option<Spectrum> {
        let row = self.row(index)?;
        let mut meta = self.meta.clone();
        let base = self.meta.display_name();
        meta.title = Some(match self.labels.get(index) {
            Some(label) if !label.trim().is_empty() => label.clone(),
            _ if self.rows == 1 => base.to_owned(),
            _ => format!("{base} [{}]", index + 1),
        });
        let positions = &self.positions;
        let lists = [
            ("x", &positions.x, &positions.length_unit),
            ("y", &positions.y, &positions.length_unit),
            ("z", &positions.z, &positions.length_unit),
            ("time", &positions.time, &positions.time_unit),
        ];
        for (name, list, unit) in lists {
            if let Some(value) = list.get(index) {
                meta.push(name, format!("{value} {unit}"));
            }
        }
        Spectrum::new(Arc::clone(&self.axis), row, meta).ok()
    }

    /// Mean of all rows.
    #[must_use]
    pub fn mean(&self) -> Vec<f32> {
        let mut sum = vec![0.0_f64; self.points()];
        for row in self.rows() {
            for (s, v) in sum.iter_mut().zip(row) {
                *s += f64::from(*v);
            }
        }
        sum.iter().map(|s| (s / self.rows as f64) as f32).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::AxisKind;
    use super::*;

    fn axis(points: usize) -> Axis {
        Axis::even(AxisKind::RamanShift, 100.0, 200.0, points).unwrap()
    }

    #[test]
    fn rows_are_slices_of_one_block() {
        let block: Vec<f32> = (0..6_u8).map(f32::from).collect();
        let before = block.as_ptr();
        let set = SpectrumSet::new(axis(3), block, 2, Metadata::titled("map")).unwrap().with_shape(2, 1);
        assert_eq!(set.row(1), Some(&[3.0, 4.0, 5.0][..]));
        assert_eq!(set.row(0).unwrap().as_ptr(), before);
        assert_eq!(set.row(2), None);
        assert_eq!(set.mean(), [1.5, 2.5, 3.5]);
        assert_eq!(set.shape, Some(MapShape { width: 2, height: 1 }));
    }

    #[test]
    fn a_row_knows_its_position() {
        let set = SpectrumSet::new(axis(2), vec![0.0; 4], 2, Metadata::titled("map")).unwrap();
        let positions = Positions { x: vec![1.5, 2.5], length_unit: "um".into(), ..Positions::default() };
        let set = set.with_positions(positions).unwrap();
        let row = set.spectrum(1).unwrap();
        assert_eq!(row.meta.get("x"), Some("2.5 um"));
        assert_eq!(row.meta.display_name(), "map [2]");
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        assert!(SpectrumSet::new(axis(3), vec![0.0; 5], 2, Metadata::default()).is_err());
        assert!(SpectrumSet::new(axis(3), vec![], 0, Metadata::default()).is_err());
        assert!(SpectrumSet::new(axis(3), vec![0.0; 6], usize::MAX, Metadata::default()).is_err());
        let set = SpectrumSet::new(axis(3), vec![0.0; 6], 2, Metadata::default()).unwrap();
        assert!(set.clone().with_positions(Positions { z: vec![1.0], ..Positions::default() }).is_err());
        assert_eq!(set.with_shape(5, 5).shape, None);
    }
}
