//! Files opened lately.

use std::path::{Path, PathBuf};

use super::file::{FileError, write};

/// Most files remembered.
const MAX_RECENT: usize = 20;
/// Name in the state folder.
const NAME: &str = "recent.json";
/// A list of twenty paths is never longer.
const MAX_BYTES: u64 = 1 << 20;

/// Paths, newest first, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recent(Vec<PathBuf>);

impl Recent {
    /// The list kept in the state folder; empty where there is none or it is damaged.
    pub fn load(folder: &Path) -> Self {
        let path = folder.join(NAME);
        let small = path.metadata().is_ok_and(|meta| meta.len() <= MAX_BYTES);
        let text = if small { std::fs::read(&path).unwrap_or_default() } else { Vec::new() };
        let mut recent = Self::default();
        for path in serde_json::from_slice::<Vec<PathBuf>>(&text).unwrap_or_default().into_iter().rev() {
            recent.add(path);
        }
        recent
    }

    /// The paths, newest first.
    pub fn paths(&self) -> &[PathBuf] {
        &self.0
    }

    /// Puts a path at the head. Only absolute paths mean the same file tomorrow; others are left out.
    pub fn add(&mut self, path: impl Into<PathBuf>) {
        let path = path.into();
        if path.is_absolute() {
            self.0.retain(|have| *have != path);
            self.0.insert(0, path);
            self.0.truncate(MAX_RECENT);
        }
    }

    /// Puts paths at the head of the list in the state folder, which other windows may have changed meanwhile, and gives
    /// it back.
    pub fn remember(folder: &Path, paths: &[PathBuf]) -> Result<Self, FileError> {
        let mut recent = Self::load(folder);
        paths.iter().rev().for_each(|path| recent.add(path));
        recent.save(folder)?;
        Ok(recent)
    }

    /// Keeps the list in the state folder, which is made if need be. Paths that are no Unicode text are left out.
    pub fn save(&self, folder: &Path) -> Result<(), FileError> {
        let failed = |problem: String| FileError::NotSaved { file: folder.display().to_string(), problem };
        std::fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
        let texts: Vec<&str> = self.0.iter().filter_map(|path| path.to_str()).collect();
        let json = serde_json::to_vec_pretty(&texts).map_err(|error| failed(error.to_string()))?;
        write(&folder.join(NAME), &json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(name: &str) -> PathBuf {
        std::env::temp_dir().join(name)
    }

    #[test]
    fn the_newest_stands_first_and_none_twice() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("a/b");
        let mut recent = Recent::load(&state);
        for n in 0..30 {
            recent.add(path(&format!("{n}.csv")));
        }
        recent.add(path("25.csv"));
        recent.add("relative.csv");
        recent.save(&state).unwrap();
        let back = Recent::load(&state);
        assert_eq!(back, recent);
        assert_eq!(back.paths()[..3], [path("25.csv"), path("29.csv"), path("28.csv")]);
        assert_eq!(back.paths().len(), MAX_RECENT);
    }

    #[test]
    fn two_windows_share_one_list() {
        let folder = tempfile::tempdir().unwrap();
        Recent::remember(folder.path(), &[path("a.csv")]).unwrap();
        let both = Recent::remember(folder.path(), &[path("b.csv"), path("c.csv")]).unwrap();
        assert_eq!(both.paths(), [path("b.csv"), path("c.csv"), path("a.csv")]);
        assert_eq!(Recent::load(folder.path()), both);
    }

    #[test]
    fn a_damaged_list_is_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let damaged: [&[u8]; 4] = [b"", b"{", b"[1,2]", b"\xff"];
        for content in damaged {
            std::fs::write(folder.path().join(NAME), content).unwrap();
            assert_eq!(Recent::load(folder.path()), Recent::default());
        }
        Recent::default().save(folder.path()).unwrap();
        assert_eq!(Recent::load(folder.path()), Recent::default());
    }

    #[test]
    fn a_list_that_cannot_be_kept_is_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("f"), "x").unwrap();
        assert!(Recent::default().save(&folder.path().join("f")).is_err());
    }
}
