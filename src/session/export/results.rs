//! The results table of a comparison: a row for each component, one without component where there is none.

use crate::formats::write::Separator;
use crate::library::species_key;
use crate::methods::{Component, Outcome, Unlisted};

use super::super::{Answer, Answers, Comparison, ComparisonId, Document, PinKey, Verdict};
use super::cells::Cells;

/// What only the caller knows of a component, because it has the references and the true spectra at hand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ComponentScores {
    /// Likeness to the library spectrum it is compared with, 0 to 1.
    pub match_score: Option<f64>,
    /// Name of the pure spectrum that it is assigned to.
    pub truth: Option<String>,
    /// Agreement with that, in dB.
    pub si_snr_db: Option<f64>,
    /// Angle to that, in degrees.
    pub sad_deg: Option<f64>,
}

/// One row of the table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ResultRow {
    /// Name of the spectrum.
    pub spectrum: String,
    /// Id of the method.
    pub method: String,
    /// Its name for people.
    pub method_name: String,
    /// Number of the component in the answer, from 0.
    pub component: Option<usize>,
    /// Name of the component.
    pub name: String,
    /// Species of the library.
    pub species: Option<String>,
    /// Relative signal, 0 to 1.
    pub share: Option<f64>,
    /// Probability that it is there, 0 to 1.
    pub confidence: Option<f64>,
    /// The library spectrum it is compared with.
    pub reference: Option<String>,
    /// Whether the user chose that one.
    pub pinned: bool,
    /// What the user says of it.
    pub verdict: Option<Verdict>,
    /// Likeness to the reference and to the truth.
    pub scores: ComponentScores,
    /// What is left over, in units of the noise.
    pub residual_over_noise: Option<f64>,
    /// Time of the method in ms.
    pub elapsed_ms: Option<f64>,
    /// What it ran on.
    pub device: String,
    /// Why there is no answer.
    pub error: Option<String>,
    /// The 90 % interval of the share.
    pub share_interval: Option<(f64, f64)>,
    /// What is known of a substance that the library does not hold.
    pub unlisted: Option<Unlisted>,
}

/// The rows of a comparison, method after method as they were asked; those without an answer yet are left out.
/// `scores` is asked for each method and component.
pub fn comparison_rows(
    document: &Document,
    answers: &Answers,
    id: ComparisonId,
    scores: &dyn Fn(&str, usize) -> ComponentScores,
) -> Vec<ResultRow> {
    let Some(comparison) = document.comparison(id) else { return Vec::new() };
    let spectrum = document.subject_name(comparison.subject);
    let mut rows = Vec::new();
    for method in &comparison.ask.methods {
        let head = ResultRow { spectrum: spectrum.clone(), method: method.id.clone(), ..Default::default() };
        match answers.get(id, &method.id) {
            Some(Answer::Done(outcome)) => {
                let head = with_outcome(head, outcome);
                if outcome.components.is_empty() {
                    rows.push(head.clone());
                }
                rows.extend(outcome.components.iter().enumerate().map(|(at, component)| ResultRow {
                    scores: scores(&method.id, at),
                    ..of_component(document, comparison, &head, at, component)
                }));
            }
            Some(Answer::Failed(why)) => {
                let name = crate::methods::find(&method.id).map_or(method.id.as_str(), |m| m.name());
                rows.push(ResultRow { method_name: name.to_owned(), error: Some(why.clone()), ..head });
            }
            None => {}
        }
    }
    rows
}

fn with_outcome(head: ResultRow, outcome: &Outcome) -> ResultRow {
    ResultRow {
        method_name: outcome.method_name.clone(),
        residual_over_noise: Some(outcome.unexplained.ratio),
        elapsed_ms: Some(outcome.elapsed_ms),
        device: outcome.device.clone(),
        ..head
    }
}

fn of_component(
    document: &Document,
    comparison: &Comparison,
    head: &ResultRow,
    at: usize,
    component: &Component,
) -> ResultRow {
    let key = PinKey { method: head.method.clone(), component: at };
    let pinned = comparison.pins.get(&key).and_then(|pin| document.pinned(*pin));
    let own = component.entries.first().map(|entry| entry.name.clone());
    let species = component.species.as_deref().unwrap_or(&component.name);
    ResultRow {
        component: Some(at),
        name: component.name.clone(),
        species: component.species.clone(),
        share: Some(component.share),
        confidence: component.confidence,
        share_interval: component.share_interval(),
        unlisted: component.unlisted.clone(),
        pinned: pinned.is_some(),
        reference: pinned.map(|entry| entry.facts.name.clone()).or(own),
        verdict: comparison.verdicts.get(&species_key(species)).copied(),
        ..head.clone()
    }
}

const COLUMNS: [&str; 24] = [
    "spectrum",
    "method",
    "method_name",
    "component",
    "name",
    "species",
    "share",
    "confidence",
    "reference",
    "pinned",
    "verdict",
    "match_score",
    "truth",
    "si_snr_db",
    "sad_deg",
    "residual_over_noise",
    "elapsed_ms",
    "device",
    "error",
    "share_low",
    "share_high",
    "unlisted_probability",
    "unlisted_nearest",
    "unlisted_peaks_cm1",
];

/// The rows as CSV, in the order given.
pub fn results_csv(rows: &[ResultRow], separator: Separator) -> Vec<u8> {
    let mut cells = Cells::new(separator);
    cells.line(&COLUMNS);
    for row in rows {
        let ResultRow { spectrum, method, method_name, component, name, species, .. } = row;
        let ComponentScores { match_score, truth, si_snr_db, sad_deg } = &row.scores;
        for text in [spectrum, method, method_name] {
            cells.text(text);
        }
        cells.count(component.map(|at| at + 1));
        cells.text(name);
        cells.maybe(species.as_deref());
        cells.number(row.share);
        cells.number(row.confidence);
        cells.maybe(row.reference.as_deref());
        cells.text(if row.pinned { "yes" } else { "" });
        cells.maybe(row.verdict.map(verdict));
        cells.number(*match_score);
        cells.maybe(truth.as_deref());
        for value in [*si_snr_db, *sad_deg, row.residual_over_noise, row.elapsed_ms] {
            cells.number(value);
        }
        cells.text(&row.device);
        cells.maybe(row.error.as_deref());
        cells.number(row.share_interval.map(|(low, _)| low));
        cells.number(row.share_interval.map(|(_, high)| high));
        unlisted_cells(&mut cells, row.unlisted.as_ref());
        cells.end();
    }
    cells.finish()
}

fn unlisted_cells(cells: &mut Cells, unlisted: Option<&Unlisted>) {
    cells.number(unlisted.map(|u| u.probability));
    cells.maybe(unlisted.and_then(|u| u.nearest.as_deref()));
    let peaks = unlisted.iter().flat_map(|u| &u.peaks_cm1).map(|position| format!("{position:.1}"));
    cells.text(&peaks.collect::<Vec<_>>().join(" "));
}

/// A verdict in one word.
pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accepted => "accepted",
        Verdict::Rejected => "rejected",
    }
}
