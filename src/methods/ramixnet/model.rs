//! The model that ships with the program, or another one from a file, made ready once.

use std::sync::{Arc, Mutex, PoisonError};

use super::super::MethodError;
use super::super::model::Shelf;
use super::Classifier;
use super::trained::{is_trained, of_trained};
use crate::nets::RamixnetConfig;

static SHELF: Shelf<RamixnetConfig> = Shelf::new(
    include_str!("../../../models/ramixnet.json"),
    include_bytes!("../../../models/ramixnet.safetensors"),
    "ramixnet.json",
);

/// Made ready, latest last, by the sums of their weights.
static READY: Mutex<Vec<(String, Arc<Classifier>)>> = Mutex::new(Vec::new());
/// How many are kept.
const KEPT: usize = 8;

/// The classifier of a setting: `built-in`, the id of a model that the user trained (`ramixnet:NAME`), a card, weights with their card beside them, or a folder with a card in it
/// (`ramixnet.json`).
pub fn classifier(setting: &str) -> Result<Arc<Classifier>, MethodError> {
    let model = if is_trained(setting) {
        SHELF.model(&of_trained(setting)?.path())?
    } else {
        SHELF.model(setting)?
    };
    let sum = &model.card.weights.sha256;
    let lock = || READY.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, ready)) = lock().iter().find(|(known, ready)| known == sum && ready.card() == &model.card)
    {
        return Ok(Arc::clone(ready));
    }
    let ready = Arc::new(Classifier::new(Arc::clone(&model))?);
    let mut all = lock();
    if all.len() >= KEPT {
        all.remove(0);
    }
    all.push((sum.clone(), Arc::clone(&ready)));
    Ok(ready)
}
