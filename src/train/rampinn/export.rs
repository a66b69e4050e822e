//! A trained network as files that the program ships or loads: averaged weights in half precision, and the card.

use std::path::Path;

use super::super::task::Set;
use super::super::{Course, TrainError, files};
use super::draw::{CarsMixture, POINTS};
use super::plan::CarsPlan;
use crate::nets::{
    Array, CardAxis, CardData, CardScore, CardTraining, CardWeights, ModelCard, Precision, RampinnConfig,
    sha256, to_bytes,
};

const WEIGHTS: &str = "model.safetensors";
const CARD: &str = "model.json";

/// Writes `model.safetensors` and `model.json` into the folder; gives back the card. `zero_db` is what answering nothing
/// reaches on the validation.
pub fn export_cars(
    folder: &Path,
    weights: &[Array],
    plan: &CarsPlan,
    (course, sets): (&Course, &[Set]),
    device: &str,
    zero_db: f64,
) -> Result<ModelCard<RampinnConfig>, TrainError> {
    let bytes = to_bytes(weights, Precision::Half)?;
    let parameters = weights.iter().map(|array| array.values.len()).sum();
    let file = CardWeights { file: WEIGHTS.into(), bytes: bytes.len(), sha256: sha256(&bytes), parameters };
    // Any axis is brought to so many even points, whatever its unit.
    let axis = CardAxis { first_cm1: 0.0, last_cm1: 1.0, points: POINTS };
    let mut card = ModelCard::new(format!("rampinn-{}", plan.preset), plan.network.clone(), axis, file);
    card.preset.clone_from(&plan.preset);
    card.normalisation = "intensity over its largest value s; answers in units of sqrt(s)".into();
    let library = match plan.mixture {
        CarsMixture::Advised => "made while training: 60 % mix, 30 % weak, 10 % phantom",
        CarsMixture::Broad => {
            "made while training: 42 % mix, 18 % weak, 7 % phantom, 8 % tissue, 10 % specnet and lut, 10 % vector, \
             3 % crimson, 2 % gan"
        }
    };
    card.data = CardData { library: library.into(), input_si_snr_db: zero_db, ..CardData::default() };
    card.training = CardTraining {
        seed: plan.seed,
        samples: course.samples,
        steps: course.step,
        hours: course.seconds / 3600.0,
        device: device.to_owned(),
        program: concat!("unravel ", env!("CARGO_PKG_VERSION")).to_owned(),
        from: plan
            .from
            .as_deref()
            .and_then(Path::file_name)
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
    };
    let judged = course.rows.iter().filter(|row| row.scores.len() == sets.len());
    card.scores = judged
        .flat_map(|row| {
            sets.iter().zip(&row.scores).map(|(set, value)| CardScore {
                samples: row.samples,
                name: set.name.to_owned(),
                value: *value,
            })
        })
        .collect();
    files::write(&folder.join(WEIGHTS), &bytes)?;
    let path = folder.join(CARD);
    let text = card.to_json().map_err(|e| TrainError::file(&path, e.to_string()))?;
    files::write(&path, text.as_bytes())?;
    Ok(card)
}
