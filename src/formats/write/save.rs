//! Bytes to disk: never over an existing file unasked, never half a file under the final name.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::FormatError;

/// What to do when the file is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// Leave it alone and say so.
    Refuse,
    /// Put the new content in its place.
    Replace,
}

impl Overwrite {
    /// Replaces only when that was asked for.
    #[must_use]
    pub fn when(asked: bool) -> Self {
        if asked { Self::Replace } else { Self::Refuse }
    }
}

/// Longest file stem made from a title.
const STEM_CHARS: usize = 100;

/// Writes the content to a temporary file beside `path`, then gives it that name.
pub fn save(path: &Path, bytes: &[u8], overwrite: Overwrite) -> Result<(), FormatError> {
    let failed = |source| FormatError::Io { file: path.display().to_string(), source };
    if overwrite == Overwrite::Refuse && path.symlink_metadata().is_ok() {
        return Err(failed(exists()));
    }
    let (temporary, file) = create_beside(path).map_err(failed)?;
    let result = fill(file, bytes).and_then(|()| put(&temporary, path, overwrite));
    if result.is_err() || overwrite == Overwrite::Refuse {
        // Already renamed, or of no use: nothing to say when it is gone.
        let _gone = fs::remove_file(&temporary);
    }
    result.map_err(failed)
}

fn exists() -> io::Error {
    io::Error::new(io::ErrorKind::AlreadyExists, "the file exists already and was left as it is")
}

fn fill(mut file: File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

/// Gives the temporary file its name. A hard link fails where the name was taken meanwhile; where links are not
/// possible (FAT, some network folders) the earlier look has to do.
fn put(temporary: &Path, path: &Path, overwrite: Overwrite) -> io::Result<()> {
    if overwrite == Overwrite::Replace {
        return fs::rename(temporary, path);
    }
    match fs::hard_link(temporary, path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(exists()),
        Err(_) if path.symlink_metadata().is_ok() => Err(exists()),
        Err(_) => fs::rename(temporary, path),
    }
}

fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?
        .to_string_lossy()
        .chars()
        .take(STEM_CHARS)
        .collect::<String>();
    let mut last = exists();
    for attempt in 0..100 {
        let temporary = path.with_file_name(format!(".{name}.{}.{attempt}.part", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Ok(file) => return Ok((temporary, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

/// A title as a file stem that every system accepts.
#[must_use]
pub fn safe_stem(title: &str) -> String {
    let plain = |c: char| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        c if c.is_control() => '_',
        c => c,
    };
    let stem: String = title.trim().chars().map(plain).take(STEM_CHARS).collect();
    let stem = stem.trim_matches([' ', '.']);
    if stem.is_empty() { "spectrum".to_owned() } else { stem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_existing_file_is_replaced_only_when_asked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        save(&path, b"one", Overwrite::Refuse).unwrap();
        let refused = save(&path, b"two", Overwrite::Refuse).unwrap_err().to_string();
        assert!(refused.contains("a.csv") && refused.contains("exists"), "{refused}");
        assert_eq!(fs::read(&path).unwrap(), b"one");
        save(&path, b"two", Overwrite::Replace).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert!(save(&folder.path().join("none/a.csv"), b"x", Overwrite::Replace).is_err());
        assert!(save(folder.path(), b"x", Overwrite::Replace).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn stems_are_safe_on_every_system() {
        assert_eq!(safe_stem("a/b: c?"), "a_b_ c_");
        assert_eq!(safe_stem(" .. "), "spectrum");
        assert_eq!(safe_stem("Müller 1.5"), "Müller 1.5");
    }
}
