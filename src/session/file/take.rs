//! The document's parts from their form in the index.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::{Batch, Comparison, Data, Document, Item, ItemId, LibraryId, OpenLibrary, Pin, PinKey};
use super::FileError;
use super::header::Blocks;
use super::runs::Runs;
use super::stored::{StoredBatch, StoredComparison, StoredItem, StoredLibrary, StoredMap};
use crate::library::{EntryId, Library, default_library};
use crate::spectrum::{Metadata, Positions, SpectrumSet};

/// Ids beyond this would leave no room for further ones; JSON readers elsewhere stop being exact here too.
pub(super) const MAX_ID: u64 = 1 << 53;

pub(super) fn item(stored: StoredItem, runs: &mut Runs) -> Result<Item, FileError> {
    let StoredItem {
        id,
        name,
        axis,
        curve,
        meta,
        map,
        source,
        warnings,
        steps,
        colour,
        visible,
        group,
        truths,
        version,
    } = stored;
    let raw = match map {
        None => Data::Curve(runs.spectrum(axis, curve, meta)?),
        Some(map) => Data::Set(Arc::new(set(map, axis, curve, meta, runs)?)),
    };
    Ok(Item { id, name, raw, source, warnings, steps, colour, visible, group, truths, version })
}

fn set(
    stored: StoredMap,
    axis: u64,
    curve: u64,
    meta: Metadata,
    runs: &mut Runs,
) -> Result<SpectrumSet, FileError> {
    let StoredMap { rows, shape, labels, positions, length_unit, time_unit } = stored;
    let wrong = |runs: &Runs, problem: String| runs.blocks.malformed(runs.place(curve), problem);
    let axis = Arc::clone(runs.axis(axis)?);
    let values = runs.curve(curve)?;
    let set = SpectrumSet::new(axis, values, usize::try_from(rows).unwrap_or(usize::MAX), meta)
        .map_err(|error| wrong(runs, format!("map in curve {curve}: {error}")))?;
    let [x, y, z, time] = positions;
    let [x, y, z, time] = [runs.list(x)?, runs.list(y)?, runs.list(z)?, runs.list(time)?];
    let set = set
        .with_positions(Positions { x, y, z, time, length_unit, time_unit })
        .map_err(|error| wrong(runs, format!("map in curve {curve}: {error}")))?
        .with_labels(labels);
    Ok(match shape {
        Some(shape) => set.with_shape(shape.width, shape.height),
        None => set,
    })
}

/// Libraries of a document; the default one is the program's own, all others were packed.
pub(super) fn libraries(list: Vec<StoredLibrary>, blocks: &Blocks) -> Result<Vec<OpenLibrary>, FileError> {
    let mut rest = blocks.libraries;
    let mut libraries = Vec::with_capacity(list.len());
    for StoredLibrary { id, path, name, bytes } in list {
        let at = blocks.libraries_at() + (blocks.libraries.len() - rest.len()) as u64;
        let library = match bytes {
            None if id == LibraryId::DEFAULT => default_library().clone(),
            None => return Err(blocks.index_malformed(format!("the library \"{name}\" has no content"))),
            Some(bytes) => {
                let length = usize::try_from(bytes).ok();
                let parts = length.and_then(|length| {
                    let (padded, after) = rest.split_at_checked(length.checked_next_multiple_of(8)?)?;
                    Some((padded.get(..length)?, after))
                });
                let Some((content, after)) = parts else {
                    let left = rest.len();
                    let problem = format!("the library \"{name}\" needs {bytes} bytes but {left} are left");
                    return Err(blocks.malformed(at, problem));
                };
                rest = after;
                let place = format!("{}, library \"{name}\" at byte {at}", blocks.file);
                Library::from_packed(&place, content)?
            }
        };
        libraries.push(OpenLibrary { id, path, library: Arc::new(library) });
    }
    if !rest.is_empty() {
        let at = blocks.libraries_at() + (blocks.libraries.len() - rest.len()) as u64;
        return Err(blocks.malformed(at, format!("{} bytes belong to no library", rest.len())));
    }
    for (id, name) in [(LibraryId::DEFAULT, "default"), (LibraryId::MINE, "user's own")] {
        if libraries.iter().all(|open| open.id != id) {
            return Err(blocks.index_malformed(format!("the {name} library is missing")));
        }
    }
    Ok(libraries)
}

/// The entry that a file means: in the default library of another version of the program it may have another id.
pub(super) fn entry(library: &OpenLibrary, id: EntryId, name: &str) -> Option<EntryId> {
    let same = |found: &&crate::library::Entry| found.facts.name.trim() == name.trim();
    if library.id != LibraryId::DEFAULT {
        return Some(id);
    }
    let by_id = library.library.get(id).filter(same);
    by_id.or_else(|| library.library.entries().iter().find(same)).map(|entry| entry.id)
}

/// A comparison; pins whose reference is gone are taken out and named in `warnings`.
pub(super) fn comparison(
    stored: StoredComparison,
    libraries: &[OpenLibrary],
    warnings: &mut Vec<String>,
) -> Comparison {
    let StoredComparison { id, subject, version, ask, pins, verdicts } = stored;
    let mut kept = BTreeMap::new();
    for pin in pins {
        let open = libraries.iter().find(|open| open.id == pin.library);
        // A library that was closed since: the pin stands for nothing, as it did before.
        let entry = open.map_or(Some(pin.entry), |open| entry(open, pin.entry, &pin.name));
        match entry {
            Some(entry) => {
                let key = PinKey { method: pin.method, component: pin.component };
                kept.insert(key, Pin { library: pin.library, entry });
            }
            None => warnings.push(format!(
                "The reference \"{}\" pinned to component {} of {} is not in the default library of this version; the \
                 pin was taken out.",
                pin.name,
                pin.component + 1,
                pin.method
            )),
        }
    }
    Comparison { id, subject, version, ask: ask.into(), pins: kept, verdicts }
}

pub(super) fn batch(stored: StoredBatch) -> Batch {
    let StoredBatch { id, subjects, ask } = stored;
    Batch { id, subjects, ask: ask.into() }
}

/// Refuses a document whose ids contradict each other.
pub(super) fn checked(document: &Document, blocks: &Blocks) -> Result<u64, FileError> {
    let items: BTreeSet<ItemId> = document.items.iter().map(|item| item.id).collect();
    let mut ids: Vec<u64> = document.items.iter().map(|item| item.id.0).collect();
    ids.extend(document.comparisons.iter().map(|c| c.id.0));
    ids.extend(document.batches.iter().map(|b| b.id.0));
    ids.extend(document.libraries.iter().map(|open| open.id.0));
    ids.sort_unstable();
    let twice = ids.windows(2).find_map(|pair| (pair[0] == pair[1]).then_some(pair[0]));
    if let Some(id) = twice {
        return Err(blocks.index_malformed(format!("the id {id} is given twice")));
    }
    if let Some(c) = document.comparisons.iter().find(|c| !items.contains(&c.subject.item)) {
        let problem = format!("comparison {} is about spectrum {}, which is not there", c.id, c.subject.item);
        return Err(blocks.index_malformed(problem));
    }
    if document.chosen_library().is_none() {
        let problem = format!("library {} is in use but is not there", document.library);
        return Err(blocks.index_malformed(problem));
    }
    let versions = document.items.iter().map(|item| item.version.0);
    let highest = ids.into_iter().chain(versions).max().unwrap_or_default();
    if highest > MAX_ID {
        return Err(blocks.index_malformed(format!("the id {highest} is too large")));
    }
    Ok(highest)
}
