//! The files of a model: its spectra and its plan from the beginning, checkpoints on the way, card and weights at the end.

use std::fs::{File, TryLockError};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::formats::Limits;
use crate::formats::write::{Overwrite, save};
use crate::jobs::Failure;
use crate::library::{Facts, Library};
use crate::spectrum::Spectrum;
use crate::train::ramixnet::RamixPlan;

/// Folder of all models in the user's data folder.
pub const MODELS: &str = "models";
const PLAN: &str = "plan.json";
const SPECTRA: &str = "pure.unravel-lib";
const CARD: &str = "model.json";
const CHECKPOINTS: &str = "checkpoints";
/// Held while somebody trains here.
const LOCK: &str = "training.lock";
/// Longest name of a folder.
const LONGEST: usize = 40;

/// What was asked for when a model was begun.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    /// The training.
    pub plan: RamixPlan,
    /// Minutes it may take.
    pub minutes: f64,
}

/// The folder of one model.
#[derive(Debug, Clone)]
pub struct Place(pub PathBuf);

/// Name of the folder of a model that is called like this.
pub fn folder_name(name: &str) -> String {
    let mut folder = String::new();
    for c in name.trim().chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            folder.push(c);
        } else if !folder.ends_with('-') && !folder.is_empty() {
            folder.push('-');
        }
        if folder.len() >= LONGEST {
            break;
        }
    }
    let folder = folder.trim_matches('-');
    let device = |name: &str| folder.strip_prefix(name).is_some_and(|n| n.len() == 1 && n != "0");
    // Names of devices are no names of folders on Windows.
    if folder.is_empty() || ["con", "prn", "aux", "nul"].contains(&folder) || device("com") || device("lpt") {
        return format!("{folder}-model").trim_start_matches('-').to_owned();
    }
    folder.to_owned()
}

impl Place {
    /// Makes the folder, which must not be there yet, with all that a training needs to be taken up later.
    pub fn make(&self, wanted: &Wanted, measured: &[(String, Spectrum)]) -> Result<(), Failure> {
        if self.0.exists() {
            return Err(Failure::Refused(format!(
                "{}: there is a model of this name already; give the new one another name, or delete that one first",
                self.0.display()
            )));
        }
        std::fs::create_dir_all(&self.0).map_err(|e| self.failed("", &e))?;
        let mut library = Library::new("Pure spectra");
        for (name, spectrum) in measured {
            library.add(Facts::named(name.clone()), spectrum.clone());
        }
        self.write(SPECTRA, &library.to_packed()?)?;
        let text = serde_json::to_string_pretty(wanted).map_err(|e| self.failed(PLAN, &e))?;
        self.write(PLAN, text.as_bytes())
    }

    /// What was asked for.
    pub fn wanted(&self) -> Result<Wanted, Failure> {
        let text = std::fs::read_to_string(self.0.join(PLAN)).map_err(|e| self.failed(PLAN, &e))?;
        serde_json::from_str(&text).map_err(|e| self.failed(PLAN, &e))
    }

    /// The spectra with the names of their substances.
    pub fn measured(&self) -> Result<Vec<(String, Spectrum)>, Failure> {
        let library = Library::load_packed(&self.0.join(SPECTRA), Limits::default())?;
        Ok(library.entries().iter().map(|e| (e.facts.name.clone(), e.spectrum.clone())).collect())
    }

    /// Whether a finished model lies here.
    pub fn finished(&self) -> bool {
        self.0.join(CARD).is_file()
    }

    /// Whether a training was begun here.
    pub fn begun(&self) -> bool {
        self.0.join(PLAN).is_file()
    }

    /// Keeps others from training here for as long as the file is held.
    pub fn hold(&self) -> Result<File, Failure> {
        let file = File::create(self.0.join(LOCK)).map_err(|e| self.failed(LOCK, &e))?;
        match file.try_lock() {
            // A file system without locks has no turns to take.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
            Err(TryLockError::WouldBlock) => {
                Err(Failure::Refused(format!("{}: another window trains this model", self.0.display())))
            }
        }
    }

    /// Whether somebody trains here.
    pub fn held(&self) -> bool {
        let Ok(file) = File::open(self.0.join(LOCK)) else { return false };
        matches!(file.try_lock(), Err(TryLockError::WouldBlock))
    }

    /// Takes away what a finished model needs no more.
    pub fn tidy(&self) {
        // What cannot be removed is only in the way.
        let _kept = std::fs::remove_dir_all(self.0.join(CHECKPOINTS));
        let _kept = std::fs::remove_file(self.0.join(LOCK));
    }

    /// Removes the model, whatever state it is in.
    pub fn remove(&self) -> Result<(), Failure> {
        if !self.finished() && !self.begun() {
            return Err(Failure::Refused(format!(
                "{}: this folder holds no model and was left alone",
                self.0.display()
            )));
        }
        let _turn = self.hold()?;
        std::fs::remove_dir_all(&self.0).map_err(|e| self.failed("", &e))
    }

    fn write(&self, file: &str, bytes: &[u8]) -> Result<(), Failure> {
        save(&self.0.join(file), bytes, Overwrite::Replace).map_err(|e| Failure::Refused(e.to_string()))
    }

    fn failed(&self, file: &str, problem: &dyn std::fmt::Display) -> Failure {
        let path = if file.is_empty() { self.0.clone() } else { self.0.join(file) };
        Failure::Refused(format!("{}: {problem}", path.display()))
    }
}
