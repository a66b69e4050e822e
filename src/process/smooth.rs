//! Smoothing: Savitzky-Golay and Whittaker. Both work on points: noise belongs to pixels, not to wavenumbers.

use serde::{Deserialize, Serialize};

use super::ProcessError;
use super::banded::MIN_POINTS;
use super::info::{Param, ParamDefault, StepInfo};
use super::localfit::LocalFit;
use super::plan::{Prepared, Stage};
use super::step::StepBody;

/// Widest window; its table of weights is the square of that.
pub(super) const MAX_WINDOW: i64 = 501;

pub(super) static SAVGOL: StepInfo = StepInfo {
    name: "savgol",
    what: "Smooths by polynomials fitted to a moving window (Savitzky-Golay).",
    bare: Some("window"),
    params: &[
        Param::whole("window", "points", "Width of the window")
            .odd(3, MAX_WINDOW)
            .default(ParamDefault::Whole(11)),
        Param::whole("order", "", "Degree of the polynomial").steps(0, 10).default(ParamDefault::Whole(3)),
    ],
};

pub(super) static WHITTAKER: StepInfo = StepInfo {
    name: "whittaker",
    what: "Smooths by least squares with a penalty on second differences (Whittaker-Eilers).",
    bare: Some("lambda"),
    params: &[Param::number("lambda", "", "Stiffness: 10 halves ripples of 11 points, 1000 those of 35")
        .short("lam")
        .decades(1e-3, 1e12)
        .default(ParamDefault::Number(10.0))],
};

/// Savitzky-Golay smoothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Savgol {
    /// Width of the window in points, odd.
    pub window: usize,
    /// Degree of the polynomial.
    pub order: usize,
}

impl Default for Savgol {
    fn default() -> Self {
        Self { window: 11, order: 3 }
    }
}

/// Whittaker smoothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Whittaker {
    /// Stiffness.
    #[serde(alias = "lam")]
    pub lambda: f64,
}

impl Default for Whittaker {
    fn default() -> Self {
        Self { lambda: 10.0 }
    }
}

/// The window must hold more points than the polynomial has coefficients to fit, and fit into the spectrum.
pub(super) fn check_window(
    info: &StepInfo,
    parameter: &'static str,
    degree: usize,
    window: usize,
) -> Result<(), ProcessError> {
    if degree >= window {
        return Err(info.bad(
            parameter,
            degree.to_string(),
            format!("a degree below the window, which is {window}"),
        ));
    }
    Ok(())
}

pub(super) fn window_fits(step: &'static str, window: usize, stage: &Stage<'_>) -> Result<(), ProcessError> {
    let found = stage.axis.len();
    if window > found {
        return Err(ProcessError::TooShort { step, found, needed: window, why: "the window" });
    }
    Ok(())
}

impl StepBody for Savgol {
    fn info(&self) -> &'static StepInfo {
        &SAVGOL
    }

    fn check(&self) -> Result<(), ProcessError> {
        check_window(&SAVGOL, "order", self.order, self.window)
    }

    fn prepare(&self, stage: &Stage<'_>) -> Result<Prepared, ProcessError> {
        window_fits(SAVGOL.name, self.window, stage)?;
        let fit = LocalFit::even(self.window, self.order, 0, 1.0);
        Ok(Prepared::same_axis(stage, move |row| {
            let [out, ..] = &mut row.scratch;
            fit.apply(&row.y, out);
            std::mem::swap(&mut row.y, out);
            Ok(())
        }))
    }
}

impl StepBody for Whittaker {
    fn info(&self) -> &'static StepInfo {
        &WHITTAKER
    }

    fn prepare(&self, stage: &Stage<'_>) -> Result<Prepared, ProcessError> {
        let found = stage.axis.len();
        if found < MIN_POINTS {
            let (step, needed) = (WHITTAKER.name, MIN_POINTS);
            return Err(ProcessError::TooShort { step, found, needed, why: "second differences" });
        }
        let lambda = self.lambda;
        Ok(Prepared::same_axis(stage, move |row| {
            let [weights, ..] = &mut row.scratch;
            weights.clear();
            weights.resize(row.y.len(), 1.0);
            let Some(z) = row.system.solve(&row.y, weights, lambda) else {
                let problem = "no curve can be determined with this stiffness".to_owned();
                return Err(ProcessError::Numbers { step: WHITTAKER.name, problem });
            };
            row.y.copy_from_slice(z);
            Ok(())
        }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{error, measured_like, noise, over_points, run};

    #[test]
    fn noise_shrinks_and_the_bands_stay() {
        let (clean, noisy) = (measured_like(600, 0.0, 1), measured_like(600, 20.0, 1));
        let rms = |y: &[f32]| {
            (y.iter().zip(&clean).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>() / 600.0).sqrt()
        };
        for step in ["savgol:window=11,order=3", "whittaker"] {
            let smooth = run(step, &over_points(&noisy));
            assert!(rms(smooth.y()) < 0.65 * rms(&noisy), "{step}: {} {}", rms(smooth.y()), rms(&noisy));
        }
    }

    #[test]
    fn a_window_that_does_not_fit_is_refused() {
        let s = over_points(&[1.0; 9]);
        assert!(error("savgol", &s).contains("at least 11 points for the window"));
        assert!(error("savgol:window=3,order=3", &s).contains("below the window, which is 3"));
    }

    #[test]
    fn half_of_a_ripple_of_eleven_points_is_left() {
        let ripple = |period: f64| {
            let y: Vec<f32> =
                (0..700).map(|i| (std::f64::consts::TAU * f64::from(i) / period).cos() as f32).collect();
            run("whittaker", &over_points(&y)).y()[200..500].iter().fold(0.0_f32, |a, v| a.max(v.abs()))
        };
        assert!((ripple(11.0) - 0.5).abs() < 0.03, "{}", ripple(11.0));
    }

    proptest! {
        #[test]
        fn savitzky_golay_is_exact_on_polynomials_up_to_both_ends(
            seed: u64, half in 2_usize..15, order in 0_usize..5,
        ) {
            prop_assume!(order <= 2 * half);
            let c = noise(seed, order + 1);
            let y: Vec<f32> = (0..80)
                .map(|i| {
                    let u = f64::from(i) / 40.0 - 1.0;
                    c.iter().rev().fold(0.0, |sum, c| sum * u + c) as f32
                })
                .collect();
            let smooth = run(&format!("savgol:window={},order={order}", 2 * half + 1), &over_points(&y));
            for (a, b) in smooth.y().iter().zip(&y) {
                // Rounding of the input to f32, enlarged by the weights at the ends.
                prop_assert!((a - b).abs() < 1e-5, "{} {}", a, b);
            }
        }
    }
}
