//! What a card says of a network that names and doses substances.

use serde::{Deserialize, Serialize};

use super::card::CardError;

/// Its substances, how its answers are to be read, and how it came to them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CardPanel {
    /// In the order of the network's outputs.
    pub substances: Vec<CardSubstance>,
    /// What log odds of presence are divided by.
    pub temperature: f64,
    /// Half the width of a 90 % interval of a dosage over the deviation that repeated answers have.
    pub interval: f64,
    /// The least half width.
    pub interval_least: f64,
    /// When something else is in a sample.
    pub other: CardOther,
    /// How the training went.
    pub curve: Vec<CardStep>,
    /// How good it is on simulated mixtures of its own that it was not trained on.
    pub scores: CardPanelScores,
}

/// One substance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CardSubstance {
    /// Its name.
    pub name: String,
    /// Measured spectra it was trained with.
    pub spectra: usize,
    /// Height of its spectrum without background, in the units of its files: what a dosage of 1 was.
    pub height: f64,
    /// Probability from which it counts as there.
    pub threshold: f64,
}

/// Limits beyond which a sample holds something else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct CardOther {
    /// Of what the fit of the pure spectra leaves over, 0 to 1; where there is no limit of what is strange.
    pub excess: f64,
    /// Of what stands above the fit where that has little, 0 to 1; of models since this is looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strange: Option<f64>,
    /// Of the root mean square of the features' deviations.
    pub distance: f64,
}

/// A line of the training's course.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CardStep {
    /// Mixtures seen.
    pub samples: u64,
    /// Minutes of training.
    pub minutes: f64,
    /// Mean loss of training since the line before.
    pub loss: f64,
    /// Mean loss of the validation; none on lines without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<f64>,
}

/// Figures on simulated mixtures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct CardPanelScores {
    /// Mixtures judged.
    pub mixtures: usize,
    /// Of what was said to be there, the part that is.
    pub precision: f64,
    /// Of what is there, the part that was said to be.
    pub recall: f64,
    /// Both.
    pub f1: f64,
    /// Mixtures with every decision right, in percent.
    pub exact_percent: f64,
    /// Mean absolute error of the dosages; none from `RaMixNet` I.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dosage_mae: Option<f64>,
    /// Dosages inside their stated 90 % interval, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_percent: Option<f64>,
    /// Mixtures of known substances alone that were flagged, in percent.
    pub false_flags_percent: f64,
    /// Mixtures with something else at 30 % that were flagged, in percent.
    pub flagged_percent: f64,
}

impl CardPanel {
    /// Refuses what does not fit the network or cannot be read: a card comes from outside.
    pub fn check(&self, classes: usize) -> Result<(), CardError> {
        let found = self.substances.len();
        if found != classes {
            return Err(CardError::Card(format!(
                "it names {found} substances, its network has {classes} outputs"
            )));
        }
        let above = |v: f64| v.is_finite() && v > 0.0;
        if let Some(wrong) = self
            .substances
            .iter()
            .find(|s| s.name.trim().is_empty() || !above(s.height) || !(0.0..=1.0).contains(&s.threshold))
        {
            return Err(CardError::Card(format!(
                "substance \"{}\" has a height of {} and a threshold of {}",
                wrong.name, wrong.height, wrong.threshold
            )));
        }
        let numbers = [self.temperature, self.interval, self.other.excess, self.other.distance];
        let strange = self.other.strange.is_none_or(above);
        if numbers.iter().all(|v| above(*v)) && self.interval_least >= 0.0 && strange {
            return Ok(());
        }
        let problem = "temperature, interval and the limits of something else must be numbers above 0";
        Err(CardError::Card(problem.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel() -> CardPanel {
        let one = |name: &str| CardSubstance { name: name.into(), spectra: 1, height: 2.0, threshold: 0.5 };
        CardPanel {
            substances: vec![one("a"), one("b")],
            temperature: 1.2,
            interval: 2.0,
            interval_least: 0.01,
            other: CardOther { excess: 0.2, strange: None, distance: 1.5 },
            curve: vec![CardStep { samples: 10, minutes: 0.1, loss: 0.7, validation: None }],
            scores: CardPanelScores::default(),
        }
    }

    #[test]
    fn a_panel_comes_back_as_it_went_and_lies_are_refused() {
        let text = serde_json::to_string(&panel()).unwrap();
        let back: CardPanel = serde_json::from_str(&text).unwrap();
        assert_eq!(back, panel());
        assert_eq!(back.check(2), Ok(()));
        assert!(back.check(3).unwrap_err().to_string().contains("names 2 substances"));
        let said = |change: fn(&mut CardPanel)| {
            let mut wrong = panel();
            change(&mut wrong);
            wrong.check(2).unwrap_err().to_string()
        };
        assert!(said(|p| p.substances[1].height = 0.0).contains("\"b\" has a height of 0"));
        assert!(said(|p| p.substances[0].threshold = 2.0).contains("threshold of 2"));
        assert!(said(|p| p.temperature = -1.0).contains("above 0"));
        assert!(said(|p| p.interval_least = f64::NAN).contains("above 0"));
    }
}
