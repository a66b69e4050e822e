//! Rows of intensities over one axis, as detectors and matrices give them, made into a clean spectrum or set.
//!
//! Readers that find "these positions, and so many rows of that length" hand both over here: positions that are not
//! numbers are left out, positions out of order are sorted, missing intensities are dropped (one row) or interpolated
//! (several rows), and every such step becomes a warning.

use std::sync::Arc;

use crate::spectrum::{Axis, AxisKind, Metadata, Positions, Spectrum, SpectrumSet};

use super::Settler;
use crate::formats::{Decoded, FormatError, Input, Item};

/// Rows over one axis, not yet checked.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// One position a point.
    pub x: Vec<f64>,
    /// Row after row, each as long as `x`.
    pub values: Vec<f32>,
    /// What is known about the whole.
    pub meta: Metadata,
    /// Where each row was measured.
    pub positions: Positions,
    /// Columns and lines of the map, when the rows fill one.
    pub shape: Option<(usize, usize)>,
    /// Name of each row.
    pub labels: Vec<String>,
}

impl Grid {
    /// Checks and cleans. One row gives a spectrum, several give a set.
    pub fn finish(
        mut self,
        input: &Input,
        kind: AxisKind,
        warnings: &mut Vec<String>,
    ) -> Result<Item, FormatError> {
        let error = input.spectrum_error();
        let single = self.values.len() == self.x.len();
        let mut settler = Settler::default();
        if single {
            settler.leave_out(&mut self.x, &mut self.values);
            settler.sort(&mut self.x, &mut self.values);
        } else {
            let placed: Vec<bool> = self.x.iter().map(|x| x.is_finite()).collect();
            settler.keep(&mut self.x, &mut self.values, &placed);
            settler.sort(&mut self.x, &mut self.values);
            settler.fill(&self.x, &mut self.values);
        }
        warnings.extend(settler.warnings());
        let points = self.x.len();
        let axis = Arc::new(Axis::new(kind, self.x).map_err(&error)?);
        if single {
            return Ok(Item::Spectrum(Spectrum::new(axis, self.values, self.meta).map_err(error)?));
        }
        let rows = self.values.len() / points.max(1);
        let mut set = SpectrumSet::new(axis, self.values, rows, self.meta).map_err(&error)?;
        if let Some((width, height)) = self.shape {
            set = set.with_shape(width, height);
        }
        set = set.with_labels(self.labels).with_positions(self.positions).map_err(error)?;
        Ok(Item::Set(set))
    }
}

/// For files that give positions without a word about them, as text tables do it.
pub fn assumed_shift(decoded: &mut Decoded) -> AxisKind {
    let sentence = "The file does not say what its positions measure; they were taken as Raman shift (cm-1).";
    if decoded.warnings.iter().all(|warning| warning != sentence) {
        decoded.warn(sentence);
    }
    AxisKind::RamanShift
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Limits;

    fn finish(x: &[f64], values: &[f32]) -> (Result<Item, FormatError>, Vec<String>) {
        let input = Input { name: "a.mat", bytes: &[], limits: Limits::default(), format: "test" };
        let grid = Grid { x: x.to_vec(), values: values.to_vec(), ..Grid::default() };
        let mut warnings = Vec::new();
        (grid.finish(&input, AxisKind::Pixel, &mut warnings), warnings)
    }

    #[test]
    fn one_row_loses_its_missing_points_and_says_so() {
        let (item, warnings) = finish(&[1.0, 2.0, f64::NAN, 4.0], &[5.0, f32::NAN, 7.0, 8.0]);
        let spectrum = item.unwrap().spectrum(0).unwrap();
        assert_eq!((spectrum.x(), spectrum.y()), (&[1.0, 4.0][..], &[5.0, 8.0][..]));
        let said = "2 of 4 points were left out because their position or intensity is missing.";
        assert_eq!(warnings, [said]);
    }

    #[test]
    fn several_rows_are_interpolated_and_sorted() {
        let nan = f32::NAN;
        let (item, warnings) = finish(&[1.0, 3.0, 2.0], &[10.0, 30.0, nan, nan, 5.0, nan, nan, nan, nan]);
        let Item::Set(set) = item.unwrap() else { panic!("a set was expected") };
        assert_eq!(set.values(), [10.0, 20.0, 30.0, 5.0, 5.0, 5.0, 0.0, 0.0, 0.0]);
        assert_eq!(warnings.len(), 3);
    }

    #[test]
    fn a_descending_axis_stays_and_a_constant_one_is_refused() {
        let (item, warnings) = finish(&[3.0, 2.0, 1.0], &[1.0, 2.0, 3.0]);
        assert_eq!(item.unwrap().spectrum(0).unwrap().x(), [3.0, 2.0, 1.0]);
        assert!(warnings.is_empty());
        assert!(finish(&[1.0, 1.0], &[1.0, 2.0]).0.is_err());
        assert!(finish(&[1.0], &[1.0]).0.is_err());
        assert!(finish(&[], &[]).0.is_err());
    }
}
