//! The model files of the network for CARS.

use std::path::Path;

use super::super::task::Set;
use super::super::{Course, TrainError, model_file};
use super::draw::{CarsMixture, POINTS};
use super::plan::CarsPlan;
use crate::nets::{Array, CardAxis, CardData, CardScore, ModelCard, RampinnConfig};

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
    let (bytes, file) = model_file::packed(weights)?;
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
    card.training = model_file::training(course, plan.seed, device, plan.from.as_deref());
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
    model_file::write(folder, &bytes, &card)?;
    Ok(card)
}
