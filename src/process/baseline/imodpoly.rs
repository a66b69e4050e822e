//! Improved modified polynomial fit: Zhao et al., Appl. Spectrosc. 61 (2007) 1225.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::ProcessError;
use super::super::info::{Param, ParamDefault, StepInfo};
use super::super::orthopoly::OrthoPoly;
use super::super::plan::{Prepared, Row, Stage};
use super::super::step::StepBody;
use super::take_away;

pub(in super::super) static IMODPOLY: StepInfo = StepInfo {
    name: "imodpoly",
    what: "Takes away a polynomial that is refitted until the bands no longer lift it (iModPoly).",
    bare: Some("degree"),
    params: &[
        Param::whole("degree", "", "Degree of the polynomial").steps(0, 20).default(ParamDefault::Whole(5)),
        Param::whole("iterations", "", "Most refits")
            .short("iter")
            .steps(1, 5000)
            .default(ParamDefault::Whole(250)),
        Param::number("tolerance", "", "Relative change of the residual's spread at which to stop")
            .short("tol")
            .decades(1e-12, 1.0)
            .default(ParamDefault::Number(1e-3)),
        Param::number("deviations", "", "Spreads above the fit at which points are cut")
            .range(0.0, 10.0)
            .default(ParamDefault::Number(1.0)),
    ],
};

/// Improved modified polynomial fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Imodpoly {
    /// Degree of the polynomial. Zhao et al. use 5 for fluorescence.
    pub degree: usize,
    /// Most refits.
    pub iterations: usize,
    /// Relative change of the residual's spread at which to stop.
    pub tolerance: f64,
    /// Spreads above the fit at which points are cut.
    pub deviations: f64,
}

impl Default for Imodpoly {
    fn default() -> Self {
        Self { degree: 5, iterations: 250, tolerance: 1e-3, deviations: 1.0 }
    }
}

impl StepBody for Imodpoly {
    fn info(&self) -> &'static StepInfo {
        &IMODPOLY
    }

    fn is_baseline(&self) -> bool {
        true
    }

    fn prepare(&self, stage: &Stage<'_>) -> Result<Prepared, ProcessError> {
        if stage.axis.len() <= self.degree {
            return Err(ProcessError::TooShort {
                step: IMODPOLY.name,
                found: stage.axis.len(),
                needed: self.degree + 1,
                why: "a polynomial of this degree",
            });
        }
        let (settings, axis) = (self.clone(), Arc::clone(&stage.axis));
        let all = Fit::new(axis.values(), self.degree, |_| true);
        Ok(Prepared::same_axis(stage, move |row| {
            settings.estimate(axis.values(), &all, row);
            take_away(row);
            Ok(())
        }))
    }
}

/// Orthogonal polynomials with their values at all points, one row a degree.
struct Fit {
    basis: OrthoPoly,
    values: Vec<f64>,
}

impl Fit {
    fn new(x: &[f64], degree: usize, counts: impl Fn(usize) -> bool) -> Self {
        let basis = OrthoPoly::new(x, degree, counts);
        let mut values = vec![0.0; basis.len() * x.len()];
        let mut column = Vec::new();
        for (i, x_i) in x.iter().enumerate() {
            basis.at(*x_i, 0, &mut column);
            for (k, value) in column.iter().enumerate() {
                values[k * x.len() + i] = *value;
            }
        }
        Self { basis, values }
    }

    /// Least-squares fit to the points with weight 1, evaluated at all points.
    fn evaluate(&self, y: &[f64], weights: &[f64], out: &mut Vec<f64>) {
        out.clear();
        out.resize(y.len(), 0.0);
        for (values, norm) in self.values.chunks_exact(y.len()).zip(self.basis.norms()) {
            let products = values.iter().zip(y).zip(weights).map(|((p, y), w)| p * y * w);
            let coefficient = products.sum::<f64>() / norm;
            for (out, p) in out.iter_mut().zip(values) {
                *out += coefficient * p;
            }
        }
    }
}

impl Imodpoly {
    fn estimate(&self, x: &[f64], all: &Fit, row: &mut Row) {
        let [y, weights, _] = &mut row.scratch;
        y.clear();
        y.extend_from_slice(&row.y);
        weights.clear();
        weights.resize(y.len(), 1.0);
        let baseline = &mut row.baseline;
        all.evaluate(y, weights, baseline);
        let mut deviation = spread(y, baseline);
        // Points above the first fit by more than its spread are bands and never counted again.
        for ((w, y), z) in weights.iter_mut().zip(y.iter()).zip(baseline.iter()) {
            if z + deviation < *y {
                *w = 0.0;
            }
        }
        let fit = Fit::new(x, self.degree, |i| weights[i] > 0.0);
        for _ in 0..self.iterations {
            for (y, z) in y.iter_mut().zip(baseline.iter()) {
                *y = y.min(z + self.deviations * deviation);
            }
            fit.evaluate(y, weights, baseline);
            let new = spread(y, baseline);
            let change = (deviation - new).abs() / new.max(f64::EPSILON);
            deviation = new;
            if change < self.tolerance {
                break;
            }
        }
    }
}

/// Standard deviation of the residual, over all points.
fn spread(y: &[f64], z: &[f64]) -> f64 {
    let n = y.len() as f64;
    let mean = y.iter().zip(z).map(|(y, z)| y - z).sum::<f64>() / n;
    (y.iter().zip(z).map(|(y, z)| (y - z - mean).powi(2)).sum::<f64>() / n).sqrt()
}
