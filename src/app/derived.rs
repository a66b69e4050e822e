//! Spectra after their preparation, made in the background and kept by the version of their item.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::convert::Infallible;
use std::sync::Arc;

use crate::jobs::{Failure, Handle, Jobs, Lane};
use crate::process::References;
use crate::session::{Document, Item, Session, Subject, Version};
use crate::spectrum::Spectrum;

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
    error: Option<String>,
    making: Option<(Version, Handle<Infallible, Spectrum>)>,
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
        for (subject, item) in wanted {
            self.update(subject, item, document, jobs);
        }
    }

    fn update(&mut self, subject: Subject, item: &Arc<Item>, document: &Arc<Document>, jobs: &Jobs) {
        let kept = match self.kept.entry(subject) {
            Entry::Occupied(kept) => kept.into_mut(),
            Entry::Vacant(place) => {
                let Some(raw) = item.raw.spectrum(subject.row).map(Arc::new) else { return };
                place.insert(Kept {
                    // No item ever has this version: the steps are begun below.
                    version: if item.steps.steps.is_empty() { item.version } else { Version(0) },
                    prepared: Arc::clone(&raw),
                    raw,
                    error: None,
                    making: None,
                })
            }
        };
        if let Some((version, handle)) = &mut kept.making
            && let Some(end) = handle.ended()
        {
            kept.version = *version;
            kept.making = None;
            match end {
                Ok(spectrum) => {
                    kept.prepared = Arc::new(spectrum);
                    kept.error = None;
                }
                Err(failure) => {
                    kept.prepared = Arc::clone(&kept.raw);
                    kept.error = Some(failure.to_string());
                }
            }
        }
        if kept.version == item.version || kept.making.is_some() {
            return;
        }
        if item.steps.steps.is_empty() {
            kept.version = item.version;
            kept.prepared = Arc::clone(&kept.raw);
            kept.error = None;
            return;
        }
        let (raw, steps) = (Arc::clone(&kept.raw), item.steps.clone());
        let document = Arc::clone(document);
        let handle = jobs.submit(format!("Preparing {}", item.name), Lane::Quick, move |_| {
            steps.run(&raw, &step_references(&document, &steps)).map_err(Failure::from)
        });
        kept.making = Some((item.version, handle));
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
