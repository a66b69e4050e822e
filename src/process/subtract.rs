//! Taking another spectrum away: a blank, a substrate, a solvent.

use serde::{Deserialize, Serialize};

use crate::spectrum::Spectrum;
use crate::spectrum::resample::{Interpolation, resample};

use super::ProcessError;
use super::crop::{check_range, index_range};
use super::info::{Param, ParamDefault, ParamKind, StepInfo};
use super::plan::{Prepared, Stage};
use super::step::StepBody;

pub(super) static INFO: StepInfo = StepInfo {
    name: "subtract",
    what: "Takes another spectrum away, scaled by a number or by a least squares fit that is never negative.",
    bare: Some("spectrum"),
    params: &[
        Param::of("spectrum", "Name of the other spectrum, for example its file", ParamKind::Text),
        Param::number("factor", "", "How much of it is taken away; with a fit, a part of what was fitted")
            .range(-1e9, 1e9)
            .default(ParamDefault::Number(1.0)),
        Param::flag("fit", "Find the amount that leaves the least behind", false),
        Param::number("low", "axis", "Low end of the range that is fitted")
            .default(ParamDefault::Auto("low end of the axis")),
        Param::number("high", "axis", "High end of the range that is fitted")
            .default(ParamDefault::Auto("high end of the axis")),
    ],
};

/// Takes away `factor` times another spectrum, or `factor` times its fitted amount.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Subtract {
    /// Name under which the caller gives the other spectrum ([`super::References`]).
    pub spectrum: String,
    /// How much of it is taken away.
    pub factor: f64,
    /// Find the amount by non-negative least squares first.
    pub fit: bool,
    /// Low end of the range that is fitted.
    pub low: Option<f64>,
    /// High end of the range that is fitted.
    pub high: Option<f64>,
}

impl Default for Subtract {
    fn default() -> Self {
        Self { spectrum: String::new(), factor: 1.0, fit: false, low: None, high: None }
    }
}

impl StepBody for Subtract {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), ProcessError> {
        check_range(&INFO, self.low, self.high)
    }

    fn prepare(&self, stage: &Stage<'_>) -> Result<Prepared, ProcessError> {
        let other = stage.references.get(INFO.name, &self.spectrum)?;
        let other = onto_axis(other, stage)?;
        let range = index_range(INFO.name, &stage.axis, self.low, self.high)?;
        let power: f64 = other[range.clone()].iter().map(|v| v * v).sum();
        if self.fit && power <= 0.0 {
            let problem = format!("'{}' is zero over the fitted range", self.spectrum);
            return Err(ProcessError::Numbers { step: INFO.name, problem });
        }
        let (factor, fit) = (self.factor, self.fit);
        Ok(Prepared::same_axis(stage, move |row| {
            let mut amount = factor;
            if fit {
                let cross: f64 =
                    row.y[range.clone()].iter().zip(&other[range.clone()]).map(|(y, o)| y * o).sum();
                let fitted = (cross / power).max(0.0);
                amount *= fitted;
                row.note = Some(format!("fitted amount {fitted:.6}"));
            }
            for (y, o) in row.y.iter_mut().zip(&other) {
                *y -= amount * o;
            }
            Ok(())
        }))
    }
}

/// The other spectrum at the positions of the stage. It must cover them but for one step at each end.
fn onto_axis(other: &Spectrum, stage: &Stage<'_>) -> Result<Vec<f64>, ProcessError> {
    let (step, axis, from) = (INFO.name, &stage.axis, other.axis());
    if from.kind() != axis.kind() {
        return Err(ProcessError::WrongAxis {
            step,
            found: axis.kind().label(),
            expected: from.kind().label(),
            advice: "bring both spectra to the same kind of axis first".into(),
        });
    }
    if from == axis {
        return Ok(other.y().iter().map(|v| f64::from(*v)).collect());
    }
    let slack = from.mean_step().max(axis.mean_step());
    if axis.low() < from.low() - slack || axis.high() > from.high() + slack {
        return Err(ProcessError::Range {
            step,
            low: from.low(),
            high: from.high(),
            problem: "of the other spectrum does not cover this one, so crop first",
            axis_low: axis.low(),
            axis_high: axis.high(),
        });
    }
    let values = resample(from, other.y(), axis, Interpolation::Linear, f32::NAN);
    let y_at = |position: f64| other.y().get(from.nearest(position)).copied().unwrap_or_default();
    let at_ends =
        |(value, position): (f32, &f64)| f64::from(if value.is_nan() { y_at(*position) } else { value });
    Ok(values.into_iter().zip(axis.values()).map(at_ends).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{measured_like, noise, over_points, spectrum};
    use super::super::{Pipeline, References};

    fn with_blank(
        steps: &str,
        s: &super::Spectrum,
        blank: &super::Spectrum,
    ) -> Result<super::Spectrum, String> {
        let references = References::none().with("blank.txt", blank.clone());
        steps.parse::<Pipeline>().and_then(|p| p.run(s, &references)).map_err(|e| e.to_string())
    }

    #[test]
    fn a_scaled_blank_on_another_axis_is_taken_away() {
        let s = spectrum(&[0.0, 1.0, 2.0, 3.0], &[5.0, 6.0, 7.0, 8.0]);
        let blank = spectrum(&[3.5, 0.5], &[7.0, 1.0]);
        let found = with_blank("subtract:blank.txt,factor=0.5", &s, &blank).unwrap();
        assert_eq!(found.y(), [4.5, 5.0, 5.0, 5.0]);
    }

    #[test]
    fn what_is_missing_is_said() {
        let s = spectrum(&[0.0, 1.0, 2.0, 3.0], &[5.0; 4]);
        let far = spectrum(&[100.0, 101.0], &[1.0, 1.0]);
        let zero = spectrum(&[0.0, 3.0], &[0.0; 2]);
        let message = with_blank("subtract:other.txt", &s, &far).unwrap_err();
        assert!(message.contains("'other.txt'") && message.contains("blank.txt"), "{message}");
        assert!(with_blank("subtract:blank.txt", &s, &far).unwrap_err().contains("does not cover"));
        assert!(with_blank("subtract:blank.txt,fit=true", &s, &zero).unwrap_err().contains("is zero"));
        let pipeline: Pipeline = "despike|subtract:blank.txt".parse().unwrap();
        assert_eq!(pipeline.references().collect::<Vec<_>>(), ["blank.txt"]);
    }

    proptest! {
        #[test]
        fn a_fit_removes_an_added_multiple(seed: u64, amount in 0.0_f32..20.0) {
            // The signal lies in another part of the axis than the fitted range.
            let blank = measured_like(300, 10.0, seed);
            let signal: Vec<f32> = noise(seed, 300).iter().enumerate().map(|(i, v)| if i < 150 { *v as f32 } else { 0.0 }).collect();
            let y: Vec<f32> = signal.iter().zip(&blank).map(|(s, b)| s + amount * b).collect();
            let found = with_blank("subtract:blank.txt,fit=true,low=150", &over_points(&y), &over_points(&blank)).unwrap();
            for (found, signal) in found.y().iter().zip(&signal) {
                // Rounding to f32 of sums up to 20 x 1600.
                prop_assert!((found - signal).abs() < 0.02, "{} {}", found, signal);
            }
        }

        #[test]
        fn a_fit_never_adds_the_other_spectrum(seed: u64) {
            let blank = measured_like(100, 10.0, seed);
            let y: Vec<f32> = blank.iter().map(|v| -v).collect();
            let found = with_blank("subtract:blank.txt,fit=true", &over_points(&y), &over_points(&blank)).unwrap();
            prop_assert_eq!(found.y(), &y[..]);
        }
    }
}
