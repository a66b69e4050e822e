//! A trained network as files that the program ships or loads: averaged weights in half precision, and the card.

use std::path::Path;

use super::material::Material;
use super::plan::Plan;
use super::{Course, TrainError, files};
use crate::nets::{
    Array, CardAxis, CardCalibration, CardData, CardPoint, CardTraining, CardWeights, Design, ModelCard,
    Precision, sha256, to_bytes,
};

const WEIGHTS: &str = "model.safetensors";
const CARD: &str = "model.json";

/// Writes `model.safetensors` and `model.json` into the folder; gives back the card.
pub fn export<D: Design>(
    folder: &Path,
    weights: &[Array],
    plan: &Plan<D>,
    course: &Course,
    material: &Material,
    (device, input_si_snr_db): (&str, f64),
    calibration: Option<CardCalibration>,
) -> Result<ModelCard<D>, TrainError> {
    let bytes = to_bytes(weights, Precision::Half)?;
    let parameters = weights.iter().map(|array| array.values.len()).sum();
    let file = CardWeights { file: WEIGHTS.into(), bytes: bytes.len(), sha256: sha256(&bytes), parameters };
    let data = &plan.data;
    let axis = CardAxis { first_cm1: data.low_cm1, last_cm1: data.high_cm1, points: data.points };
    let name = format!("{}-{}", plan.network.name(), plan.preset);
    let mut card = ModelCard::new(name, plan.network.clone(), axis, file);
    card.calibration = calibration;
    card.preset.clone_from(&plan.preset);
    card.preprocessing.clone_from(&data.preprocessing);
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    card.data = CardData {
        library: std::iter::once(&data.library)
            .chain(&data.also)
            .map(|path| name(path).unwrap_or_else(|| path.display().to_string()))
            .collect::<Vec<_>>()
            .join(", "),
        split: if data.splits.is_some() { data.split.clone() } else { String::new() },
        spectra: material.trained.len(),
        species: material.species,
        held_out: material.held_out.len(),
        citation: data.citation.clone(),
        licence: data.licence.clone(),
        realistic: plan.realistic,
        input_si_snr_db,
    };
    card.training = CardTraining {
        seed: plan.seed,
        samples: course.samples,
        steps: course.step,
        hours: course.seconds / 3600.0,
        device: device.to_owned(),
        program: concat!("unravel ", env!("CARGO_PKG_VERSION")).to_owned(),
        from: plan.from.as_deref().and_then(name).unwrap_or_default(),
    };
    card.validation = course
        .rows
        .iter()
        .filter_map(|row| match row.scores.as_slice() {
            [known_db, held_out_db, rest @ ..] => Some(CardPoint {
                samples: row.samples,
                known_db: *known_db,
                held_out_db: *held_out_db,
                lacking_db: rest.first().copied(),
            }),
            _ => None,
        })
        .collect();
    files::write(&folder.join(WEIGHTS), &bytes)?;
    let path = folder.join(CARD);
    let text = card.to_json().map_err(|e| TrainError::file(&path, e.to_string()))?;
    files::write(&path, text.as_bytes())?;
    Ok(card)
}
