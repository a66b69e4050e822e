//! Conversion between the kinds of axis a Raman instrument may write. Vacuum wavelengths throughout: like every
//! reader looked at, the difference between air and vacuum is ignored.

use super::{Axis, AxisKind, SpectrumError};

/// 1 eV in cm-1 (CODATA 2018: e / (h c)).
const CM1_PER_EV: f64 = 8_065.543_937;
/// nm in a cm: wavenumber in cm-1 = this / wavelength in nm.
const NM_PER_CM: f64 = 1e7;

/// Raman shift in cm-1 of a position of the given kind, for a laser at `laser_nm`.
pub fn shift_from_position(kind: &AxisKind, position: f64, laser_nm: f64) -> Result<f64, SpectrumError> {
    let laser = laser_cm1(Some(laser_nm))?;
    Ok(match kind {
        AxisKind::RamanShift => position,
        other => laser - absolute_cm1(other, position)?,
    })
}

/// Wavelength in nm at which light of `shift_cm1` leaves the sample.
pub fn wavelength_from_shift(shift_cm1: f64, laser_nm: f64) -> Result<f64, SpectrumError> {
    Ok(NM_PER_CM / (laser_cm1(Some(laser_nm))? - shift_cm1))
}

fn laser_cm1(laser_nm: Option<f64>) -> Result<f64, SpectrumError> {
    let laser_nm = laser_nm.ok_or(SpectrumError::LaserUnknown)?;
    if !(100.0..=20_000.0).contains(&laser_nm) {
        return Err(SpectrumError::LaserImplausible { laser_nm });
    }
    Ok(NM_PER_CM / laser_nm)
}

/// Absolute wavenumber of a position whose kind has one without a laser.
fn absolute_cm1(kind: &AxisKind, position: f64) -> Result<f64, SpectrumError> {
    match kind {
        AxisKind::Wavelength => Ok(NM_PER_CM / position),
        AxisKind::Wavenumber => Ok(position),
        AxisKind::Energy => Ok(position * CM1_PER_EV),
        AxisKind::RamanShift | AxisKind::Pixel | AxisKind::Other(_) => Err(SpectrumError::NotConvertible {
            from: kind.label(),
            to: AxisKind::Wavenumber.label(),
            why: "its positions have no calibration".into(),
        }),
    }
}

impl Axis {
    /// The same points expressed as another kind. The laser wavelength is needed whenever exactly one side is a
    /// Raman shift.
    pub fn converted(&self, to: &AxisKind, laser_nm: Option<f64>) -> Result<Self, SpectrumError> {
        let from = self.kind();
        if from == to {
            return Ok(self.clone());
        }
        let refuse = |why: &str| SpectrumError::NotConvertible {
            from: from.label(),
            to: to.label(),
            why: why.to_owned(),
        };
        if matches!(from, AxisKind::Pixel | AxisKind::Other(_)) {
            return Err(refuse("its positions have no calibration"));
        }
        if matches!(to, AxisKind::Pixel | AxisKind::Other(_)) {
            return Err(refuse("there is no scale to convert to"));
        }
        let positive_needed = *from == AxisKind::Wavelength || *to == AxisKind::Wavelength;
        let laser = match (from, to) {
            (AxisKind::RamanShift, _) | (_, AxisKind::RamanShift) => laser_cm1(laser_nm)?,
            _ => 0.0,
        };
        let mut values = Vec::with_capacity(self.len());
        for &position in self.values() {
            if *from == AxisKind::Wavelength && position <= 0.0 {
                return Err(refuse("a wavelength of zero or less has no wavenumber"));
            }
            let absolute = match from {
                AxisKind::RamanShift => laser - position,
                _ => absolute_cm1(from, position)?,
            };
            if positive_needed && absolute <= 0.0 {
                return Err(refuse("a position lies beyond the laser's own energy"));
            }
            values.push(match to {
                AxisKind::RamanShift => laser - absolute,
                AxisKind::Wavelength => NM_PER_CM / absolute,
                AxisKind::Energy => absolute / CM1_PER_EV,
                _ => absolute,
            });
        }
        Self::new(to.clone(), values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_silicon_line_lands_where_it_should() {
        // 520.5 cm-1 with a 532 nm laser leaves at 547.15 nm.
        let wavelength = wavelength_from_shift(520.5, 532.0).unwrap();
        assert!((wavelength - 547.151).abs() < 1e-3, "{wavelength}");
        let back = shift_from_position(&AxisKind::Wavelength, wavelength, 532.0).unwrap();
        assert!((back - 520.5).abs() < 1e-9);
    }

    #[test]
    fn conversions_go_there_and_back() {
        let shift = Axis::even(AxisKind::RamanShift, -200.0, 3500.0, 50).unwrap();
        for kind in [AxisKind::Wavelength, AxisKind::Wavenumber, AxisKind::Energy] {
            let there = shift.converted(&kind, Some(785.0)).unwrap();
            let back = there.converted(&AxisKind::RamanShift, Some(785.0)).unwrap();
            for (a, b) in shift.values().iter().zip(back.values()) {
                assert!((a - b).abs() < 1e-8, "{kind:?}: {a} {b}");
            }
        }
    }

    #[test]
    fn missing_or_impossible_inputs_are_said() {
        let nm = Axis::even(AxisKind::Wavelength, 790.0, 990.0, 10).unwrap();
        assert_eq!(nm.converted(&AxisKind::RamanShift, None), Err(SpectrumError::LaserUnknown));
        assert!(matches!(
            nm.converted(&AxisKind::RamanShift, Some(0.785)),
            Err(SpectrumError::LaserImplausible { .. })
        ));
        let pixel = Axis::even(AxisKind::Pixel, 0.0, 9.0, 10).unwrap();
        assert!(pixel.converted(&AxisKind::RamanShift, Some(785.0)).is_err());
        let beyond = Axis::even(AxisKind::RamanShift, 0.0, 20_000.0, 10).unwrap();
        assert!(beyond.converted(&AxisKind::Wavelength, Some(785.0)).is_err());
        let zero = Axis::even(AxisKind::Wavelength, 0.0, 900.0, 10).unwrap();
        assert!(zero.converted(&AxisKind::Wavenumber, None).is_err());
    }

    #[test]
    fn nm_to_absolute_wavenumber_needs_no_laser() {
        let nm = Axis::even(AxisKind::Wavelength, 500.0, 1000.0, 2).unwrap();
        let cm1 = nm.converted(&AxisKind::Wavenumber, None).unwrap();
        assert_eq!(cm1.values(), [20_000.0, 10_000.0]);
    }
}
