//! A column of positions and a column of intensities, both with gaps, to a spectrum.

use crate::formats::settle::Settler;
use crate::formats::{FormatError, Input, Place};
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};

/// Leaves out rows without a position or an intensity and sorts an axis that turns; says so in `warnings`.
/// NaN and infinite values count as missing.
pub fn tidy(x: &mut Vec<f64>, y: &mut Vec<f32>, warnings: &mut Vec<String>) {
    let mut settler = Settler::default();
    settler.leave_out(x, y);
    settler.sort(x, y);
    warnings.extend(settler.sentences("rows"));
    let repeated = x.windows(2).filter(|w| w[0].total_cmp(&w[1]).is_eq()).count();
    if repeated > 0 && repeated + 1 < x.len() {
        let points = if repeated == 1 { "1 point has" } else { &format!("{repeated} points have") };
        warnings.push(format!("{points} the same position as the point before; all points were kept."));
    }
}

/// A spectrum from two columns after [`tidy`]; `place` is where the table begins, for the error when fewer than two
/// points or only one position are left.
pub fn curve(
    input: &Input,
    place: Place,
    kind: AxisKind,
    mut x: Vec<f64>,
    mut y: Vec<f32>,
    meta: Metadata,
    warnings: &mut Vec<String>,
) -> Result<Spectrum, FormatError> {
    tidy(&mut x, &mut y, warnings);
    if x.len() < 2 {
        let found = x.len();
        return Err(input.malformed(
            place,
            format!("a spectrum needs at least 2 rows with a position and an intensity, found {found}"),
        ));
    }
    let axis = Axis::new(kind, x)
        .map_err(|e| input.malformed(place, format!("the first column is no axis: {e}")))?;
    Spectrum::new(axis, y, meta).map_err(input.spectrum_error())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Limits;

    fn made(x: &[f64], y: &[f32]) -> (Result<Spectrum, FormatError>, Vec<String>) {
        let input = Input { name: "a.txt", bytes: b"", limits: Limits::default(), format: "Text table" };
        let mut warnings = Vec::new();
        let kind = AxisKind::RamanShift;
        let result =
            curve(&input, Place::Line(1), kind, x.to_vec(), y.to_vec(), Metadata::default(), &mut warnings);
        (result, warnings)
    }

    #[test]
    fn gaps_are_left_out_and_counted() {
        let (found, warnings) = made(&[1.0, 2.0, f64::NAN, 4.0], &[1.0, f32::NAN, 3.0, 4.0]);
        assert_eq!(found.unwrap().x(), [1.0, 4.0]);
        assert!(warnings[0].starts_with("2 of 4 rows were left out"));
    }

    #[test]
    fn an_axis_out_of_order_is_sorted_with_a_warning_and_a_falling_one_is_kept() {
        let (found, warnings) = made(&[3.0, 1.0, 2.0], &[30.0, 10.0, 20.0]);
        assert_eq!(found.unwrap().y(), [10.0, 20.0, 30.0]);
        assert!(warnings[0].contains("sorted"));
        let (found, warnings) = made(&[3.0, 2.0, 1.0], &[30.0, 20.0, 10.0]);
        assert_eq!(found.unwrap().x(), [3.0, 2.0, 1.0]);
        assert!(warnings.is_empty());
    }

    #[test]
    fn repeated_positions_are_kept_and_told() {
        let (found, warnings) = made(&[1.0, 2.0, 2.0, 3.0], &[1.0; 4]);
        assert_eq!(found.unwrap().len(), 4);
        assert!(warnings[0].starts_with("1 point has the same position"));
    }

    #[test]
    fn one_row_and_a_constant_axis_are_errors_with_a_place() {
        for (x, y) in [
            (&[1.0][..], &[1.0][..]),
            (&[5.0, 5.0, 5.0], &[1.0, 2.0, 3.0]),
            (&[], &[]),
            (&[1.0, f64::NAN], &[1.0, 2.0]),
        ] {
            let error = made(x, y).0.unwrap_err().to_string();
            assert!(error.contains("a.txt") && error.contains("line 1"), "{error}");
        }
    }
}
