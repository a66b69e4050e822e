//! Undo: the documents before and after, shared as they are.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Command, Document};

/// Steps that can be undone.
pub const UNDO_STEPS: usize = 500;

/// The way from one document to the next.
#[derive(Debug, Clone)]
struct Step {
    label: String,
    document: Arc<Document>,
}

/// The past and the undone future of a document.
#[derive(Debug, Clone, Default)]
pub struct History {
    past: VecDeque<Step>,
    future: Vec<Step>,
    /// The command of the last step while its gesture lasts.
    gesture: Option<Command>,
}

impl History {
    /// Remembers the document before `command`, unless the command goes on with the gesture of the last one.
    pub fn record(&mut self, before: Arc<Document>, command: &Command) {
        let goes_on =
            self.gesture.as_ref().is_some_and(|last| command.continues(last)) && !self.past.is_empty();
        if !goes_on {
            if self.past.len() == UNDO_STEPS {
                self.past.pop_front();
            }
            self.past.push_back(Step { label: command.label(), document: before });
        }
        self.future.clear();
        self.gesture = Some(command.clone());
    }

    /// The next command is a step of its own.
    pub fn end_gesture(&mut self) {
        self.gesture = None;
    }

    /// Files that are added next are a step of their own; a drag that goes on meanwhile stays one step.
    pub fn end_adding(&mut self) {
        if matches!(self.gesture, Some(Command::Add(_))) {
            self.gesture = None;
        }
    }

    /// The document before the last step; `now` can be redone.
    pub fn undo(&mut self, now: Arc<Document>) -> Option<Arc<Document>> {
        self.gesture = None;
        let Step { label, document } = self.past.pop_back()?;
        self.future.push(Step { label, document: now });
        Some(document)
    }

    /// The document after the step undone last.
    pub fn redo(&mut self, now: Arc<Document>) -> Option<Arc<Document>> {
        self.gesture = None;
        let Step { label, document } = self.future.pop()?;
        self.past.push_back(Step { label, document: now });
        Some(document)
    }

    /// What undo would take back.
    pub fn undo_label(&self) -> Option<&str> {
        self.past.back().map(|step| step.label.as_str())
    }

    /// What redo would do again.
    pub fn redo_label(&self) -> Option<&str> {
        self.future.last().map(|step| step.label.as_str())
    }
}
