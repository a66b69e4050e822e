//! Rows of intensities over one axis, as detectors and matrices give them, made into a clean spectrum or set.
//!
//! Readers that find "these positions, and so many rows of that length" hand both over here: positions that are not
//! numbers are left out, positions out of order are sorted, missing intensities are dropped (one row) or interpolated
//! (several rows), and every such step becomes a warning.

use std::sync::Arc;

use crate::spectrum::{Axis, AxisKind, Metadata, Positions, Spectrum, SpectrumSet};

use super::{Decoded, FormatError, Input, Item};

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
        self.drop_unplaced(warnings);
        self.sort(warnings);
        let error = input.spectrum_error();
        let points = self.x.len();
        let single = self.values.len() == points;
        if single {
            self.drop_missing(warnings);
        } else {
            self.fill_missing(warnings);
        }
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

    /// Leaves out the columns whose position is not a number.
    fn drop_unplaced(&mut self, warnings: &mut Vec<String>) {
        let keep: Vec<usize> =
            self.x.iter().enumerate().filter(|(_, x)| x.is_finite()).map(|(i, _)| i).collect();
        let lost = self.x.len() - keep.len();
        if lost > 0 {
            warnings.push(format!("{lost} points whose position is not a number were left out."));
            self.reorder(&keep);
        }
    }

    fn sort(&mut self, warnings: &mut Vec<String>) {
        let monotone = self.x.is_sorted() || self.x.is_sorted_by(|a, b| a >= b);
        if !monotone {
            let mut order: Vec<usize> = (0..self.x.len()).collect();
            order.sort_by(|a, b| self.x[*a].total_cmp(&self.x[*b]));
            self.reorder(&order);
            warnings.push("The positions were not in order; the points were sorted.".into());
        }
    }

    fn reorder(&mut self, order: &[usize]) {
        let points = self.x.len().max(1);
        self.values =
            self.values.chunks_exact(points).flat_map(|row| order.iter().map(|i| row[*i])).collect();
        self.x = order.iter().map(|i| self.x[*i]).collect();
    }

    fn drop_missing(&mut self, warnings: &mut Vec<String>) {
        let keep: Vec<usize> =
            self.values.iter().enumerate().filter(|(_, y)| y.is_finite()).map(|(i, _)| i).collect();
        let lost = self.values.len() - keep.len();
        if lost > 0 {
            warnings.push(format!("{lost} points without a usable intensity were left out."));
            self.reorder(&keep);
        }
    }

    fn fill_missing(&mut self, warnings: &mut Vec<String>) {
        let points = self.x.len().max(1);
        let mut filled = 0;
        let mut empty = 0;
        for row in self.values.chunks_exact_mut(points) {
            let missing = row.iter().filter(|y| !y.is_finite()).count();
            if missing == row.len() {
                row.fill(0.0);
                empty += 1;
            } else if missing > 0 {
                interpolate(&self.x, row);
                filled += missing;
            }
        }
        if filled > 0 {
            warnings.push(format!("{filled} missing intensities were interpolated along their rows."));
        }
        if empty > 0 {
            warnings.push(format!("{empty} rows without a single usable intensity were set to 0."));
        }
    }
}

/// Straight lines across the gaps of a row that has at least one value; the ends repeat the nearest value.
fn interpolate(x: &[f64], row: &mut [f32]) {
    let mut last: Option<usize> = None;
    for i in 0..row.len() {
        if !row[i].is_finite() {
            continue;
        }
        match last {
            None => {
                let first = row[i];
                row[..i].fill(first);
            }
            Some(start) => {
                let (y0, y1) = (f64::from(row[start]), f64::from(row[i]));
                let span = x[i] - x[start];
                for (value, at) in row[start + 1..i].iter_mut().zip(&x[start + 1..i]) {
                    let t = if span.abs() > 0.0 { (at - x[start]) / span } else { 0.5 };
                    *value = (y0 + (y1 - y0) * t) as f32;
                }
            }
        }
        last = Some(i);
    }
    if let Some(last) = last {
        let value = row[last];
        row[last..].fill(value);
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

/// Curves over equal axes share one.
pub fn share_axes(items: &mut [Item]) {
    let mut last: Option<Arc<Axis>> = None;
    for item in items {
        let Item::Spectrum(spectrum) = item else { continue };
        match &last {
            Some(axis) if !Arc::ptr_eq(axis, spectrum.axis()) && **axis == **spectrum.axis() => {
                let shared = Spectrum::new(Arc::clone(axis), spectrum.y(), spectrum.meta.clone());
                if let Ok(shared) = shared {
                    *spectrum = shared;
                }
            }
            _ => last = Some(Arc::clone(spectrum.axis())),
        }
    }
}

/// `c0 + c1 p + c2 p^2 + ...`
pub fn polynomial(coefficients: &[f64], p: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum.mul_add(p, *c))
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
        assert_eq!(warnings.len(), 2);
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

    #[test]
    fn polynomials_count_their_powers_upwards() {
        assert!((polynomial(&[1.0, 2.0, 3.0], 2.0) - 17.0).abs() < 1e-12);
    }
}
