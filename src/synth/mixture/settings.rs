//! The pieces of a recipe: ranges, the law of the components, backgrounds, noise, spikes.

use serde::{Deserialize, Serialize};

use super::super::background::{Family, Shape};
use super::super::{Rng, SynthError};

/// A range to draw from, both ends included: `[low, high]` in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Span(pub f64, pub f64);

impl Span {
    /// A range of one value.
    pub const fn at(value: f64) -> Self {
        Self(value, value)
    }

    /// Uniform.
    pub fn draw(self, rng: &mut Rng) -> f64 {
        rng.uniform(self.0, self.1)
    }

    /// Uniform in the logarithm.
    pub fn draw_log(self, rng: &mut Rng) -> f64 {
        libm::exp(rng.uniform(libm::log(self.0), libm::log(self.1)))
    }

    /// An error that names the setting when the range is turned round or leaves `least..=most`.
    pub(super) fn check(
        self,
        setting: &'static str,
        (least, most): (f64, f64),
        expected: &'static str,
    ) -> Result<(), SynthError> {
        let fine =
            self.0.is_finite() && self.1.is_finite() && least <= self.0 && self.0 <= self.1 && self.1 <= most;
        if fine {
            return Ok(());
        }
        Err(SynthError::Setting { setting, found: format!("[{}, {}]", self.0, self.1), expected })
    }
}

/// New specimens of known species: spectra of one species blended, and bands made stronger and weaker along the axis.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blend {
    /// How likely a component is blended.
    pub chance: f64,
    /// Most spectra of its species that are added to the one drawn.
    pub most: usize,
    /// Standard deviation of the logarithm of the strength of bands.
    pub ripple: f64,
    /// Distance over which bands change together, in cm-1.
    pub spacing_cm1: f64,
}

/// Which rows may meet, and how likely each is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Every row is equally likely; no two of one species meet.
    #[default]
    Rows,
    /// Every species is equally likely, then every row of it; no two of one species meet.
    Species,
    /// Every row is equally likely; two of one species may meet, the same row may not.
    AnyRows,
}

/// The law of components and weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "law", rename_all = "snake_case", deny_unknown_fields)]
pub enum Parts {
    /// `least` to `most` components, every number equally likely, weights uniform on the simplex (of two: a, 1 - a
    /// with a uniform in 0..1).
    Simplex {
        /// Fewest components.
        least: usize,
        /// Most components.
        most: usize,
        /// Which rows.
        choice: Choice,
        /// Smallest weight; 0 leaves the simplex whole.
        #[serde(default)]
        least_weight: f64,
    },
    /// Every species takes one of `levels` weights 0, 0.1, 0.2, ...; those above 0 are the components (never none).
    ///
    /// With up to [`Parts::TABLED`] species the samples walk through all combinations in order, sample 0 the first, and
    /// begin again; with more every species draws its level.
    Levels {
        /// 10 is the paper's table without 1.0, 11 ends at 1.0.
        levels: usize,
    },
}

impl Parts {
    /// Most species for which all combinations of levels are walked through.
    pub const TABLED: usize = 5;
}

/// Which curve a background is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Curve {
    /// One of the papers' families.
    Family(Family),
    /// A smooth random one.
    Smooth(Shape),
}

/// A background added to the mixture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Glow {
    /// Share of the samples that have one.
    pub chance: f64,
    /// Drawn from with equal odds.
    pub curves: Vec<Curve>,
    /// Factor on the height: a family has the papers' amplitudes times this, a smooth curve this height, both in
    /// units of the clean mixture's highest point.
    pub height: Span,
}

/// Noise. Ratios count the clean mixture as the signal, without background.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Noise {
    /// No noise.
    #[default]
    Silent,
    /// Brown and white in equal power.
    BrownWhite {
        /// 10 log10(mean(signal^2) / mean(noise^2)), uniform in dB.
        snr_db: Span,
    },
    /// White.
    White {
        /// Standard deviation in units of the clean mixture's highest point.
        sigma: Span,
    },
    /// Shot noise of signal and background, and readout noise.
    Detector {
        /// Electrons at the clean mixture's highest point, uniform in the logarithm.
        peak_electrons: Span,
        /// Standard deviation of the readout noise in electrons.
        readout_electrons: Span,
    },
}

/// Cosmic rays.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spikes {
    /// 0 to this many, every number equally likely.
    pub most: usize,
    /// Height in units of the clean mixture's highest point.
    pub height: Span,
}
