//! Trained networks: those that ship with the program, and others from files.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use burn::tensor::Device;

use super::MethodError;
use crate::compute::Turn;
use crate::nets::{CardError, Design, ModelCard, load_model};
use crate::process::{Param, ParamDefault, ParamKind};

/// The word that means the network that ships with the program.
const BUILT_IN: &str = "built-in";

/// The setting that names a network.
pub(super) const MODEL: Param = Param {
    name: "model",
    short: "model",
    unit: "",
    what: "The trained network: 'built-in', or the card (.json) of another one with its weights beside it",
    kind: ParamKind::Text,
    default: ParamDefault::Word(BUILT_IN),
};

/// A folder whose models stand in for those that ship.
const FOLDER: &str = "UNRAVEL_MODELS";
/// Largest card read.
const MOST_OF_CARD: u64 = 16 << 20;
/// Models from files that are kept; each is some megabytes.
const KEPT: usize = 8;

/// A network on a device, by generation and whether that is a GPU.
type Placed<D> = ((u64, bool), <D as Design>::Net);

/// A trained network with its card.
pub struct Model<D: Design> {
    /// What it is and what it was trained on.
    pub card: ModelCard<D>,
    weights: Cow<'static, [u8]>,
    /// Networks on devices, latest last.
    nets: Mutex<Vec<Placed<D>>>,
}

impl<D: Design> std::fmt::Debug for Model<D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").field("name", &self.card.name).finish_non_exhaustive()
    }
}

/// A model, where it was read, and when its card was written.
type Read<D> = (PathBuf, Option<SystemTime>, Arc<Model<D>>);

/// The models of one method: the one that ships, and those read from files.
pub(super) struct Shelf<D: Design> {
    card: &'static str,
    weights: &'static [u8],
    /// The card looked for in a folder.
    file: &'static str,
    shipped: OnceLock<Result<Arc<Model<D>>, MethodError>>,
    read: Mutex<Vec<Read<D>>>,
}

impl<D: Design> Shelf<D> {
    /// With the model that ships, and the name of a card in a folder.
    pub const fn new(card: &'static str, weights: &'static [u8], file: &'static str) -> Self {
        Self { card, weights, file, shipped: OnceLock::new(), read: Mutex::new(Vec::new()) }
    }

    /// The model of a setting: `built-in`, a card, weights with their card beside them, or a folder with a card in it.
    /// Read once, and again where the card was replaced.
    pub fn model(&self, setting: &str) -> Result<Arc<Model<D>>, MethodError> {
        let setting = setting.trim();
        if !setting.is_empty() && setting != BUILT_IN {
            return self.file_at(Path::new(setting));
        }
        match std::env::var_os(FOLDER).map(PathBuf::from) {
            Some(folder) if folder.join(self.file).is_file() => self.file_at(&folder.join(self.file)),
            _ => self.shipped(),
        }
    }

    fn shipped(&self) -> Result<Arc<Model<D>>, MethodError> {
        let load = || {
            let model = Model::new(self.card, Cow::Borrowed(self.weights)).map(Arc::new);
            model.map_err(|e| refused("the built-in model", &e))
        };
        self.shipped.get_or_init(load).clone()
    }

    fn file_at(&self, path: &Path) -> Result<Arc<Model<D>>, MethodError> {
        let lock = || self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let written = std::fs::metadata(place(path, self.file)).and_then(|meta| meta.modified()).ok();
        if let Some((.., model)) = lock().iter().find(|(known, when, _)| known == path && *when == written) {
            return Ok(Arc::clone(model));
        }
        let model = Arc::new(read(path, self.file)?);
        let mut all = lock();
        all.retain(|(known, ..)| known != path);
        if all.len() >= KEPT {
            all.remove(0);
        }
        all.push((path.to_path_buf(), written, Arc::clone(&model)));
        Ok(model)
    }
}

/// The card that a path stands for.
fn place(path: &Path, file: &str) -> PathBuf {
    if path.is_dir() { path.join(file) } else { path.with_extension("json") }
}

fn unread(path: &Path, error: &std::io::Error) -> MethodError {
    refused(
        &path.display().to_string(),
        &format!("{error}; a model is a card (.json) with weights (.safetensors) beside it"),
    )
}

/// The text of a card.
fn text(card: &Path) -> Result<String, MethodError> {
    let size = std::fs::metadata(card).map_err(|e| unread(card, &e))?.len();
    if size > MOST_OF_CARD {
        let problem = format!("{size} bytes are no model card; at most {MOST_OF_CARD} are read");
        return Err(refused(&card.display().to_string(), &problem));
    }
    std::fs::read_to_string(card).map_err(|e| unread(card, &e))
}

/// A card alone.
pub(super) fn card<D: Design>(path: &Path) -> Result<ModelCard<D>, MethodError> {
    ModelCard::from_json(&text(path)?).map_err(|e| refused(&path.display().to_string(), &e))
}

fn read<D: Design>(path: &Path, file: &str) -> Result<Model<D>, MethodError> {
    let card = place(path, file);
    let (file, text) = (card.display().to_string(), text(&card)?);
    let known = ModelCard::<D>::from_json(&text).map_err(|e| refused(&file, &e))?;
    // The name alone: a card does not choose files elsewhere.
    let name = Path::new(&known.weights.file).file_name().unwrap_or_default();
    let weights = card.with_file_name(name);
    let there = std::fs::metadata(&weights).map_err(|e| unread(&weights, &e))?.len();
    if there != known.weights.bytes as u64 {
        let problem = format!(
            "{there} bytes, but its card {file} names {}: the file was cut short or altered, or belongs to another card",
            known.weights.bytes
        );
        return Err(refused(&weights.display().to_string(), &problem));
    }
    let bytes = std::fs::read(&weights).map_err(|e| unread(&weights, &e))?;
    Model::new(&text, Cow::Owned(bytes)).map_err(|e| refused(&weights.display().to_string(), &e))
}

fn refused(file: &str, problem: &dyn std::fmt::Display) -> MethodError {
    MethodError::Model { file: file.to_owned(), problem: problem.to_string() }
}

impl<D: Design> Model<D> {
    /// Reads a card and the weights beside it, and checks both.
    pub fn read(card: &Path) -> Result<Self, MethodError> {
        read(card, "")
    }

    /// Checks the card and that the weights are its own; nothing of them is used before.
    fn new(card: &str, weights: Cow<'static, [u8]>) -> Result<Self, CardError> {
        let card = ModelCard::from_json(card)?;
        let model = Self { card, weights, nets: Mutex::new(Vec::new()) };
        model.on(&Device::flex())?;
        Ok(model)
    }

    /// A fresh copy of the network on a device.
    pub(super) fn on(&self, device: &Device) -> Result<D::Net, CardError> {
        load_model(&self.weights, &self.card, device)
    }

    /// The network on the device of this turn. No lock is held while it is made: that uses all cores, and a worker of a
    /// pool that waits for its own parts may take up another spectrum that asks for the same network.
    pub(super) fn net(&self, turn: &Turn) -> Result<D::Net, CardError> {
        /// One for the GPU, one for the CPU beside it.
        const MOST: usize = 2;
        let key = (turn.generation, turn.gpu);
        let lock = || self.nets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, net)) = lock().iter().find(|(known, _)| *known == key) {
            return Ok(net.clone());
        }
        let net = self.on(&turn.device)?;
        let mut nets = lock();
        if nets.len() >= MOST {
            nets.remove(0);
        }
        nets.push((key, net.clone()));
        Ok(net)
    }

    /// One sentence about the model, for the notes of an outcome.
    pub(super) fn words(&self) -> String {
        let card = &self.card;
        let sum: String = card.weights.sha256.chars().take(12).collect();
        format!("model: {} ({} mixtures seen in training, SHA-256 {sum})", card.name, card.training.samples)
    }
}
