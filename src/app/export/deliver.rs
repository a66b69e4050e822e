//! Files to the disk: the folder is made, nothing is replaced unasked, and every trouble is one sentence.

use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::formats::FormatError;
use crate::formats::write::{Overwrite, save};
use crate::jobs::{Failure, Ticket};

use super::{Order, Parcel};

/// How an export ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// Everything was written.
    Written {
        /// The files.
        files: Vec<PathBuf>,
        /// What was done, but not exactly as asked.
        warnings: Vec<String>,
    },
    /// Nothing was written: these files are there and were not to be replaced.
    Exists(Vec<PathBuf>),
}

/// Makes the files of a parcel and writes them. Only files in `replace` are replaced.
pub fn deliver(
    parcel: &Parcel,
    order: &Order,
    replace: &[PathBuf],
    ticket: &Ticket<Infallible>,
) -> Result<Delivered, Failure> {
    let places = order.places();
    let unasked: Vec<PathBuf> =
        places.existing.iter().filter(|file| !replace.contains(file)).cloned().collect();
    if !unasked.is_empty() {
        return Ok(Delivered::Exists(unasked));
    }
    std::fs::create_dir_all(&places.folder)
        .map_err(|e| refused(&places.folder, "the folder cannot be made", &e))?;
    let names: Vec<String> = places
        .files
        .iter()
        .map(|file| file.file_name().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    let mut warnings = Vec::new();
    let total = places.files.len().max(1);
    parcel.make(&names, ticket, &mut |at, written| {
        ticket.go_on()?;
        let Some(file) = places.files.get(at) else { return Ok(()) };
        let overwrite = Overwrite::when(replace.contains(file));
        warnings.extend(written.warnings);
        save(file, &written.bytes, overwrite).map_err(|error| match error {
            FormatError::Io { source, .. } => refused(file, "it cannot be written", &source),
            other => Failure::Refused(other.to_string()),
        })?;
        ticket.progress(Some((at + 1) as f32 / total as f32), format!("{} of {total} files", at + 1));
        Ok(())
    })?;
    Ok(Delivered::Written { files: places.files, warnings })
}

/// What the system said, and what to do about it.
fn refused(path: &Path, what: &str, error: &io::Error) -> Failure {
    let why = match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "this place may not be written to; choose another folder"
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "the disk is full; make room or choose another disk"
        }
        ErrorKind::NotADirectory => "a part of the path is a file; choose another folder",
        ErrorKind::AlreadyExists => "something of that name is there already; choose another name",
        ErrorKind::InvalidFilename | ErrorKind::InvalidInput => {
            "the system does not take this name; choose a shorter or simpler one"
        }
        ErrorKind::NotFound => "the folder is gone or cannot be reached; choose another one",
        _ => "choose another place",
    };
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    Failure::Refused(format!("{name}: {what} ({error}); {why}. Path {}", path.display()))
}
