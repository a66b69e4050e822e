//! Files of a run, each written whole or not at all.

use std::path::Path;

use super::TrainError;
use crate::formats::write::{Overwrite, save};

/// Writes beside, syncs, renames.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), TrainError> {
    save(path, bytes, Overwrite::Replace).map_err(|e| TrainError::file(path, e.to_string()))
}

/// A whole file of at most this size.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, TrainError> {
    let failed = |e: std::io::Error| TrainError::file(path, e.to_string());
    let size = std::fs::metadata(path).map_err(failed)?.len();
    if size > most {
        return Err(TrainError::file(path, format!("{size} bytes are more than the limit of {most}")));
    }
    std::fs::read(path).map_err(failed)
}
