//! The user's own library when a session comes back: the one on disk goes on, the one in the file must not be lost where
//! answers speak of it.

use std::sync::Arc;

use super::super::{LibraryId, OpenLibrary};
use super::Stored;
use crate::library::{Entry, Library};

impl Stored {
    /// Puts the user's own library as it lies on disk in the place of the one in the file. Where the file's one holds
    /// entries that the disk's has not (or has otherwise), it stays open as a library of its own, and what was asked of
    /// it still is.
    #[must_use]
    pub fn with_mine(mut self, mine: Arc<Library>) -> Self {
        let Some(open) = self.document.libraries.iter_mut().find(|open| open.id == LibraryId::MINE) else {
            return self;
        };
        let saved = std::mem::replace(&mut open.library, mine);
        let same = |entry: &Entry| open.library.get(entry.id) == Some(entry);
        if saved.entries().iter().all(same) {
            return self;
        }
        self.numbers += 1;
        let id = LibraryId(self.numbers);
        let mut library = Library::clone(&saved);
        library.name = format!("{} of this session", saved.name);
        let library = OpenLibrary { id, path: String::new(), library: Arc::new(library) };
        self.document.libraries.push(library);
        let moved = |library: &mut LibraryId| {
            if *library == LibraryId::MINE {
                *library = id;
            }
        };
        for comparison in &mut self.document.comparisons {
            let comparison = Arc::make_mut(comparison);
            moved(&mut comparison.ask.library);
            comparison.pins.values_mut().for_each(|pin| moved(&mut pin.library));
        }
        for batch in &mut self.document.batches {
            moved(&mut Arc::make_mut(batch).ask.library);
        }
        self
    }
}
