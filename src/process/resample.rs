//! Moving to an even axis, by distance or by number of points.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::spectrum::Axis;
use crate::spectrum::resample::{Interpolation, resample};

use super::ProcessError;
use super::crop::check_range;
use super::info::{Param, ParamDefault, StepInfo};
use super::plan::{Prepared, Stage};
use super::step::StepBody;

/// Most points of a resampled spectrum; a hundred times what detectors give.
const MAX_POINTS: i64 = 1_000_000;

pub(super) static INFO: StepInfo = StepInfo {
    name: "resample",
    what: "Moves the spectrum to an even, ascending axis.",
    bare: Some("spacing"),
    params: &[
        Param::number("spacing", "axis", "Distance between points")
            .decades(1e-6, 1e6)
            .default(ParamDefault::Auto("the mean distance")),
        Param::whole("points", "points", "Number of points, instead of a distance")
            .steps(2, MAX_POINTS)
            .default(ParamDefault::Auto("from the spacing")),
        Param::number("low", "axis", "First position").default(ParamDefault::Auto("low end of the axis")),
        Param::number("high", "axis", "Last position").default(ParamDefault::Auto("high end of the axis")),
        Param::choice(
            "method",
            "How values between points are made; area keeps areas when the new axis is coarser",
            &["linear", "cubic", "area"],
        )
        .default(ParamDefault::Word("linear")),
    ],
};

/// Interpolates onto an even axis inside the measured range.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Resample {
    /// Distance between points. (Not `step`: that is the tag in JSON.)
    pub spacing: Option<f64>,
    /// Number of points, instead of a distance.
    pub points: Option<usize>,
    /// First position.
    pub low: Option<f64>,
    /// Last position; with a spacing the last multiple of it before that.
    pub high: Option<f64>,
    /// How values between points are made.
    pub method: Interpolation,
}

impl StepBody for Resample {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), ProcessError> {
        if self.spacing.is_some_and(|spacing| !spacing.is_finite()) {
            return Err(INFO.bad("spacing", "not a finite number", "a finite number"));
        }
        if let (Some(points), Some(_)) = (self.points, self.spacing) {
            return Err(INFO.bad("points", points.to_string(), "nothing, since a spacing is given too"));
        }
        check_range(&INFO, self.low, self.high)
    }

    fn prepare(&self, stage: &Stage<'_>) -> Result<Prepared, ProcessError> {
        let from = Arc::clone(&stage.axis);
        let (low, high) = (self.low.unwrap_or(from.low()), self.high.unwrap_or(from.high()));
        let refuse = |problem| ProcessError::Range {
            step: INFO.name,
            low,
            high,
            problem,
            axis_low: from.low(),
            axis_high: from.high(),
        };
        // A rounding error beyond the ends is no extrapolation.
        let slack = 1e-9 * (from.high() - from.low());
        if low < from.low() - slack || high > from.high() + slack {
            return Err(refuse("reaches beyond the measured one, and nothing is known there"));
        }
        if low >= high {
            return Err(refuse("is empty"));
        }
        let (points, high) = match (self.spacing, self.points) {
            (Some(spacing), _) => {
                let steps = ((high - low) / spacing + 1e-9).floor();
                if steps < 1.0 {
                    return Err(refuse("is shorter than one spacing"));
                }
                if steps >= MAX_POINTS as f64 {
                    return Err(refuse("would need more than a million points"));
                }
                (steps as usize + 1, low + steps * spacing)
            }
            (None, Some(points)) => (points, high),
            (None, None) => (from.range(low, high).len().max(2), high),
        };
        let to = Axis::even(from.kind().clone(), low, high, points)
            .map_err(|source| ProcessError::Spectrum { step: INFO.name, source })?;
        let (to, how) = (Arc::new(to), self.method);
        Ok(Prepared::new_axis(stage, Arc::clone(&to), move |row| {
            let y: Vec<f32> = row.y.iter().map(|v| *v as f32).collect();
            row.y.clear();
            row.y.extend(resample(&from, &y, &to, how, 0.0).into_iter().map(f64::from));
            Ok(())
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{error, run, spectrum};

    #[test]
    fn steps_and_points_give_the_axis_they_promise() {
        let s = spectrum(&[10.0, 9.0, 7.0, 4.0, 0.0], &[10.0, 9.0, 7.0, 4.0, 0.0]);
        let by_step = run("resample:3", &s);
        assert_eq!(by_step.x(), [0.0, 3.0, 6.0, 9.0]);
        assert_eq!(by_step.y(), [0.0, 3.0, 6.0, 9.0]);
        assert_eq!(run("resample:points=3,low=2,high=4", &s).y(), [2.0, 3.0, 4.0]);
        assert_eq!(run("resample", &s).x(), [0.0, 2.5, 5.0, 7.5, 10.0]);
        for method in ["cubic", "area"] {
            assert_eq!(run(&format!("resample:spacing=2,method={method}"), &s).len(), 6);
        }
    }

    #[test]
    fn extrapolation_and_absurd_sizes_are_refused() {
        let s = spectrum(&[0.0, 1.0, 2.0], &[1.0; 3]);
        assert!(error("resample:low=-1", &s).contains("beyond the measured"));
        assert!(error("resample:1e-6", &s).contains("million"));
        assert!(error("resample:5", &s).contains("shorter than one spacing"));
        assert!(error("resample:spacing=1,points=3", &s).contains("points is 3"));
    }
}
