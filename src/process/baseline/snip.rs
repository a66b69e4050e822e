//! Statistics-sensitive non-linear iterative peak clipping: Ryan et al. 1988, higher orders Morhac and Matousek,
//! Appl. Spectrosc. 62 (2008) 91. Without the logarithmic transform, so that scaling commutes with it.

use serde::{Deserialize, Serialize};

use super::super::ProcessError;
use super::super::info::{Param, ParamDefault, ParamKind, StepInfo};
use super::super::plan::{Prepared, Row, Stage};
use super::super::step::StepBody;
use super::take_away;

pub(in super::super) static SNIP: StepInfo = StepInfo {
    name: "snip",
    what: "Takes away a baseline made by clipping whatever stands above its neighbours (SNIP).",
    bare: Some("window"),
    params: &[
        Param::whole("window", "points", "Largest distance clipped over; about the width of the widest band")
            .steps(1, 10_000)
            .default(ParamDefault::Whole(40)),
        Param::of(
            "order",
            "Order of the clipping filter: 2, 4, 6 or 8",
            ParamKind::Whole { min: 2, max: 8, odd: false },
        )
        .default(ParamDefault::Whole(2)),
        Param::flag("decreasing", "Start with the largest distance, which gives the smoother baseline", true),
    ],
};

/// Peak clipping.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Snip {
    /// Largest distance clipped over, in points.
    pub window: usize,
    /// Order of the clipping filter: 2, 4, 6 or 8.
    pub order: usize,
    /// Start with the largest distance.
    pub decreasing: bool,
}

impl Default for Snip {
    fn default() -> Self {
        Self { window: 40, order: 2, decreasing: true }
    }
}

/// Terms of the filters beyond the mean of two points: for each order, distances as parts of the window with their
/// coefficients, and the divisor of the sum.
type Filter = (usize, &'static [(usize, usize, f64)], f64);
const FILTERS: [Filter; 4] = [
    (2, &[(1, 1, 1.0)], 2.0),
    (4, &[(1, 1, -1.0), (1, 2, 4.0)], 6.0),
    (6, &[(1, 1, 1.0), (2, 3, -6.0), (1, 3, 15.0)], 20.0),
    (8, &[(1, 1, -1.0), (3, 4, 8.0), (1, 2, -28.0), (1, 4, 56.0)], 70.0),
];

impl StepBody for Snip {
    fn info(&self) -> &'static StepInfo {
        &SNIP
    }

    fn check(&self) -> Result<(), ProcessError> {
        if !self.order.is_multiple_of(2) {
            return Err(SNIP.bad("order", self.order.to_string(), "2, 4, 6 or 8"));
        }
        Ok(())
    }

    fn is_baseline(&self) -> bool {
        true
    }

    fn prepare(&self, stage: &Stage<'_>) -> Result<Prepared, ProcessError> {
        let settings = self.clone();
        Ok(Prepared::same_axis(stage, move |row| {
            settings.estimate(row);
            take_away(row);
            Ok(())
        }))
    }
}

impl Snip {
    fn estimate(&self, row: &mut Row) {
        let n = row.y.len();
        let reach = self.window.min((n - 1) / 2);
        if reach == 0 {
            row.baseline.clone_from(&row.y);
            return;
        }
        let [padded, clipped, _] = &mut row.scratch;
        pad(&row.y, reach, padded);
        clipped.clear();
        clipped.resize(padded.len(), 0.0);
        for round in 1..=reach {
            let i = if self.decreasing { reach + 1 - round } else { round };
            self.clip(padded, clipped, i);
        }
        row.baseline.clear();
        row.baseline.extend_from_slice(&padded[reach..reach + n]);
    }

    /// One round over distance `i`, from the values of the round before.
    fn clip(&self, values: &mut [f64], clipped: &mut [f64], i: usize) {
        let inner = i..values.len() - i;
        clipped[inner.clone()].fill(f64::NEG_INFINITY);
        for (order, terms, divisor) in FILTERS {
            if order > self.order {
                break;
            }
            for at in inner.clone() {
                let sum: f64 = terms
                    .iter()
                    .map(|(part, whole, factor)| {
                        let distance = part * i / whole;
                        factor * (values[at - distance] + values[at + distance])
                    })
                    .sum();
                clipped[at] = clipped[at].max(sum / divisor);
            }
        }
        for at in inner {
            values[at] = values[at].min(clipped[at]);
        }
    }
}

/// The row with `reach` more points on each side, on the line fitted to the outermost `reach` points.
fn pad(y: &[f64], reach: usize, out: &mut Vec<f64>) {
    out.clear();
    let left = line(&y[..reach]);
    let right = line(&y[y.len() - reach..]);
    out.extend((0..reach).map(|i| left.0 + left.1 * (i as f64 - reach as f64)));
    out.extend_from_slice(y);
    out.extend((0..reach).map(|i| right.0 + right.1 * (i + reach) as f64));
}

/// Intercept and slope of the least-squares line over 0, 1, 2, ...
fn line(y: &[f64]) -> (f64, f64) {
    let n = y.len() as f64;
    let centre = (n - 1.0) / 2.0;
    let mean = y.iter().sum::<f64>() / n;
    let spread = n * (n * n - 1.0) / 12.0;
    if spread <= 0.0 {
        return (mean, 0.0);
    }
    let slope = y.iter().enumerate().map(|(i, y)| (i as f64 - centre) * (y - mean)).sum::<f64>() / spread;
    (mean - slope * centre, slope)
}
