//! Models that a user trained, each a method of its own beside the others.

use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use super::super::model;
use super::super::{Method, MethodError, MethodInfo, ModelUsed, Outcome, Request, Settings, Watch};
use super::method::{answer, used};
use crate::nets::{ModelCard, RamixnetConfig, Version};

/// What stands before the name of a model's folder in the id of its method.
const TRAINED: &str = "ramixnet:";
/// The card in a model's folder.
const CARD: &str = "model.json";

/// All that were found so far. Methods live as long as the program; a model is some hundred bytes until it is asked.
static ALL: RwLock<Vec<&'static Trained>> = RwLock::new(Vec::new());

/// A model that a user trained.
#[derive(Debug)]
pub struct Trained {
    info: &'static MethodInfo,
    /// Its card.
    pub card: ModelCard<RamixnetConfig>,
    /// Where it lies.
    pub folder: PathBuf,
}

impl Trained {
    /// Reads the card in a folder and makes the model a method, `ramixnet:` with the name of the folder; one that is a
    /// method already is given back.
    pub fn adopt(folder: &Path) -> Result<&'static Self, MethodError> {
        let path = folder.join(CARD);
        let card: ModelCard<RamixnetConfig> = model::card(&path)?;
        let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
        let id = format!("{TRAINED}{name}");
        if let Some(there) =
            trained().into_iter().find(|t| t.info.id == id && t.card == card && t.folder == folder)
        {
            return Ok(there);
        }
        let problem = |problem: &str| MethodError::Model {
            file: path.display().to_string(),
            problem: problem.to_owned(),
        };
        let panel =
            card.panel.as_ref().ok_or_else(|| problem("the card says nothing about its substances"))?;
        let names: Vec<&str> = panel.substances.iter().map(|s| s.name.as_str()).collect();
        let (version, says) = match card.architecture.version {
            Version::I => ("I", "which of these are there"),
            Version::II => ("II", "which of these are there and how much of each"),
        };
        let about = format!(
            "RaMixNet {version}, trained by you on {}: {says}, and whether something else is. It needs no library.",
            names.join(", ")
        );
        let info = Box::leak(Box::new(MethodInfo {
            id: String::leak(id),
            name: String::leak(card.name.clone()),
            about: String::leak(about),
            needs_library: false,
            network: true,
            settings: &[],
        }));
        let new: &'static Self = Box::leak(Box::new(Self { info, card, folder: folder.to_path_buf() }));
        let mut all = ALL.write().unwrap_or_else(PoisonError::into_inner);
        all.retain(|t| t.info.id != new.info.id);
        all.push(new);
        Ok(new)
    }

    /// It is no method any more; what was asked of it before has its answers.
    pub fn forget(&self) {
        ALL.write().unwrap_or_else(PoisonError::into_inner).retain(|t| !std::ptr::eq(*t, self));
    }

    /// Its card's path.
    pub(super) fn path(&self) -> String {
        self.folder.join(CARD).display().to_string()
    }
}

/// All models that were made methods, in the order in which that happened.
pub fn trained() -> Vec<&'static Trained> {
    ALL.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The trained model with this id. As for all methods case does not matter; between models whose names differ in nothing
/// else the exact one is meant.
pub fn of_trained(id: &str) -> Result<&'static Trained, MethodError> {
    let (id, all) = (id.trim(), trained());
    let exact = all.iter().find(|model| model.info.id == id);
    let found = exact.or_else(|| all.iter().find(|model| model.info.id.eq_ignore_ascii_case(id)));
    found.copied().ok_or_else(|| {
        let known: Vec<&str> = all.iter().map(|model| model.info.id).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        MethodError::NoTrainedModel { found: id.to_owned(), known }
    })
}

/// Whether an id is meant to be that of a trained model, in whatever case.
pub fn is_trained(id: &str) -> bool {
    id.trim().get(..TRAINED.len()).is_some_and(|start| start.eq_ignore_ascii_case(TRAINED))
}

impl Method for Trained {
    fn info(&self) -> &'static MethodInfo {
        self.info
    }

    fn usual(&self) -> bool {
        false
    }

    fn model(&self, _settings: &Settings) -> Result<Option<ModelUsed>, MethodError> {
        used(&self.path()).map(Some)
    }

    fn run(&self, request: &Request, watch: &dyn Watch) -> Result<Outcome, MethodError> {
        answer(self.info, &self.path(), request, watch)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::find;
    use super::*;

    #[test]
    fn names_of_trained_models_are_known_in_any_case_and_the_exact_one_first() {
        let folder = tempfile::tempdir().unwrap();
        let adopt = |name: &str| {
            let own = folder.path().join(name);
            std::fs::create_dir_all(&own).unwrap();
            std::fs::write(own.join(CARD), include_str!("../../../models/ramixnet.json")).unwrap();
            Trained::adopt(&own).unwrap()
        };
        let (large, small) = (adopt("Of-Any-Case"), adopt("of-any-case"));
        let found = |id: &str| of_trained(id).unwrap();
        for id in ["ramixnet:Of-Any-Case", "ramixnet:of-any-case", " RAMIXNET:OF-ANY-CASE", "RaMixNet:x"] {
            assert!(is_trained(id), "{id}");
        }
        assert!(!is_trained("ramixnet") && !is_trained("nnls:x") && !is_trained("ramixne\u{20ac}"));
        assert!(std::ptr::eq(found("ramixnet:Of-Any-Case"), large));
        assert!(std::ptr::eq(found("ramixnet:of-any-case"), small));
        assert!(std::ptr::eq(found(" RAMIXNET:OF-ANY-CASE"), large));
        assert_eq!(find("RaMixNet:of-any-case").unwrap().id(), "ramixnet:Of-Any-Case");
        large.forget();
        assert!(std::ptr::eq(found("ramixnet:Of-Any-Case"), small));
        small.forget();
        assert!(find("RAMIXNET:of-any-case").is_err());
    }
}
