//! Decoded columns to spectra: values that are not numbers, unsorted axes, axes shared between curves.

use std::sync::Arc;

use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};

use super::{Decoded, FormatError, Input, Item};

/// Collects the curves of one file; neighbours with the same positions share one axis.
#[derive(Debug)]
pub struct Curves<'a> {
    input: &'a Input<'a>,
    last_axis: Option<Arc<Axis>>,
    decoded: Decoded,
}

impl<'a> Curves<'a> {
    /// Nothing collected yet.
    pub fn new(input: &'a Input<'a>) -> Self {
        Self { input, last_axis: None, decoded: Decoded::default() }
    }

    /// Adds a warning about the file.
    pub fn warn(&mut self, sentence: impl Into<String>) {
        self.decoded.warn(sentence);
    }

    /// Adds one curve: intensities that are not numbers are left out, positions that run both ways are sorted, and
    /// either is said in a warning.
    pub fn add(
        &mut self,
        kind: AxisKind,
        x: Vec<f64>,
        y: Vec<f32>,
        meta: Metadata,
    ) -> Result<(), FormatError> {
        let (mut x, mut y) = (x, y);
        let name = meta.display_name().to_owned();
        let bad = y.iter().filter(|v| !v.is_finite()).count();
        if bad > 0 {
            let all = y.len();
            (x, y) = x.into_iter().zip(y).filter(|(_, v)| v.is_finite()).unzip();
            self.warn(format!("{name}: {bad} of {all} intensities were not numbers and were left out."));
        }
        if let Some(order) = sorting(&x) {
            x = order.iter().filter_map(|i| x.get(*i)).copied().collect();
            y = order.iter().filter_map(|i| y.get(*i)).copied().collect();
            self.warn(format!("{name}: the positions ran both up and down and were sorted."));
        }
        let shared = self.last_axis.as_ref().filter(|a| *a.kind() == kind && a.values() == x);
        let axis = match shared {
            Some(axis) => Arc::clone(axis),
            None => Arc::new(Axis::new(kind, x).map_err(self.input.spectrum_error())?),
        };
        let spectrum = Spectrum::new(Arc::clone(&axis), y, meta).map_err(self.input.spectrum_error())?;
        self.last_axis = Some(axis);
        self.decoded.items.push(Item::Spectrum(spectrum));
        Ok(())
    }

    /// Adds a finished map or series.
    pub fn add_set(&mut self, set: crate::spectrum::SpectrumSet) {
        self.decoded.items.push(Item::Set(set));
    }

    /// What was collected.
    pub fn finish(self) -> Decoded {
        self.decoded
    }
}

/// The order that sorts `x` upwards when it runs neither up nor down; `None` when it may stay (or holds values that
/// are not numbers, which the axis refuses with their place).
fn sorting(x: &[f64]) -> Option<Vec<usize>> {
    let up = x.windows(2).all(|w| w[1] >= w[0]);
    let down = x.windows(2).all(|w| w[1] <= w[0]);
    if up || down || x.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
    Some(order)
}

/// Makes the flat rows of a map fit for a set: sorts the columns where the positions run both ways, and closes gaps
/// (values that are not numbers) by straight lines along the row. Gives the axis and says what it did.
pub fn prepare_rows(
    input: &Input,
    kind: AxisKind,
    x: Vec<f64>,
    values: &mut [f32],
    warnings: &mut Vec<String>,
) -> Result<Axis, FormatError> {
    let mut x = x;
    let points = x.len();
    if let Some(order) = sorting(&x) {
        x = order.iter().filter_map(|i| x.get(*i)).copied().collect();
        let mut sorted = vec![0.0_f32; points];
        for row in values.chunks_exact_mut(points) {
            for (to, from) in sorted.iter_mut().zip(&order) {
                *to = row.get(*from).copied().unwrap_or(f32::NAN);
            }
            row.copy_from_slice(&sorted);
        }
        warnings.push("The positions ran both up and down; every row was sorted.".into());
    }
    let axis = Axis::new(kind, x).map_err(input.spectrum_error())?;
    if values.iter().any(|v| !v.is_finite()) {
        let (mut bad, mut blank) = (0_usize, 0_usize);
        for row in values.chunks_exact_mut(points) {
            let found = row.iter().filter(|v| !v.is_finite()).count();
            bad += found;
            blank += usize::from(found == row.len());
            if found > 0 {
                close_gaps(row);
            }
        }
        let blank =
            if blank > 0 { format!("; {blank} rows held no number at all and are 0") } else { String::new() };
        warnings.push(format!(
            "{bad} intensities were not numbers; they were interpolated from their neighbours in the same row{blank}."
        ));
    }
    Ok(axis)
}

/// Straight lines across the values that are not numbers; the ends repeat the nearest number; a row without any
/// becomes 0.
fn close_gaps(row: &mut [f32]) {
    let mut before: Option<(usize, f32)> = None;
    let mut i = 0;
    while i < row.len() {
        if row[i].is_finite() {
            before = Some((i, row[i]));
            i += 1;
            continue;
        }
        let end = row[i..].iter().position(|v| v.is_finite()).map(|n| i + n);
        let after = end.map(|e| (e, row[e]));
        let stop = end.unwrap_or(row.len());
        for (k, value) in row.iter_mut().enumerate().take(stop).skip(i) {
            *value = match (before, after) {
                (Some((a, ya)), Some((b, yb))) => ya + (yb - ya) * ((k - a) as f32 / (b - a) as f32),
                (Some((_, y)), None) | (None, Some((_, y))) => y,
                (None, None) => 0.0,
            };
        }
        i = stop;
    }
}

/// Exactly `points` positions from `first` to `last`, both included.
pub fn evenly(first: f64, last: f64, points: usize) -> Vec<f64> {
    let step = (last - first) / points.saturating_sub(1).max(1) as f64;
    let mut x: Vec<f64> = (0..points).map(|i| first + step * i as f64).collect();
    if let (Some(end), true) = (x.last_mut(), points > 1) {
        *end = last;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::super::Limits;
    use super::*;

    fn input() -> Input<'static> {
        Input { name: "a.bin", bytes: b"", limits: Limits::default(), format: "test" }
    }

    #[test]
    fn curves_on_the_same_positions_share_an_axis() {
        let input = input();
        let mut curves = Curves::new(&input);
        for y in [1.0, 2.0] {
            curves.add(AxisKind::Pixel, vec![0.0, 1.0], vec![y, y], Metadata::default()).unwrap();
        }
        let spectra: Vec<Spectrum> = curves.finish().spectra().collect();
        assert!(Arc::ptr_eq(spectra[0].axis(), spectra[1].axis()));
    }

    #[test]
    fn holes_are_left_out_and_disorder_is_sorted_with_a_word() {
        let input = input();
        let mut curves = Curves::new(&input);
        let (x, y) = (vec![3.0, 1.0, 2.0, 4.0], vec![30.0, 10.0, f32::NAN, 40.0]);
        curves.add(AxisKind::RamanShift, x, y, Metadata::default()).unwrap();
        let decoded = curves.finish();
        assert_eq!(decoded.warnings.len(), 2);
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!(spectrum.x(), [1.0, 3.0, 4.0]);
        assert_eq!(spectrum.y(), [10.0, 30.0, 40.0]);
    }

    #[test]
    fn a_nan_axis_is_refused() {
        let input = input();
        let mut curves = Curves::new(&input);
        let bad = curves.add(AxisKind::RamanShift, vec![1.0, f64::NAN], vec![0.0; 2], Metadata::default());
        assert!(bad.unwrap_err().to_string().contains("a.bin"));
    }

    #[test]
    fn gaps_in_rows_are_bridged() {
        let nan = f32::NAN;
        let mut values = vec![nan, 1.0, nan, 3.0, nan, nan, nan, nan, nan, nan, 1.0, 2.0, 3.0, 4.0, 5.0];
        let mut warnings = Vec::new();
        let x = (0..5).map(f64::from).collect();
        prepare_rows(&input(), AxisKind::Pixel, x, &mut values, &mut warnings).unwrap();
        assert_eq!(values[..10], [1.0, 1.0, 2.0, 3.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert!(warnings[0].contains("8 intensities") && warnings[0].contains("1 rows"));
    }

    #[test]
    fn even_positions_end_exactly() {
        assert_eq!(evenly(4.0, 1.0, 4), [4.0, 3.0, 2.0, 1.0]);
        assert_eq!(evenly(4.0, 1.0, 1), [4.0]);
        assert!(evenly(4.0, 1.0, 0).is_empty());
    }
}
