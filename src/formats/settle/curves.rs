//! Collects the decoded curves, maps and series of one file.

use std::sync::Arc;

use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};

use super::{Settler, shared};
use crate::formats::{Decoded, FormatError, Input, Item};

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
        mut x: Vec<f64>,
        mut y: Vec<f32>,
        meta: Metadata,
    ) -> Result<(), FormatError> {
        let mut settler = Settler::default();
        if y.iter().any(|v| !v.is_finite()) {
            let keep: Vec<bool> = y.iter().map(|v| v.is_finite()).collect();
            settler.keep(&mut x, &mut y, &keep);
        }
        settler.sort(&mut x, &mut y);
        for sentence in settler.warnings() {
            self.warn(format!("{}: {sentence}", meta.display_name()));
        }
        let axis = Axis::new(kind, x).map_err(self.input.spectrum_error())?;
        let axis = shared(&mut self.last_axis, axis);
        let spectrum = Spectrum::new(axis, y, meta).map_err(self.input.spectrum_error())?;
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

/// Makes the flat rows of a map fit for a set: sorts the columns where the positions run both ways, and closes gaps
/// (values that are not numbers) by straight lines along the row. Gives the axis and says what it did.
pub fn prepare_rows(
    input: &Input,
    kind: AxisKind,
    x: Vec<f64>,
    values: &mut [f32],
    warnings: &mut Vec<String>,
) -> Result<Axis, FormatError> {
    let mut settler = Settler::default();
    let axis = settler.rows(kind, x, values).map_err(input.spectrum_error())?;
    warnings.extend(settler.warnings());
    Ok(axis)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Limits;

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
        assert!(warnings[0].starts_with("3 missing intensities in 1 of 3"));
        assert!(warnings[1].starts_with("1 of 3 spectra hold no intensities"));
    }
}
