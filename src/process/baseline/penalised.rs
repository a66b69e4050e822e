//! Whittaker baselines: a stiff curve through the points that carry weight, the weights from its own residual.
//!
//! `asls`: Eilers and Boelens 2005. `arpls`: Baek et al., Analyst 140 (2015) 250. `airpls`: Zhang et al., Analyst 135
//! (2010) 1138. Positions do not enter: the stiffness is per point, as in the papers.

use serde::{Deserialize, Serialize};

use super::super::ProcessError;
use super::super::banded::MIN_POINTS;
use super::super::info::{Param, ParamDefault, StepInfo};
use super::super::plan::{Prepared, Row, Stage};
use super::super::step::StepBody;
use super::take_away;

const fn lambda(default: f64) -> Param {
    Param::number("lambda", "", "Stiffness: ten times more makes features about 1.8 times longer")
        .short("lam")
        .decades(1.0, 1e12)
        .default(ParamDefault::Number(default))
}

const ITERATIONS: Param = Param::whole("iterations", "", "Most re-weightings")
    .short("iter")
    .steps(1, 1000)
    .default(ParamDefault::Whole(50));

const TOLERANCE: Param = Param::number("tolerance", "", "Relative change of the weights at which to stop")
    .short("tol")
    .decades(1e-12, 1.0)
    .default(ParamDefault::Number(1e-3));

pub(in super::super) static ASLS: StepInfo = StepInfo {
    name: "asls",
    what: "Takes away an asymmetric least squares baseline.",
    bare: Some("lambda"),
    params: &[
        lambda(1e6),
        Param::number("p", "", "Weight of points above the baseline; those below have 1 - p")
            .decades(1e-6, 0.5)
            .default(ParamDefault::Number(0.01)),
        ITERATIONS,
        TOLERANCE,
    ],
};

pub(in super::super) static ARPLS: StepInfo = StepInfo {
    name: "arpls",
    what: "Takes away an asymmetrically reweighted penalised least squares baseline, which suits noisy spectra.",
    bare: Some("lambda"),
    params: &[lambda(1e5), ITERATIONS, TOLERANCE],
};

pub(in super::super) static AIRPLS: StepInfo = StepInfo {
    name: "airpls",
    what: "Takes away an adaptive iteratively reweighted penalised least squares baseline.",
    bare: Some("lambda"),
    params: &[
        lambda(1e6),
        ITERATIONS,
        Param::number("tolerance", "", "Share of the signal below the baseline at which to stop")
            .short("tol")
            .decades(1e-12, 1.0)
            .default(ParamDefault::Number(1e-3)),
    ],
};

/// Asymmetric least squares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Asls {
    /// Stiffness.
    #[serde(alias = "lam")]
    pub lambda: f64,
    /// Weight of points above the baseline.
    pub p: f64,
    /// Most re-weightings.
    pub iterations: usize,
    /// Relative change of the weights at which to stop.
    pub tolerance: f64,
}

impl Default for Asls {
    fn default() -> Self {
        Self { lambda: 1e6, p: 0.01, iterations: 50, tolerance: 1e-3 }
    }
}

/// Asymmetrically reweighted penalised least squares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Arpls {
    /// Stiffness.
    #[serde(alias = "lam")]
    pub lambda: f64,
    /// Most re-weightings.
    pub iterations: usize,
    /// Relative change of the weights at which to stop.
    pub tolerance: f64,
}

impl Default for Arpls {
    fn default() -> Self {
        Self { lambda: 1e5, iterations: 50, tolerance: 1e-3 }
    }
}

/// Adaptive iteratively reweighted penalised least squares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Airpls {
    /// Stiffness.
    #[serde(alias = "lam")]
    pub lambda: f64,
    /// Most re-weightings.
    pub iterations: usize,
    /// Share of the signal below the baseline at which to stop.
    pub tolerance: f64,
}

impl Default for Airpls {
    fn default() -> Self {
        Self { lambda: 1e6, iterations: 50, tolerance: 1e-3 }
    }
}

/// What a round of re-weighting decides.
enum Round {
    /// The weights are new; solve again.
    Again,
    /// The baseline stands.
    Done,
}

/// Solves and re-weights until `reweigh` is content. It sees residual-making parts `(y, baseline)`, the weights to
/// overwrite and the number of the round, from 1.
fn iterate(
    step: &'static str,
    row: &mut Row,
    lambda: f64,
    iterations: usize,
    mut reweigh: impl FnMut(&[f64], &[f64], &mut [f64], usize) -> Round,
) -> Result<(), ProcessError> {
    let [weights, ..] = &mut row.scratch;
    weights.clear();
    weights.resize(row.y.len(), 1.0);
    for round in 1..=iterations + 1 {
        match row.system.solve(&row.y, weights, lambda) {
            Some(z) => {
                row.baseline.clear();
                row.baseline.extend_from_slice(z);
            }
            // AirPLS weights can overflow late in its course: the last sound baseline stands.
            None if round > 1 => break,
            None => {
                let problem = "no baseline can be determined with this stiffness".to_owned();
                return Err(ProcessError::Numbers { step, problem });
            }
        }
        if let Round::Done = reweigh(&row.y, &row.baseline, weights, round) {
            break;
        }
    }
    take_away(row);
    Ok(())
}

/// Replaces the weights one by one and returns `|new - old| / |old|`.
fn replace_weights(weights: &mut [f64], mut new: impl FnMut(usize) -> f64) -> f64 {
    let (mut change, mut size) = (0.0, 0.0);
    for (i, old) in weights.iter_mut().enumerate() {
        let new = new(i);
        change += (new - *old) * (new - *old);
        size += *old * *old;
        *old = new;
    }
    change.sqrt() / size.sqrt().max(f64::EPSILON)
}

fn long_enough(step: &'static str, stage: &Stage<'_>) -> Result<(), ProcessError> {
    let found = stage.axis.len();
    if found < MIN_POINTS {
        return Err(ProcessError::TooShort { step, found, needed: MIN_POINTS, why: "second differences" });
    }
    Ok(())
}

fn stop_below(tolerance: f64, change: f64) -> Round {
    if change < tolerance { Round::Done } else { Round::Again }
}

impl StepBody for Asls {
    fn info(&self) -> &'static StepInfo {
        &ASLS
    }

    fn is_baseline(&self) -> bool {
        true
    }

    fn prepare(&self, stage: &Stage<'_>) -> Result<Prepared, ProcessError> {
        long_enough(ASLS.name, stage)?;
        let Self { lambda, p, iterations, tolerance } = *self;
        Ok(Prepared::same_axis(stage, move |row| {
            iterate(ASLS.name, row, lambda, iterations, |y, z, weights, _| {
                let change = replace_weights(weights, |i| if y[i] > z[i] { p } else { 1.0 - p });
                stop_below(tolerance, change)
            })
        }))
    }
}

impl StepBody for Arpls {
    fn info(&self) -> &'static StepInfo {
        &ARPLS
    }

    fn is_baseline(&self) -> bool {
        true
    }

    fn prepare(&self, stage: &Stage<'_>) -> Result<Prepared, ProcessError> {
        long_enough(ARPLS.name, stage)?;
        let Self { lambda, iterations, tolerance } = *self;
        Ok(Prepared::same_axis(stage, move |row| {
            iterate(ARPLS.name, row, lambda, iterations, |y, z, weights, _| {
                let Some((mean, sigma)) = negative_residual(y, z) else { return Round::Done };
                // Baek eq. 7: a logistic of the residual, centred at 2 sigma - mean.
                let (slope, centre) = (2.0 / sigma, 2.0 * sigma - mean);
                let change = replace_weights(weights, |i| {
                    let residual = y[i] - z[i];
                    1.0 / (1.0 + (slope * (residual - centre)).exp())
                });
                stop_below(tolerance, change)
            })
        }))
    }
}

/// Mean and sample standard deviation of the residual below the baseline; `None` when fewer than two points are.
fn negative_residual(y: &[f64], z: &[f64]) -> Option<(f64, f64)> {
    let negative = || y.iter().zip(z).map(|(y, z)| y - z).filter(|r| *r < 0.0);
    let (count, sum) = negative().fold((0_usize, 0.0), |(n, s), r| (n + 1, s + r));
    if count < 2 {
        return None;
    }
    let mean = sum / count as f64;
    let squares: f64 = negative().map(|r| (r - mean) * (r - mean)).sum();
    let sigma = (squares / (count - 1) as f64).sqrt();
    Some((mean, if sigma > 0.0 { sigma } else { f64::EPSILON }))
}

impl StepBody for Airpls {
    fn info(&self) -> &'static StepInfo {
        &AIRPLS
    }

    fn is_baseline(&self) -> bool {
        true
    }

    fn prepare(&self, stage: &Stage<'_>) -> Result<Prepared, ProcessError> {
        long_enough(AIRPLS.name, stage)?;
        let Self { lambda, iterations, tolerance } = *self;
        Ok(Prepared::same_axis(stage, move |row| {
            let size: f64 = row.y.iter().map(|v| v.abs()).sum();
            iterate(AIRPLS.name, row, lambda, iterations, |y, z, weights, round| {
                let negative = || y.iter().zip(z).map(|(y, z)| y - z).filter(|r| *r < 0.0);
                let (count, sum) = negative().fold((0_usize, 0.0), |(n, s), r| (n + 1, s + r));
                if count < 2 || -sum < tolerance * size {
                    return Round::Done;
                }
                // Zhang eq. 9, its exponent kept finite as in pybaselines.
                let slope = round.min(50) as f64 / sum;
                replace_weights(weights, |i| {
                    let residual = y[i] - z[i];
                    if residual < 0.0 { (slope * residual).clamp(0.0, MAX_EXPONENT).exp() } else { 0.0 }
                });
                Round::Again
            })
        }))
    }
}

/// Just below the logarithm of the largest f64.
const MAX_EXPONENT: f64 = 709.78;
