//! Searches of the library.

use std::convert::Infallible;
use std::sync::Arc;

use crate::app::app::App;
use crate::jobs::{Failure, Handle, SearchJob};
use crate::library::{Ranking, SearchOptions};
use crate::process::{Pipeline, References};
use crate::session::{LibraryId, Subject};

/// The last search and the one that runs.
#[derive(Default)]
pub struct SearchState {
    running: Option<(Asked, Handle<Infallible, Ranking>)>,
    /// What the last one found.
    pub found: Option<Searched>,
    /// Searches that have ended.
    pub ended: u64,
}

/// What was looked for where.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    subject: Subject,
    name: String,
    library: LibraryId,
    options: SearchOptions,
}

/// The result of a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Searched {
    /// What was looked for.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// Where.
    pub library: LibraryId,
    /// How.
    pub options: SearchOptions,
    /// The hits, or why there are none.
    pub result: Result<Ranking, String>,
}

impl SearchState {
    /// Whether a search runs.
    pub fn running(&self) -> bool {
        self.running.is_some()
    }
}

impl App {
    /// Searches the chosen library for what a spectrum is most like. A spectrum without a baseline step of its own is
    /// flattened first: references have no fluorescence.
    pub(in crate::app) fn search(&mut self, subject: Subject, options: SearchOptions) {
        let document = self.session.document();
        let Some(spectrum) = self.derived.spectrum(document, subject) else { return };
        let (Some(open), Some(item)) = (document.chosen_library(), document.item(subject.item)) else {
            return;
        };
        let flat = item.steps.steps.iter().any(crate::process::Step::is_baseline);
        let pipeline: Pipeline = if flat { Pipeline::default() } else { flatten() };
        let asked = Asked {
            subject,
            name: document.subject_name(subject),
            library: open.id,
            options: options.clone(),
        };
        let handle = self.jobs.search(SearchJob {
            spectrum,
            pipeline,
            references: References::none(),
            library: Arc::clone(&open.library),
            options,
            indexes: Arc::clone(&self.work.indexes),
        });
        self.work.search.running = Some((asked, handle));
    }

    /// Takes the result of a search in.
    pub(in crate::app) fn take_search(&mut self) {
        let Some((asked, handle)) = &mut self.work.search.running else { return };
        let Some(end) = handle.ended() else { return };
        let Asked { subject, name, library, options } = asked.clone();
        let result = end.map_err(|failure| match failure {
            Failure::Cancelled => "the search was cancelled; search again when it suits".to_owned(),
            other => other.to_string(),
        });
        self.work.search.ended += 1;
        self.work.search.found = Some(Searched { subject, name, library, options, result });
        self.work.search.running = None;
    }
}

/// What `unravel library search` does first, too.
fn flatten() -> Pipeline {
    "despike|arpls".parse().unwrap_or_default()
}
