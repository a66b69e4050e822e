//! A measured spectrum in the form that methods take: over Raman shift, low to high, inside the range of interest.

use crate::spectrum::{Axis, AxisKind, AxisOrder, Spectrum, SpectrumError};

use super::MethodError;

/// Fewest points that a method works on: the smooth background alone has twelve unknowns.
pub const MIN_POINTS: usize = 32;
/// Axes of one instrument end a point earlier or later from day to day; so much in cm-1 is cut without a word.
const NOT_WORTH_A_NOTE: f64 = 5.0;

/// Brings a spectrum to the form that methods take.
///
/// An axis in nm, eV or absolute wavenumbers becomes Raman shift with the laser wavelength of the metadata. `range` is
/// what the user wants to look at, in cm-1; `covered` is where the library has data ([`super::References::covered`]):
/// what lies outside can be compared with nothing and is cut off. The sentences say what was done.
pub fn prepare(
    spectrum: &Spectrum,
    range: Option<(f64, f64)>,
    covered: Option<(f64, f64)>,
) -> Result<(Spectrum, Vec<String>), MethodError> {
    let mut notes = Vec::new();
    let mut shifted =
        spectrum.converted(&AxisKind::RamanShift).map_err(|e| no_raman_shift(spectrum.axis(), e))?;
    if spectrum.axis().kind() != &AxisKind::RamanShift {
        // Files convert between units and state more digits than lasers have.
        let laser = (100.0 * spectrum.meta.laser_nm.unwrap_or_default()).round() / 100.0;
        notes.push(format!(
            "the axis ({}) was converted with a laser of {laser} nm",
            spectrum.axis().kind().label()
        ));
    }
    if shifted.axis().order() == AxisOrder::Descending {
        shifted = shifted.ascending();
    }
    if let Some((low, high)) = range {
        shifted = cropped(&shifted, low, high)?;
    }
    if let Some((low, high)) = covered {
        let axis = shifted.axis();
        // Where next to nothing is shared, the references say so with the name of the library.
        let shared = axis.range(low, high).len();
        if shared >= MIN_POINTS && shared < axis.len() {
            let before = (axis.low(), axis.high());
            shifted = cropped(&shifted, low, high)?;
            let after = (shifted.axis().low(), shifted.axis().high());
            if after.0 - before.0 > NOT_WORTH_A_NOTE || before.1 - after.1 > NOT_WORTH_A_NOTE {
                notes.push(format!(
                    "only {:.0} to {:.0} cm-1 of {:.0} to {:.0} was used: no library entry has data beyond",
                    after.0, after.1, before.0, before.1
                ));
            }
        }
    }
    if shifted.len() < MIN_POINTS {
        return Err(too_few(shifted.len(), shifted.axis().low(), shifted.axis().high()));
    }
    let first = shifted.y().first().copied().unwrap_or_default();
    if shifted.y().iter().all(|v| v.total_cmp(&first).is_eq()) {
        return Err(MethodError::Flat { points: shifted.len(), value: first });
    }
    Ok((shifted, notes))
}

fn too_few(found: usize, low_cm1: f64, high_cm1: f64) -> MethodError {
    MethodError::TooFewPoints { found, needed: MIN_POINTS, low_cm1, high_cm1 }
}

/// The points between two positions, both included.
fn cropped(spectrum: &Spectrum, low: f64, high: f64) -> Result<Spectrum, MethodError> {
    let axis = spectrum.axis();
    let refuse = |problem| MethodError::Range {
        low_cm1: low,
        high_cm1: high,
        problem,
        axis_low: axis.low(),
        axis_high: axis.high(),
    };
    let is_range = low.is_finite() && high.is_finite() && low < high;
    if !is_range {
        return Err(refuse("is no range"));
    }
    if low > axis.high() || high < axis.low() {
        return Err(refuse("does not meet the spectrum"));
    }
    let range = axis.range(low, high);
    if range.len() == axis.len() {
        return Ok(spectrum.clone());
    }
    let (Some(x), Some(y)) = (axis.values().get(range.clone()), spectrum.y().get(range.clone())) else {
        return Err(refuse("does not meet the spectrum"));
    };
    if x.len() < MIN_POINTS {
        return Err(too_few(x.len(), low, high));
    }
    let axis = Axis::new(axis.kind().clone(), x.to_vec())?;
    Ok(spectrum.derive(axis, y, format!("cut to {low} to {high} cm-1"))?)
}

fn no_raman_shift(axis: &Axis, error: SpectrumError) -> MethodError {
    let advice = match axis.kind() {
        AxisKind::Pixel | AxisKind::Other(_) => {
            "calibrate it first with the step calibrate (under Prepare, or --process 'calibrate:...'), or in the program it was measured with".into()
        }
        _ => match error {
            SpectrumError::LaserUnknown => {
                "add the step raman_shift with the laser's wavelength in nm (under Prepare, or --process 'raman_shift:laser=785')".into()
            }
            other => other.to_string(),
        },
    };
    MethodError::NoRamanShift { found: axis.kind().label(), advice }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::Metadata;

    fn spectrum(kind: AxisKind, first: f64, last: f64, points: usize) -> Spectrum {
        let axis = Axis::even(kind, first, last, points).unwrap();
        let y: Vec<f32> = (0..points).map(|i| i as f32).collect();
        Spectrum::new(axis, y, Metadata::default()).unwrap()
    }

    #[test]
    fn a_descending_axis_is_turned_and_its_values_with_it() {
        let (done, notes) = prepare(&spectrum(AxisKind::RamanShift, 1000.0, 100.0, 91), None, None).unwrap();
        assert_eq!((done.x()[0], done.y()[0]), (100.0, 90.0));
        assert!(notes.is_empty());
    }

    #[test]
    fn wavelengths_need_a_laser_and_pixels_a_calibration() {
        let mut nm = spectrum(AxisKind::Wavelength, 800.0, 900.0, 101);
        let refused = prepare(&nm, None, None).unwrap_err().to_string();
        assert!(refused.contains("laser=785"), "{refused}");
        nm.meta.laser_nm = Some(785.0);
        let (done, notes) = prepare(&nm, None, None).unwrap();
        assert_eq!(done.axis().kind(), &AxisKind::RamanShift);
        assert!(notes[0].contains("785 nm"));
        let refused =
            prepare(&spectrum(AxisKind::Pixel, 0.0, 100.0, 101), None, None).unwrap_err().to_string();
        assert!(refused.contains("calibrate"), "{refused}");
    }

    #[test]
    fn ranges_cut_and_bad_ranges_say_what_there_is() {
        let whole = spectrum(AxisKind::RamanShift, 100.0, 1100.0, 1001);
        let (done, notes) = prepare(&whole, Some((200.0, 300.0)), Some((250.0, 5000.0))).unwrap();
        assert_eq!((done.axis().low(), done.axis().high(), notes.len()), (250.0, 300.0, 1));
        for (low, high) in [(300.0, 200.0), (f64::NAN, 200.0), (2000.0, 3000.0)] {
            let refused = prepare(&whole, Some((low, high)), None).unwrap_err().to_string();
            assert!(refused.contains("100.0 to 1100.0"), "{refused}");
        }
        let refused = prepare(&whole, Some((200.0, 220.0)), None).unwrap_err().to_string();
        assert!(refused.contains("21 points"), "{refused}");
    }

    #[test]
    fn a_flat_spectrum_is_refused() {
        let axis = Axis::even(AxisKind::RamanShift, 0.0, 99.0, 100).unwrap();
        let flat = Spectrum::new(axis, vec![3.0_f32; 100], Metadata::default()).unwrap();
        assert_eq!(prepare(&flat, None, None), Err(MethodError::Flat { points: 100, value: 3.0 }));
    }
}
