//! Correcting and converting the axis; intensities stay as they are.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::spectrum::{Axis, AxisKind, SpectrumError};

use super::ProcessError;
use super::info::{Param, ParamDefault, ParamKind, StepInfo};
use super::orthopoly::PolyFit;
use super::plan::{Prepared, Stage};
use super::step::StepBody;

pub(super) static SHIFT: StepInfo = StepInfo {
    name: "shift",
    what: "Adds a constant to every position.",
    bare: Some("by"),
    params: &[Param::number("by", "axis", "What is added").range(-1e5, 1e5)],
};

pub(super) static CALIBRATE: StepInfo = StepInfo {
    name: "calibrate",
    what: "Corrects the axis by lines whose true positions are known.",
    bare: None,
    params: &[
        Param::of("lines", "Where each line was measured and where it belongs", ParamKind::Pairs),
        Param::choice(
            "fit",
            "How the correction runs between and beyond the lines: a polynomial of degree 0 to 3, or straight lines",
            &["auto", "offset", "linear", "quadratic", "cubic", "piecewise"],
        )
        .default(ParamDefault::Word("auto")),
    ],
};

pub(super) static RAMAN_SHIFT: StepInfo = StepInfo {
    name: "raman_shift",
    what: "Turns an axis of wavelength, wavenumber or energy into Raman shifts.",
    bare: Some("laser"),
    params: &[Param::number("laser", "nm", "Wavelength of the laser")
        .range(100.0, 20_000.0)
        .default(ParamDefault::Auto("what the spectrum's file states"))],
};

/// Adds a constant to the axis.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shift {
    /// What is added, in the unit of the axis.
    pub by: f64,
}

/// How the correction (true minus measured position) runs along the axis.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CalibrationFit {
    /// One line: offset. Two: linear. More: quadratic. The fewest coefficients that gratings need.
    #[default]
    Auto,
    /// The same everywhere.
    Offset,
    /// A straight line.
    Linear,
    /// A parabola.
    Quadratic,
    /// A cubic.
    Cubic,
    /// Straight from line to line, constant beyond the outermost.
    Piecewise,
}

/// Corrects the axis by known lines.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Calibrate {
    /// Pairs of measured and true position.
    pub lines: Vec<[f64; 2]>,
    /// How the correction runs.
    pub fit: CalibrationFit,
}

/// Converts the axis to Raman shifts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RamanShift {
    /// Laser wavelength in nm; left out, the spectrum's own.
    pub laser: Option<f64>,
}

impl StepBody for Shift {
    fn info(&self) -> &'static StepInfo {
        &SHIFT
    }

    fn prepare(&self, stage: &Stage<'_>) -> Result<Prepared, ProcessError> {
        moved(SHIFT.name, stage, |x| x + self.by)
    }
}

impl CalibrationFit {
    /// Degree of the polynomial; none for straight pieces.
    fn degree(self, lines: usize) -> Option<usize> {
        match self {
            Self::Auto => Some(lines.saturating_sub(1).min(2)),
            Self::Offset => Some(0),
            Self::Linear => Some(1),
            Self::Quadratic => Some(2),
            Self::Cubic => Some(3),
            Self::Piecewise => None,
        }
    }
}

impl Calibrate {
    /// Measured positions, ascending, and the corrections there.
    fn corrections(&self) -> (Vec<f64>, Vec<f64>) {
        let mut lines = self.lines.clone();
        lines.sort_by(|a, b| a[0].total_cmp(&b[0]));
        lines.into_iter().map(|[measured, truth]| (measured, truth - measured)).unzip()
    }
}

impl StepBody for Calibrate {
    fn info(&self) -> &'static StepInfo {
        &CALIBRATE
    }

    fn check(&self) -> Result<(), ProcessError> {
        if let Some([measured, truth]) = self.lines.iter().find(|pair| pair.iter().any(|v| !v.is_finite())) {
            return Err(CALIBRATE.bad("lines", format!("{measured}>{truth}"), "finite positions"));
        }
        let (measured, _) = self.corrections();
        if let Some([same, ..]) = measured.array_windows().find(|[a, b]| a >= b) {
            return Err(CALIBRATE.bad("lines", format!("{same} twice"), "every measured position once"));
        }
        let needed = self.fit.degree(measured.len()).map_or(2, |degree| degree + 1);
        if measured.len() < needed {
            let expected = format!("at least {needed} lines for this fit");
            return Err(CALIBRATE.bad("lines", format!("a list of {}", measured.len()), expected));
        }
        Ok(())
    }

    fn prepare(&self, stage: &Stage<'_>) -> Result<Prepared, ProcessError> {
        let (measured, corrections) = self.corrections();
        match self.fit.degree(measured.len()) {
            Some(degree) => {
                let fit = PolyFit::new(&measured, &corrections, degree);
                let mut scratch = Vec::new();
                moved(CALIBRATE.name, stage, |x| x + fit.at(x, &mut scratch))
            }
            None => moved(CALIBRATE.name, stage, |x| x + piecewise(&measured, &corrections, x)),
        }
    }
}

fn piecewise(measured: &[f64], corrections: &[f64], x: f64) -> f64 {
    let after = measured.partition_point(|m| *m < x);
    match (after.checked_sub(1), measured.get(after)) {
        (None, _) => corrections[0],
        (Some(before), None) => corrections[before],
        (Some(before), Some(next)) => {
            let share = (x - measured[before]) / (next - measured[before]);
            corrections[before] + (corrections[after] - corrections[before]) * share
        }
    }
}

/// The stage with every position replaced; refuses when the order of the points would change.
fn moved(
    step: &'static str,
    stage: &Stage<'_>,
    to: impl FnMut(f64) -> f64,
) -> Result<Prepared, ProcessError> {
    let values: Vec<f64> = stage.axis.values().iter().copied().map(to).collect();
    let axis = Axis::new(stage.axis.kind().clone(), values)
        .and_then(|axis| {
            if axis.order() == stage.axis.order() {
                return Ok(axis);
            }
            Err(SpectrumError::AxisNotSorted { index: 0, value: axis.first() })
        })
        .map_err(|source| match source {
            SpectrumError::AxisNotSorted { index, .. } => ProcessError::Numbers {
                step,
                problem: format!(
                    "the corrected axis turns back at point {index}: check the lines or use a simpler fit"
                ),
            },
            source => ProcessError::Spectrum { step, source },
        })?;
    Ok(Prepared::new_axis(stage, Arc::new(axis), |_| Ok(())))
}

impl StepBody for RamanShift {
    fn info(&self) -> &'static StepInfo {
        &RAMAN_SHIFT
    }

    fn check(&self) -> Result<(), ProcessError> {
        match self.laser.filter(|v| !v.is_finite()) {
            Some(laser) => Err(RAMAN_SHIFT.bad("laser", laser.to_string(), "a finite number")),
            None => Ok(()),
        }
    }

    fn prepare(&self, stage: &Stage<'_>) -> Result<Prepared, ProcessError> {
        let step = RAMAN_SHIFT.name;
        let kind = stage.axis.kind();
        if *kind == AxisKind::RamanShift {
            // Shifts already: a pipeline may run over files of both sorts.
            return Ok(Prepared::same_axis(stage, |row| {
                row.note = Some("already Raman shifts".into());
                Ok(())
            }));
        }
        if matches!(kind, AxisKind::Pixel | AxisKind::Other(_)) {
            return Err(ProcessError::WrongAxis {
                step,
                found: kind.label(),
                expected: "wavelength, wavenumber or energy".into(),
                advice: "correct the label of the axis, or calibrate it first".into(),
            });
        }
        let laser = self.laser.or(stage.laser_nm).ok_or(ProcessError::NeedsLaser { step })?;
        let axis = stage
            .axis
            .converted(&AxisKind::RamanShift, Some(laser))
            .map_err(|source| ProcessError::Spectrum { step, source })?;
        let mut prepared = Prepared::new_axis(stage, Arc::new(axis), move |row| {
            row.note = Some(format!("laser {laser} nm"));
            Ok(())
        });
        prepared.laser_nm = Some(laser);
        Ok(prepared)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{error, run, spectrum};
    use super::super::{References, Step};
    use super::*;
    use crate::spectrum::{Metadata, Spectrum, wavelength_from_shift};

    fn close(found: &[f64], expected: &[f64]) {
        for (a, b) in found.iter().zip(expected) {
            assert!((a - b).abs() < 1e-9, "{found:?} {expected:?}");
        }
    }

    #[test]
    fn a_shift_moves_every_position() {
        let s = spectrum(&[3.0, 2.0, 0.5], &[1.0, 2.0, 3.0]);
        close(run("shift:-1.5", &s).x(), &[1.5, 0.5, -1.0]);
        assert_eq!(run("shift:-1.5", &s).meta.history, ["shift:-1.5"]);
    }

    #[test]
    fn lines_land_where_they_belong() {
        let s = spectrum(&[100.0, 500.0, 1000.0, 1500.0, 2000.0], &[0.0; 5]);
        close(run("calibrate:500>502", &s).x(), &[102.0, 502.0, 1002.0, 1502.0, 2002.0]);
        let linear = run("calibrate:1500>1504,500>502", &s);
        close(linear.x(), &[101.2, 502.0, 1003.0, 1504.0, 2005.0]);
        let piecewise = run("calibrate:500>502,1000>1003,1500>1500,fit=piecewise", &s);
        close(piecewise.x(), &[102.0, 502.0, 1003.0, 1500.0, 2000.0]);
        let cubic = run("calibrate:100>101,500>502,1000>1003,1500>1500,fit=cubic", &s);
        close(&cubic.x()[..4], &[101.0, 502.0, 1003.0, 1500.0]);
        let offset = run("calibrate:500>502,1000>1004,fit=offset", &s);
        close(offset.x(), &[103.0, 503.0, 1003.0, 1503.0, 2003.0]);
    }

    #[test]
    fn too_few_repeated_or_crossing_lines_are_refused() {
        let s = spectrum(&[100.0, 500.0, 1000.0], &[0.0; 3]);
        assert!(error("calibrate", &s).contains("lines is missing"));
        assert!(error("calibrate:1>2,fit=linear", &s).contains("at least 2 lines"));
        assert!(error("calibrate:1>2,1>3", &s).contains("1 twice"));
        assert!(error("calibrate:100>900,500>300", &s).contains("turns back"));
        assert!(error("calibrate:500,600", &s).contains("name=value"));
    }

    #[test]
    fn wavelengths_become_shifts_with_the_laser_of_the_step_or_the_file() {
        let nm = wavelength_from_shift(520.5, 532.0).unwrap();
        let axis = Axis::new(AxisKind::Wavelength, vec![nm, nm + 1.0]).unwrap();
        let s = Spectrum::new(axis, vec![1.0, 2.0], Metadata::default()).unwrap();
        assert!(error("raman_shift", &s).contains("raman_shift:laser=785"));
        let found = run("raman_shift:532", &s);
        assert!((found.x()[0] - 520.5).abs() < 1e-9);
        assert_eq!(found.meta.laser_nm, Some(532.0));
        assert_eq!(*found.axis().kind(), AxisKind::RamanShift);
        let mut stated = s.clone();
        stated.meta.laser_nm = Some(532.0);
        assert_eq!(run("raman_shift", &stated).x(), found.x());
        assert_eq!(run("raman_shift", &stated).meta.history, ["raman_shift (laser 532 nm)"]);
        let pixels = Spectrum::new(
            Axis::even(AxisKind::Pixel, 0.0, 1.0, 2).unwrap(),
            vec![0.0, 0.0],
            Metadata::default(),
        );
        assert!(error("raman_shift:532", &pixels.unwrap()).contains("Pixel"));
        assert!(error("raman_shift:1", &s).contains("100 to 20000"));
        let step = Step::from(RamanShift { laser: Some(f64::INFINITY) });
        assert!(step.run(&s, &References::none()).is_err());
    }
}
