//! What stands under each heading of a report.

use super::super::super::{
    Answer, Answers, Ask, BatchId, BatchRow, BatchShare, Comparison, Document, Item, OpenLibrary,
};
use super::super::ResultRow;
use super::super::results::verdict;
use super::html::{Cell, Html, number, percent, words};
use super::page::ReportComparison;
use crate::methods::{Components, Outcome, Unlisted, share_range};
use crate::process::Step;

/// Most rows of a table: more are for the CSV export.
const MAX_ROWS: usize = 500;

/// What intervals and confidences mean.
const SURENESS: &str = "Intervals of shares and bands around curves hold the truth in nine cases of ten. The confidence is the \
     probability that the named species is there; of what is not in the library, that the library lacks it.";

/// All spectra of the document and what is done to them.
pub(super) fn spectra(html: &mut Html, document: &Document) {
    if document.items.is_empty() {
        return;
    }
    html.heading(2, "Spectra");
    let row = |item: &Item| {
        let axis = item.raw.axis();
        let range = format!("{:.1} to {:.1} {}", axis.low(), axis.high(), axis.kind().unit());
        let laser = item.raw.meta().laser_nm.map(|nm| format!("{nm} nm")).unwrap_or_default();
        let steps: Vec<String> = item.steps.steps.iter().map(Step::full_text).collect();
        vec![
            words(&item.name),
            words(&item.source.path),
            words(&item.source.format),
            Cell::Number(item.raw.len().to_string()),
            Cell::Number(axis.len().to_string()),
            words(range),
            words(laser),
            words(steps.join(" | ")),
        ]
    };
    let rows: Vec<Vec<Cell>> = document.items.iter().take(MAX_ROWS).map(|item| row(item)).collect();
    let heads = ["Name", "File", "Format", "Spectra", "Points", "Range", "Laser", "Preparation"];
    html.table(&heads, &rows);
    cut(html, document.items.len());
    let warning = |item: &Item| {
        item.warnings.iter().map(|warning| format!("{}: {warning}", item.name)).collect::<Vec<_>>()
    };
    let warnings: Vec<String> = document.items.iter().flat_map(|item| warning(item)).collect();
    notes(html, "Warnings of the readers", &warnings);
}

fn cut(html: &mut Html, rows: usize) {
    if rows > MAX_ROWS {
        html.paragraph(&format!("{} more are not shown; the CSV export has them all.", rows - MAX_ROWS));
    }
}

fn notes(html: &mut Html, heading: &str, list: &[String]) {
    if !list.is_empty() {
        html.heading(3, heading);
        html.list(false, list.get(..MAX_ROWS).unwrap_or(list));
        cut(html, list.len());
    }
}

/// One comparison: what was asked, what was found, how the mixture came about.
pub(super) fn comparison(html: &mut Html, document: &Document, answers: &Answers, report: &ReportComparison) {
    let Some(comparison) = document.comparison(report.id) else { return };
    html.heading(2, &document.subject_name(comparison.subject));
    html.paragraph(&asked(document, &comparison.ask));
    for figure in &report.figures {
        html.figure(&figure.caption, &figure.svg);
    }
    html.heading(3, "Components");
    if report.rows.is_empty() {
        html.paragraph("There is no answer yet.");
    }
    components(html, &report.rows);
    let outcomes: Vec<&Outcome> = outcomes(answers, comparison).collect();
    html.heading(3, "Methods");
    methods(html, &outcomes);
    if let Some(first) = outcomes.first() {
        let history = &first.mixture.meta.history;
        if !history.is_empty() {
            html.heading(3, "Processing history");
            html.list(true, history);
        }
    }
    let mut all = Vec::new();
    for outcome in &outcomes {
        all.extend(outcome.notes.iter().map(|note| format!("{}: {note}", outcome.method_name)));
        let peaks = outcome.unexplained.peaks.iter().map(|p| format!("{:.0}", p.position_cm1));
        let peaks: Vec<String> = peaks.collect();
        if !peaks.is_empty() {
            let list = peaks.join(", ");
            all.push(format!("{}: peaks that no component explains at {list} cm⁻¹", outcome.method_name));
        }
    }
    notes(html, "Notes", &all);
}

fn outcomes<'a>(answers: &'a Answers, comparison: &'a Comparison) -> impl Iterator<Item = &'a Outcome> {
    let answer = |id: &str| answers.get(comparison.id, id).and_then(Answer::outcome);
    comparison.ask.methods.iter().filter_map(move |method| answer(&method.id)).map(|outcome| &**outcome)
}

fn asked(document: &Document, ask: &Ask) -> String {
    let library = document.open_library(ask.library);
    let library = library.map_or("a library that is closed now", |open| open.library.name.as_str());
    let mut parts = vec![match ask.components {
        Components::Auto => "As many components as the data supports".to_owned(),
        Components::Exactly(1) => "1 component".to_owned(),
        Components::Exactly(n) => format!("{n} components"),
    }];
    parts.push(format!("compared with {library}"));
    if let Some((low, high)) = ask.range {
        parts.push(format!("range {low:.0} to {high:.0} cm⁻¹"));
    }
    if !ask.fixed.is_empty() {
        parts.push(format!("fixed {}", ask.fixed.join(", ")));
    }
    if !ask.excluded.is_empty() {
        parts.push(format!("excluded {}", ask.excluded.join(", ")));
    }
    if ask.despike {
        parts.push("cosmic rays removed".to_owned());
    }
    format!("{}.", parts.join("; "))
}

fn components(html: &mut Html, rows: &[ResultRow]) {
    let scored = rows.iter().any(|row| row.scores.truth.is_some());
    let ranged = rows.iter().any(|row| row.share_interval.is_some());
    let mut heads = vec![
        "Method",
        "Component",
        "Share (%)",
        "Confidence (%)",
        "Reference",
        "Match score",
        "Residual / noise",
        "Time (ms)",
        "Device",
        "Verdict",
    ];
    if ranged {
        heads.insert(3, "90 % interval (%)");
    }
    if scored {
        heads.extend(["True component", "SI-SNR (dB)", "SAD (°)"]);
    }
    let row = |row: &ResultRow| {
        let name = match (&row.error, row.component) {
            (Some(error), _) => error.clone(),
            (None, None) => "nothing in the library explains it".to_owned(),
            (None, Some(_)) => component_name(row),
        };
        let pinned = if row.pinned { " (pinned)" } else { "" };
        let reference = row.reference.as_ref().map(|name| format!("{name}{pinned}"));
        let mut cells = vec![
            words(&row.method_name),
            words(name),
            percent(row.share),
            percent(row.confidence.or(row.unlisted.as_ref().map(|u| u.probability))),
            words(reference.unwrap_or_default()),
            number(row.scores.match_score, 3),
            number(row.residual_over_noise, 2),
            number(row.elapsed_ms, 1),
            words(&row.device),
            words(row.verdict.map(verdict).unwrap_or_default()),
        ];
        if ranged {
            let range = row.share_interval.map(|share| share_range(share, '–'));
            cells.insert(3, Cell::Number(range.unwrap_or_default()));
        }
        if scored {
            cells.push(words(row.scores.truth.clone().unwrap_or_default()));
            cells.push(number(row.scores.si_snr_db, 1));
            cells.push(number(row.scores.sad_deg, 1));
        }
        cells
    };
    html.table(&heads, &rows.iter().map(row).collect::<Vec<_>>());
    if ranged {
        html.paragraph(SURENESS);
    }
}

/// The name and, of what the library does not hold, what is known all the same.
fn component_name(row: &ResultRow) -> String {
    match row.unlisted.as_ref().map(Unlisted::words) {
        Some(known) if !known.is_empty() => format!("{} ({})", row.name, known.replace("cm-1", "cm⁻¹")),
        _ => row.name.clone(),
    }
}

fn methods(html: &mut Html, outcomes: &[&Outcome]) {
    let row = |outcome: &&Outcome| {
        let settings = outcome.settings.iter().map(|(name, value)| match value.as_str() {
            Some(word) => format!("{name} {word}"),
            None => format!("{name} {value}"),
        });
        vec![
            words(&outcome.method_name),
            words(settings.collect::<Vec<_>>().join(", ")),
            words(outcome.library.clone().unwrap_or_else(|| "none".to_owned())),
            number(Some(outcome.elapsed_ms), 1),
            words(&outcome.device),
        ]
    };
    let heads = ["Method", "Settings", "Library", "Time (ms)", "Device"];
    html.table(&heads, &outcomes.iter().map(row).collect::<Vec<_>>());
}

/// The results table of a batch.
pub(super) fn batch(html: &mut Html, document: &Document, answers: &Answers, id: BatchId) {
    let Some(batch) = document.batch(id) else { return };
    html.heading(2, &format!("Comparison of {} spectra", batch.subjects.len()));
    html.paragraph(&asked(document, &batch.ask));
    let Some(table) = answers.batch(id) else { return html.paragraph("There is no answer yet.") };
    let row = |row: &BatchRow| {
        let share = |s: &BatchShare| format!("{} {:.1} %", s.name, 100.0 * s.share);
        let found: Vec<String> = row.shares.iter().map(share).collect();
        vec![
            words(document.subject_name(row.of)),
            words(&row.method),
            words(row.error.clone().unwrap_or_else(|| found.join(", "))),
            number(row.residual_over_noise, 2),
            number(Some(row.elapsed_ms), 1),
        ]
    };
    let heads = ["Spectrum", "Method", "Components", "Residual / noise", "Time (ms)"];
    html.table(&heads, &table.rows.iter().take(MAX_ROWS).map(row).collect::<Vec<_>>());
    cut(html, table.rows.len());
}

/// The libraries that were open.
pub(super) fn libraries(html: &mut Html, document: &Document) {
    html.heading(2, "Libraries");
    let row = |open: &OpenLibrary| {
        vec![
            words(&open.library.name),
            Cell::Number(open.library.len().to_string()),
            Cell::Number(open.library.species().len().to_string()),
            words(&open.path),
        ]
    };
    let rows: Vec<Vec<Cell>> = document.libraries.iter().map(row).collect();
    html.table(&["Name", "Entries", "Species", "File"], &rows);
}
