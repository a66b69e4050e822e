//! A trained network as the two files that the program ships or loads: weights in half precision, and their card.

use std::path::Path;

use burn::module::Module;

use super::{Course, TrainError, files};
use crate::nets::{
    Array, CardTraining, CardWeights, Design, ModelCard, Precision, from_bytes, sha256, to_bytes, with_arrays,
};

const WEIGHTS: &str = "model.safetensors";
const CARD: &str = "model.json";
/// Largest file of weights read.
const MOST_WEIGHTS: u64 = 1 << 30;

/// The network with the weights of a file, if one is named.
pub fn filled<M: Module>(net: M, from: Option<&Path>) -> Result<M, TrainError> {
    let Some(path) = from else { return Ok(net) };
    let arrays = from_bytes(&files::read(path, MOST_WEIGHTS)?);
    let filled = arrays.and_then(|arrays| with_arrays(net, &arrays));
    filled.map_err(|e| TrainError::file(path, e.to_string()))
}

/// The weights as they are stored, and what a card says of them.
pub fn packed(weights: &[Array]) -> Result<(Vec<u8>, CardWeights), TrainError> {
    let bytes = to_bytes(weights, Precision::Half)?;
    let parameters = weights.iter().map(|array| array.values.len()).sum();
    let card = CardWeights { file: WEIGHTS.into(), bytes: bytes.len(), sha256: sha256(&bytes), parameters };
    Ok((bytes, card))
}

/// What a card says of a training; `from` are the weights that it began with.
pub fn training(course: &Course, seed: u64, device: &str, from: Option<&Path>) -> CardTraining {
    let from = from.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    CardTraining {
        seed,
        samples: course.samples,
        steps: course.step,
        hours: course.seconds / 3600.0,
        device: device.to_owned(),
        program: concat!("unravel ", env!("CARGO_PKG_VERSION")).to_owned(),
        from: from.unwrap_or_default(),
    }
}

/// Writes both files into a folder.
pub fn write<D: Design>(folder: &Path, weights: &[u8], card: &ModelCard<D>) -> Result<(), TrainError> {
    files::write(&folder.join(WEIGHTS), weights)?;
    let path = folder.join(CARD);
    let text = card.to_json().map_err(|e| TrainError::file(&path, e.to_string()))?;
    files::write(&path, text.as_bytes())
}
