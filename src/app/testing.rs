//! What tests of several files need.

use crate::methods::Components;
use crate::session::{Ask, Batch, BatchId, Chosen, LibraryId, Subject, Version};

/// Two methods asked about these spectra.
pub fn batch_of(subjects: Vec<(Subject, Version)>) -> Batch {
    let chosen = |id: &str| Chosen { id: id.to_owned(), ..Chosen::default() };
    Batch {
        id: BatchId(1),
        subjects,
        ask: Ask {
            methods: vec![chosen("nnls"), chosen("fcls")],
            components: Components::Auto,
            range: None,
            library: LibraryId::DEFAULT,
            fixed: Vec::new(),
            excluded: Vec::new(),
            despike: false,
        },
    }
}
