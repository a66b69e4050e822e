//! How far mixtures go.

use serde::{Deserialize, Serialize};

use super::super::{SynthError, mixture::Span};

/// What may happen to a mixture. Heights are relative to a pure spectrum of height 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ranges {
    /// Largest error of the whole scale in cm-1, up or down.
    pub shift_cm1: f64,
    /// Standard deviation of the place of one substance's bands in cm-1.
    pub own_shift_cm1: f64,
    /// Lower resolution: width of the window in cm-1.
    pub broadening_cm1: Span,
    /// Relative deviation of the heights of bands of the whole spectrum, and of one substance.
    pub response: f64,
    /// The same of one substance.
    pub own_response: f64,
    /// Standard deviation of the noise of one point, drawn by its logarithm.
    pub noise: Span,
    /// Height of the background against the published ones, drawn by its logarithm.
    pub background: Span,
    /// Share of mixtures that hold something else.
    pub foreign: f64,
}

impl Default for Ranges {
    fn default() -> Self {
        Self {
            shift_cm1: 5.0,
            own_shift_cm1: 0.7,
            broadening_cm1: Span(0.0, 6.0),
            response: 0.05,
            own_response: 0.1,
            noise: Span(0.0005, 0.03),
            background: Span(0.2, 10.0),
            foreign: 0.25,
        }
    }
}

impl Ranges {
    /// Refuses what cannot be drawn.
    pub fn check(&self) -> Result<(), SynthError> {
        let refused =
            |setting, found: String, expected| Err(SynthError::Setting { setting, found, expected });
        for (setting, v) in [
            ("shift_cm1", self.shift_cm1),
            ("own_shift_cm1", self.own_shift_cm1),
            ("response", self.response),
            ("own_response", self.own_response),
        ] {
            if !(0.0..=100.0).contains(&v) {
                return refused(setting, v.to_string(), "0 to 100");
            }
        }
        if !(0.0..=1.0).contains(&self.foreign) {
            return refused("foreign", self.foreign.to_string(), "0 to 1");
        }
        for (setting, span, least) in [
            ("broadening_cm1", self.broadening_cm1, 0.0),
            ("noise", self.noise, 1e-9),
            ("background", self.background, 1e-9),
        ] {
            if !(span.0 >= least && span.1 >= span.0 && span.1.is_finite()) {
                return refused(setting, format!("{} to {}", span.0, span.1), "a rising range above 0");
            }
        }
        Ok(())
    }
}
