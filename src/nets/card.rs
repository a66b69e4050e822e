//! The card beside a file of weights: what the network is, what it was trained on, how good it was. And a network from
//! both, after everything was checked.

use burn::tensor::Device;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::card_panel::CardPanel;
use super::design::Design;
use super::separator::SeparatorConfig;
use super::weights::{WeightsError, from_bytes, with_arrays};

/// Version of the card's own form.
const VERSION: u32 = 1;
/// Largest axis believed.
const MOST_POINTS: usize = 1 << 20;

/// Why a model cannot be used.
#[derive(Debug, Error, PartialEq)]
pub enum CardError {
    /// The card cannot be read.
    #[error("this is no model card that can be used: {0}")]
    Card(String),
    /// The weights are not those that the card was written for.
    #[error(
        "the weights are not those of this card: {found} bytes with SHA-256 {sum}, the card names {bytes} bytes with \
         {expected}; the file was cut short or altered, or belongs to another card"
    )]
    Altered {
        /// Bytes found.
        found: usize,
        /// Their sum.
        sum: String,
        /// Bytes expected.
        bytes: usize,
        /// The sum expected.
        expected: String,
    },
    /// The weights do not fit the card's network or hold what is no number.
    #[error(transparent)]
    Weights(#[from] WeightsError),
}

/// The axis of a network: even positions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CardAxis {
    /// First position in cm-1.
    pub first_cm1: f64,
    /// Last position in cm-1.
    pub last_cm1: f64,
    /// Number of positions.
    pub points: usize,
}

/// What a network was trained on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CardData {
    /// Name of the library.
    pub library: String,
    /// The split of its rows; blank for all of them.
    #[serde(default)]
    pub split: String,
    /// Spectra that were mixed in training.
    pub spectra: usize,
    /// Species among them.
    pub species: usize,
    /// Spectra held out for validation.
    pub held_out: usize,
    /// Whom to cite.
    #[serde(default)]
    pub citation: String,
    /// Terms of the data, as far as they are known.
    #[serde(default)]
    pub licence: String,
    /// True for mixtures with errors of real instruments, not only the paper's noise.
    #[serde(default)]
    pub realistic: bool,
    /// Mean SI-SNR of the mixtures against their components, before anything is separated.
    pub input_si_snr_db: f64,
}

/// How a network was trained.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CardTraining {
    /// Seed of weights and data.
    pub seed: u64,
    /// Mixtures seen.
    pub samples: u64,
    /// Steps of the optimiser.
    pub steps: u64,
    /// Hours of training.
    pub hours: f64,
    /// On what, in words.
    pub device: String,
    /// The program that trained it.
    pub program: String,
    /// Weights of another model that it began with; blank for none.
    #[serde(default)]
    pub from: String,
}

/// A validation: mean SI-SNRi in dB.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CardPoint {
    /// Mixtures seen.
    pub samples: u64,
    /// On fresh mixtures of trained spectra.
    pub known_db: f64,
    /// On mixtures of spectra held out.
    pub held_out_db: f64,
    /// On mixtures of species that the library lacks, from networks that are given one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lacking_db: Option<f64>,
}

/// One figure of a validation, by the name of its column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CardScore {
    /// Samples seen.
    pub samples: u64,
    /// The column.
    pub name: String,
    /// The figure.
    pub value: f64,
}

/// How far a network that refines is to be believed, found on the validation's mixtures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CardCalibration {
    /// Half the width of a 90 % interval over the deviation that the network states: of points of a component.
    pub band: f64,
    /// The same of the logarithm of a component's size.
    pub level: f64,
    /// Log odds of being exact above which a candidate is left as it is.
    pub keep: f32,
    /// Part of a correction that is made, for candidates in equal steps of the probability that their species is there.
    pub trust: Vec<f32>,
    /// How names are judged.
    #[serde(default)]
    pub naming: CardNaming,
    /// `band` for each [`CardCalibration::standing`] of a candidate; where they are missing the one above holds for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standings: Vec<f64>,
}

impl Default for CardCalibration {
    /// Everything is believed as it is said.
    fn default() -> Self {
        Self {
            band: 1.0,
            level: 1.0,
            keep: 0.0,
            trust: vec![1.0],
            naming: CardNaming::default(),
            standings: Vec::new(),
        }
    }
}

/// What makes the name of a candidate probable, as a logistic regression of what the search and the network say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CardNaming {
    /// Constant, and the factors of [`CardNaming::evidence`].
    pub weights: Vec<f64>,
    /// Probability below which the name is not given.
    pub limit: f64,
}

impl Default for CardNaming {
    /// The network's own verdict on the species.
    fn default() -> Self {
        Self { weights: vec![0.0, 0.0, 0.0, 1.0, 0.0], limit: 0.5 }
    }
}

impl CardNaming {
    /// Log odds beyond these tell no more.
    const FAR: f64 = 8.0;

    /// The search's confidence and the network's log odds that the candidate is exact, that its species is there and that
    /// the library lists what is there, as numbers that can be weighed.
    #[must_use]
    pub fn evidence(confidence: f64, odds: [f32; 3]) -> [f64; 4] {
        let within = |x: f64| x.clamp(-Self::FAR, Self::FAR);
        let least = (-Self::FAR).exp();
        let confidence = confidence.clamp(least, 1.0 - least);
        let [exact, there, listed] = odds.map(f64::from);
        [(confidence / (1.0 - confidence)).ln(), exact, there, listed].map(within)
    }

    /// Probability that the name is right.
    #[must_use]
    pub fn probability(&self, evidence: [f64; 4]) -> f64 {
        let terms = [1.0, evidence[0], evidence[1], evidence[2], evidence[3]];
        let odds: f64 = self.weights.iter().zip(terms).map(|(w, x)| w * x).sum();
        1.0 / (1.0 + (-odds).exp())
    }
}

impl CardCalibration {
    /// Standings that are told apart.
    pub const STANDINGS: usize = 3;

    /// How a candidate stands, by the network's log odds: it is left as it is (0), the library holds what is there (1), or
    /// not (2), as of the slot for what the library lacks.
    pub fn standing(&self, lacking: bool, exact: f32, listed: f32) -> usize {
        match lacking {
            false if exact > self.keep => 0,
            false if listed > 0.0 => 1,
            _ => 2,
        }
    }

    /// What stated deviations of points are multiplied by for a standing.
    pub fn width(&self, standing: usize) -> f64 {
        self.standings.get(standing).copied().unwrap_or(self.band)
    }

    /// Part of a correction that is made where the species is there with these log odds.
    pub fn trust_at(&self, odds: f32) -> f32 {
        let probability = 1.0 / (1.0 + (-odds).exp());
        let step = (probability * self.trust.len() as f32) as usize;
        self.trust.get(step.min(self.trust.len().saturating_sub(1))).copied().unwrap_or(1.0)
    }
}

/// The file of weights.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardWeights {
    /// Name of the file beside the card.
    pub file: String,
    /// Its size.
    pub bytes: usize,
    /// Its sum.
    pub sha256: String,
    /// Numbers in it.
    pub parameters: usize,
}

/// Everything about a model but its weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct ModelCard<D: Design = SeparatorConfig> {
    version: u32,
    /// Name for people.
    pub name: String,
    /// The network and its sizes.
    pub architecture: D,
    /// Name of its preset; blank for none.
    #[serde(default)]
    pub preset: String,
    /// The axis that spectra are brought on.
    pub axis: CardAxis,
    /// Steps for raw spectra, as `unravel process` takes them; blank for none.
    #[serde(default)]
    pub preprocessing: String,
    /// What spectra are scaled to.
    pub normalisation: String,
    /// What it was trained on.
    pub data: CardData,
    /// How it was trained.
    pub training: CardTraining,
    /// The validations in order.
    pub validation: Vec<CardPoint>,
    /// The validations of networks that are judged by other figures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<CardScore>,
    /// Results of `unravel bench`, as it printed them.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub bench: serde_json::Value,
    /// What stated uncertainties are to be multiplied by, from networks that state them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<CardCalibration>,
    /// What is known of a network that names and doses substances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panel: Option<CardPanel>,
    /// The file of weights.
    pub weights: CardWeights,
}

impl<D: Design> ModelCard<D> {
    /// A card with what every card needs.
    pub fn new(name: String, architecture: D, axis: CardAxis, weights: CardWeights) -> Self {
        Self {
            version: VERSION,
            name,
            architecture,
            preset: String::new(),
            axis,
            preprocessing: String::new(),
            normalisation: "Euclidean norm 1".into(),
            data: CardData::default(),
            training: CardTraining::default(),
            validation: Vec::new(),
            scores: Vec::new(),
            bench: serde_json::Value::Null,
            calibration: None,
            panel: None,
            weights,
        }
    }

    /// Reads and checks a card.
    pub fn from_json(text: &str) -> Result<Self, CardError> {
        let card: Self = serde_json::from_str(text).map_err(|e| CardError::Card(e.to_string()))?;
        if card.version != VERSION {
            let found = card.version;
            return Err(CardError::Card(format!("it has version {found}, this program reads {VERSION}")));
        }
        card.architecture.check().map_err(CardError::Card)?;
        let CardAxis { first_cm1: first, last_cm1: last, points } = card.axis;
        if !(first.is_finite() && last.is_finite() && first < last && (2..=MOST_POINTS).contains(&points)) {
            let problem = format!("its axis of {points} points from {first} to {last} cm-1 is not usable");
            return Err(CardError::Card(problem));
        }
        Ok(card)
    }

    /// The card as text.
    pub fn to_json(&self) -> Result<String, CardError> {
        serde_json::to_string_pretty(self).map_err(|e| CardError::Card(e.to_string()))
    }
}

/// The sum of bytes as hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The network of a card with these weights, on a device. Weights that are not the card's, do not fit or are not finite
/// are refused.
pub fn load_model<D: Design>(
    weights: &[u8],
    card: &ModelCard<D>,
    device: &Device,
) -> Result<D::Net, CardError> {
    let sum = sha256(weights);
    if sum != card.weights.sha256 || weights.len() != card.weights.bytes {
        let (found, bytes, expected) = (weights.len(), card.weights.bytes, card.weights.sha256.clone());
        return Err(CardError::Altered { found, sum, bytes, expected });
    }
    let arrays = from_bytes(weights)?;
    card.architecture.check().map_err(CardError::Card)?;
    Ok(with_arrays(card.architecture.blank(device), &arrays)?)
}

#[cfg(test)]
mod tests {
    use super::super::dropout::Dropout;
    use super::super::guided::GuidedConfig;
    use super::super::rssnet::RssnetConfig;
    use super::super::separator::Separator;
    use super::super::weights::{Array, Precision, arrays_of, to_bytes};
    use super::*;
    use burn::module::{Module, ModuleVisitor, Param};
    use burn::tensor::Tensor;

    fn config(channels: usize) -> SeparatorConfig {
        let tiny = RssnetConfig::preset("tiny").unwrap();
        SeparatorConfig::Rssnet(RssnetConfig { channels, hidden: 8, heads: 2, repeats: 1, chunk: 8, ..tiny })
    }

    fn arrays() -> Vec<Array> {
        arrays_of(&Separator::new(&config(4), 3, &Device::flex())).unwrap()
    }

    fn card(bytes: &[u8], architecture: SeparatorConfig) -> ModelCard {
        let axis = CardAxis { first_cm1: 150.0, last_cm1: 1500.0, points: 64 };
        let weights = CardWeights {
            file: "model.safetensors".into(),
            bytes: bytes.len(),
            sha256: sha256(bytes),
            parameters: 0,
        };
        ModelCard::new("test".into(), architecture, axis, weights)
    }

    /// Weights that lie in memory.
    fn filled(net: &impl Module) -> usize {
        struct Filled(usize);
        impl ModuleVisitor for Filled {
            fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
                self.0 += usize::from(param.is_initialized());
            }
        }
        let mut count = Filled(0);
        net.visit(&mut count);
        count.0
    }

    fn refusal(bytes: &[u8], card: &ModelCard) -> String {
        load_model(bytes, card, &Device::flex()).unwrap_err().to_string()
    }

    #[test]
    fn the_sum_is_the_published_one() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), expected);
    }

    #[test]
    fn a_model_comes_back_as_it_went() {
        let bytes = to_bytes(&arrays(), Precision::Single).unwrap();
        let card =
            ModelCard::<SeparatorConfig>::from_json(&card(&bytes, config(4)).to_json().unwrap()).unwrap();
        let device = Device::flex();
        let loaded = load_model(&bytes, &card, &device).unwrap();
        let y =
            Tensor::<1>::from_floats((0..64).map(|i| (i % 7) as f32).collect::<Vec<_>>().as_slice(), &device);
        let run = |net: &Separator| {
            let out = net.forward(y.clone().reshape([1, 64]), &mut Dropout::none());
            out.try_into_data().unwrap().try_to_vec::<f32>().unwrap()
        };
        assert_eq!(run(&loaded), run(&Separator::new(&config(4), 3, &device)));
    }

    #[test]
    fn altered_or_truncated_weights_are_refused() {
        let bytes = to_bytes(&arrays(), Precision::Half).unwrap();
        let card = card(&bytes, config(4));
        let mut flipped = bytes.clone();
        *flipped.last_mut().unwrap() ^= 1;
        for wrong in [flipped.as_slice(), &bytes[..bytes.len() - 2], &[]] {
            assert!(refusal(wrong, &card).contains("cut short or altered"));
        }
    }

    #[test]
    fn weights_that_lie_within_a_right_sum_are_refused() {
        let mut poisoned = arrays();
        poisoned[1].values[0] = f32::NAN;
        let bytes = to_bytes(&poisoned, Precision::Single).unwrap();
        assert!(refusal(&bytes, &card(&bytes, config(4))).contains("not finite"));
        let bytes = to_bytes(&arrays(), Precision::Single).unwrap();
        assert!(refusal(&bytes, &card(&bytes, config(8))).contains("were expected"));
        let bytes = to_bytes(&arrays()[1..], Precision::Single).unwrap();
        assert!(refusal(&bytes, &card(&bytes, config(4))).contains("is missing"));
        let half = &bytes[..bytes.len() / 2];
        assert!(refusal(half, &card(half, config(4))).contains("no safetensors weights"));
    }

    #[test]
    fn a_card_that_names_a_huge_network_is_refused_before_the_network_takes_memory() {
        let bytes = to_bytes(&arrays(), Precision::Half).unwrap();
        for name in SeparatorConfig::NAMES {
            let mut huge = serde_json::to_value(SeparatorConfig::named(name, "paper").unwrap()).unwrap();
            for size in ["channels", "hidden", "bottleneck", "kernel", "stride"] {
                if huge.get(size).is_some() {
                    huge[size] = 4096.into();
                }
            }
            let huge: SeparatorConfig = serde_json::from_value(huge).unwrap();
            // Built, these would be 0.3 to 20 GB.
            let net = Separator::blank(&huge, &Device::flex());
            assert!(net.num_params() > 80_000_000, "{name}: {}", net.num_params());
            assert_eq!(filled(&net), 0, "{name}");
            let said = refusal(&bytes, &card(&bytes, huge));
            assert!(said.contains("belong to another network"), "{name}: {said}");
        }
        let huge = GuidedConfig { widths: vec![4096; 10], ..GuidedConfig::preset("tiny").unwrap() };
        let net = huge.blank(&Device::flex());
        assert!(net.num_params() > 1_000_000_000 && filled(&net) == 0, "guided: {}", net.num_params());
    }

    #[test]
    fn cards_of_networks_deeper_than_any_are_refused() {
        for (name, size) in [("rssnet", "scales"), ("conv-tasnet", "repeats"), ("dprnn", "layers")] {
            let mut deep = serde_json::to_value(SeparatorConfig::named(name, "tiny").unwrap()).unwrap();
            deep[size] = 4096.into();
            let text = card(b"", serde_json::from_value(deep).unwrap()).to_json().unwrap();
            let said = ModelCard::<SeparatorConfig>::from_json(&text).unwrap_err().to_string();
            assert!(said.contains(&format!("{size} is 4096: it must be 1 to 64")), "{said}");
        }
    }

    #[test]
    fn a_blank_network_has_the_sizes_of_a_drawn_one() {
        for name in SeparatorConfig::NAMES {
            let config = SeparatorConfig::named(name, "tiny").unwrap();
            let drawn = arrays_of(&Separator::new(&config, 1, &Device::flex())).unwrap();
            let blank = Separator::blank(&config, &Device::flex());
            let loaded = arrays_of(&with_arrays(blank, &drawn).unwrap()).unwrap();
            assert_eq!(loaded, drawn, "{name}");
        }
    }

    #[test]
    fn cards_of_unknown_networks_or_without_sense_are_refused() {
        let good = card(b"", config(4)).to_json().unwrap();
        for (from, to, word) in [
            ("\"rssnet\"", "\"resnet\"", "resnet"),
            ("\"version\": 1", "\"version\": 2", "version 2"),
            ("\"points\": 64", "\"points\": 1", "axis of 1 points"),
            ("\"hidden\": 8", "\"hidden\": 7", "heads"),
            ("\"hidden\": 8", "\"hidden\": -8", "-8"),
            ("{", "", "ModelCard"),
        ] {
            let text = good.replacen(from, to, 1);
            assert_ne!(text, good, "{from}");
            let error = ModelCard::<SeparatorConfig>::from_json(&text).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
