//! What lies in the folder of all models.

use std::convert::Infallible;
use std::path::{Path, PathBuf};

use super::place::Place;
use crate::jobs::{Failure, Handle, Jobs, Lane};
use crate::methods::Trained;
use crate::train::Checkpoint;

/// All models of a user.
#[derive(Debug, Clone, Default)]
pub struct ModelShelf {
    /// Finished ones; each is a method.
    pub models: Vec<&'static Trained>,
    /// Trainings that were stopped.
    pub unfinished: Vec<Unfinished>,
    /// Sentences about what cannot be used.
    pub troubles: Vec<String>,
}

/// A training that was stopped before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Where it lies.
    pub folder: PathBuf,
    /// Its name for people.
    pub name: String,
    /// Its substances.
    pub substances: Vec<String>,
    /// Mixtures seen.
    pub samples: u64,
    /// Mixtures planned.
    pub all: u64,
}

impl ModelShelf {
    /// Reads the folder; one that is not there is empty.
    pub fn read(models: &Path) -> Self {
        let mut shelf = Self::default();
        let Ok(entries) = std::fs::read_dir(models) else { return shelf };
        let mut folders: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
        folders.sort();
        for folder in folders.into_iter().filter(|f| f.is_dir()) {
            let place = Place(folder);
            if place.finished() {
                match Trained::adopt(&place.0) {
                    Ok(model) => shelf.models.push(model),
                    Err(error) => shelf.troubles.push(error.to_string()),
                }
            } else if place.begun() && !place.held() {
                match unfinished(&place) {
                    Ok(one) => shelf.unfinished.push(one),
                    Err(error) => shelf.troubles.push(error.to_string()),
                }
            }
        }
        shelf
    }
}

fn unfinished(place: &Place) -> Result<Unfinished, Failure> {
    let wanted = place.wanted()?;
    let checkpoint = Checkpoint::newest(&place.0).map_err(|e| Failure::Refused(e.to_string()))?;
    Ok(Unfinished {
        folder: place.0.clone(),
        name: wanted.plan.name,
        substances: wanted.plan.names,
        samples: checkpoint.map_or(0, |c| c.manifest.course.samples),
        all: wanted.plan.samples,
    })
}

impl Jobs {
    /// Reads the folder of all models, after this one of them was removed, if any.
    pub fn models(&self, models: PathBuf, remove: Option<PathBuf>) -> Handle<Infallible, ModelShelf> {
        self.submit("Looking for trained models", Lane::Quick, move |_| {
            if let Some(folder) = remove {
                Place(folder).remove()?;
            }
            Ok(ModelShelf::read(&models))
        })
    }
}
