//! Does the steps that make numbers fit for a spectrum, counts them for one file, and words the warnings.

use crate::spectrum::{Axis, AxisKind, SpectrumError};

use super::numbers::{fill_gaps, keep_points, sort_points};

/// Counts what had to be done to the numbers of one file, for one warning each.
#[derive(Debug, Default)]
pub struct Settler {
    /// Points seen and left out, where any were.
    points: (usize, usize),
    /// Axes seen and sorted.
    axes: (usize, usize),
    /// Rows seen by [`Settler::fill`].
    rows: usize,
    /// Intensities interpolated, and in how many rows.
    filled: (usize, usize),
    /// Rows without a single intensity.
    empty: usize,
}

impl Settler {
    /// One curve: points that are not finite are left out, unsorted positions are sorted with their intensities.
    pub fn pairs(
        &mut self,
        kind: AxisKind,
        mut x: Vec<f64>,
        mut y: Vec<f32>,
    ) -> Result<(Axis, Vec<f32>), SpectrumError> {
        self.leave_out(&mut x, &mut y);
        self.sort(&mut x, &mut y);
        Ok((Axis::new(kind, x)?, y))
    }

    /// Many rows over one axis: missing values are interpolated along their row, unsorted positions are sorted in
    /// every row.
    pub fn rows(
        &mut self,
        kind: AxisKind,
        mut x: Vec<f64>,
        values: &mut [f32],
    ) -> Result<Axis, SpectrumError> {
        self.sort(&mut x, values);
        let axis = Axis::new(kind, x)?;
        self.fill(axis.values(), values);
        Ok(axis)
    }

    /// Leaves out the points of one curve whose position or intensity is not finite. What one list has more than the
    /// other is dropped.
    pub fn leave_out(&mut self, x: &mut Vec<f64>, y: &mut Vec<f32>) {
        let points = x.len().min(y.len());
        x.truncate(points);
        y.truncate(points);
        if x.iter().any(|v| !v.is_finite()) || y.iter().any(|v| !v.is_finite()) {
            let keep: Vec<bool> = x.iter().zip(&*y).map(|(x, y)| x.is_finite() && y.is_finite()).collect();
            self.keep(x, y, &keep);
        }
    }

    /// Keeps the points marked in `keep`, in every row.
    pub fn keep(&mut self, x: &mut Vec<f64>, values: &mut Vec<f32>, keep: &[bool]) {
        let left_out = keep_points(x, values, keep);
        if left_out > 0 {
            self.points = (self.points.0 + keep.len(), self.points.1 + left_out);
        }
    }

    /// Sorts the points of every row when the positions run neither up nor down.
    pub fn sort(&mut self, x: &mut Vec<f64>, values: &mut [f32]) {
        let sorted = sort_points(x, values);
        self.axes = (self.axes.0 + 1, self.axes.1 + usize::from(sorted));
    }

    /// Interpolates missing intensities along every row; rows without any become 0.
    pub fn fill(&mut self, x: &[f64], values: &mut [f32]) {
        for row in values.chunks_exact_mut(x.len().max(1)) {
            self.rows += 1;
            match fill_gaps(x, row) {
                0 => {}
                all if all == row.len() => self.empty += 1,
                some => self.filled = (self.filled.0 + some, self.filled.1 + 1),
            }
        }
    }

    /// Sentences for what was done; none when nothing was.
    pub fn warnings(&self) -> impl Iterator<Item = String> + use<> {
        self.sentences("points")
    }

    /// As [`Settler::warnings`] with another word for points: rows of a table.
    pub fn sentences(&self, points: &str) -> impl Iterator<Item = String> + use<> {
        let left_out = match self.points {
            (_, 0) => None,
            (all, 1) => Some(format!(
                "1 of {all} {points} was left out because its position or its intensity is missing."
            )),
            (all, some) => Some(format!(
                "{some} of {all} {points} were left out because their position or intensity is missing."
            )),
        };
        let sorted = match self.axes {
            (_, 0) => None,
            (1, _) => Some(format!("The positions were not in order; the {points} were sorted by position.")),
            (all, some) => Some(format!(
                "The positions of {some} of {all} spectra were not in order; their {points} were sorted by position."
            )),
        };
        let (values, rows) = self.filled;
        let filled = (values > 0).then(|| {
            format!(
                "{values} missing intensities in {rows} of {} spectra were interpolated from their neighbours.",
                self.rows
            )
        });
        let empty = (self.empty > 0).then(|| {
            format!("{} of {} spectra hold no intensities and were set to 0.", self.empty, self.rows)
        });
        [left_out, sorted, filled, empty].into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_points_are_left_out_and_unsorted_ones_sorted() {
        let mut settler = Settler::default();
        let x = vec![3.0, 1.0, f64::NAN, 2.0, 4.0];
        let (axis, y) =
            settler.pairs(AxisKind::RamanShift, x, vec![30.0, 10.0, 0.0, f32::NAN, 40.0]).unwrap();
        assert_eq!(axis.values(), [1.0, 3.0, 4.0]);
        assert_eq!(y, [10.0, 30.0, 40.0]);
        let said: Vec<String> = settler.warnings().collect();
        assert_eq!(
            said,
            [
                "2 of 5 points were left out because their position or intensity is missing.",
                "The positions were not in order; the points were sorted by position."
            ]
        );
    }

    #[test]
    fn a_descending_axis_stays_as_it_is() {
        let mut settler = Settler::default();
        let (axis, _) =
            settler.pairs(AxisKind::RamanShift, vec![3.0, 2.0, 2.0], vec![1.0, 2.0, 3.0]).unwrap();
        assert_eq!(axis.first().to_bits(), 3.0_f64.to_bits());
        assert_eq!(settler.warnings().count(), 0);
    }

    #[test]
    fn missing_values_of_a_map_are_interpolated_along_the_row() {
        let mut settler = Settler::default();
        let mut values = [f32::NAN, 1.0, f32::NAN, 3.0, f32::NAN, f32::NAN, f32::NAN, f32::NAN];
        settler.rows(AxisKind::Pixel, vec![0.0, 1.0, 2.0, 3.0], &mut values).unwrap();
        assert_eq!(values.map(f32::to_bits), [1.0_f32, 1.0, 2.0, 3.0, 0.0, 0.0, 0.0, 0.0].map(f32::to_bits));
        let said: Vec<String> = settler.warnings().collect();
        assert_eq!(
            said,
            [
                "2 missing intensities in 1 of 2 spectra were interpolated from their neighbours.",
                "1 of 2 spectra hold no intensities and were set to 0."
            ]
        );
    }

    #[test]
    fn the_sentences_count_spectra_where_there_are_several() {
        let mut settler = Settler::default();
        for x in [vec![1.0, 2.0, 3.0], vec![1.0, 3.0, 2.0]] {
            settler.pairs(AxisKind::Pixel, x, vec![0.0; 3]).unwrap();
        }
        let said: Vec<String> = settler.warnings().collect();
        assert_eq!(
            said,
            ["The positions of 1 of 2 spectra were not in order; their points were sorted by position."]
        );
    }

    #[test]
    fn rows_over_an_axis_that_is_none_are_refused() {
        for x in [vec![], vec![1.0], vec![1.0, f64::NAN], vec![2.0, 2.0]] {
            assert!(Settler::default().rows(AxisKind::Pixel, x, &mut [1.0, 2.0]).is_err());
        }
    }
}
