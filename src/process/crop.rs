//! Keeping a range of the axis.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::spectrum::Axis;

use super::ProcessError;
use super::info::{Param, ParamDefault, StepInfo};
use super::plan::{Prepared, Stage};
use super::step::StepBody;

pub(super) static INFO: StepInfo = StepInfo {
    name: "crop",
    what: "Keeps the points between two positions, both included.",
    bare: None,
    params: &[
        Param::number("low", "axis", "Lowest position kept")
            .default(ParamDefault::Auto("low end of the axis")),
        Param::number("high", "axis", "Highest position kept")
            .default(ParamDefault::Auto("high end of the axis")),
    ],
};

/// Keeps `low <= position <= high`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Crop {
    /// Lowest position kept, in the unit of the axis.
    pub low: Option<f64>,
    /// Highest position kept.
    pub high: Option<f64>,
}

/// Checks that both ends are numbers in order; for all steps that have a `low` and a `high`.
pub(super) fn check_range(info: &StepInfo, low: Option<f64>, high: Option<f64>) -> Result<(), ProcessError> {
    for (name, end) in [("low", low), ("high", high)] {
        if let Some(end) = end.filter(|v| !v.is_finite()) {
            return Err(info.bad(name, end.to_string(), "a finite number"));
        }
    }
    match (low, high) {
        (Some(low), Some(high)) if low >= high => {
            Err(info.bad("low", low.to_string(), format!("a number below high, which is {high}")))
        }
        _ => Ok(()),
    }
}

/// Index range of the points between two optional ends, at least two of them.
pub(super) fn index_range(
    step: &'static str,
    axis: &Axis,
    low: Option<f64>,
    high: Option<f64>,
) -> Result<std::ops::Range<usize>, ProcessError> {
    let (low, high) = (low.unwrap_or(axis.low()), high.unwrap_or(axis.high()));
    let range = axis.range(low, high);
    if range.len() < 2 {
        let problem = "holds fewer than two points";
        return Err(ProcessError::Range {
            step,
            low,
            high,
            problem,
            axis_low: axis.low(),
            axis_high: axis.high(),
        });
    }
    Ok(range)
}

impl StepBody for Crop {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), ProcessError> {
        check_range(&INFO, self.low, self.high)
    }

    fn prepare(&self, stage: &Stage<'_>) -> Result<Prepared, ProcessError> {
        let range = index_range(INFO.name, &stage.axis, self.low, self.high)?;
        let axis = if range.len() == stage.axis.len() {
            Arc::clone(&stage.axis)
        } else {
            let values = stage.axis.values()[range.clone()].to_vec();
            Arc::new(
                Axis::new(stage.axis.kind().clone(), values)
                    .map_err(|source| ProcessError::Spectrum { step: INFO.name, source })?,
            )
        };
        Ok(Prepared::new_axis(stage, axis, move |row| {
            row.y.truncate(range.end);
            row.y.drain(..range.start);
            Ok(())
        }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{error, run, spectrum};
    use super::*;

    #[test]
    fn a_range_beside_the_spectrum_is_refused_with_both_ranges() {
        let s = spectrum(&[100.0, 101.0, 102.0], &[1.0, 2.0, 3.0]);
        let message = error("crop:500-600", &s);
        assert!(message.contains("500 to 600") && message.contains("100 to 102"), "{message}");
        assert!(error("crop:101.5-600", &s).contains("fewer than two points"));
        assert_eq!(run("crop:low=101", &s).y(), [2.0, 3.0]);
        assert_eq!(run("crop", &s).y(), s.y());
    }

    proptest! {
        #[test]
        fn cropping_keeps_exactly_the_pairs_inside(
            steps in prop::collection::vec(0.1_f64..5.0, 3..60),
            low in 0.0_f64..50.0,
            width in 10.0_f64..100.0,
            descending: bool,
        ) {
            let mut x: Vec<f64> = steps.iter().scan(0.0, |at, step| { *at += step; Some(*at) }).collect();
            if descending {
                x.reverse();
            }
            let y: Vec<f32> = x.iter().map(|v| (v * 3.0) as f32).collect();
            let inside: Vec<(f64, f32)> =
                x.iter().copied().zip(y.iter().copied()).filter(|(v, _)| *v >= low && *v <= low + width).collect();
            let step = Crop { low: Some(low), high: Some(low + width) };
            let result = super::super::Step::from(step).run(&spectrum(&x, &y), &super::super::References::none());
            if inside.len() < 2 {
                prop_assert!(result.is_err());
            } else {
                let result = result.unwrap();
                let found: Vec<(f64, f32)> = result.x().iter().copied().zip(result.y().iter().copied()).collect();
                prop_assert_eq!(found, inside);
            }
        }
    }
}
