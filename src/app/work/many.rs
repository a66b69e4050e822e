//! The same comparison on many spectra: from what was asked to the rows of a table.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::app::app::App;
use crate::app::derived::step_references;
use crate::app::screen::Tab;
use crate::app::widgets::spectra;
use crate::jobs::{CompareEnd, CompareJob, Failure, Handle, Lane, MethodDone, Run, Spectra};
use crate::session::{
    Ask, Batch, BatchId, BatchRow, BatchShare, BatchTable, Command, Data, Document, Subject, Version,
};
use crate::spectrum::Spectrum;

use super::Work;
use super::compare::{Running, job, steps};

/// A batch that runs.
pub struct Many {
    stage: Stage,
    batch: Arc<Batch>,
    /// Number in the batch of each spectrum of the job.
    numbers: Vec<usize>,
}

enum Stage {
    /// Each spectrum by its own steps.
    Preparing(Handle<Infallible, Vec<Ready>>),
    /// The methods.
    Comparing(Handle<MethodDone, CompareEnd>),
}

/// A spectrum after its steps, or why it is not.
type Ready = Result<Arc<Spectrum>, Failure>;

impl Work {
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

impl App {
    /// Notes a question about many spectra and begins to answer it.
    pub(in crate::app) fn compare_many(&mut self, subjects: Vec<Subject>, ask: Ask) {
        if let Some(id) = self.note_many(subjects, ask) {
            self.continue_many(id);
        }
    }

    /// The question as a step of undo of its own.
    fn note_many(&mut self, subjects: Vec<Subject>, ask: Ask) -> Option<BatchId> {
        let made = self.command(&Command::CompareMany(subjects, ask));
        self.session.end_gesture();
        let id = made?.batch?;
        self.screen.tab = Tab::Table;
        Some(id)
    }

    /// Runs a batch on the spectra that do not have all their rows.
    pub(in crate::app) fn continue_many(&mut self, id: BatchId) {
        let document = Arc::clone(self.session.document());
        let Some(batch) = document.batch(id) else { return };
        if self.work.many.contains_key(&id) {
            return;
        }
        let numbers = unanswered(&document, batch, self.session.answers().batch(id).map(Arc::as_ref));
        if numbers.is_empty() {
            return;
        }
        match self.begin_many(&document, batch, &numbers) {
            Some(stage) => {
                self.work.many.insert(id, Many { stage, batch: Arc::clone(batch), numbers });
            }
            None => self.notices.error("A spectrum or the library of this comparison is gone"),
        }
    }

    /// Asks the same about the spectra as they are now, in a new table; rows of spectra that have not changed are taken
    /// over.
    pub(in crate::app) fn repeat_many(&mut self, old: BatchId) {
        let document = Arc::clone(self.session.document());
        let Some(batch) = document.batch(old) else { return };
        let there: Vec<(usize, Subject, bool)> = batch
            .subjects
            .iter()
            .enumerate()
            .filter_map(|(number, (subject, version))| {
                Some((number, *subject, document.item(subject.item)?.version == *version))
            })
            .collect();
        let subjects = there.iter().map(|(_, subject, _)| *subject).collect();
        let Some(id) = self.note_many(subjects, batch.ask.clone()) else { return };
        let same: BTreeMap<usize, usize> =
            there.iter().enumerate().filter(|(_, t)| t.2).map(|(new, (old, ..))| (*old, new)).collect();
        if let Some(table) = self.session.answers().batch(old) {
            let moved = |row: &BatchRow| Some(BatchRow { subject: *same.get(&row.subject)?, ..row.clone() });
            let rows: Vec<BatchRow> = table.rows.iter().filter_map(moved).collect();
            self.session.answer_rows(id, rows);
        }
        self.continue_many(id);
    }

    /// The rows of one map go as they are; spectra of their own are prepared each by its own steps first.
    fn begin_many(&self, document: &Arc<Document>, batch: &Arc<Batch>, numbers: &[usize]) -> Option<Stage> {
        let subjects: Vec<Subject> =
            numbers.iter().filter_map(|n| batch.subjects.get(*n)).map(|(s, _)| *s).collect();
        let first = document.item(subjects.first()?.item)?;
        let one_map = subjects.iter().all(|s| s.item == first.id && s.row.is_some());
        let job = job(document, &batch.ask, &self.work)?;
        if one_map && let Data::Set(set) = &first.raw {
            let rows: Vec<usize> = subjects.iter().filter_map(|s| s.row).collect();
            let pipeline = steps(first, &batch.ask);
            let references = step_references(document, &pipeline);
            let job = CompareJob { pipeline, references, ..job };
            return Some(Stage::Comparing(self.jobs.compare_many(Spectra::Rows(Arc::clone(set), rows), job)));
        }
        let (document, ask) = (Arc::clone(document), batch.ask.clone());
        let title = format!("Preparing {}", spectra(subjects.len()));
        Some(Stage::Preparing(self.jobs.submit(title, Lane::Long, move |ticket| {
            let (done, total) = (AtomicUsize::new(0), subjects.len());
            let ready = |subject: &Subject| {
                ticket.go_on()?;
                let made = prepared(&document, *subject, &ask);
                let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                ticket.progress(
                    Some(done as f32 / total as f32),
                    format!("preparing {done} of {total} spectra"),
                );
                Ok(made)
            };
            ticket.wide(|| subjects.par_iter().map(ready).collect())
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
        let document = Arc::clone(self.session.document());
        match &mut many.stage {
            Stage::Preparing(handle) => match handle.ended() {
                None => {}
                Some(Ok(ready)) => {
                    let Some(job) = job(&document, &many.batch.ask, &self.work) else {
                        self.notices.error("The library of this comparison is gone");
                        return false;
                    };
                    let (numbers, spectra, refused) = divided(&many.batch, &many.numbers, ready);
                    self.session.answer_rows(id, refused);
                    many.numbers = numbers;
                    many.stage = Stage::Comparing(self.jobs.compare_many(Spectra::Each(spectra), job));
                }
                Some(Err(failure)) => {
                    self.ended_badly(&failure);
                    return false;
                }
            },
            Stage::Comparing(handle) => {
                let rows: Vec<BatchRow> =
                    handle.take().filter_map(|done| answered(&many.batch, &many.numbers, &done)).collect();
                let end = handle.ended();
                if !rows.is_empty() {
                    self.session.answer_rows(id, rows);
                }
                match end {
                    None => {}
                    Some(Ok(end)) => {
                        self.ended_well(id, &many.batch, &end);
                        return false;
                    }
                    Some(Err(failure)) => {
                        self.ended_badly(&failure);
                        return false;
                    }
                }
            }
        }
        // Letting go of the handle stops the job.
        let wanted = document.batch(id).is_some();
        let there = many.batch.subjects.iter().any(|(s, _)| document.item(s.item).is_some());
        if !wanted || !there {
            let gone = if wanted { "spectra were" } else { "table was" };
            self.notices.info(format!(
                "The comparison was stopped, for its {gone} removed; undo brings back what was done"
            ));
        }
        wanted && there
    }

    fn ended_well(&mut self, id: BatchId, batch: &Batch, end: &CompareEnd) {
        let many = spectra(batch.subjects.len());
        let failed = self
            .session
            .answers()
            .batch(id)
            .map_or(end.failed, |table| table.rows.iter().filter(|row| row.error.is_some()).count());
        if failed > 0 {
            self.notices.warning(
                format!("{many} compared; {failed} answers are missing, the table says why"),
                Vec::new(),
            );
        } else {
            self.notices.good(format!("{many} compared, {} answers", end.answered));
        }
    }

    fn ended_badly(&mut self, failure: &Failure) {
        match failure {
            Failure::Cancelled => self.notices.info("The comparison was cancelled; what was done stays"),
            other => self.notices.error(other.to_string()),
        }
    }
}

/// Numbers of the spectra of a batch that are still in the document and lack a row.
fn unanswered(document: &Document, batch: &Batch, table: Option<&BatchTable>) -> Vec<usize> {
    let mut rows = vec![0_usize; batch.subjects.len()];
    for row in table.map(|table| table.rows.as_slice()).unwrap_or_default() {
        if let Some(count) = rows.get_mut(row.subject) {
            *count += 1;
        }
    }
    let open = |number: &usize| {
        let (subject, _) = batch.subjects[*number];
        rows[*number] < batch.ask.methods.len() && document.item(subject.item).is_some()
    };
    (0..batch.subjects.len()).filter(open).collect()
}

/// One spectrum after the steps of its item.
fn prepared(document: &Document, subject: Subject, ask: &Ask) -> Ready {
    let gone = || Failure::Refused("the spectrum is gone".to_owned());
    let item = document.item(subject.item).ok_or_else(gone)?;
    let raw = item.raw.spectrum(subject.row).ok_or_else(gone)?;
    let pipeline = steps(item, ask);
    Ok(Arc::new(pipeline.run(&raw, &step_references(document, &pipeline))?))
}

/// Prepared spectra with their numbers in the batch, and the rows of those that could not be prepared.
fn divided(
    batch: &Batch,
    numbers: &[usize],
    ready: Vec<Ready>,
) -> (Vec<usize>, Vec<Arc<Spectrum>>, Vec<BatchRow>) {
    let (mut kept, mut spectra, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for (number, ready) in numbers.iter().zip(ready) {
        match ready {
            Ok(spectrum) => {
                kept.push(*number);
                spectra.push(spectrum);
            }
            Err(failure) => {
                let rows = batch.ask.methods.iter().filter_map(|m| empty_row(batch, *number, &m.id));
                refused.extend(rows.map(|row| BatchRow { error: Some(failure.to_string()), ..row }));
            }
        }
    }
    (kept, spectra, refused)
}

fn empty_row(batch: &Batch, number: usize, method: &str) -> Option<BatchRow> {
    let (of, _): (Subject, Version) = *batch.subjects.get(number)?;
    Some(BatchRow {
        subject: number,
        of,
        method: method.to_owned(),
        shares: Vec::new(),
        residual_over_noise: None,
        elapsed_ms: 0.0,
        error: None,
    })
}

/// The row of an answer: what the table shows, none of the curves.
fn answered(batch: &Batch, numbers: &[usize], done: &MethodDone) -> Option<BatchRow> {
    let mut row = empty_row(batch, *numbers.get(done.spectrum)?, &done.method)?;
    match &done.result {
        Ok(outcome) => {
            let share = |c: &crate::methods::Component| BatchShare {
                name: c.name.clone(),
                share: c.share,
                confidence: c.sureness(),
            };
            row.shares = outcome.components.iter().map(share).collect();
            row.residual_over_noise = Some(outcome.unexplained.ratio);
            row.elapsed_ms = outcome.elapsed_ms;
        }
        Err(failure) => row.error = Some(failure.to_string()),
    }
    Some(row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::batch_of;
    use crate::session::ItemId;

    fn batch(count: u64) -> Batch {
        batch_of((0..count).map(|i| (Subject { item: ItemId(i), row: None }, Version(i))).collect())
    }

    #[test]
    fn a_spectrum_that_cannot_be_prepared_has_rows_that_say_why_and_the_others_go_on() {
        let axis = crate::spectrum::Axis::even(crate::spectrum::AxisKind::RamanShift, 0.0, 1.0, 2).unwrap();
        let good =
            Arc::new(Spectrum::new(axis, vec![0.0, 1.0], crate::spectrum::Metadata::default()).unwrap());
        let bad = Failure::Refused("no".to_owned());
        let ready = vec![Ok(Arc::clone(&good)), Err(bad), Ok(good)];
        let (numbers, spectra, refused) = divided(&batch(9), &[2, 5, 8], ready);
        assert_eq!((numbers, spectra.len()), (vec![2, 8], 2));
        let places: Vec<(usize, &str)> = refused.iter().map(|r| (r.subject, r.method.as_str())).collect();
        assert_eq!(places, [(5, "nnls"), (5, "fcls")]);
        assert!(refused.iter().all(|r| r.error.is_some() && r.of.item == ItemId(5)));
    }

    #[test]
    fn answers_find_their_row_when_only_some_spectra_run() {
        let done = MethodDone {
            spectrum: 1,
            place: 0,
            method: "nnls".to_owned(),
            result: Err(Failure::Refused("no".to_owned())),
        };
        let row = answered(&batch(9), &[2, 5], &done).unwrap();
        assert_eq!((row.subject, row.of.item), (5, ItemId(5)));
        assert_eq!(answered(&batch(9), &[2], &done), None);
    }
}
