//! Spectra after their preparation, made in the background and kept by the version of their item.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::jobs::{Failure, Handle, Jobs, Lane};
use crate::process::References;
use crate::session::{Document, Item, Session, Subject, Version};
use crate::spectrum::Spectrum;

use super::preview::{Behind, Preview, preview};

/// How long a preview may take before a newer state of the same item replaces it.
const PATIENCE: Duration = Duration::from_millis(100);
/// Previews in the making at once: a thousand changed spectra must not stand in the queue before what is dragged next.
const AT_ONCE: usize = 64;

/// Prepared spectra of everything that is visible, selected or active.
#[derive(Default)]
pub struct Derived {
    kept: BTreeMap<Subject, Kept>,
}

struct Kept {
    version: Version,
    /// As measured.
    raw: Arc<Spectrum>,
    /// After the steps; an older state while the newer one is in the making.
    prepared: Arc<Spectrum>,
    /// What it was made from, for the preview.
    behind: Behind,
    error: Option<String>,
    making: Option<Making>,
}

/// A state on its way.
struct Making {
    version: Version,
    handle: Handle<Infallible, Preview>,
    since: Instant,
    /// It took the place of an older one. It is let to its end: a drag without pause would otherwise never show anything.
    replaced: bool,
}

impl Derived {
    /// The prepared spectrum, as far as it is ready.
    pub fn spectrum(&self, document: &Document, subject: Subject) -> Option<Arc<Spectrum>> {
        document.item(subject.item)?;
        self.kept.get(&subject).map(|kept| Arc::clone(&kept.prepared))
    }

    /// The spectrum as measured.
    pub fn raw(&self, subject: Subject) -> Option<Arc<Spectrum>> {
        self.kept.get(&subject).map(|kept| Arc::clone(&kept.raw))
    }

    /// What is drawn beneath the prepared spectrum while its steps are edited.
    pub fn behind(&self, subject: Subject) -> Option<&Behind> {
        self.kept.get(&subject).map(|kept| &kept.behind)
    }

    /// Version that the prepared spectrum belongs to.
    pub fn version(&self, subject: Subject) -> Option<Version> {
        self.kept.get(&subject).map(|kept| kept.version)
    }

    /// Why the steps of an item cannot be done.
    pub fn error(&self, subject: Subject) -> Option<&str> {
        self.kept.get(&subject)?.error.as_deref()
    }

    /// Whether something newer is in the making.
    pub fn making(&self, subject: Subject) -> bool {
        self.kept.get(&subject).is_some_and(|kept| kept.making.is_some())
    }

    /// Takes results in, begins what is missing, forgets what nobody looks at.
    pub fn refresh(&mut self, session: &Session, jobs: &Jobs) {
        let document = session.document();
        let mut wanted: Vec<(Subject, &Arc<Item>)> = document
            .items
            .iter()
            .filter(|item| item.visible || session.selection().contains(&item.id))
            .map(|item| (Subject { item: item.id, row: None }, item))
            .collect();
        if let Some(active) = session.active()
            && let Some(item) = document.item(active.item)
            && !wanted.iter().any(|(subject, _)| *subject == active)
        {
            wanted.push((active, item));
        }
        wanted.sort_by_key(|(subject, _)| *subject);
        self.kept.retain(|subject, _| wanted.binary_search_by_key(subject, |(s, _)| *s).is_ok());
        // What the user looks at first.
        wanted.sort_by_key(|(subject, _)| Some(*subject) != session.active());
        let busy = self.kept.values().filter(|kept| kept.making.is_some()).count();
        let mut room = AT_ONCE.saturating_sub(busy);
        for (subject, item) in wanted {
            self.update(subject, item, document, jobs, &mut room);
        }
    }

    fn update(
        &mut self,
        subject: Subject,
        item: &Arc<Item>,
        document: &Arc<Document>,
        jobs: &Jobs,
        room: &mut usize,
    ) {
        if !self.kept.contains_key(&subject) {
            let Some(raw) = item.raw.spectrum(subject.row).map(Arc::new) else { return };
            let kept = Kept {
                // No item ever has this version: the steps are begun below.
                version: if item.steps.steps.is_empty() { item.version } else { Version(0) },
                prepared: Arc::clone(&raw),
                raw,
                behind: Behind::default(),
                error: None,
                making: None,
            };
            self.kept.insert(subject, kept);
        }
        let Some(kept) = self.kept.get_mut(&subject) else { return };
        if let Some(making) = &mut kept.making
            && let Some(end) = making.handle.ended()
        {
            kept.version = making.version;
            kept.making = None;
            *room += 1;
            match end {
                Ok(Preview { prepared, behind }) => {
                    (kept.prepared, kept.behind, kept.error) = (prepared, behind, None);
                }
                Err(failure) => kept.unprepared(Some(match failure {
                    Failure::Cancelled => {
                        "the preparation was cancelled; change a step to begin it again".to_owned()
                    }
                    other => other.to_string(),
                })),
            }
        }
        if kept.version == item.version {
            kept.making = None;
            return;
        }
        if item.steps.steps.is_empty() {
            kept.version = item.version;
            kept.making = None;
            kept.unprepared(None);
            return;
        }
        let replaced = match &kept.making {
            None if *room == 0 => return,
            None => {
                *room -= 1;
                false
            }
            Some(making)
                if making.version == item.version || making.replaced || making.since.elapsed() < PATIENCE =>
            {
                return;
            }
            Some(_) => true,
        };
        let (raw, steps) = (Arc::clone(&kept.raw), item.steps.clone());
        let document = Arc::clone(document);
        let handle = jobs.submit(format!("Preparing {}", item.name), Lane::Quick, move |ticket| {
            preview(&raw, &steps, &step_references(&document, &steps), || ticket.go_on())
        });
        kept.making = Some(Making { version: item.version, handle, since: Instant::now(), replaced });
    }
}

impl Kept {
    /// Shows the raw data.
    fn unprepared(&mut self, error: Option<String>) {
        self.prepared = Arc::clone(&self.raw);
        self.behind = Behind::default();
        self.error = error;
    }
}

/// The spectra that the steps of a pipeline ask for by name: items of the document as measured.
pub fn step_references(document: &Document, steps: &crate::process::Pipeline) -> References {
    let mut references = References::none();
    for name in steps.references() {
        let found =
            document.items.iter().find(|item| item.name == name).and_then(|item| item.raw.spectrum(None));
        if let Some(spectrum) = found {
            references = references.with(name, spectrum);
        }
    }
    references
}
