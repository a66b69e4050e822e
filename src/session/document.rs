//! The document: plain data, all of it shared, so that a copy for undo is cheap.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::library::{Entry, Library, default_library};
use crate::process::Pipeline;
use crate::spectrum::Spectrum;

use super::{Batch, BatchId, Comparison, ComparisonId, Item, ItemId, LibraryId, OpenLibrary, Pin, Subject};

/// A pipeline with a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// Its name.
    pub name: String,
    /// Its steps.
    pub steps: Pipeline,
}

/// Everything that is saved and undone.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Spectra and maps in the order of the list.
    pub items: Vec<Arc<Item>>,
    /// Open libraries; the default one and the user's own are always there.
    pub libraries: Vec<OpenLibrary>,
    /// The library that searches and comparisons use.
    pub library: LibraryId,
    /// Named pipelines.
    pub recipes: Vec<Arc<Recipe>>,
    /// Comparisons, oldest first.
    pub comparisons: Vec<Arc<Comparison>>,
    /// Batches, oldest first.
    pub batches: Vec<Arc<Batch>>,
}

impl Default for Document {
    fn default() -> Self {
        let open = |id, library| OpenLibrary { id, path: String::new(), library: Arc::new(library) };
        Self {
            items: Vec::new(),
            libraries: vec![
                open(LibraryId::DEFAULT, default_library().clone()),
                open(LibraryId::MINE, Library::new("My library")),
            ],
            library: LibraryId::DEFAULT,
            recipes: Vec::new(),
            comparisons: Vec::new(),
            batches: Vec::new(),
        }
    }
}

impl Document {
    /// An item by id.
    pub fn item(&self, id: ItemId) -> Option<&Arc<Item>> {
        self.items.iter().find(|item| item.id == id)
    }

    /// A library by id.
    pub fn open_library(&self, id: LibraryId) -> Option<&OpenLibrary> {
        self.libraries.iter().find(|open| open.id == id)
    }

    /// The library that searches and comparisons use.
    pub fn chosen_library(&self) -> Option<&OpenLibrary> {
        self.open_library(self.library)
    }

    /// A comparison by id.
    pub fn comparison(&self, id: ComparisonId) -> Option<&Arc<Comparison>> {
        self.comparisons.iter().find(|c| c.id == id)
    }

    /// The newest comparison of a spectrum.
    pub fn comparison_of(&self, subject: Subject) -> Option<&Arc<Comparison>> {
        self.comparisons.iter().rev().find(|c| c.subject == subject)
    }

    /// A batch by id.
    pub fn batch(&self, id: BatchId) -> Option<&Arc<Batch>> {
        self.batches.iter().find(|b| b.id == id)
    }

    /// A recipe by name.
    pub fn recipe(&self, name: &str) -> Option<&Arc<Recipe>> {
        self.recipes.iter().find(|r| r.name == name)
    }

    /// The library entry that a pin stands for.
    pub fn pinned(&self, pin: Pin) -> Option<&Entry> {
        self.open_library(pin.library)?.library.get(pin.entry)
    }

    /// The raw spectrum of a subject.
    pub fn raw(&self, subject: Subject) -> Option<Spectrum> {
        self.item(subject.item)?.raw.spectrum(subject.row)
    }

    /// Name of a subject for people.
    pub fn subject_name(&self, subject: Subject) -> String {
        let Some(item) = self.item(subject.item) else { return "removed spectrum".to_owned() };
        match (subject.row, item.is_set()) {
            (Some(row), true) => format!("{}, spectrum {}", item.name, row + 1),
            (None, true) => format!("{}, mean", item.name),
            _ => item.name.clone(),
        }
    }

    /// Groups in use, sorted.
    pub fn groups(&self) -> Vec<&str> {
        let mut groups: Vec<&str> =
            self.items.iter().map(|item| item.group.as_str()).filter(|g| !g.is_empty()).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }
}
