//! Raw pairs and rows to what a [`Spectrum`] or [`SpectrumSet`] promises: finite, sorted, and a word on what was done.
//!
//! [`Spectrum`]: crate::spectrum::Spectrum
//! [`SpectrumSet`]: crate::spectrum::SpectrumSet

use crate::spectrum::{Axis, AxisKind, SpectrumError};

/// Counts what had to be done to the numbers of one file, for one warning each.
#[derive(Debug, Default)]
pub(super) struct Settler {
    rows_left_out: usize,
    values_filled: usize,
    sorted: usize,
}

impl Settler {
    /// One curve: rows that are not finite are left out, unsorted positions are sorted with their intensities.
    pub(super) fn pairs(
        &mut self,
        kind: AxisKind,
        mut x: Vec<f64>,
        mut y: Vec<f32>,
    ) -> Result<(Axis, Vec<f32>), SpectrumError> {
        let usable = x.iter().zip(&y).filter(|(x, y)| x.is_finite() && y.is_finite()).count();
        let rows = x.len().min(y.len());
        if usable < rows || x.len() != y.len() {
            (x, y) = x.into_iter().zip(y).filter(|(x, y)| x.is_finite() && y.is_finite()).unzip();
            self.rows_left_out += rows - usable;
        }
        if let Some(order) = order_of(&x) {
            x = pick(&x, &order);
            y = pick(&y, &order);
            self.sorted += 1;
        }
        Ok((Axis::new(kind, x)?, y))
    }

    /// Many rows over one axis: missing values are interpolated along their row, unsorted positions are sorted in
    /// every row.
    pub(super) fn rows(
        &mut self,
        kind: AxisKind,
        mut x: Vec<f64>,
        values: &mut [f32],
    ) -> Result<Axis, SpectrumError> {
        let points = x.len();
        if points < 2 {
            return Err(SpectrumError::TooFewPoints { found: points });
        }
        if let Some((index, value)) = x.iter().copied().enumerate().find(|(_, v)| !v.is_finite()) {
            return Err(SpectrumError::AxisNotFinite { index, value });
        }
        let order = order_of(&x);
        for row in values.chunks_exact_mut(points) {
            if let Some(order) = &order {
                let sorted = pick(row, order);
                row.copy_from_slice(&sorted);
            }
        }
        if let Some(order) = order {
            x = pick(&x, &order);
            self.sorted += 1;
        }
        for row in values.chunks_exact_mut(points) {
            self.values_filled += fill(&x, row);
        }
        Axis::new(kind, x)
    }

    /// Sentences for what was done; none when nothing was.
    pub(super) fn warnings(&self) -> impl Iterator<Item = String> + use<> {
        let said = |count: usize, what: &str| (count > 0).then(|| format!("{count} {what}"));
        [
            said(self.rows_left_out, "points without a finite position or intensity were left out."),
            said(self.values_filled, "values that are not finite were interpolated along their spectrum."),
            said(self.sorted, "spectra with unsorted positions were sorted by position."),
        ]
        .into_iter()
        .flatten()
    }
}

/// The order that sorts `x`, or `None` when it already runs one way.
fn order_of(x: &[f64]) -> Option<Vec<usize>> {
    let up = x.windows(2).all(|w| w[0] <= w[1]);
    if up || x.windows(2).all(|w| w[0] >= w[1]) {
        return None;
    }
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
    Some(order)
}

fn pick<T: Copy>(values: &[T], order: &[usize]) -> Vec<T> {
    order.iter().filter_map(|i| values.get(*i).copied()).collect()
}

/// Replaces values that are not finite by the straight line between their finite neighbours (the nearest one at the
/// ends, zero when the row has none) and gives their number.
fn fill(x: &[f64], row: &mut [f32]) -> usize {
    if row.iter().all(|v| v.is_finite()) {
        return 0;
    }
    let known: Vec<usize> = (0..row.len()).filter(|i| row[*i].is_finite()).collect();
    for i in 0..row.len() {
        if row[i].is_finite() {
            continue;
        }
        let after = known.partition_point(|k| *k < i);
        let left = after.checked_sub(1).and_then(|k| known.get(k)).copied();
        row[i] = match (left, known.get(after).copied()) {
            (Some(a), Some(b)) => {
                let width = x[b] - x[a];
                let share = if width == 0.0 { 0.5 } else { (x[i] - x[a]) / width };
                (f64::from(row[a]) + (f64::from(row[b]) - f64::from(row[a])) * share) as f32
            }
            (Some(end), None) | (None, Some(end)) => row[end],
            (None, None) => 0.0,
        };
    }
    row.len() - known.len()
}

/// What an axis label says about its positions.
pub(super) fn kind_from_label(label: &str) -> AxisKind {
    let words = label.trim().to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if has(&["raman", "rel. 1/cm", "shift"]) && !has(&["chemical", "ppm"]) {
        AxisKind::RamanShift
    } else if has(&["1/cm", "cm-1", "cm^-1", "cm\u{207b}\u{b9}", "cm\u{2212}1", "wavenumber", "wellenzahl"]) {
        AxisKind::Wavenumber
    } else if words == "nm"
        || has(&["(nm)", "[nm]", "nanomet"])
        || words.starts_with("wavelength") && !has(&["um", "mic"])
    {
        AxisKind::Wavelength
    } else if words == "ev" || has(&["(ev)", "[ev]", "electron volt", "electronvolt"]) {
        AxisKind::Energy
    } else if has(&["pixel", "channel", "diode"]) || words == "points" {
        AxisKind::Pixel
    } else {
        AxisKind::Other(label.trim().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_rows_are_left_out_and_unsorted_ones_sorted() {
        let mut settler = Settler::default();
        let x = vec![3.0, 1.0, f64::NAN, 2.0, 4.0];
        let (axis, y) =
            settler.pairs(AxisKind::RamanShift, x, vec![30.0, 10.0, 0.0, f32::NAN, 40.0]).unwrap();
        assert_eq!(axis.values(), [1.0, 3.0, 4.0]);
        assert_eq!(y, [10.0, 30.0, 40.0]);
        assert_eq!(settler.warnings().count(), 2);
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
        assert!(settler.warnings().next().unwrap().starts_with("6 values"));
    }

    #[test]
    fn labels_say_what_they_measure() {
        assert_eq!(kind_from_label("Raman Shift (cm-1)"), AxisKind::RamanShift);
        assert_eq!(kind_from_label("1/CM"), AxisKind::Wavenumber);
        assert_eq!(kind_from_label("NANOMETERS"), AxisKind::Wavelength);
        assert_eq!(kind_from_label("Wavelength (nm)"), AxisKind::Wavelength);
        assert_eq!(kind_from_label("MICROMETERS"), AxisKind::Other("MICROMETERS".into()));
        assert_eq!(kind_from_label("m/z"), AxisKind::Other("m/z".into()));
    }
}
