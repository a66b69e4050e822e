//! The index of a session file as it stands in JSON: the document without its numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::{
    Ask, BatchId, Chosen, Colour, ComparisonId, ItemId, LibraryId, Recipe, Source, Subject, Verdict, Version,
};
use super::exact::Exact;
use super::stored_answers::{StoredAnswer, StoredRow};
use crate::library::{EntryId, StoredAxis, StoredMeta};
use crate::methods::Components;
use crate::process::Pipeline;
use crate::spectrum::{MapShape, Metadata};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredIndex {
    /// Program that wrote the file, for people.
    pub program: String,
    /// Number of curves among the items, maps row by row.
    pub spectra: u64,
    /// Last number given to anything.
    pub numbers: u64,
    pub axes: Vec<StoredAxis>,
    /// Lengths of the lists behind the axes in the f64 block.
    pub lists: Vec<u64>,
    /// Lengths of the curves in the f32 block.
    pub curves: Vec<u64>,
    pub libraries: Vec<StoredLibrary>,
    /// The library in use.
    pub library: LibraryId,
    pub items: Vec<StoredItem>,
    pub recipes: Vec<Recipe>,
    pub comparisons: Vec<StoredComparison>,
    pub batches: Vec<StoredBatch>,
    pub answers: Vec<(ComparisonId, BTreeMap<String, StoredAnswer>)>,
    pub tables: Vec<(BatchId, Vec<StoredRow>)>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredLibrary {
    pub id: LibraryId,
    pub path: String,
    pub name: String,
    /// Length of its packed content before padding; the default library has none.
    pub bytes: Option<u64>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredItem {
    pub id: ItemId,
    pub name: String,
    pub axis: u64,
    pub curve: u64,
    #[serde(with = "StoredMeta")]
    pub meta: Metadata,
    /// What a map has beside its numbers; absent for a curve.
    pub map: Option<StoredMap>,
    pub source: Source,
    pub warnings: Vec<String>,
    pub steps: Pipeline,
    pub colour: Colour,
    pub visible: bool,
    pub group: String,
    pub truths: Vec<ItemId>,
    pub version: Version,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredMap {
    pub rows: u64,
    pub shape: Option<MapShape>,
    pub labels: Vec<String>,
    /// Lists of x, y, z and time; an unknown one is an empty list.
    pub positions: [u64; 4],
    pub length_unit: String,
    pub time_unit: String,
}

/// [`Ask`] with a range that survives JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredAsk {
    pub methods: Vec<Chosen>,
    pub components: Components,
    pub range: Option<(Exact, Exact)>,
    pub library: LibraryId,
    pub fixed: Vec<String>,
    pub excluded: Vec<String>,
    pub despike: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredComparison {
    pub id: ComparisonId,
    pub subject: Subject,
    pub version: Version,
    pub ask: StoredAsk,
    pub pins: Vec<StoredPin>,
    pub verdicts: BTreeMap<String, Verdict>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredPin {
    pub method: String,
    pub component: usize,
    pub library: LibraryId,
    pub entry: EntryId,
    /// Name of the entry: the default library of another version of the program may number it otherwise.
    pub name: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredBatch {
    pub id: BatchId,
    pub subjects: Vec<(Subject, Version)>,
    pub ask: StoredAsk,
}

impl From<&Ask> for StoredAsk {
    fn from(ask: &Ask) -> Self {
        let Ask { methods, components, range, library, fixed, excluded, despike } = ask;
        Self {
            methods: methods.clone(),
            components: *components,
            range: range.map(|(low, high)| (Exact(low), Exact(high))),
            library: *library,
            fixed: fixed.clone(),
            excluded: excluded.clone(),
            despike: *despike,
        }
    }
}

impl From<StoredAsk> for Ask {
    fn from(stored: StoredAsk) -> Self {
        let StoredAsk { methods, components, range, library, fixed, excluded, despike } = stored;
        let range = range.map(|(low, high)| (low.0, high.0));
        Self { methods, components, range, library, fixed, excluded, despike }
    }
}
