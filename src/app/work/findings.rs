//! What is computed about answers after they came: how much components look like the library and like known pure spectra,
//! and the library spectra scaled to lie over them.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use crate::app::app::App;
use crate::app::derived::step_references;
use crate::jobs::{Failure, Handle, Lane, Ticket};
use crate::library::{EntryId, Library};
use crate::methods::{
    Component, EntryWeight, Outcome, ReferenceCache, References, best_match, overlay, score,
};
use crate::session::{Answers, Comparison, ComparisonId, Document, ItemId, Pin, Version};
use crate::spectrum::{Metadata, Spectrum};

use super::Work;

/// What is known about one answer.
#[derive(Debug, Clone, Default)]
pub struct Finding {
    /// One for each component.
    pub components: Vec<Found>,
    /// Why something is missing, for people.
    pub problem: Option<String>,
}

/// What is known about one component.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The library spectrum it is compared with.
    pub matched: Option<Match>,
    /// Its score against a pure spectrum that is known to be in the mixture.
    pub truth: Option<Truth>,
    /// Why it cannot be compared with the reference that the user chose.
    pub problem: Option<String>,
}

/// A library spectrum over a component.
#[derive(Debug, Clone)]
pub struct Match {
    /// Its name.
    pub name: String,
    /// Cosine of both without their smooth background: 1 for the same shape, 0 for nothing in common.
    pub score: f64,
    /// The library spectrum, scaled to lie over the component.
    pub spectrum: Arc<Spectrum>,
    /// Whether the user chose it.
    pub pinned: bool,
}

/// A component against a known pure spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct Truth {
    /// Name of the pure spectrum.
    pub name: String,
    /// Scale-invariant signal-to-noise ratio.
    pub si_snr_db: f64,
    /// Spectral angle.
    pub sad_deg: f64,
}

impl Finding {
    /// Mean match score, over the components that have one.
    pub fn mean_score(&self) -> Option<f64> {
        mean(self.components.iter().filter_map(|c| Some(c.matched.as_ref()?.score)))
    }

    /// Mean SI-SNR in dB and mean spectral angle in degrees, over the components that have a pure spectrum.
    pub fn mean_truth(&self) -> Option<(f64, f64)> {
        let truths = || self.components.iter().filter_map(|c| c.truth.as_ref());
        Some((mean(truths().map(|t| t.si_snr_db))?, mean(truths().map(|t| t.sad_deg))?))
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_usize), |(sum, count), v| (sum + v, count + 1));
    (count > 0).then(|| sum / count as f64)
}

/// All findings, and the one in the making.
#[derive(Default)]
pub struct Findings {
    kept: BTreeMap<(ComparisonId, String), (Question, Arc<Finding>)>,
    making: Option<Making>,
}

struct Making {
    comparison: ComparisonId,
    questions: Vec<(String, Question)>,
    handle: Handle<Infallible, Vec<Finding>>,
}

/// What a finding depends on.
#[derive(Clone)]
struct Question {
    outcome: Arc<Outcome>,
    library: Option<Arc<Library>>,
    pins: Vec<(usize, Pin, Option<Arc<Library>>)>,
    truths: Vec<(ItemId, Version)>,
}

impl Question {
    fn of(comparison: &Comparison, method: &str, outcome: &Arc<Outcome>, document: &Document) -> Self {
        let pins = comparison.pins.iter().filter(|(key, _)| key.method == method);
        Self {
            outcome: Arc::clone(outcome),
            library: open(document, comparison.ask.library),
            pins: pins.map(|(key, pin)| (key.component, *pin, open(document, pin.library))).collect(),
            truths: truths(comparison, document).collect(),
        }
    }

    /// Whether the same would be asked now.
    fn holds(
        &self,
        comparison: &Comparison,
        method: &str,
        outcome: &Arc<Outcome>,
        document: &Document,
    ) -> bool {
        let same = |a: Option<&Arc<Library>>, id| {
            let b = document.open_library(id).map(|open| &open.library);
            match (a, b) {
                (Some(a), Some(b)) => Arc::ptr_eq(a, b),
                (None, None) => true,
                _ => false,
            }
        };
        let pins = comparison.pins.iter().filter(|(key, _)| key.method == method);
        let mine = self.pins.iter().map(|(component, pin, _)| (component, pin));
        Arc::ptr_eq(&self.outcome, outcome)
            && same(self.library.as_ref(), comparison.ask.library)
            && mine.eq(pins.map(|(key, pin)| (&key.component, pin)))
            && self.pins.iter().all(|(_, pin, library)| same(library.as_ref(), pin.library))
            && self.truths.iter().copied().eq(truths(comparison, document))
    }
}

fn open(document: &Document, id: crate::session::LibraryId) -> Option<Arc<Library>> {
    document.open_library(id).map(|open| Arc::clone(&open.library))
}

/// The pure spectra that the comparison's item is known to hold.
fn truths<'a>(
    comparison: &Comparison,
    document: &'a Document,
) -> impl Iterator<Item = (ItemId, Version)> + 'a {
    let ids = document.item(comparison.subject.item).map(|item| item.truths.as_slice()).unwrap_or_default();
    ids.iter().filter_map(|id| document.item(*id)).map(|item| (item.id, item.version))
}

impl Work {
    /// What is known about the answer of a method; nothing until it was computed.
    pub fn finding(&self, comparison: ComparisonId, method: &str) -> Option<&Arc<Finding>> {
        self.findings.kept.get(&(comparison, method.to_owned())).map(|(_, finding)| finding)
    }
}

impl App {
    /// Takes findings in and begins what is missing, the comparisons of the active spectrum first.
    pub(in crate::app) fn take_findings(&mut self) {
        let document = Arc::clone(self.session.document());
        self.work.findings.kept.retain(|(id, _), _| document.comparison(*id).is_some());
        if let Some(making) = &mut self.work.findings.making {
            let Some(end) = making.handle.ended() else { return };
            let Some(Making { comparison, questions, .. }) = self.work.findings.making.take() else { return };
            let found = end.unwrap_or_else(|failure| {
                // Kept as the answer: asking again would fail again, every frame.
                let problem = Some(failure.to_string());
                vec![Finding { components: Vec::new(), problem }; questions.len()]
            });
            for ((method, question), finding) in questions.into_iter().zip(found) {
                self.work.findings.kept.insert((comparison, method), (question, Arc::new(finding)));
            }
        }
        let active = self.session.active();
        let newest = || document.comparisons.iter().rev();
        let mine = newest().filter(|c| Some(c.subject) == active);
        let others = newest().filter(|c| Some(c.subject) != active);
        let missing = mine.chain(others).find_map(|comparison| {
            let questions = self.questions(comparison, &document);
            (!questions.is_empty()).then(|| (comparison.id, questions))
        });
        let Some((comparison, questions)) = missing else { return };
        let asked: Vec<Question> = questions.iter().map(|(_, question)| question.clone()).collect();
        let cache = Arc::clone(&self.work.cache);
        let handle = self.jobs.submit("Comparing with references", Lane::Quick, move |ticket| {
            let mut known = BTreeMap::new();
            asked.iter().map(|question| find(question, &document, &cache, &mut known, ticket)).collect()
        });
        self.work.findings.making = Some(Making { comparison, questions, handle });
    }

    /// What has to be computed about a comparison.
    fn questions(&self, comparison: &Comparison, document: &Document) -> Vec<(String, Question)> {
        let answers = self.session.answers();
        let done = answers.of(comparison.id).filter_map(|(id, answer)| Some((id, answer.outcome()?)));
        let open = done.filter(|(method, outcome)| {
            let kept = self.work.findings.kept.get(&(comparison.id, (*method).to_owned()));
            !kept.is_some_and(|(question, _)| question.holds(comparison, method, outcome, document))
        });
        open.map(|(id, outcome)| (id.to_owned(), Question::of(comparison, id, outcome, document))).collect()
    }
}

/// Pure spectra by item, after their own steps.
type Known = BTreeMap<ItemId, Option<(String, Spectrum)>>;

/// What is known about every answer of a comparison; for exports, which do not wait for the window's own findings.
pub fn findings(
    comparison: &Comparison,
    document: &Document,
    answers: &Answers,
    cache: &ReferenceCache,
    ticket: &Ticket<Infallible>,
) -> Result<BTreeMap<String, Finding>, Failure> {
    let mut known = BTreeMap::new();
    let done = answers.of(comparison.id).filter_map(|(id, answer)| Some((id, answer.outcome()?)));
    done.map(|(method, outcome)| {
        let question = Question::of(comparison, method, outcome, document);
        Ok((method.to_owned(), find(&question, document, cache, &mut known, ticket)?))
    })
    .collect()
}

fn find(
    question: &Question,
    document: &Document,
    cache: &ReferenceCache,
    known: &mut Known,
    ticket: &Ticket<Infallible>,
) -> Result<Finding, Failure> {
    ticket.go_on()?;
    let outcome = &question.outcome;
    let references = question.library.as_ref().map(|library| cache.get(library, outcome.mixture.axis()));
    let problem = match &references {
        None => Some("The library of this comparison is closed".to_owned()),
        Some(Err(error)) => Some(error.to_string()),
        Some(Ok(_)) => None,
    };
    let references = references.and_then(Result::ok);
    let truths: Vec<(String, Spectrum)> = question
        .truths
        .iter()
        .filter_map(|(id, _)| known.entry(*id).or_insert_with(|| pure(document, *id)).clone())
        .collect();
    let curves: Vec<Spectrum> = truths.iter().map(|(_, spectrum)| spectrum.clone()).collect();
    let scores = score(outcome, &curves);
    let unit = outcome.mixture.meta.intensity_unit.as_ref();
    let one = |(index, component): (usize, &Component)| {
        let truth = scores.get(index).copied().flatten().and_then(|s| {
            let name = truths.get(s.truth)?.0.clone();
            Some(Truth { name, si_snr_db: s.si_snr_db, sad_deg: s.sad_deg })
        });
        let (matched, problem) = match question.pins.iter().find(|(at, ..)| *at == index) {
            Some((_, pin, library)) => match pinned(component, outcome, pin.entry, library.as_deref()) {
                Ok(matched) => (Some(matched), None),
                Err(sentence) => (None, Some(sentence)),
            },
            None => (references.as_ref().and_then(|r| matched(component, r, unit, false)), None),
        };
        Found { matched, truth, problem }
    };
    Ok(Finding { components: outcome.components.iter().enumerate().map(one).collect(), problem })
}

/// The library spectrum most like a component, scaled onto it.
fn matched(
    component: &Component,
    references: &References,
    unit: Option<&String>,
    pinned: bool,
) -> Option<Match> {
    let best = best_match(component, references)?;
    let row = references.row_of(best.entry)?;
    let name = references.entries().iter().find(|e| e.id == best.entry)?.name.to_string();
    let meta = Metadata { intensity_unit: unit.cloned(), ..Metadata::titled(name.as_str()) };
    let spectrum =
        Spectrum::new(Arc::clone(references.axis()), overlay(&component.spectrum, row), meta).ok()?;
    // Less than nothing in common is nothing in common.
    Some(Match { name, score: best.score.max(0.0), spectrum: Arc::new(spectrum), pinned })
}

/// A component over the reference that the user chose for it.
fn pinned(
    component: &Component,
    outcome: &Outcome,
    entry: EntryId,
    library: Option<&Library>,
) -> Result<Match, String> {
    let gone = || "The reference chosen for this component is gone; choose another one".to_owned();
    let entry = library.and_then(|library| library.get(entry)).ok_or_else(gone)?;
    let mut only = Library::new(entry.facts.group.as_str());
    let id = only.add(entry.facts.clone(), entry.spectrum.clone());
    let references = References::new(&only, outcome.mixture.axis()).map_err(|error| error.to_string())?;
    let weight = EntryWeight { id, name: entry.facts.name.clone(), weight: 1.0 };
    let asked = Component { entries: vec![weight], ..component.clone() };
    let matched = matched(&asked, &references, outcome.mixture.meta.intensity_unit.as_ref(), true);
    matched.ok_or_else(|| format!("{} cannot be laid over this component", entry.facts.name))
}

/// An item of the document after its own steps, with its name.
pub fn pure(document: &Document, id: ItemId) -> Option<(String, Spectrum)> {
    let item = document.item(id)?;
    let raw = item.raw.spectrum(None)?;
    let spectrum = item.steps.run(&raw, &step_references(document, &item.steps)).ok()?;
    Some((item.name.clone(), spectrum))
}
