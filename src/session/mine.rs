//! The user's own library on disk, kept across sessions.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file::{FileError, set_aside, write};
use crate::formats::Limits;
use crate::library::{EXTENSION, Library, LibraryError};

/// Name of the library for people.
const NAME: &str = "My library";

/// The user's own library as it was found.
#[derive(Debug, Clone)]
pub struct Mine {
    /// The library; empty where there was none or it could not be read.
    pub library: Arc<Library>,
    /// A sentence where it could not be read, and where the file is now.
    pub notice: Option<String>,
}

/// The file in the data folder.
pub fn path(folder: &Path) -> PathBuf {
    folder.join(format!("my-library.{EXTENSION}"))
}

/// Loads the library from the data folder. A damaged file is set aside under another name, never overwritten.
pub fn load(folder: &Path, limits: Limits) -> Mine {
    let path = path(folder);
    let empty = |notice| Mine { library: Arc::new(Library::new(NAME)), notice };
    if path.symlink_metadata().is_err() {
        return empty(None);
    }
    let error = match Library::load_packed(&path, limits) {
        Ok(library) => return Mine { library: Arc::new(library), notice: None },
        Err(error) => error,
    };
    let kept = match error {
        LibraryError::Malformed { .. } => match set_aside(&path) {
            Ok(aside) => format!("the file was kept as {}", aside.display()),
            Err(error) => error.to_string(),
        },
        _ => "the file was left as it is".to_owned(),
    };
    empty(Some(format!("My library could not be read and is empty for now: {error}; {kept}.")))
}

/// Keeps the library in the data folder, which is made if need be. A file there that cannot be read (damaged, or made by
/// a newer version) is set aside first.
pub fn save(folder: &Path, library: &Library) -> Result<(), FileError> {
    let failed = |problem: String| FileError::NotSaved { file: folder.display().to_string(), problem };
    std::fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
    let (path, bytes) = (path(folder), library.to_packed()?);
    if path.symlink_metadata().is_ok() && Library::load_packed(&path, Limits::default()).is_err() {
        set_aside(&path)?;
    }
    write(&path, &bytes)
}

#[cfg(test)]
mod tests {
    use super::super::tests::spectrum;
    use super::*;
    use crate::library::Facts;

    fn library() -> Library {
        let mut library = Library::new(NAME);
        library.add(Facts::named("Quartz"), spectrum("Quartz"));
        library
    }

    #[test]
    fn the_library_comes_back_and_none_is_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let none = load(&data, Limits::default());
        assert!(none.library.is_empty() && none.notice.is_none());
        save(&data, &library()).unwrap();
        assert_eq!(*load(&data, Limits::default()).library, library());
    }

    #[test]
    fn a_damaged_file_is_said_and_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        for attempt in 1..3 {
            std::fs::write(path(folder.path()), format!("rubbish {attempt}")).unwrap();
            let mine = load(folder.path(), Limits::default());
            let notice = mine.notice.unwrap();
            assert!(mine.library.is_empty() && notice.contains(&format!("damaged-{attempt}")), "{notice}");
            save(folder.path(), &library()).unwrap();
        }
        let kept = folder.path().join("my-library.unravel-lib.damaged-1");
        assert_eq!(std::fs::read(kept).unwrap(), b"rubbish 1");
    }

    #[test]
    fn a_library_of_a_newer_version_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let mut newer = library().to_packed().unwrap();
        newer[8] = 9;
        std::fs::write(path(folder.path()), &newer).unwrap();
        let notice = load(folder.path(), Limits::default()).notice.unwrap();
        assert!(notice.contains("newer") && notice.contains("left as it is"), "{notice}");
        assert_eq!(std::fs::read(path(folder.path())).unwrap(), newer);
        save(folder.path(), &library()).unwrap();
        let kept = folder.path().join("my-library.unravel-lib.damaged-1");
        assert_eq!(std::fs::read(kept).unwrap(), newer);
        assert_eq!(*load(folder.path(), Limits::default()).library, library());
    }
}
