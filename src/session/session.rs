//! The session: the document of the moment and what happens to it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::library::Library;

use super::apply::{Made, Numbers, apply};
use super::history::History;
use super::{
    Answer, Answers, BatchId, BatchRow, Command, ComparisonId, Document, ItemId, SessionError, Subject,
};

/// The open document with its past, its answers and what is selected.
#[derive(Debug, Clone, Default)]
pub struct Session {
    document: Arc<Document>,
    history: History,
    answers: Arc<Answers>,
    /// Last number given to an item, comparison, batch, library or version; undo does not take it back.
    numbers: u64,
    /// Counts every change, undo and answers included.
    revision: u64,
    /// Revision that the session file holds.
    saved: u64,
    path: Option<PathBuf>,
    selection: Vec<ItemId>,
    active: Option<Subject>,
}

/// Ids below this one are reserved ([`super::LibraryId::MINE`]).
const FIRST_NUMBER: u64 = 100;

impl Session {
    /// An empty session.
    pub fn new() -> Self {
        Self { numbers: FIRST_NUMBER, ..Self::default() }
    }

    /// A session read from a file; nothing of it can be undone.
    pub fn restored(document: Document, answers: Answers, numbers: u64, path: Option<PathBuf>) -> Self {
        let active = document.items.first().map(|item| Subject { item: item.id, row: None });
        Self {
            selection: active.iter().map(|subject| subject.item).collect(),
            document: Arc::new(document),
            answers: Arc::new(answers),
            numbers: numbers.max(FIRST_NUMBER),
            path,
            active,
            ..Self::default()
        }
    }

    /// The document, shared: jobs and savers may keep it.
    pub fn document(&self) -> &Arc<Document> {
        &self.document
    }

    /// The answers of methods, shared.
    pub fn answers(&self) -> &Arc<Answers> {
        &self.answers
    }

    /// Only the answers that the document still speaks of: what a session file holds.
    pub fn answers_to_save(&self) -> Answers {
        self.answers.of_document(&self.document)
    }

    /// Last number given; a session file holds it.
    pub fn numbers(&self) -> u64 {
        self.numbers
    }

    /// Changes the document. On an error it is as it was.
    pub fn apply(&mut self, command: &Command) -> Result<Made, SessionError> {
        let mut next = Document::clone(&self.document);
        let made = apply(&mut next, command, &mut Numbers(&mut self.numbers))?;
        if next == *self.document && made == Made::default() {
            return Ok(made);
        }
        self.history.record(Arc::clone(&self.document), command);
        self.put(Arc::new(next));
        if let Some(first) = made.items.first() {
            self.selection.clone_from(&made.items);
            self.active = Some(Subject { item: *first, row: None });
        }
        Ok(made)
    }

    fn put(&mut self, document: Arc<Document>) {
        self.document = document;
        self.revision += 1;
        let there = |id: ItemId| self.document.item(id).is_some();
        self.selection.retain(|id| there(*id));
        if !self.active.is_some_and(|subject| there(subject.item)) {
            let next = self.selection.first().copied().or(self.document.items.first().map(|item| item.id));
            self.active = next.map(|item| Subject { item, row: None });
        }
        if self.selection.is_empty() {
            self.selection.extend(self.active.map(|subject| subject.item));
        }
    }

    /// The next command starts a new step of undo even if it continues the last one (end of a drag).
    pub fn end_gesture(&mut self) {
        self.history.end_gesture();
    }

    /// Spectra that are added next are a new step of undo; any other gesture goes on.
    pub fn end_adding(&mut self) {
        self.history.end_adding();
    }

    /// Takes the last step back and says what it was.
    pub fn undo(&mut self) -> Option<String> {
        let label = self.history.undo_label()?.to_owned();
        let document = self.history.undo(Arc::clone(&self.document))?;
        self.put(document);
        Some(label)
    }

    /// Does the step undone last again and says what it was.
    pub fn redo(&mut self) -> Option<String> {
        let label = self.history.redo_label()?.to_owned();
        let document = self.history.redo(Arc::clone(&self.document))?;
        self.put(document);
        Some(label)
    }

    /// What undo would take back.
    pub fn undo_label(&self) -> Option<&str> {
        self.history.undo_label()
    }

    /// What redo would do again.
    pub fn redo_label(&self) -> Option<&str> {
        self.history.redo_label()
    }

    /// Takes the answer of a method in. Answers are no step of undo: they belong to their comparison.
    pub fn answer(&mut self, comparison: ComparisonId, method: &str, answer: Answer) {
        Arc::make_mut(&mut self.answers).put(comparison, method, answer);
        self.revision += 1;
    }

    /// Takes rows of a batch in.
    pub fn answer_rows(&mut self, batch: BatchId, rows: Vec<BatchRow>) {
        Arc::make_mut(&mut self.answers).put_rows(batch, rows);
        self.revision += 1;
    }

    /// The user's own library as it lies on disk: no step of undo and no change to save.
    pub fn set_mine(&mut self, library: Arc<Library>) {
        let mut next = Document::clone(&self.document);
        let command = Command::SetMine(library);
        if apply(&mut next, &command, &mut Numbers(&mut self.numbers)).is_ok() {
            self.document = Arc::new(next);
        }
    }

    /// Selected items, in the order they were selected.
    pub fn selection(&self) -> &[ItemId] {
        &self.selection
    }

    /// The spectrum in the middle of attention.
    pub fn active(&self) -> Option<Subject> {
        self.active
    }

    /// Selects these items; the last one becomes active unless the active one is among them.
    pub fn select(&mut self, ids: &[ItemId]) {
        self.selection = ids.iter().copied().filter(|id| self.document.item(*id).is_some()).collect();
        let active = self.active.map(|subject| subject.item);
        if let Some(last) = self.selection.last()
            && !active.is_some_and(|id| self.selection.contains(&id))
        {
            self.active = Some(Subject { item: *last, row: None });
        }
    }

    /// Puts a spectrum in the middle of attention.
    pub fn activate(&mut self, subject: Subject) {
        if self.document.raw(subject).is_some() {
            self.active = Some(subject);
            if !self.selection.contains(&subject.item) {
                self.selection = vec![subject.item];
            }
        }
    }

    /// Counts every change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether something would be lost by closing.
    pub fn unsaved(&self) -> bool {
        self.revision != self.saved
    }

    /// The session file.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// A session file now holds this revision.
    pub fn saved_as(&mut self, path: PathBuf, revision: u64) {
        self.path = Some(path);
        self.saved = revision;
    }

    /// What was recovered from an autosave differs from every session file.
    pub fn mark_unsaved(&mut self) {
        self.revision += 1;
    }
}
