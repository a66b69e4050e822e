//! Rubber band: the lower convex hull of the spectrum, as if a band were stretched under it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::ProcessError;
use super::super::info::{Param, ParamDefault, StepInfo};
use super::super::plan::{Prepared, Stage};
use super::super::step::StepBody;
use super::take_away;

pub(in super::super) static RUBBERBAND: StepInfo = StepInfo {
    name: "rubberband",
    what: "Takes away the lower convex hull of the spectrum, as a whole or by segments.",
    bare: Some("segments"),
    params: &[Param::whole(
        "segments",
        "",
        "Equal parts with a hull each, for baselines that are not convex",
    )
    .steps(1, 1000)
    .default(ParamDefault::Whole(1))],
};

/// Lower convex hull.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rubberband {
    /// Equal parts with a hull each.
    pub segments: usize,
}

impl Default for Rubberband {
    fn default() -> Self {
        Self { segments: 1 }
    }
}

impl StepBody for Rubberband {
    fn info(&self) -> &'static StepInfo {
        &RUBBERBAND
    }

    fn is_baseline(&self) -> bool {
        true
    }

    fn prepare(&self, stage: &Stage<'_>) -> Result<Prepared, ProcessError> {
        let (n, segments) = (stage.axis.len(), self.segments);
        if segments > 1 && n < 3 * segments {
            return Err(ProcessError::TooShort {
                step: RUBBERBAND.name,
                found: n,
                needed: 3 * segments,
                why: "this many segments",
            });
        }
        let descending = stage.axis.first() > stage.axis.last();
        let axis = if descending { Arc::new(stage.axis.ascending()) } else { Arc::clone(&stage.axis) };
        Ok(Prepared::same_axis(stage, move |row| {
            if descending {
                row.y.reverse();
            }
            let mut corners: Vec<usize> = Vec::new();
            for segment in 0..segments {
                let (start, end) = (segment * n / segments, (segment + 1) * n / segments);
                add_lower_hull(axis.values(), &row.y, start..end, &mut corners);
            }
            interpolate(axis.values(), &row.y, &corners, &mut row.baseline);
            if descending {
                row.y.reverse();
                row.baseline.reverse();
            }
            take_away(row);
            Ok(())
        }))
    }
}

/// Adds the indices of the hull of one segment, from left to right (Andrew's monotone chain).
fn add_lower_hull(x: &[f64], y: &[f64], range: std::ops::Range<usize>, corners: &mut Vec<usize>) {
    let first = corners.len();
    for i in range {
        while corners.len() >= first + 2 {
            let (a, b) = (corners[corners.len() - 2], corners[corners.len() - 1]);
            let turn = (x[b] - x[a]) * (y[i] - y[a]) - (y[b] - y[a]) * (x[i] - x[a]);
            if turn > 0.0 {
                break;
            }
            corners.pop();
        }
        corners.push(i);
    }
}

/// Straight lines between the corners.
fn interpolate(x: &[f64], y: &[f64], corners: &[usize], out: &mut Vec<f64>) {
    out.clear();
    out.resize(y.len(), 0.0);
    for pair in corners.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let width = x[b] - x[a];
        for i in a..=b {
            let share = if width > 0.0 { (x[i] - x[a]) / width } else { f64::from(u8::from(i == b)) };
            out[i] = y[a] + (y[b] - y[a]) * share;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::Step;
    use super::super::super::testing::spectrum;

    #[test]
    fn the_hull_touches_and_never_exceeds_the_spectrum() {
        let s = spectrum(&[0.0, 1.0, 3.0, 3.0, 4.0, 9.0], &[1.0, 5.0, 0.5, 0.0, 3.0, 2.0]);
        let split = "rubberband".parse::<Step>().unwrap().split(&s).unwrap();
        assert!(split.corrected.y().iter().all(|v| *v >= -1e-6), "{:?}", split.corrected.y());
        assert_eq!(split.baseline.y()[0].to_bits(), 1.0_f32.to_bits());
        assert_eq!(split.baseline.y()[5].to_bits(), 2.0_f32.to_bits());
    }
}
