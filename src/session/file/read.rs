//! The content of a session file to a document and its answers.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use crate::formats::{Limits, Place};

use super::super::{Answers, Document};
use super::header::Blocks;
use super::runs::Runs;
use super::stored::StoredIndex;
use super::take_answers::{self, AnswerReader};
use super::{FRAME, FileError, take};

/// What a session file held.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The document.
    pub document: Document,
    /// The answers of methods.
    pub answers: Answers,
    /// Last number that the session gave.
    pub numbers: u64,
    /// What does not stand exactly as it was saved, in sentences.
    pub warnings: Vec<String>,
}

/// Reads a session file from disk.
pub fn load(path: &Path, limits: Limits) -> Result<Stored, FileError> {
    from_bytes(&path.display().to_string(), &read(path, limits)?, limits)
}

/// A whole file, its size checked before it is taken into memory.
pub(super) fn read(path: &Path, limits: Limits) -> Result<Vec<u8>, FileError> {
    let file = path.display().to_string();
    let failed = |source| FileError::Io { file: file.clone(), source };
    let handle = File::open(path).map_err(failed)?;
    let (wanted, limit) = (handle.metadata().map_err(failed)?.len(), limits.file_bytes);
    if wanted > limit {
        return Err(FileError::TooLarge { file, place: Place::Whole, wanted, limit });
    }
    let mut bytes = Vec::with_capacity(wanted as usize);
    // The file may grow while it is read.
    handle.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Number of spectra in a session file that is whole; its curves are not decoded.
pub fn spectra_in(path: &Path, limits: Limits) -> Result<u64, FileError> {
    let file = path.display().to_string();
    let bytes = read(path, limits)?;
    let blocks = Blocks::split(&file, &bytes)?;
    Ok(index(&blocks)?.spectra)
}

/// Reads the content of a session file; `name` names it in errors.
pub fn from_bytes(name: &str, bytes: &[u8], limits: Limits) -> Result<Stored, FileError> {
    let blocks = Blocks::split(name, bytes)?;
    let index = index(&blocks)?;
    let mut runs = Runs::new(&blocks, &index, limits)?;
    let mut warnings = Vec::new();
    let libraries = take::libraries(index.libraries, &blocks)?;
    let items: Result<_, _> =
        index.items.into_iter().map(|item| take::item(item, &mut runs).map(Arc::new)).collect();
    let comparison = |stored| Arc::new(take::comparison(stored, &libraries, &mut warnings));
    let comparisons = index.comparisons.into_iter().map(comparison).collect();
    let document = Document {
        items: items?,
        libraries,
        library: index.library,
        recipes: index.recipes.into_iter().map(Arc::new).collect(),
        comparisons,
        batches: index.batches.into_iter().map(|stored| Arc::new(take::batch(stored))).collect(),
    };
    let highest = take::checked(&document, &blocks)?;
    if index.numbers > take::MAX_ID {
        return Err(blocks.index_malformed(format!("the number {} is too large", index.numbers)));
    }
    let mut answers = Answers::default();
    for (id, of) in index.answers {
        let Some(comparison) = document.comparison(id) else {
            return Err(
                blocks.index_malformed(format!("answers belong to comparison {id}, which is not there"))
            );
        };
        let library = document.open_library(comparison.ask.library);
        let mut reader = AnswerReader { runs: &mut runs, library };
        for (method, stored) in of {
            answers.put(id, &method, reader.answer(stored)?);
        }
    }
    for (id, rows) in index.tables {
        if document.batch(id).is_none() {
            return Err(blocks.index_malformed(format!("a table belongs to batch {id}, which is not there")));
        }
        answers.put_rows(id, rows.into_iter().map(take_answers::row).collect());
    }
    Ok(Stored { document, answers, numbers: index.numbers.max(highest), warnings })
}

fn index(blocks: &Blocks) -> Result<StoredIndex, FileError> {
    FRAME.index(blocks.json).map_err(|(byte, problem)| blocks.malformed(byte, problem))
}
