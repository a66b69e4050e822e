//! Asking a library which of its species a spectrum is most like.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::library::{Index, Library, LibraryError, Ranking, SearchOptions};
use crate::process::{Pipeline, References};
use crate::spectrum::Spectrum;

use super::{Failure, Handle, Jobs, Lane};

/// Libraries open at once, as a rule the default one and the user's own.
const LIBRARIES: usize = 4;

/// What is kept for one library, made once however many jobs ask.
type Slot = Arc<OnceLock<Result<Arc<Index>, Failure>>>;

/// Search indexes of the libraries used last. A library behind an [`Arc`] does not change, and it is held here so that
/// its address stays its own: a changed library is another one and gets an index of its own.
#[derive(Debug, Default)]
pub struct Indexes {
    /// Most recently used last.
    kept: Mutex<Vec<(Arc<Library>, Slot)>>,
}

impl Indexes {
    /// The index of a library, made now or before.
    pub(super) fn get(
        &self,
        library: &Arc<Library>,
        make: impl FnOnce(&Library) -> Result<Index, LibraryError>,
    ) -> Result<Arc<Index>, Failure> {
        let slot = self.slot(library);
        slot.get_or_init(|| Ok(Arc::new(make(library)?))).clone()
    }

    fn slot(&self, library: &Arc<Library>) -> Slot {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = match kept.iter().position(|(have, _)| Arc::ptr_eq(have, library)) {
            Some(at) => kept.remove(at),
            None => (Arc::clone(library), Slot::default()),
        };
        if kept.len() >= LIBRARIES {
            kept.remove(0);
        }
        let slot = Arc::clone(&found.1);
        kept.push(found);
        slot
    }
}

/// One question to a library.
#[derive(Debug, Clone)]
pub struct SearchJob {
    /// What is looked for.
    pub spectrum: Arc<Spectrum>,
    /// Steps done on it first; none as a rule, where the spectrum is prepared already.
    pub pipeline: Pipeline,
    /// Spectra that the steps ask for.
    pub references: References,
    /// Where it is looked for.
    pub library: Arc<Library>,
    /// How.
    pub options: SearchOptions,
    /// Indexes of earlier searches.
    pub indexes: Arc<Indexes>,
}

impl Jobs {
    /// Ranks the species of a library by their likeness to a spectrum.
    pub fn search(&self, job: SearchJob) -> Handle<Infallible, Ranking> {
        let title = format!("Searching for {}", job.spectrum.meta.display_name());
        self.submit(title, Lane::Quick, move |ticket| {
            let SearchJob { spectrum, pipeline, references, library, options, indexes } = job;
            ticket.progress(None, "preparing the spectrum");
            let query = pipeline.run(&spectrum, &references)?;
            ticket.go_on()?;
            ticket.progress(None, format!("preparing the library {}", library.name));
            let index = indexes.get(&library, |library| ticket.wide(|| Index::new(library)))?;
            ticket.go_on()?;
            ticket.progress(None, format!("comparing with {} entries", index.len()));
            Ok(ticket.wide(|| index.search(&query, &options))?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Facts;
    use crate::spectrum::{Axis, AxisKind, Metadata};

    fn library() -> Arc<Library> {
        let axis = Axis::even(AxisKind::RamanShift, 100.0, 500.0, 200).unwrap();
        let y: Vec<f32> = (0..200_u8).map(|i| f32::from(i % 30)).collect();
        let mut library = Library::new("one");
        library.add(Facts::named("Saw"), Spectrum::new(axis, y, Metadata::default()).unwrap());
        Arc::new(library)
    }

    #[test]
    fn an_index_is_made_once_and_a_changed_library_gets_its_own() {
        let indexes = Indexes::default();
        let mut made = 0;
        let mut get = |library: &Arc<Library>| {
            let make = |library: &Library| {
                made += 1;
                Index::new(library)
            };
            let index = indexes.get(library, make).unwrap();
            (index.len(), made)
        };
        let mut first = library();
        assert_eq!((get(&first), get(&first)), ((1, 1), (1, 1)));
        // The cache holds the library too, so a change makes a copy with an address of its own.
        let another = first.entries()[0].clone();
        Arc::make_mut(&mut first).add(another.facts, another.spectrum);
        assert_eq!(get(&first), (2, 2));
        for _ in 0..LIBRARIES {
            get(&library());
        }
        assert_eq!(get(&first), (2, 2 + LIBRARIES + 1), "the oldest was let go");
    }
}
