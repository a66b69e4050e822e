//! What methods are asked about which spectra, and what the user says of their answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::library::EntryId;
use crate::methods::{Components, Settings};

use super::{BatchId, ComparisonId, ItemId, LibraryId, Version};

/// One spectrum: a curve, one row of a map, or the mean of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// The item.
    pub item: ItemId,
    /// Row of a map; `None` for curves and for the mean.
    pub row: Option<usize>,
}

/// One method with the settings that differ from its defaults.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Chosen {
    /// Id of the method.
    pub id: String,
    /// Its settings.
    pub settings: Settings,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// The methods, in the order of the columns.
    pub methods: Vec<Chosen>,
    /// How many components.
    pub components: Components,
    /// Range of interest in cm-1.
    pub range: Option<(f64, f64)>,
    /// The library they compare with.
    pub library: LibraryId,
    /// Species that must be in the answer.
    pub fixed: Vec<String>,
    /// Species that may not be in it.
    pub excluded: Vec<String>,
    /// Whether cosmic rays are removed first: they look like lines to every method.
    pub despike: bool,
}

/// What the user says of a species that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is in the sample.
    Accepted,
    /// It is not.
    Rejected,
}

/// A component of one method's answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PinKey {
    /// Id of the method.
    pub method: String,
    /// Number of the component in its answer, from 0.
    pub component: usize,
}

/// The reference that a component is compared with because the user says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// The library.
    pub library: LibraryId,
    /// Its entry.
    pub entry: EntryId,
}

/// Several methods on one spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Its id.
    pub id: ComparisonId,
    /// What is taken apart.
    pub subject: Subject,
    /// State of the item it was asked about.
    pub version: Version,
    /// What was asked.
    pub ask: Ask,
    /// References chosen by hand.
    pub pins: BTreeMap<PinKey, Pin>,
    /// Species accepted or rejected.
    pub verdicts: BTreeMap<String, Verdict>,
}

/// Several methods on many spectra.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// What is taken apart, with the state of each item.
    pub subjects: Vec<(Subject, Version)>,
    /// What was asked.
    pub ask: Ask,
}
