//! Scaling spectra to a common size.

use serde::{Deserialize, Serialize};

use super::ProcessError;
use super::crop::{check_range, index_range};
use super::info::{Param, ParamDefault, StepInfo};
use super::plan::{Prepared, Stage};
use super::step::StepBody;

pub(super) static INFO: StepInfo = StepInfo {
    name: "normalize",
    what: "Scales the spectrum to a common size.",
    bare: Some("kind"),
    params: &[
        Param::choice(
            "kind",
            "Largest value 1, area 1, Euclidean length 1, mean 0 and deviation 1, or range 0 to 1",
            &["max", "area", "vector", "snv", "minmax"],
        )
        .default(ParamDefault::Word("max")),
        Param::number("low", "axis", "Low end of the range that is measured; all points are scaled")
            .default(ParamDefault::Auto("low end of the axis")),
        Param::number("high", "axis", "High end of the range that is measured")
            .default(ParamDefault::Auto("high end of the axis")),
    ],
};

/// What becomes the same for every spectrum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Norm {
    /// Largest value 1.
    #[default]
    Max,
    /// Area under the curve 1 (trapezoids along the axis).
    Area,
    /// Euclidean length 1.
    Vector,
    /// Standard normal variate: mean 0, sample standard deviation 1.
    Snv,
    /// Smallest value 0, largest 1.
    Minmax,
}

/// Scales to a common size, measured over the whole spectrum or a range of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Normalize {
    /// What becomes the same.
    pub kind: Norm,
    /// Low end of the range that is measured.
    pub low: Option<f64>,
    /// High end of the range that is measured.
    pub high: Option<f64>,
}

impl StepBody for Normalize {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), ProcessError> {
        check_range(&INFO, self.low, self.high)
    }

    fn prepare(&self, stage: &Stage<'_>) -> Result<Prepared, ProcessError> {
        let range = index_range(INFO.name, &stage.axis, self.low, self.high)?;
        let widths: Vec<f64> =
            stage.axis.values()[range.clone()].windows(2).map(|w| (w[1] - w[0]).abs()).collect();
        let kind = self.kind;
        Ok(Prepared::same_axis(stage, move |row| {
            let (offset, scale) = measure(kind, &row.y[range.clone()], &widths)?;
            row.y.iter_mut().for_each(|v| *v = (*v - offset) / scale);
            Ok(())
        }))
    }
}

/// What to subtract and by what to divide.
fn measure(kind: Norm, y: &[f64], widths: &[f64]) -> Result<(f64, f64), ProcessError> {
    let n = y.len() as f64;
    let mean = y.iter().sum::<f64>() / n;
    let (low, high) = y.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
    let (offset, scale, problem) = match kind {
        Norm::Max => (0.0, high, "the largest value is not above zero"),
        Norm::Area => {
            let area: f64 = y.windows(2).zip(widths).map(|(w, dx)| 0.5 * (w[0] + w[1]) * dx).sum();
            (0.0, area, "the area is not above zero")
        }
        Norm::Vector => (0.0, y.iter().map(|v| v * v).sum::<f64>().sqrt(), "all values are zero"),
        Norm::Snv => {
            let variance = y.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
            (mean, variance.sqrt(), "all values are equal")
        }
        Norm::Minmax => (low, high - low, "all values are equal"),
    };
    if scale > 0.0 {
        return Ok((offset, scale));
    }
    Err(ProcessError::Numbers { step: INFO.name, problem: format!("{problem}, so nothing gives the scale") })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{error, run, spectrum};

    #[test]
    fn spectra_without_a_scale_are_refused() {
        let zero = spectrum(&[1.0, 2.0, 3.0], &[0.0; 3]);
        for kind in ["max", "area", "vector", "snv", "minmax"] {
            assert!(error(&format!("normalize:{kind}"), &zero).contains("nothing gives the scale"));
        }
    }

    #[test]
    fn a_range_is_measured_and_everything_scaled() {
        let s = spectrum(&[1.0, 2.0, 3.0, 4.0], &[8.0, 2.0, 4.0, 1.0]);
        assert_eq!(run("normalize:max,low=2,high=4", &s).y(), [2.0, 0.5, 1.0, 0.25]);
    }

    proptest! {
        #[test]
        fn each_kind_gives_what_it_says(
            pairs in prop::collection::vec((0.1_f64..3.0, 0.01_f32..1e4), 4..80), descending: bool,
        ) {
            let (steps, y): (Vec<f64>, Vec<f32>) = pairs.into_iter().unzip();
            let mut x: Vec<f64> = steps.iter().scan(0.0, |at, step| { *at += step; Some(*at) }).collect();
            if descending {
                x.reverse();
            }
            prop_assume!(y.iter().any(|v| (v - y[0]).abs() > 0.01));
            let s = spectrum(&x, &y);
            let of = |kind: &str| run(&format!("normalize:{kind}"), &s).y().iter().map(|v| f64::from(*v)).collect::<Vec<_>>();
            let extremes = |y: &[f64]| y.iter().fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
            prop_assert_eq!(extremes(&of("max")).1.to_bits(), 1.0_f64.to_bits());
            prop_assert_eq!(extremes(&of("minmax")), (0.0, 1.0));
            let area: f64 = of("area").windows(2).zip(x.windows(2)).map(|(y, x)| 0.5 * (y[0] + y[1]) * (x[1] - x[0]).abs()).sum();
            prop_assert!((area - 1.0).abs() < 1e-5);
            prop_assert!((of("vector").iter().map(|v| v * v).sum::<f64>() - 1.0).abs() < 1e-5);
            let snv = of("snv");
            let n = snv.len() as f64;
            prop_assert!((snv.iter().sum::<f64>() / n).abs() < 1e-5);
            prop_assert!((snv.iter().map(|v| v * v).sum::<f64>() / (n - 1.0) - 1.0).abs() < 1e-4);
        }
    }
}
