//! The user's own library on disk, kept across sessions.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file::{FileError, set_aside, write};
use crate::formats::Limits;
use crate::library::{EXTENSION, Entry, Library, LibraryError};

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

/// Keeps the library in the data folder, which is made if need be, and gives back what is there now. `before` is the
/// library as this window last loaded or saved it: what another window has added since is kept and added to ours under
/// new ids. A file there that cannot be read (damaged, or made by a newer version) is set aside first.
pub fn save(folder: &Path, library: &Arc<Library>, before: &Library) -> Result<Arc<Library>, FileError> {
    let failed = |error: std::io::Error| FileError::NotSaved {
        file: folder.display().to_string(),
        problem: error.to_string(),
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let turn = File::create(folder.join("my-library.lock")).map_err(failed)?;
    // Held until the end of this function; a file system without locks has no turns to take.
    let _held = turn.lock();
    let path = path(folder);
    let mut library = Arc::clone(library);
    if path.symlink_metadata().is_ok() {
        match Library::load_packed(&path, Limits::default()) {
            Ok(there) => added_meanwhile(&mut library, before, &there),
            Err(LibraryError::Io { file, source }) => return Err(FileError::Io { file, source }),
            Err(_) => drop(set_aside(&path)?),
        }
    }
    write(&path, &library.to_packed()?)?;
    Ok(library)
}

/// Adds what `there` has and neither `before` nor the library knows.
fn added_meanwhile(library: &mut Arc<Library>, before: &Library, there: &Library) {
    let knows = |library: &Library, entry: &Entry| {
        let same = |have: &Entry| have.facts == entry.facts && have.spectrum == entry.spectrum;
        library.get(entry.id).is_some_and(same) || library.entries().iter().any(same)
    };
    for entry in there.entries() {
        if !knows(before, entry) && !knows(library, entry) {
            Arc::make_mut(library).add(entry.facts.clone(), entry.spectrum.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::spectrum;
    use super::*;
    use crate::library::Facts;

    fn with(base: &Library, name: &str) -> Arc<Library> {
        let mut library = base.clone();
        library.add(Facts::named(name), spectrum(name));
        Arc::new(library)
    }

    fn library() -> Arc<Library> {
        with(&Library::new(NAME), "Quartz")
    }

    fn keep(folder: &Path, library: &Arc<Library>) {
        save(folder, library, &Library::default()).unwrap();
    }

    #[test]
    fn the_library_comes_back_and_none_is_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let none = load(&data, Limits::default());
        assert!(none.library.is_empty() && none.notice.is_none());
        keep(&data, &library());
        assert_eq!(load(&data, Limits::default()).library, library());
    }

    #[test]
    fn a_damaged_file_is_said_and_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        for attempt in 1..3 {
            std::fs::write(path(folder.path()), format!("rubbish {attempt}")).unwrap();
            let mine = load(folder.path(), Limits::default());
            let notice = mine.notice.unwrap();
            assert!(mine.library.is_empty() && notice.contains(&format!("damaged-{attempt}")), "{notice}");
            keep(folder.path(), &library());
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
        keep(folder.path(), &library());
        let kept = folder.path().join("my-library.unravel-lib.damaged-1");
        assert_eq!(std::fs::read(kept).unwrap(), newer);
        assert_eq!(load(folder.path(), Limits::default()).library, library());
    }

    #[test]
    fn two_windows_do_not_take_each_others_additions_away() {
        let folder = tempfile::tempdir().unwrap();
        keep(folder.path(), &library());
        let start = load(folder.path(), Limits::default()).library;
        let names = |library: &Library| {
            library.entries().iter().map(|e| (e.id.0, e.facts.name.clone())).collect::<Vec<_>>()
        };
        let one = save(folder.path(), &with(&start, "Calcite"), &start).unwrap();
        let two = save(folder.path(), &with(&start, "Gypsum"), &start).unwrap();
        assert_eq!(names(&two), [(0, "Quartz".into()), (1, "Gypsum".into()), (2, "Calcite".into())]);
        // What one window takes out does not come back by its own next save.
        let mut less = Library::clone(&two);
        less.delete(crate::library::EntryId(0)).unwrap();
        let less = save(folder.path(), &Arc::new(less), &two).unwrap();
        assert_eq!(names(&less), [(1, "Gypsum".into()), (2, "Calcite".into())]);
        let later = save(folder.path(), &one, &one).unwrap();
        assert_eq!(names(&later), [(0, "Quartz".into()), (1, "Calcite".into()), (2, "Gypsum".into())]);
        assert_eq!(load(folder.path(), Limits::default()).library, later);
    }
}
