//! A comparison with all that its tables and figures need.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use crate::app::work::{Finding, findings, pure};
use crate::jobs::{Failure, Ticket};
use crate::methods::{Outcome, ReferenceCache};
use crate::session::export::{ComponentScores, ResultRow, comparison_rows};
use crate::session::{Answers, Comparison, Document};
use crate::spectrum::Spectrum;

/// What is known about the answers, by the id of the method.
pub type Known = BTreeMap<String, Finding>;

/// A comparison and what it is compared with: all of it shared.
#[derive(Clone)]
pub struct Compared {
    /// The document.
    pub document: Arc<Document>,
    /// The answers.
    pub answers: Arc<Answers>,
    /// Which comparison.
    pub comparison: Arc<Comparison>,
    /// Libraries on the axes of answers.
    pub cache: Arc<ReferenceCache>,
}

impl Compared {
    /// The answers that came, in the order in which they were asked for.
    pub fn done(&self) -> Vec<(&str, &Arc<Outcome>)> {
        let outcome = |id: &str| self.answers.get(self.comparison.id, id)?.outcome();
        let asked = self.comparison.ask.methods.iter();
        asked.filter_map(|method| Some((method.id.as_str(), outcome(&method.id)?))).collect()
    }

    /// What is known about the answers.
    pub fn known(&self, ticket: &Ticket<Infallible>) -> Result<Known, Failure> {
        findings(&self.comparison, &self.document, &self.answers, &self.cache, ticket)
    }

    /// The rows of its table.
    pub fn rows(&self, known: &Known) -> Vec<ResultRow> {
        let scores = |method: &str, at: usize| {
            let found = known.get(method).and_then(|finding| finding.components.get(at));
            let truth = found.and_then(|f| f.truth.as_ref());
            ComponentScores {
                match_score: found.and_then(|f| Some(f.matched.as_ref()?.score)),
                truth: truth.map(|t| t.name.clone()),
                si_snr_db: truth.map(|t| t.si_snr_db),
                sad_deg: truth.map(|t| t.sad_deg),
            }
        };
        comparison_rows(&self.document, &self.answers, self.comparison.id, &scores)
    }

    /// The pure spectra that the mixture is known to hold, after their own steps and under their names.
    pub fn truths(&self) -> Vec<Spectrum> {
        let ids = self.document.item(self.comparison.subject.item).map(|item| item.truths.as_slice());
        let named = |(name, mut spectrum): (String, Spectrum)| {
            spectrum.meta.title = Some(name);
            spectrum
        };
        ids.unwrap_or_default().iter().filter_map(|id| pure(&self.document, *id)).map(named).collect()
    }
}
