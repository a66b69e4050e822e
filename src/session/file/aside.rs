//! Files that cannot be read are never overwritten: they get another name.

use std::path::{Path, PathBuf};

use super::FileError;

/// Gives a file a name that says it is damaged, beside where it was; nothing is overwritten.
pub fn set_aside(path: &Path) -> Result<PathBuf, FileError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let free = (1..10_000).map(|n| path.with_file_name(format!("{name}.damaged-{n}")));
    let failed = |problem: String| FileError::NotSaved { file: path.display().to_string(), problem };
    let aside = free
        .into_iter()
        .find(|aside| aside.symlink_metadata().is_err())
        .ok_or_else(|| failed("there are too many damaged files beside it".to_owned()))?;
    std::fs::rename(path, &aside).map_err(|error| failed(error.to_string()))?;
    Ok(aside)
}
