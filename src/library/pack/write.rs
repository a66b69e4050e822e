//! A library to the bytes of a packed file, and those to disk.

use std::path::Path;

use crate::formats::write::{self, Overwrite};

use super::super::{Library, LibraryError};
use super::FRAME;
use super::axes::AxisPool;
use super::stored::{StoredAxis, StoredEntry, StoredIndex};

impl Library {
    /// Saves the library as one packed file; a file of that name is replaced in one step, so that either the old or
    /// the new one is there whole.
    pub fn save(&self, path: &Path) -> Result<(), LibraryError> {
        Ok(write::save(path, &self.to_packed()?, Overwrite::Replace)?)
    }

    /// The library as one packed file's content.
    pub fn to_packed(&self) -> Result<Vec<u8>, LibraryError> {
        let mut axes = AxisPool::default();
        let entries: Vec<StoredEntry> = self
            .entries()
            .iter()
            .map(|entry| StoredEntry {
                id: entry.id,
                axis: axes.place(entry.spectrum.axis()) as u64,
                facts: entry.facts.clone(),
                meta: entry.spectrum.meta.clone(),
            })
            .collect();
        let kinds = axes.list().iter();
        let index = StoredIndex {
            name: self.name.clone(),
            next_id: self.next_id(),
            axes: kinds.map(|a| StoredAxis { kind: a.kind().clone(), points: a.len() as u64 }).collect(),
            entries,
        };
        let mut json = serde_json::to_vec(&index)
            .map_err(|error| LibraryError::Io { file: self.name.clone(), source: error.into() })?;
        json.resize(json.len().next_multiple_of(8), b' ');
        let positions: usize = axes.list().iter().map(|axis| axis.len()).sum();
        let intensities: usize = self.entries().iter().map(|entry| entry.spectrum.len()).sum();
        let capacity = json.len() + 8 * positions + 4 * intensities;
        let mut bytes = FRAME.begin(capacity, &[json.len(), positions, intensities]);
        bytes.extend_from_slice(&json);
        for axis in axes.list() {
            bytes.extend(axis.values().iter().flat_map(|v| v.to_le_bytes()));
        }
        for entry in self.entries() {
            bytes.extend(entry.spectrum.y().iter().flat_map(|v| v.to_le_bytes()));
        }
        FRAME.seal(&mut bytes);
        Ok(bytes)
    }
}
