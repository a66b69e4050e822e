//! Comparisons on their way: from what was asked to the answers in the session.

use std::sync::Arc;

use crate::app::app::App;
use crate::app::derived::step_references;
use crate::app::screen::Tab;
use crate::jobs::{CompareEnd, CompareJob, Failure, Handle, JobId, MethodDone, Run};
use crate::process::{Despike, Pipeline, Step};
use crate::session::{Answer, Ask, Command, Comparison, ComparisonId, Document, Item, Subject};

use super::Work;

/// A comparison that runs.
pub struct One {
    handle: Handle<MethodDone, CompareEnd>,
    methods: Vec<String>,
}

/// How far one method of a comparison is.
#[derive(Debug, Clone, PartialEq)]
pub enum Running {
    /// Its turn has not come or it is at work; the words say what the job does.
    Yes {
        /// How far the whole comparison is, 0 to 1.
        fraction: Option<f32>,
        /// What it does.
        words: String,
    },
    /// It does not run.
    No,
}

impl Work {
    /// How far a comparison is.
    pub fn running(&self, comparison: ComparisonId) -> Running {
        match self.running.get(&comparison).map(|one| one.handle.run()) {
            Some(Run::Running { fraction, words, .. }) => Running::Yes { fraction, words },
            Some(Run::Queued) => Running::Yes { fraction: None, words: "waiting".to_owned() },
            Some(Run::Ended) | None => Running::No,
        }
    }

    /// The job of a comparison that runs, to stop it.
    pub fn job(&self, comparison: ComparisonId) -> Option<JobId> {
        self.running.get(&comparison).map(|one| one.handle.id())
    }
}

/// The steps of an item, and the removal of cosmic rays where it was asked for and is not among them.
pub(super) fn steps(item: &Item, ask: &Ask) -> Pipeline {
    let mut steps = item.steps.clone();
    if ask.despike && !steps.steps.iter().any(|step| matches!(step, Step::Despike(_))) {
        steps.steps.push(Step::Despike(Despike::default()));
    }
    steps
}

pub(super) fn job(document: &Document, ask: &Ask, work: &Work) -> Option<CompareJob> {
    let library = &document.open_library(ask.library)?.library;
    let methods = ask.methods.iter().map(|m| (m.id.clone(), m.settings.clone())).collect();
    Some(CompareJob {
        components: ask.components,
        fixed: ask.fixed.clone(),
        excluded: ask.excluded.clone(),
        range: ask.range,
        cache: Arc::clone(&work.cache),
        paces: Arc::clone(&work.paces),
        ..CompareJob::new(methods, Arc::clone(library))
    })
}

impl App {
    /// Notes the question in the document and begins to answer it.
    pub(in crate::app) fn compare(&mut self, subject: Subject, ask: Ask) {
        let made = self.command(&Command::Compare(subject, ask));
        self.session.end_gesture();
        let Some(id) = made.and_then(|made| made.comparison) else { return };
        self.screen.tab = Tab::Compare;
        let document = Arc::clone(self.session.document());
        let Some(comparison) = document.comparison(id) else { return };
        self.run_comparison(comparison);
    }

    /// Begins the methods of a comparison that have no answer yet.
    fn run_comparison(&mut self, comparison: &Comparison) {
        let document = Arc::clone(self.session.document());
        let (subject, id) = (comparison.subject, comparison.id);
        let mut ask = comparison.ask.clone();
        ask.methods.retain(|m| self.session.answers().get(id, &m.id).is_none());
        let Some(item) = document.item(subject.item) else { return };
        let (Some(raw), Some(job)) = (item.raw.spectrum(subject.row), job(&document, &ask, &self.work))
        else {
            self.notices.error("The spectrum or the library of this comparison is gone");
            return;
        };
        let pipeline = steps(item, &ask);
        let references = step_references(&document, &pipeline);
        let methods = ask.methods.iter().map(|m| m.id.clone()).collect();
        let handle = self.jobs.compare(Arc::new(raw), CompareJob { pipeline, references, ..job });
        self.work.running.insert(id, One { handle, methods });
    }

    /// Takes answers in as they come.
    pub(in crate::app) fn take_comparisons(&mut self) {
        let mut running = std::mem::take(&mut self.work.running);
        running.retain(|id, one| {
            for done in one.handle.take() {
                one.methods.retain(|m| *m != done.method);
                let answer = match done.result {
                    Ok(outcome) => Answer::Done(outcome),
                    Err(failure) => Answer::Failed(failure.to_string()),
                };
                self.session.answer(*id, &done.method, answer);
            }
            let Some(end) = one.handle.ended() else { return true };
            let why = match end {
                Ok(_) => "no answer came".to_owned(),
                Err(Failure::Cancelled) => "cancelled before it was done".to_owned(),
                Err(failure) => {
                    self.notices.error(failure.to_string());
                    failure.to_string()
                }
            };
            for method in &one.methods {
                self.session.answer(*id, method, Answer::Failed(why.clone()));
            }
            false
        });
        running.append(&mut self.work.running);
        self.work.running = running;
    }
}
