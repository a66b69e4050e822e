//! A library to the bytes of a packed file, and those to disk.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::sync::Arc;

use crate::formats::write::{self, Overwrite};
use crate::spectrum::Axis;

use super::super::{Library, LibraryError};
use super::stored::{StoredAxis, StoredEntry, StoredIndex};
use super::{HEADER_BYTES, HEADER_CHECKED_BYTES, MAGIC, VERSION};

impl Library {
    /// Saves the library as one packed file; a file of that name is replaced in one step, so that either the old or
    /// the new one is there whole.
    pub fn save(&self, path: &Path) -> Result<(), LibraryError> {
        Ok(write::save(path, &self.to_packed()?, Overwrite::Replace)?)
    }

    /// The library as one packed file's content.
    pub fn to_packed(&self) -> Result<Vec<u8>, LibraryError> {
        let mut axes = Axes::default();
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
        let kinds = axes.list.iter();
        let index = StoredIndex {
            name: self.name.clone(),
            next_id: self.next_id(),
            axes: kinds.map(|a| StoredAxis { kind: a.kind().clone(), points: a.len() as u64 }).collect(),
            entries,
        };
        let mut json = serde_json::to_vec(&index)
            .map_err(|error| LibraryError::Io { file: self.name.clone(), source: error.into() })?;
        json.resize(json.len().next_multiple_of(8), b' ');
        let positions: usize = axes.list.iter().map(|axis| axis.len()).sum();
        let intensities: usize = self.entries().iter().map(|entry| entry.spectrum.len()).sum();
        let mut bytes = Vec::with_capacity(HEADER_BYTES + json.len() + 8 * positions + 4 * intensities);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&[0; 4]);
        for count in [json.len(), positions, intensities] {
            bytes.extend_from_slice(&(count as u64).to_le_bytes());
        }
        bytes.extend_from_slice(&[0; 8]);
        bytes.extend_from_slice(&json);
        for axis in &axes.list {
            bytes.extend(axis.values().iter().flat_map(|v| v.to_le_bytes()));
        }
        for entry in self.entries() {
            bytes.extend(entry.spectrum.y().iter().flat_map(|v| v.to_le_bytes()));
        }
        seal(&mut bytes);
        Ok(bytes)
    }
}

/// Writes both checksums into a header whose other fields stand.
pub(super) fn seal(bytes: &mut [u8]) {
    let Some((header, body)) = bytes.split_at_mut_checked(HEADER_BYTES) else { return };
    header[12..16].copy_from_slice(&crc32fast::hash(body).to_le_bytes());
    let (checked, sum) = header.split_at_mut(HEADER_CHECKED_BYTES);
    sum.copy_from_slice(&crc32fast::hash(checked).to_le_bytes());
}

/// Axes stored so far: found again by identity first, then by content.
#[derive(Default)]
struct Axes {
    list: Vec<Arc<Axis>>,
    by_pointer: HashMap<*const Axis, usize>,
    by_content: HashMap<u64, Vec<usize>>,
}

impl Axes {
    fn place(&mut self, axis: &Arc<Axis>) -> usize {
        if let Some(place) = self.by_pointer.get(&Arc::as_ptr(axis)) {
            return *place;
        }
        let mut hasher = DefaultHasher::new();
        axis.values().iter().for_each(|v| v.to_bits().hash(&mut hasher));
        let same_content = self.by_content.entry(hasher.finish()).or_default();
        let same = |place: &&usize| self.list.get(**place).is_some_and(|have| identical(have, axis));
        let place = same_content.iter().find(same).copied().unwrap_or_else(|| {
            same_content.push(self.list.len());
            self.list.push(Arc::clone(axis));
            self.list.len() - 1
        });
        self.by_pointer.insert(Arc::as_ptr(axis), place);
        place
    }
}

/// Equal to the last bit (0 and -0 differ, as they do in the file).
fn identical(a: &Axis, b: &Axis) -> bool {
    a.kind() == b.kind()
        && a.len() == b.len()
        && a.values().iter().zip(b.values()).all(|(a, b)| a.to_bits() == b.to_bits())
}
