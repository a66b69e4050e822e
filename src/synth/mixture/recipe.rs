//! What a stream of mixtures is made by, with the papers' protocols as presets.

use serde::{Deserialize, Serialize};

use super::super::SynthError;
use super::super::background::{Family, Shape};
use super::pures::Scale;
use super::settings::{Blend, Choice, Curve, Glow, Noise, Parts, Span, Spikes};

/// Everything that decides how pure spectra become measured mixtures. Applied in this order: scale of the pure spectra,
/// weights, wavenumber shift and stretch, broadening, sum, gain, offset, normalising, background, noise, spikes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// What the pure spectra are scaled to before they are weighted.
    pub scale: Scale,
    /// Components and weights.
    pub parts: Parts,
    /// Error of the wavenumber scale in cm-1.
    pub shift_cm1: Span,
    /// Relative stretch of the wavenumber scale about its middle.
    pub stretch: Span,
    /// Additional broadening, full width at half maximum in cm-1.
    pub broadening_cm1: Span,
    /// True: every component has a shift, stretch and broadening of its own (specimens differ). False: one for all
    /// (the instrument's).
    pub distort_each: bool,
    /// Factor on the mixture. A normalisation takes it away again.
    pub gain: Span,
    /// Vertical shift in units of the clean mixture's highest point.
    pub offset: Span,
    /// What clean mixture plus offset is scaled to.
    pub normalise: Scale,
    /// New specimens of known species, made before everything else; each keeps the norm of the spectrum drawn.
    pub blend: Option<Blend>,
    /// Background.
    pub background: Option<Glow>,
    /// Noise.
    pub noise: Noise,
    /// Cosmic rays.
    pub spikes: Option<Spikes>,
}

impl Default for Recipe {
    /// Two unit-norm spectra of different species, a and 1 - a, nothing added.
    fn default() -> Self {
        Self {
            scale: Scale::UnitNorm,
            parts: Parts::Simplex { least: 2, most: 2, choice: Choice::Rows, least_weight: 0.0 },
            shift_cm1: Span::at(0.0),
            stretch: Span::at(0.0),
            broadening_cm1: Span::at(0.0),
            distort_each: false,
            gain: Span::at(1.0),
            offset: Span::at(0.0),
            normalise: Scale::AsIs,
            blend: None,
            background: None,
            noise: Noise::Silent,
            spikes: None,
        }
    }
}

impl Recipe {
    /// The `RSSNet` paper's protocol: a s1 + (1 - a) s2 of unit-norm spectra of two species, a uniform in 0..1, brown and
    /// white noise 1:1 at 10 to 20 dB.
    #[must_use]
    pub fn rssnet() -> Self {
        Self { noise: Noise::BrownWhite { snr_db: Span(10.0, 20.0) }, ..Self::default() }
    }

    /// The `RaMixNet` paper's augmentation: levels 0 to 100 % of every substance, scale error 3 cm-1, gain, vertical shift,
    /// maximum 1, one of four backgrounds, white noise. `Levels { levels: 10 }` gives the paper's 9,999 mixtures.
    #[must_use]
    pub fn ramixnet() -> Self {
        Self {
            scale: Scale::UnitMax,
            parts: Parts::Levels { levels: 11 },
            shift_cm1: Span(-3.0, 3.0),
            gain: Span(0.8, 1.2),
            offset: Span(-0.05, 0.05),
            normalise: Scale::UnitMax,
            background: Some(Glow {
                chance: 1.0,
                curves: Family::PAPER.map(Curve::Family).to_vec(),
                height: Span::at(1.0),
            }),
            noise: Noise::White { sigma: Span(0.0, 0.02) },
            ..Self::default()
        }
    }

    /// A spectrometer on real samples: two to five species whose specimens differ from the stored ones, fluorescence, a
    /// counting detector, cosmic rays.
    #[must_use]
    pub fn instrument() -> Self {
        Self {
            parts: Parts::Simplex { least: 2, most: 5, choice: Choice::Species, least_weight: 0.02 },
            shift_cm1: Span(-1.5, 1.5),
            stretch: Span(-5e-4, 5e-4),
            broadening_cm1: Span(0.0, 4.0),
            distort_each: true,
            background: Some(Glow {
                chance: 0.7,
                curves: Shape::ALL.map(Curve::Smooth).to_vec(),
                height: Span(0.05, 2.0),
            }),
            noise: Noise::Detector { peak_electrons: Span(300.0, 1e5), readout_electrons: Span(2.0, 10.0) },
            spikes: Some(Spikes { most: 2, height: Span(0.2, 2.0) }),
            ..Self::default()
        }
    }

    /// Refuses settings out of range with the name of the setting.
    pub fn check(&self) -> Result<(), SynthError> {
        const ANY: (f64, f64) = (f64::MIN, f64::MAX);
        const POSITIVE: (f64, f64) = (f64::MIN_POSITIVE, f64::MAX);
        const NOT_NEGATIVE: (f64, f64) = (0.0, f64::MAX);
        let wrong = |setting, found: String, expected| Err(SynthError::Setting { setting, found, expected });
        match &self.parts {
            Parts::Simplex { least, most, least_weight, .. } => {
                if *least == 0 || least > most {
                    return wrong("parts", format!("{least} to {most}"), "a range of at least one component");
                }
                if !(*least_weight >= 0.0 && least_weight * *most as f64 <= 1.0) {
                    return wrong(
                        "least_weight",
                        least_weight.to_string(),
                        "0 to 1 over the most components",
                    );
                }
            }
            Parts::Levels { levels } => {
                if !(2..=11).contains(levels) {
                    return wrong("levels", levels.to_string(), "2 to 11");
                }
            }
        }
        self.shift_cm1.check("shift_cm1", ANY, "a finite range, low end first")?;
        self.stretch.check("stretch", (-0.5, 0.5), "a range within -0.5 to 0.5, low end first")?;
        self.broadening_cm1.check("broadening_cm1", NOT_NEGATIVE, "a range from 0 on, low end first")?;
        self.gain.check("gain", POSITIVE, "a range above 0, low end first")?;
        self.offset.check("offset", (-0.9, f64::MAX), "a range from -0.9 on, low end first")?;
        if let Some(Blend { chance, ripple, spacing_cm1, .. }) = self.blend {
            let fine = (0.0..=1.0).contains(&chance) && (0.0..=10.0).contains(&ripple) && spacing_cm1 > 0.0;
            if !fine {
                let found = format!("a chance of {chance}, a ripple of {ripple} over {spacing_cm1} cm-1");
                return wrong(
                    "blend",
                    found,
                    "a chance of 0 to 1, a ripple of 0 to 10 over more than 0 cm-1",
                );
            }
        }
        if let Some(glow) = &self.background {
            if !(0.0..=1.0).contains(&glow.chance) {
                return wrong("background.chance", glow.chance.to_string(), "0 to 1");
            }
            if glow.curves.is_empty() {
                return wrong("background.curves", "empty".to_owned(), "at least one curve");
            }
            glow.height.check("background.height", NOT_NEGATIVE, "a range from 0 on, low end first")?;
        }
        match &self.noise {
            Noise::Silent => {}
            Noise::BrownWhite { snr_db } => {
                snr_db.check("noise.snr_db", (-300.0, 300.0), "a range within -300 to 300, low end first")?;
            }
            Noise::White { sigma } => {
                sigma.check("noise.sigma", NOT_NEGATIVE, "a range from 0 on, low end first")?;
            }
            Noise::Detector { peak_electrons, readout_electrons } => {
                peak_electrons.check("noise.peak_electrons", POSITIVE, "a range above 0, low end first")?;
                readout_electrons.check(
                    "noise.readout_electrons",
                    NOT_NEGATIVE,
                    "a range from 0 on, low end first",
                )?;
            }
        }
        if let Some(spikes) = &self.spikes {
            spikes.height.check("spikes.height", NOT_NEGATIVE, "a range from 0 on, low end first")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_pass_their_own_check_and_survive_json() {
        for recipe in [Recipe::rssnet(), Recipe::ramixnet(), Recipe::instrument()] {
            recipe.check().unwrap();
            let text = serde_json::to_string(&recipe).unwrap();
            assert_eq!(serde_json::from_str::<Recipe>(&text).unwrap(), recipe, "{text}");
        }
    }

    #[test]
    fn a_short_recipe_means_the_default_for_the_rest_and_a_misspelt_one_is_refused() {
        let noise = r#"{"noise": {"kind": "brown_white", "snr_db": [10, 20]}}"#;
        assert_eq!(serde_json::from_str::<Recipe>(noise).unwrap(), Recipe::rssnet());
        assert!(serde_json::from_str::<Recipe>(r#"{"noize": {"kind": "silent"}}"#).is_err());
        assert!(serde_json::from_str::<Recipe>(r#"{"noise": {"kind": "white", "snr_db": [1, 2]}}"#).is_err());
    }

    #[test]
    fn settings_out_of_range_are_named() {
        let base = Recipe::instrument();
        let glow =
            |chance, curves: &[Curve]| Some(Glow { chance, curves: curves.to_vec(), height: Span::at(1.0) });
        let simplex =
            |least, most, least_weight| Parts::Simplex { least, most, choice: Choice::Rows, least_weight };
        let cases = [
            ("parts", Recipe { parts: simplex(0, 2, 0.0), ..base.clone() }),
            ("parts", Recipe { parts: simplex(3, 2, 0.0), ..base.clone() }),
            ("least_weight", Recipe { parts: simplex(2, 4, 0.3), ..base.clone() }),
            ("least_weight", Recipe { parts: simplex(2, 4, f64::NAN), ..base.clone() }),
            ("levels", Recipe { parts: Parts::Levels { levels: 12 }, ..base.clone() }),
            ("gain", Recipe { gain: Span(0.0, 1.0), ..base.clone() }),
            ("shift_cm1", Recipe { shift_cm1: Span(1.0, -1.0), ..base.clone() }),
            ("stretch", Recipe { stretch: Span::at(f64::NAN), ..base.clone() }),
            (
                "background.chance",
                Recipe { background: glow(1.5, &[Curve::Family(Family::Sigmoid)]), ..base.clone() },
            ),
            ("background.curves", Recipe { background: glow(0.5, &[]), ..base.clone() }),
            (
                "blend",
                Recipe {
                    blend: Some(Blend { chance: 1.0, most: 1, ripple: 0.1, spacing_cm1: 0.0 }),
                    ..base.clone()
                },
            ),
            ("noise.sigma", Recipe { noise: Noise::White { sigma: Span(-1.0, 0.0) }, ..base.clone() }),
            ("spikes.height", Recipe { spikes: Some(Spikes { most: 1, height: Span(2.0, 1.0) }), ..base }),
        ];
        for (name, recipe) in cases {
            let refused = recipe.check().unwrap_err();
            assert!(matches!(refused, SynthError::Setting { setting, .. } if setting == name), "{refused}");
        }
    }
}
