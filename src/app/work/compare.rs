//! Comparisons on their way: from what was asked to the answers in the session.

use std::convert::Infallible;
use std::sync::Arc;

use crate::app::app::App;
use crate::app::derived::step_references;
use crate::app::screen::Tab;
use crate::jobs::{CompareEnd, CompareJob, Failure, Handle, JobId, Lane, MethodDone, Run, Spectra};
use crate::process::{Despike, Pipeline, Step};
use crate::session::{
    Answer, Ask, Batch, BatchId, BatchRow, BatchShare, Command, Comparison, ComparisonId, Data, Document,
    Item, Subject,
};
use crate::spectrum::Spectrum;

use super::Work;

/// A comparison that runs.
pub struct One {
    handle: Handle<MethodDone, CompareEnd>,
    methods: Vec<String>,
}

/// A batch that runs.
pub struct Many {
    stage: Stage,
    batch: Arc<Batch>,
}

enum Stage {
    /// Each spectrum by its own steps.
    Preparing(Handle<Infallible, Vec<Arc<Spectrum>>>),
    /// The methods.
    Comparing(Handle<MethodDone, CompareEnd>),
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

    /// How far a batch is.
    pub fn running_many(&self, batch: BatchId) -> Running {
        let run = match self.many.get(&batch).map(|many| &many.stage) {
            Some(Stage::Preparing(handle)) => handle.run(),
            Some(Stage::Comparing(handle)) => handle.run(),
            None => return Running::No,
        };
        match run {
            Run::Running { fraction, words, .. } => Running::Yes { fraction, words },
            Run::Queued | Run::Ended => Running::Yes { fraction: None, words: "waiting".to_owned() },
        }
    }

    /// Stops a batch; the rows that are there stay.
    pub fn cancel_many(&self, batch: BatchId) {
        match self.many.get(&batch).map(|many| &many.stage) {
            Some(Stage::Preparing(handle)) => handle.cancel(),
            Some(Stage::Comparing(handle)) => handle.cancel(),
            None => {}
        }
    }
}

/// The steps of an item, and the removal of cosmic rays where it was asked for and is not among them.
fn steps(item: &Item, ask: &Ask) -> Pipeline {
    let mut steps = item.steps.clone();
    if ask.despike && !steps.steps.iter().any(|step| matches!(step, Step::Despike(_))) {
        steps.steps.push(Step::Despike(Despike::default()));
    }
    steps
}

fn job(document: &Document, ask: &Ask, work: &Work) -> Option<CompareJob> {
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
    pub(in crate::app) fn run_comparison(&mut self, comparison: &Comparison) {
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

    /// Notes a question about many spectra and begins to answer it.
    pub(in crate::app) fn compare_many(&mut self, subjects: Vec<Subject>, ask: Ask) {
        let made = self.command(&Command::CompareMany(subjects, ask));
        self.session.end_gesture();
        let Some(id) = made.and_then(|made| made.batch) else { return };
        self.screen.tab = Tab::Table;
        let document = Arc::clone(self.session.document());
        let Some(batch) = document.batch(id) else { return };
        let Some(stage) = self.begin_many(&document, batch) else {
            self.notices.error("A spectrum or the library of this comparison is gone");
            return;
        };
        self.work.many.insert(id, Many { stage, batch: Arc::clone(batch) });
    }

    /// The rows of one map go as they are; spectra of their own are prepared each by its own steps first.
    fn begin_many(&self, document: &Arc<Document>, batch: &Batch) -> Option<Stage> {
        let first = document.item(batch.subjects.first()?.0.item)?;
        let one_map = batch.subjects.iter().all(|(s, _)| s.item == first.id && s.row.is_some());
        if one_map && let Data::Set(set) = &first.raw {
            let rows: Vec<usize> = batch.subjects.iter().filter_map(|(s, _)| s.row).collect();
            let pipeline = steps(first, &batch.ask);
            let references = step_references(document, &pipeline);
            let job = CompareJob { pipeline, references, ..job(document, &batch.ask, &self.work)? };
            return Some(Stage::Comparing(self.jobs.compare_many(Spectra::Rows(Arc::clone(set), rows), job)));
        }
        let (document, batch) = (Arc::clone(document), batch.clone());
        let title = format!("Preparing {} spectra", batch.subjects.len());
        Some(Stage::Preparing(self.jobs.submit(title, Lane::Long, move |ticket| {
            let total = batch.subjects.len().max(1);
            let mut ready = Vec::with_capacity(total);
            for (index, (subject, _)) in batch.subjects.iter().enumerate() {
                ticket.go_on()?;
                ticket.progress(Some(index as f32 / total as f32), format!("{index} of {total}"));
                let gone = || Failure::Refused("a spectrum of this table is gone".to_owned());
                let item = document.item(subject.item).ok_or_else(gone)?;
                let raw = item.raw.spectrum(subject.row).ok_or_else(gone)?;
                let pipeline = steps(item, &batch.ask);
                ready.push(Arc::new(pipeline.run(&raw, &step_references(&document, &pipeline))?));
            }
            Ok(ready)
        })))
    }

    /// Takes rows of batches in as they come.
    pub(in crate::app) fn take_many(&mut self) {
        let mut running = std::mem::take(&mut self.work.many);
        running.retain(|id, many| self.take_batch(*id, many));
        running.append(&mut self.work.many);
        self.work.many = running;
    }

    /// True while the batch goes on.
    fn take_batch(&mut self, id: BatchId, many: &mut Many) -> bool {
        match &mut many.stage {
            Stage::Preparing(handle) => match handle.ended() {
                None => true,
                Some(Ok(spectra)) => {
                    let document = Arc::clone(self.session.document());
                    let Some(job) = job(&document, &many.batch.ask, &self.work) else {
                        self.notices.error("The library of this comparison is gone");
                        return false;
                    };
                    many.stage = Stage::Comparing(self.jobs.compare_many(Spectra::Each(spectra), job));
                    true
                }
                Some(Err(failure)) => {
                    self.ended_badly(&failure);
                    false
                }
            },
            Stage::Comparing(handle) => {
                let rows: Vec<BatchRow> = handle.take().map(|done| row(&many.batch, &done)).collect();
                let end = handle.ended();
                if !rows.is_empty() {
                    self.session.answer_rows(id, rows);
                }
                match end {
                    None => true,
                    Some(Ok(end)) => {
                        let bad = if end.failed > 0 {
                            format!(", {} without an answer", end.failed)
                        } else {
                            String::new()
                        };
                        self.notices.good(format!("{} answers{bad}", end.answered));
                        false
                    }
                    Some(Err(failure)) => {
                        self.ended_badly(&failure);
                        false
                    }
                }
            }
        }
    }

    fn ended_badly(&mut self, failure: &Failure) {
        match failure {
            Failure::Cancelled => self.notices.info("The comparison was cancelled; what was done stays"),
            other => self.notices.error(other.to_string()),
        }
    }
}

fn row(batch: &Batch, done: &MethodDone) -> BatchRow {
    let of = batch
        .subjects
        .get(done.spectrum)
        .map_or(Subject { item: crate::session::ItemId(0), row: None }, |(s, _)| *s);
    let mut row = BatchRow {
        subject: done.spectrum,
        of,
        method: done.method.clone(),
        shares: Vec::new(),
        residual_over_noise: None,
        elapsed_ms: 0.0,
        error: None,
    };
    match &done.result {
        Ok(outcome) => {
            let share = |c: &crate::methods::Component| BatchShare {
                name: c.name.clone(),
                share: c.share,
                confidence: c.confidence,
            };
            row.shares = outcome.components.iter().map(share).collect();
            row.residual_over_noise = Some(outcome.unexplained.ratio);
            row.elapsed_ms = outcome.elapsed_ms;
        }
        Err(failure) => row.error = Some(failure.to_string()),
    }
    row
}
