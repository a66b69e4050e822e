//! Libraries of the document.

use std::sync::Arc;

use crate::library::Library;

use super::LibraryId;

/// One open library.
#[derive(Debug, Clone)]
pub struct OpenLibrary {
    /// Its id; see [`LibraryId::DEFAULT`] and [`LibraryId::MINE`].
    pub id: LibraryId,
    /// Where it came from; empty for the two that are always there.
    pub path: String,
    /// What it holds.
    pub library: Arc<Library>,
}

/// Contents are the same when they are shared: comparing thousands of spectra would make every command slow.
impl PartialEq for OpenLibrary {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.path == other.path && Arc::ptr_eq(&self.library, &other.library)
    }
}
