//! Derivatives by Savitzky-Golay, per unit of the axis. On an uneven axis each window is fitted over its true
//! positions, so polynomials keep their exact derivatives.

use serde::{Deserialize, Serialize};

use super::ProcessError;
use super::info::{Param, ParamDefault, StepInfo};
use super::localfit::LocalFit;
use super::plan::{Prepared, Stage};
use super::smooth::{MAX_WINDOW, check_window, window_fits};
use super::step::StepBody;

/// Deviation from even steps, as a part of a step, that counts as rounding. Beyond it only the cost changes.
const EVEN: f64 = 1e-6;

pub(super) static INFO: StepInfo = StepInfo {
    name: "derivative",
    what: "Takes the first or second derivative along the axis (Savitzky-Golay).",
    bare: Some("order"),
    params: &[
        Param::whole("order", "", "First or second derivative").steps(1, 2).default(ParamDefault::Whole(1)),
        Param::whole("window", "points", "Width of the window")
            .odd(3, MAX_WINDOW)
            .default(ParamDefault::Whole(11)),
        Param::whole("degree", "", "Degree of the polynomial").steps(1, 10).default(ParamDefault::Whole(3)),
    ],
};

/// Savitzky-Golay derivative.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Derivative {
    /// First or second derivative.
    pub order: usize,
    /// Width of the window in points, odd.
    pub window: usize,
    /// Degree of the polynomial.
    pub degree: usize,
}

impl Default for Derivative {
    fn default() -> Self {
        Self { order: 1, window: 11, degree: 3 }
    }
}

impl StepBody for Derivative {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), ProcessError> {
        check_window(&INFO, "degree", self.degree, self.window)?;
        if self.degree < self.order {
            let expected = format!("at least the order of the derivative, which is {}", self.order);
            return Err(INFO.bad("degree", self.degree.to_string(), expected));
        }
        Ok(())
    }

    fn prepare(&self, stage: &Stage<'_>) -> Result<Prepared, ProcessError> {
        window_fits(INFO.name, self.window, stage)?;
        let axis = &stage.axis;
        let fit = if axis.is_even(EVEN) {
            let step = (axis.last() - axis.first()) / (axis.len() - 1) as f64;
            LocalFit::even(self.window, self.degree, self.order, step)
        } else {
            LocalFit::uneven(axis.values(), self.window, self.degree, self.order)
        };
        Ok(Prepared::same_axis(stage, move |row| {
            let [out, ..] = &mut row.scratch;
            fit.apply(&row.y, out);
            std::mem::swap(&mut row.y, out);
            Ok(())
        }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{error, over_points, run, spectrum};

    #[test]
    fn the_degree_must_allow_the_derivative() {
        let s = over_points(&[1.0; 20]);
        assert!(error("derivative:2,degree=1", &s).contains("at least the order"));
        assert!(error("derivative:3", &s).contains("from 1 to 2"));
    }

    proptest! {
        #[test]
        fn a_cubic_has_its_exact_derivatives_on_any_axis(
            steps in prop::collection::vec(0.5_f64..3.0, 15..60), descending: bool, even: bool,
        ) {
            let mut x: Vec<f64> = steps
                .iter()
                .scan(0.0, |at, step| { *at += if even { 1.5 } else { *step }; Some(*at) })
                .collect();
            if descending {
                x.reverse();
            }
            let u = |x: f64| x / 50.0 - 0.4;
            let y: Vec<f32> = x.iter().map(|x| (u(*x).powi(3) - u(*x)) as f32).collect();
            let s = spectrum(&x, &y);
            let (first, second) = (run("derivative:1", &s), run("derivative:2", &s));
            for (i, x) in x.iter().enumerate() {
                let expected = ((3.0 * u(*x).powi(2) - 1.0) / 50.0, 6.0 * u(*x) / 2500.0);
                // Rounding of y to f32 divided by the half width of the window, to the power of the order.
                prop_assert!((f64::from(first.y()[i]) - expected.0).abs() < 2e-6);
                prop_assert!((f64::from(second.y()[i]) - expected.1).abs() < 2e-6);
            }
        }
    }
}
