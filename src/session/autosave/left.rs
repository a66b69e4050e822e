//! Autosaves of processes that ended without saving.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::super::file::{self, EXTENSION, FileError};
use super::lock::Lock;
use crate::formats::Limits;

/// An autosave left behind. While this lives no other window offers it.
#[derive(Debug)]
pub struct Recoverable {
    path: PathBuf,
    when: Option<SystemTime>,
    spectra: Result<u64, String>,
    lock: Lock,
}

/// Autosaves in the state folder whose process is gone, newest first. Reads them whole: call it on a worker.
pub fn recoverable(folder: &Path, limits: Limits) -> Vec<Recoverable> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    names.sort();
    let of_kind = |path: &Path, kind: &str| {
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        name.starts_with("autosave-") && path.extension() == Some(OsStr::new(kind))
    };
    let mut found = Vec::new();
    for path in names.iter().filter(|path| of_kind(path, EXTENSION)) {
        let Some(lock) = Lock::left_behind(path) else { continue };
        let when = path.metadata().and_then(|meta| meta.modified()).ok();
        let spectra = file::spectra_in(path, limits).map_err(|error| error.to_string());
        found.push(Recoverable { path: path.clone(), when, spectra, lock });
    }
    for lock in names.iter().filter(|path| of_kind(path, "lock")) {
        let autosave = lock.with_extension(EXTENSION);
        if !names.contains(&autosave)
            && let Some(lock) = Lock::left_behind(&autosave)
        {
            sweep(&names, &autosave);
            lock.remove();
        }
    }
    found.sort_by_key(|left| std::cmp::Reverse(left.when));
    found
}

/// Takes away what a process killed while writing left of its temporary file.
fn sweep(names: &[PathBuf], autosave: &Path) {
    let own = format!(".{}.", autosave.file_name().unwrap_or_default().to_string_lossy());
    let half = |path: &&PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(&own) && path.extension() == Some(OsStr::new("part"))
    };
    for path in names.iter().filter(half) {
        let _gone = std::fs::remove_file(path);
    }
}

impl Recoverable {
    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// When it was written, where the system knows.
    pub fn when(&self) -> Option<SystemTime> {
        self.when
    }

    /// Number of spectra in it, or the sentence that says why it cannot be read.
    pub fn spectra(&self) -> Result<u64, &str> {
        self.spectra.as_ref().copied().map_err(String::as_str)
    }

    /// The user does not want it: deletes it.
    pub fn forget(self) {
        let _gone = std::fs::remove_file(&self.path);
        self.clear();
    }

    /// Keeps a damaged file under another name, which is given back, and offers it no more.
    pub fn keep_aside(self) -> Result<PathBuf, FileError> {
        let aside = file::set_aside(&self.path)?;
        self.clear();
        Ok(aside)
    }

    fn clear(self) {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let names: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        sweep(&names, &self.path);
        self.lock.remove();
    }
}
