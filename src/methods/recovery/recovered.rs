//! What a recovery gives. Plain data: jobs pass it, tables and plots read it.

use serde::{Deserialize, Serialize};

use super::super::{Diagnostic, Settings};
use super::Consistency;
use crate::spectrum::{Axis, Spectrum, SpectrumError};

/// Begins the step in the history of a recovered spectrum.
pub(super) const RECOVERED: &str = "Raman spectrum recovered from CARS";

/// The answer of one recovery method about one CARS spectrum. All curves stand on the axis of `measured`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recovered {
    /// Id of the method.
    pub method: String,
    /// Its name for people.
    pub method_name: String,
    /// All settings it ran with, defaults spelled out.
    pub settings: Settings,
    /// What was taken apart: the user's spectrum on its own points, dark signal taken off.
    pub measured: Spectrum,
    /// `Im chi_R`, the Raman-like spectrum, not normalised: in units of the square root of the intensities.
    pub raman: Vec<f32>,
    /// `chi_NR`, the amplitude of the non-resonant background, in the same units.
    pub background: Vec<f32>,
    /// The CARS spectrum that both give together.
    pub forward: Vec<f32>,
    /// Whether they explain the measurement.
    pub consistency: Consistency,
    /// Between these two positions, in the unit of the axis, lines do not suffer from the ends of the window.
    pub inner: (f64, f64),
    /// Named numbers for experts and benchmarks.
    pub diagnostics: Vec<Diagnostic>,
    /// Sentences that say "done, but not exactly as asked" or "look here".
    pub notes: Vec<String>,
    /// Time the method took in ms.
    pub elapsed_ms: f64,
    /// What it ran on: `CPU, 1 thread`.
    pub device: String,
}

impl Recovered {
    /// The positions of all curves.
    #[must_use]
    pub fn axis(&self) -> &Axis {
        self.measured.axis()
    }

    /// Measured minus reconstructed intensity.
    #[must_use]
    pub fn residual(&self) -> Vec<f32> {
        self.measured.y().iter().zip(&self.forward).map(|(m, f)| m - f).collect()
    }

    /// The intensity of the background alone, `chi_NR` squared.
    #[must_use]
    pub fn background_intensity(&self) -> Vec<f32> {
        self.background.iter().map(|b| b * b).collect()
    }

    /// The Raman-like spectrum with the metadata of the measurement, low to high, for a library search.
    pub fn raman_spectrum(&self) -> Result<Spectrum, SpectrumError> {
        let what = format!("{RECOVERED} ({})", self.method_name);
        self.measured.derive(self.measured.axis().clone(), self.raman.clone(), what).map(|s| s.ascending())
    }
}
