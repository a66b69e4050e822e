//! A document and its answers to bytes, and those to disk.

use std::path::Path;

use crate::formats::FormatError;
use crate::formats::write::{self as disk, Overwrite};
use crate::library::StoredAxis;

use super::super::{Answers, Document, LibraryId};
use super::pools::Pools;
use super::stored::{StoredIndex, StoredLibrary};
use super::{FRAME, FileError, put, put_answers};

/// The content of a session file. Needs nothing but shared data: any thread may call it. Of the answers only those that
/// the document speaks of are kept; `numbers` is the last number the session gave.
pub fn to_bytes(document: &Document, answers: &Answers, numbers: u64) -> Result<Vec<u8>, FileError> {
    let answers = answers.of_document(document);
    let mut pools = Pools::default();
    let items = document.items.iter().map(|item| put::item(item, &mut pools)).collect();
    let mut of_comparisons = Vec::new();
    for comparison in &document.comparisons {
        let of = answers.of(comparison.id);
        let of = of.map(|(method, answer)| (method.to_owned(), put_answers::answer(answer, &mut pools)));
        of_comparisons.push((comparison.id, of.collect()));
    }
    let tables = answers.batches().map(|(id, table)| (id, table.rows.iter().map(put_answers::row).collect()));
    let (libraries, packed) = libraries(document)?;
    let index = StoredIndex {
        program: format!("Unravel {}", env!("CARGO_PKG_VERSION")),
        spectra: document.items.iter().map(|item| item.raw.len() as u64).sum(),
        numbers,
        axes: pools
            .axes()
            .iter()
            .map(|axis| StoredAxis { kind: axis.kind().clone(), points: axis.len() as u64 })
            .collect(),
        lists: pools.list_lengths(),
        curves: pools.curve_lengths(),
        libraries,
        library: document.library,
        items,
        recipes: document.recipes.iter().map(|recipe| (**recipe).clone()).collect(),
        comparisons: document.comparisons.iter().map(|c| put::comparison(c, document)).collect(),
        batches: document.batches.iter().map(|batch| put::batch(batch)).collect(),
        answers: of_comparisons,
        tables: tables.collect(),
    };
    let not_json = |error: serde_json::Error| FileError::NotSaved {
        file: "the session".to_owned(),
        problem: error.to_string(),
    };
    let mut json = serde_json::to_vec(&index).map_err(not_json)?;
    json.resize(json.len().next_multiple_of(8), b' ');
    Ok(joined(&json, &pools, &packed))
}

fn joined(json: &[u8], pools: &Pools, libraries: &[u8]) -> Vec<u8> {
    let numbers = pools.numbers().count();
    let values: usize = pools.curves().iter().map(|curve| curve.len()).sum();
    let capacity = json.len() + 8 * numbers + libraries.len() + 4 * values;
    let mut bytes = FRAME.begin(capacity, &[json.len(), numbers, libraries.len(), values]);
    bytes.extend_from_slice(json);
    for value in pools.numbers() {
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    bytes.extend_from_slice(libraries);
    for value in pools.curves().iter().copied().flatten() {
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    FRAME.seal(&mut bytes);
    bytes
}

/// The default library by its name, all others packed.
fn libraries(document: &Document) -> Result<(Vec<StoredLibrary>, Vec<u8>), FileError> {
    let mut packed: Vec<u8> = Vec::new();
    let mut list = Vec::with_capacity(document.libraries.len());
    for open in &document.libraries {
        let mut bytes = None;
        if open.id != LibraryId::DEFAULT {
            let content = open.library.to_packed()?;
            bytes = Some(content.len() as u64);
            packed.extend_from_slice(&content);
            packed.resize(packed.len().next_multiple_of(8), 0);
        }
        let (path, name) = (open.path.clone(), open.library.name.clone());
        list.push(StoredLibrary { id: open.id, path, name, bytes });
    }
    Ok((list, packed))
}

/// Puts the content under that name in one step: after a crash, a full disk or a pulled plug either the old file or the
/// new one is there whole. Where the name is a link, the file it leads to is replaced.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let link = path.symlink_metadata().is_ok_and(|meta| meta.is_symlink());
    let target = if link { path.canonicalize().ok() } else { None };
    disk::save(target.as_deref().unwrap_or(path), bytes, Overwrite::Replace).map_err(|error| {
        let problem = match error {
            FormatError::Io { source, .. } => source.to_string(),
            other => other.to_string(),
        };
        FileError::NotSaved { file: path.display().to_string(), problem }
    })
}
