//! Spectra after their preparation, made in the background and kept by the version of their item.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
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
        let kept = match self.kept.entry(subject) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let Some(raw) = item.raw.spectrum(subject.row).map(Arc::new) else { return };
                entry.insert(Kept {
                    // No item ever has this version: the steps are begun below.
                    version: if item.steps.steps.is_empty() { item.version } else { Version(0) },
                    prepared: Arc::clone(&raw),
                    raw,
                    behind: Behind::default(),
                    error: None,
                    making: None,
                })
            }
        };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::{Arpls, Pipeline};
    use crate::session::{Command, Data, ItemId, NewItem, Source};
    use crate::spectrum::{Axis, AxisKind, Metadata};

    fn opened() -> (Session, ItemId) {
        let axis = Axis::even(AxisKind::RamanShift, 100.0, 3_100.0, 30_000).unwrap();
        let y: Vec<f32> = (0..30_000_u16).map(|i| 500.0 + (f32::from(i) * 0.01).sin()).collect();
        let item = NewItem {
            name: "a".to_owned(),
            raw: Data::Curve(Spectrum::new(axis, y, Metadata::default()).unwrap()),
            source: Source::default(),
            warnings: Vec::new(),
            group: String::new(),
        };
        let mut session = Session::new();
        let made = session.apply(&Command::Add(vec![item])).unwrap();
        (session, made.items[0])
    }

    fn stiffen(session: &mut Session, id: ItemId, count: u32) {
        let step = Arpls { lambda: 1e4 + f64::from(count), ..Arpls::default() };
        session.apply(&Command::Prepare(vec![id], Pipeline::new([step.into()]))).unwrap();
    }

    /// Longest wait, in a test build on a busy machine.
    const ENOUGH: Duration = Duration::from_secs(60);

    #[test]
    fn a_drag_without_pause_shows_new_states_again_and_again_and_the_last_one_in_the_end() {
        let (mut session, id) = opened();
        let subject = Subject { item: id, row: None };
        let jobs = Jobs::new(Arc::new(|| ())).unwrap();
        let mut derived = Derived::default();
        let (start, mut count, mut shown) = (Instant::now(), 0, Vec::new());
        while shown.len() < 4 {
            count += 1;
            stiffen(&mut session, id, count);
            derived.refresh(&session, &jobs);
            let version = derived.version(subject).unwrap();
            if shown.last() != Some(&version) {
                shown.push(version);
            }
            assert!(start.elapsed() < ENOUGH, "only {shown:?} were shown");
            std::thread::sleep(Duration::from_millis(3));
        }
        assert!(shown.is_sorted(), "an older state never comes after a newer one");
        let last = session.document().item(id).unwrap().version;
        while derived.version(subject) != Some(last) {
            derived.refresh(&session, &jobs);
            assert!(start.elapsed() < 2 * ENOUGH, "the last state never came");
            std::thread::sleep(Duration::from_millis(3));
        }
        assert!(!derived.making(subject) && derived.behind(subject).unwrap().baseline.is_some());
    }

    #[test]
    fn steps_that_fail_show_the_raw_data_and_say_why_until_they_are_gone() {
        let (mut session, id) = opened();
        let subject = Subject { item: id, row: None };
        let jobs = Jobs::new(Arc::new(|| ())).unwrap();
        let mut derived = Derived::default();
        session.apply(&Command::Prepare(vec![id], "crop:5000-6000".parse().unwrap())).unwrap();
        let start = Instant::now();
        while derived.error(subject).is_none() {
            derived.refresh(&session, &jobs);
            assert!(start.elapsed() < ENOUGH, "no error came");
            std::thread::sleep(Duration::from_millis(3));
        }
        assert!(derived.error(subject).unwrap().contains("5000 to 6000"));
        let raw = derived.raw(subject).unwrap();
        assert!(Arc::ptr_eq(&raw, &derived.spectrum(session.document(), subject).unwrap()));
        session.apply(&Command::Prepare(vec![id], Pipeline::default())).unwrap();
        derived.refresh(&session, &jobs);
        assert_eq!(derived.error(subject), None);
    }
}
