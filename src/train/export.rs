//! The model files of a network that takes spectra apart.

use std::path::Path;

use super::material::Material;
use super::plan::Plan;
use super::{Course, TrainError, model_file};
use crate::nets::{Array, CardAxis, CardCalibration, CardData, CardPoint, Design, ModelCard};

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
    let (bytes, file) = model_file::packed(weights)?;
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
    card.training = model_file::training(course, plan.seed, device, plan.from.as_deref());
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
    model_file::write(folder, &bytes, &card)?;
    Ok(card)
}
