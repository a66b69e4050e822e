//! What every method gives, network or not. Plain data: sessions save it, jobs pass it, tables and plots read it.

use serde::{Deserialize, Serialize};

use crate::library::EntryId;
use crate::spectrum::{Axis, Spectrum};

use super::{Components, Settings};

/// The answer of one method about one spectrum. All curves stand on the axis of `mixture`, and
/// `mixture = background + sum of the components' spectra + residual` at every point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Id of the method.
    pub method: String,
    /// Its name for people.
    pub method_name: String,
    /// All settings it ran with, defaults spelled out.
    pub settings: Settings,
    /// Number of components that was asked for.
    pub asked: Components,
    /// Name of the library it compared with.
    pub library: Option<String>,
    /// What was taken apart: over Raman shift, low to high.
    pub mixture: Spectrum,
    /// What was found, largest share first.
    pub components: Vec<Component>,
    /// Named amounts, from methods that give them.
    pub concentrations: Vec<Concentration>,
    /// Raman-like spectrum and background recovered from a CARS measurement.
    pub cars: Option<CarsPair>,
    /// Background and components together.
    pub reconstruction: Vec<f32>,
    /// The smooth part that belongs to no component; zeros where a method has none.
    pub background: Vec<f32>,
    /// Mixture minus reconstruction.
    pub residual: Vec<f32>,
    /// What the components leave unexplained.
    pub unexplained: Unexplained,
    /// Named numbers for experts and benchmarks.
    pub diagnostics: Vec<Diagnostic>,
    /// Sentences that say "done, but not exactly as asked" or "look here".
    pub notes: Vec<String>,
    /// Time the method took, without preparing the library, in ms.
    pub elapsed_ms: f64,
    /// What it ran on: `CPU, 1 thread`.
    pub device: String,
}

/// One substance found in a mixture.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// Name for people: the species, or `Component 1` where a method names nothing.
    pub name: String,
    /// Species of the library.
    pub species: Option<String>,
    /// Library entries it is made of, heaviest first.
    pub entries: Vec<EntryWeight>,
    /// Its spectrum in the units of the mixture, measured detail included where a method adds it.
    pub spectrum: Vec<f32>,
    /// The library's part of it: stored spectra times their weights.
    pub library_part: Option<Vec<f32>>,
    /// Relative signal, 0 to 1: its norm over the sum of all components' norms.
    pub share: f64,
    /// Probability that this species is in the mixture, 0 to 1, from methods that know.
    pub confidence: Option<f64>,
    /// Other species that could stand in its place, most probable first.
    pub alternatives: Vec<Alternative>,
    /// How far spectrum and share may be off, from methods that know.
    #[serde(default)]
    pub uncertainty: Option<Uncertainty>,
    /// What is known of a substance that the library does not hold, from methods that can tell.
    #[serde(default)]
    pub unlisted: Option<Unlisted>,
}

/// Intervals that hold the truth in nine cases of ten.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Uncertainty {
    /// Half the width of the interval around every point of the spectrum, in the units of the mixture.
    pub band: Vec<f32>,
    /// The least and the largest share, 0 to 1.
    pub share: (f64, f64),
}

/// A substance that the library does not hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unlisted {
    /// Probability that the library does not hold it, 0 to 1.
    pub probability: f64,
    /// Its peaks, highest first, in cm-1.
    pub peaks_cm1: Vec<f64>,
    /// The species that the library would explain it by.
    pub nearest: Option<String>,
}

/// How much of one library entry a component holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntryWeight {
    /// Id of the entry in its library.
    pub id: EntryId,
    /// Its name.
    pub name: String,
    /// Factor of the stored spectrum.
    pub weight: f64,
}

/// A competing explanation of a component.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// The species.
    pub species: String,
    /// Its probability, 0 to 1, on the same scale as [`Component::confidence`].
    pub posterior: f64,
}

/// A named amount.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Concentration {
    /// Of what.
    pub label: String,
    /// How much, in `unit`.
    pub value: f64,
    /// Unit; empty for fractions.
    pub unit: String,
}

/// The two parts of a CARS measurement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CarsPair {
    /// Raman-like spectrum.
    pub recovered: Vec<f32>,
    /// Non-resonant background.
    pub background: Vec<f32>,
}

/// Signal that no component explains.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Unexplained {
    /// Standard deviation of the noise of one point, in the units of the mixture, estimated from the data.
    pub noise: f64,
    /// Root mean square of what the library parts leave over, smooth background apart, in units of `noise`: about 1 when
    /// everything is explained.
    pub ratio: f64,
    /// Peaks above the noise that belong to no component, highest first.
    pub peaks: Vec<UnexplainedPeak>,
}

/// One peak without an owner.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct UnexplainedPeak {
    /// Position in cm-1.
    pub position_cm1: f64,
    /// Height over the fit, slightly smoothed, in the units of the mixture.
    pub height: f64,
    /// Height in units of its own uncertainty.
    pub significance: f64,
}

/// A named number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Stable machine name.
    pub name: String,
    /// The number.
    pub value: f64,
    /// Unit; empty for plain numbers.
    pub unit: String,
}

impl Diagnostic {
    /// A plain number.
    pub fn plain(name: impl Into<String>, value: f64) -> Self {
        Self { name: name.into(), value, unit: String::new() }
    }
}

impl Outcome {
    /// The positions of all curves.
    #[must_use]
    pub fn axis(&self) -> &Axis {
        self.mixture.axis()
    }

    /// The diagnostic of that name.
    #[must_use]
    pub fn diagnostic(&self, name: &str) -> Option<f64> {
        self.diagnostics.iter().find(|d| d.name == name).map(|d| d.value)
    }
}
