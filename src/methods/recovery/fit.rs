//! The forward model fitted, on from the Kramers-Kronig answer.

use super::super::{Diagnostic, MethodError, MethodInfo, Resolved, Watch};
use super::kk::PADDING;
use super::{Measured, Parts, Recovery};
use crate::process::{Param, ParamDefault, ParamKind};
use crate::solvers::cars::{FitSettings, Hilbert, KkSettings, Phase, fit_forward, kramers_kronig};

/// A fit of the forward model.
pub(super) struct Fit;

static INFO: MethodInfo = MethodInfo {
    id: "fit",
    name: "Forward fit",
    about: "Fits a Raman spectrum without negative values and a smooth background to the measurement through the CARS equation, on from the Kramers-Kronig answer.",
    needs_library: false,
    network: false,
    settings: &[
        Param {
            name: "pieces",
            short: "pieces",
            unit: "",
            what: "Pieces of the background's spline; more follow sharper backgrounds and take from broad lines",
            kind: ParamKind::Whole { min: 1, max: 40, odd: false },
            default: ParamDefault::Whole(7),
        },
        Param {
            name: "sparse",
            short: "sparse",
            unit: "",
            what: "Price of Raman signal, in proportion to the noise: more leaves out weaker lines",
            kind: ParamKind::Number { min: 0.0, max: 1.0, log: false },
            default: ParamDefault::Number(5e-4),
        },
        Param {
            name: "smooth",
            short: "smooth",
            unit: "",
            what: "Price of bends of the Raman spectrum, in proportion to the noise: more smooths noise and narrow lines",
            kind: ParamKind::Number { min: 0.0, max: 1e3, log: false },
            default: ParamDefault::Number(0.03),
        },
        Param {
            name: "rounds",
            short: "rounds",
            unit: "",
            what: "Most rounds of the fit",
            kind: ParamKind::Whole { min: 1, max: 10_000, odd: false },
            default: ParamDefault::Whole(1000),
        },
    ],
};

impl Recovery for Fit {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn split(
        &self,
        measured: &Measured,
        settings: &Resolved,
        watch: &dyn Watch,
    ) -> Result<Parts, MethodError> {
        watch.go_on()?;
        let hilbert = Hilbert::new(measured.len(), PADDING);
        let (intensity, reference) = (measured.intensity(), measured.reference());
        let phase = if reference.is_some() { Phase::REFERENCED } else { Phase::BLIND };
        let first = KkSettings { phase, amplitude: false, scale: false, positive: true };
        let first = kramers_kronig(intensity, reference, first, &hilbert);
        let how = FitSettings {
            pieces: settings.whole("pieces"),
            sparse: settings.number("sparse"),
            smooth: settings.number("smooth"),
            rounds: settings.whole("rounds"),
        };
        let guess = (first.raman.as_slice(), first.background.as_slice());
        let fitted = fit_forward(intensity, reference, guess, how, &hilbert, &|_| !watch.cancelled());
        watch.go_on()?;
        Ok(Parts {
            raman: fitted.raman,
            background: fitted.background,
            diagnostics: vec![
                Diagnostic::plain("rounds", fitted.rounds as f64),
                Diagnostic::plain("converged", f64::from(u8::from(fitted.converged))),
            ],
            ..Parts::default()
        })
    }
}
