//! What methods answered. Answers belong to a comparison or batch by its id and never change; undo takes the
//! comparison away and brings it back, with its answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::methods::Outcome;

use super::{BatchId, ComparisonId, Document, Subject};

/// The end of one method on one spectrum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// What it found.
    Done(Arc<Outcome>),
    /// Why there is no answer, one sentence.
    Failed(String),
}

impl Answer {
    /// The outcome of a method that came to an end.
    pub fn outcome(&self) -> Option<&Arc<Outcome>> {
        match self {
            Self::Done(outcome) => Some(outcome),
            Self::Failed(_) => None,
        }
    }
}

/// How much of one substance a method found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BatchShare {
    /// Name of the component.
    pub name: String,
    /// Relative signal, 0 to 1.
    pub share: f64,
    /// Probability that it is there or, of what the library does not hold, that the library lacks it; from methods that
    /// know.
    pub confidence: Option<f64>,
}

/// One method on one of many spectra, without its curves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BatchRow {
    /// Number of the subject in the batch, from 0.
    pub subject: usize,
    /// Which spectrum.
    pub of: Subject,
    /// Id of the method.
    pub method: String,
    /// What was found, largest share first.
    pub shares: Vec<BatchShare>,
    /// What is left over, in units of the noise.
    pub residual_over_noise: Option<f64>,
    /// Time in ms.
    pub elapsed_ms: f64,
    /// Why there is no answer.
    pub error: Option<String>,
}

impl BatchRow {
    /// What rows are ordered by.
    fn place(&self) -> (usize, &str) {
        (self.subject, &self.method)
    }
}

/// All rows of a batch, in the order of subject and method.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BatchTable {
    /// The rows that are there.
    pub rows: Vec<BatchRow>,
}

/// All answers of a session.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    single: BTreeMap<ComparisonId, BTreeMap<String, Answer>>,
    many: BTreeMap<BatchId, Arc<BatchTable>>,
}

impl Answers {
    /// The answer of a method.
    pub fn get(&self, comparison: ComparisonId, method: &str) -> Option<&Answer> {
        self.single.get(&comparison)?.get(method)
    }

    /// All answers of a comparison by method.
    pub fn of(&self, comparison: ComparisonId) -> impl Iterator<Item = (&str, &Answer)> {
        self.single.get(&comparison).into_iter().flatten().map(|(id, answer)| (id.as_str(), answer))
    }

    /// The table of a batch.
    pub fn batch(&self, batch: BatchId) -> Option<&Arc<BatchTable>> {
        self.many.get(&batch)
    }

    /// Every batch with rows.
    pub fn batches(&self) -> impl Iterator<Item = (BatchId, &Arc<BatchTable>)> {
        self.many.iter().map(|(id, table)| (*id, table))
    }

    /// Takes an answer in.
    pub(super) fn put(&mut self, comparison: ComparisonId, method: &str, answer: Answer) {
        self.single.entry(comparison).or_default().insert(method.to_owned(), answer);
    }

    /// Takes rows of a batch in; a row that is there already is replaced. Rows come nearly in their order, so only the
    /// end of the table is touched as a rule.
    pub(super) fn put_rows(&mut self, batch: BatchId, mut rows: Vec<BatchRow>) {
        rows.sort_by(|a, b| a.place().cmp(&b.place()));
        let Some(first) = rows.first() else { return };
        let table = &mut Arc::make_mut(self.many.entry(batch).or_default()).rows;
        let tail = table.split_off(table.partition_point(|row| row.place() < first.place()));
        let mut tail = tail.into_iter().peekable();
        for row in rows {
            while let Some(before) = tail.next_if(|old| old.place() < row.place()) {
                table.push(before);
            }
            tail.next_if(|old| old.place() == row.place());
            match table.last_mut() {
                Some(last) if last.place() == row.place() => *last = row,
                _ => table.push(row),
            }
        }
        table.extend(tail);
    }

    /// Only what the document still speaks of.
    pub(super) fn of_document(&self, document: &Document) -> Self {
        let single = self.single.iter().filter(|(id, _)| document.comparison(**id).is_some());
        let many = self.many.iter().filter(|(id, _)| document.batch(**id).is_some());
        Self {
            single: single.map(|(id, answers)| (*id, answers.clone())).collect(),
            many: many.map(|(id, table)| (*id, Arc::clone(table))).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::ItemId;

    fn row(subject: usize, method: &str, elapsed_ms: f64) -> BatchRow {
        BatchRow {
            subject,
            of: Subject { item: ItemId(1), row: Some(subject) },
            method: method.to_owned(),
            shares: Vec::new(),
            residual_over_noise: None,
            elapsed_ms,
            error: None,
        }
    }

    #[test]
    fn rows_stand_in_their_order_however_they_come() {
        let mut all: Vec<BatchRow> =
            (0..200).flat_map(|i| ["fcls", "nnls", "sunsal"].map(|m| row(i, m, 1.0))).collect();
        let sorted = all.clone();
        // A fixed shuffle: 361 has no factor in common with 600.
        all = (0..all.len()).map(|i| all[i * 361 % 600].clone()).collect();
        let mut answers = Answers::default();
        for portion in all.chunks(7) {
            answers.put_rows(BatchId(1), portion.to_vec());
        }
        assert_eq!(answers.batch(BatchId(1)).unwrap().rows, sorted);
    }

    #[test]
    fn of_two_rows_for_one_place_the_later_stands() {
        let mut answers = Answers::default();
        answers.put_rows(
            BatchId(1),
            vec![row(0, "a", 1.0), row(1, "a", 1.0), row(1, "a", 2.0), row(2, "a", 1.0)],
        );
        answers.put_rows(BatchId(1), vec![row(0, "a", 3.0), row(1, "b", 4.0)]);
        let rows = &answers.batch(BatchId(1)).unwrap().rows;
        let short: Vec<(usize, &str, f64)> =
            rows.iter().map(|r| (r.subject, r.method.as_str(), r.elapsed_ms)).collect();
        assert_eq!(short, [(0, "a", 3.0), (1, "a", 2.0), (1, "b", 4.0), (2, "a", 1.0)]);
    }
}
