//! Where libraries come from: [`Library::load`] decides what a path is and lets the right part of this folder read it.

mod array;
pub(super) mod labels;
mod spectra;
mod table;
#[cfg(test)]
mod tests;

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::formats::{Limits, Place};

use super::{Facts, Library, LibraryError, pack};

/// Which array of a label table is read when both are there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    /// One row a spectrum over a common axis: every spectrum of the table.
    #[default]
    Grid,
    /// Pairs of position and intensity at the original sampling: often only some of the spectra.
    Native,
}

/// Takes only those rows of a label table whose `column` holds `value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFilter {
    /// Table with one line a row, matched by its `row` column or else by order; the label table itself when `None`.
    pub table: Option<PathBuf>,
    /// Column looked at.
    pub column: String,
    /// What it must hold.
    pub value: String,
}

/// How a library is loaded.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// Memory bounds.
    pub limits: Limits,
    /// Array preferred in a label table.
    pub layout: Layout,
    /// Rows taken from a label table; all when `None`. Other kinds of library ignore it with a warning.
    pub rows: Option<RowFilter>,
    /// Facts for entries whose source states none: `source`, `licence`, `kind` and `notes` are used.
    pub defaults: Facts,
}

/// A library, and what was not done exactly as its files asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The entries.
    pub library: Library,
    /// Sentences for the user.
    pub warnings: Vec<String>,
}

impl Library {
    /// Loads whatever `path` is: a packed library, a folder with `labels.csv` and `.npy` arrays (or one of those
    /// files), or a folder, archive or file of spectra.
    pub fn load(path: &Path, options: &LoadOptions) -> Result<Loaded, LibraryError> {
        let file = path.display().to_string();
        if let Some(folder) = table::folder_of(path) {
            return table::load(folder, options);
        }
        let mut loaded = if path.is_file() && starts_packed(path, &file)? {
            let library = Self::load_packed(path, options.limits)?;
            Loaded { library, warnings: Vec::new() }
        } else {
            spectra::load(path, &file, options)?
        };
        if options.rows.is_some() {
            loaded.warnings.push(format!(
                "{file}: all spectra were taken; only tables with labels.csv can be filtered by row."
            ));
        }
        Ok(loaded)
    }
}

/// A name for people: the last part of the path without extension.
fn stem(path: &Path) -> String {
    let part = if path.is_dir() { path.file_name() } else { path.file_stem() };
    part.and_then(OsStr::to_str).unwrap_or("library").to_owned()
}

fn io_error(file: &str) -> impl FnOnce(std::io::Error) -> LibraryError + '_ {
    move |source| LibraryError::Io { file: file.to_owned(), source }
}

fn starts_packed(path: &Path, file: &str) -> Result<bool, LibraryError> {
    let mut head = Vec::with_capacity(16);
    File::open(path).and_then(|f| f.take(16).read_to_end(&mut head)).map_err(io_error(file))?;
    Ok(pack::is_packed(&head))
}

/// A whole file, its size checked before it is taken into memory.
pub(super) fn read_file(path: &Path, file: &str, limits: Limits) -> Result<Vec<u8>, LibraryError> {
    let handle = File::open(path).map_err(io_error(file))?;
    let (wanted, limit) = (handle.metadata().map_err(io_error(file))?.len(), limits.file_bytes);
    if wanted > limit {
        let (file, place) = (file.to_owned(), Place::Whole);
        return Err(LibraryError::TooLarge { file, what: "library file", place, wanted, limit });
    }
    let mut bytes = Vec::with_capacity(wanted as usize);
    // The file may grow while it is read.
    handle.take(limit).read_to_end(&mut bytes).map_err(io_error(file))?;
    Ok(bytes)
}

/// Fills what a source left blank.
fn with_defaults(mut facts: Facts, defaults: &Facts) -> Facts {
    let fields = [
        (&mut facts.source, &defaults.source),
        (&mut facts.licence, &defaults.licence),
        (&mut facts.kind, &defaults.kind),
        (&mut facts.notes, &defaults.notes),
    ];
    for (field, default) in fields {
        if field.trim().is_empty() {
            field.clone_from(default);
        }
    }
    facts
}
