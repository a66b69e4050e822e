//! The figures of `bench mixtures`, as documented JSON (docs/json.md) and as a table.

use std::fmt;

use serde::Serialize;

use super::score::{Counts, Found, absolute_error, claims, correlations, counts, f1_interval, shares};
use super::truth::Truth;
use crate::bench::calibration::{Calibration, Claim, calibration};
use crate::bench::names::same_species;
use crate::bench::runner::{Answers, Chosen};
use crate::bench::stats::{bootstrap_mean, mean};
use crate::bench::text::{number, table};
use crate::methods::ModelUsed;

/// All rows of one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MixtureReport {
    /// Which benchmark it is.
    pub bench: &'static str,
    /// One row a set, library and method.
    pub rows: Vec<MixtureRow>,
    /// Mixtures scored side by side.
    pub threads: usize,
    /// Seed of the distractors.
    pub seed: u64,
}

/// Figures of one method on one set with one library. Those that the set's truth does not allow are null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MixtureRow {
    /// Folder of the set.
    pub set: String,
    /// The method as it was named, settings included.
    pub method: String,
    /// The trained network it ran; null for methods without one.
    pub model: Option<ModelUsed>,
    /// `own` pure spectra, or these among `distractors`.
    pub library: String,
    /// Spectra in the library.
    pub library_spectra: usize,
    /// Species in the library.
    pub library_species: usize,
    /// Distractors among them.
    pub distractors: usize,
    /// Spectra not drawn because they are a substance of the set.
    pub same_substance_left_out: usize,
    /// What the labels say: component lists, shares or amounts.
    pub truth: String,
    /// Mixtures scored.
    pub mixtures: usize,
    /// Components the method was told: `auto`, a number, or `true` (of each mixture its own).
    pub components: String,
    /// Steps applied to mixtures and library.
    pub process: String,
    /// Named components that are there, pooled over mixtures.
    pub precision: Option<f64>,
    /// Components there that are named, pooled over mixtures.
    pub recall: Option<f64>,
    /// Harmonic mean of both.
    pub f1: Option<f64>,
    /// 95 % bootstrap interval of the mean F1 of a mixture.
    pub f1_interval: Option<[f64; 2]>,
    /// Mixtures whose list is exactly right, in percent.
    pub exact_percent: Option<f64>,
    /// Mean absolute error of the shares by weight of the own pure spectra.
    pub share_mae: Option<f64>,
    /// Its 95 % bootstrap interval.
    pub share_mae_interval: Option<[f64; 2]>,
    /// The same for shares by signal (norm of the component).
    pub share_mae_signal: Option<f64>,
    /// What guessing equal shares would give: the figure to beat.
    pub share_mae_equal: Option<f64>,
    /// Mean correlation of a component's signal with its amount, over the components that the library holds.
    pub pearson: Option<f64>,
    /// Mean rank correlation.
    pub spearman: Option<f64>,
    /// Part of the signal given to substances that are not in the set, mean over mixtures.
    pub foreign_signal: Option<f64>,
    /// Mixtures with a component that the library does not hold, as far as the method says; null where it never does.
    pub unlisted_percent: Option<f64>,
    /// Mixtures with one that looks like the substance taken out of the library (cosine of 0.7 or more).
    pub unlisted_right_percent: Option<f64>,
    /// Figures of each component.
    pub per_component: Vec<ComponentRow>,
    /// Confidences against what came true; null without confidences.
    pub calibration: Option<Calibration>,
    /// Mean time of one spectrum, preparation excluded.
    pub ms: f64,
    /// What the first spectrum took longer.
    pub preparation_ms: f64,
    /// Mixtures the method refused; scored as if it had found nothing.
    pub failed: usize,
    /// Why it refused the first of them.
    pub error: Option<String>,
}

/// Figures of one component over all mixtures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComponentRow {
    /// Its name.
    pub name: String,
    /// Mixtures that hold it.
    pub there: usize,
    /// Mixtures in which it was found.
    pub found: usize,
    /// Mixtures in which it was found and is.
    pub right: usize,
    /// Mean absolute error of its share by weight.
    pub share_mae: Option<f64>,
    /// Correlation of its signal with its amount.
    pub pearson: Option<f64>,
    /// Rank correlation.
    pub spearman: Option<f64>,
}

/// What a row says of its set and library.
pub(super) struct RowFacts<'a> {
    pub set: &'a str,
    pub library: &'a str,
    pub library_spectra: usize,
    pub library_species: usize,
    pub distractors: usize,
    pub same_substance: usize,
    pub told: &'a str,
    /// Finding which components are there was the question.
    pub lists: bool,
    pub held: &'a [String],
    pub process: &'a str,
}

impl MixtureRow {
    pub(super) fn new(
        facts: &RowFacts,
        chosen: &Chosen,
        truth: &Truth,
        answers: &Answers<Vec<Found>>,
    ) -> Self {
        let each = &answers.each;
        let names = truth.names();
        let there: Vec<Vec<String>> = (0..each.len()).map(|k| truth.present(k)).collect();
        let compared: Vec<Counts> = each.iter().zip(&there).map(|(f, t)| counts(f, t)).collect();
        let lists = facts.lists;
        let pooled = compared.iter().fold(Counts::default(), |sum, c| sum.plus(*c));
        let exact = compared.iter().filter(|c| c.right == c.found && c.right == c.there).count();
        let stated: Vec<Claim> = each.iter().zip(&there).flat_map(|(f, t)| claims(f, t)).collect();
        let errors = Errors::new(truth, each);
        let per_component: Vec<ComponentRow> = names
            .iter()
            .enumerate()
            .map(|(column, name)| {
                let held = facts.held.iter().any(|h| same_species(h, name));
                let (pearson, spearman) = if held { correlations(each, truth, name) } else { (None, None) };
                let is = |list: &Vec<Found>| list.iter().any(|f| same_species(&f.species, name));
                let holds = |list: &Vec<String>| list.contains(name);
                ComponentRow {
                    name: name.clone(),
                    there: there.iter().filter(|t| holds(t)).count(),
                    found: each.iter().filter(|f| is(f)).count(),
                    right: each.iter().zip(&there).filter(|(f, t)| is(f) && holds(t)).count(),
                    share_mae: errors.of_component(column),
                    pearson,
                    spearman,
                }
            })
            .collect();
        let average = |of: fn(&ComponentRow) -> Option<f64>| {
            mean(&per_component.iter().filter_map(of).collect::<Vec<_>>())
        };
        Self {
            set: facts.set.to_owned(),
            method: chosen.name.clone(),
            model: chosen.model.clone(),
            library: facts.library.to_owned(),
            library_spectra: facts.library_spectra,
            library_species: facts.library_species,
            distractors: facts.distractors,
            same_substance_left_out: facts.same_substance,
            truth: truth.kind().to_owned(),
            mixtures: each.len(),
            components: facts.told.to_owned(),
            process: if facts.process.is_empty() { "none".to_owned() } else { facts.process.to_owned() },
            precision: pooled.precision().filter(|_| lists),
            recall: pooled.recall().filter(|_| lists),
            f1: pooled.f1().filter(|_| lists),
            f1_interval: f1_interval(&compared).filter(|_| lists),
            exact_percent: lists.then(|| 100.0 * exact as f64 / each.len().max(1) as f64),
            share_mae: mean(&errors.by_weight),
            share_mae_interval: bootstrap_mean(&errors.by_weight),
            share_mae_signal: mean(&errors.by_signal),
            share_mae_equal: mean(&errors.equal),
            pearson: average(|c| c.pearson),
            spearman: average(|c| c.spearman),
            foreign_signal: mean(&each.iter().map(|f| foreign(f, &names)).collect::<Vec<_>>()),
            unlisted_percent: unlisted(each, f64::MIN),
            unlisted_right_percent: unlisted(each, ALIKE).filter(|_| facts.library == "one removed"),
            per_component,
            calibration: calibration(&stated),
            ms: answers.ms,
            preparation_ms: answers.preparation_ms,
            failed: answers.failed,
            error: answers.error.clone(),
        }
    }
}

/// Cosine with the substance taken out of the library from which a component counts as that.
const ALIKE: f64 = 0.7;

/// Mixtures with a component that the method calls unlisted and that is so much like the one taken out, in percent; nothing
/// where the method calls none so.
fn unlisted(each: &[Vec<Found>], alike: f64) -> Option<f64> {
    let is = |found: &Vec<Found>, alike: f64| found.iter().any(|f| f.unlisted.is_some_and(|c| c >= alike));
    each.iter().any(|found| is(found, f64::MIN)).then(|| {
        let count = each.iter().filter(|found| is(found, alike)).count();
        100.0 * count as f64 / each.len().max(1) as f64
    })
}

/// Part of the signal of one outcome that none of `names` has.
fn foreign(found: &[Found], names: &[String]) -> f64 {
    let all: f64 = found.iter().map(|f| f.signal).sum();
    let is_own = |f: &&Found| names.iter().any(|name| same_species(name, &f.species));
    let own: f64 = found.iter().filter(is_own).map(|f| f.signal).sum();
    if all > 0.0 { 1.0 - own / all } else { 0.0 }
}

/// Errors of the shares, one a mixture; empty where the truth has none.
#[derive(Default)]
struct Errors {
    by_weight: Vec<f64>,
    by_signal: Vec<f64>,
    equal: Vec<f64>,
    // [mixtures, components]
    of_components: Vec<Vec<f64>>,
}

impl Errors {
    fn new(truth: &Truth, each: &[Vec<Found>]) -> Self {
        let Truth::Shares { names, values } = truth else { return Self::default() };
        let mut errors = Self::default();
        for (found, truth) in each.iter().zip(values) {
            let estimate = shares(found, names);
            errors.by_weight.push(absolute_error(&estimate.by_weight, truth));
            errors.by_signal.push(absolute_error(&estimate.by_signal, truth));
            let held = truth.iter().filter(|t| **t > 0.0).count().max(1) as f64;
            let equal: Vec<f64> = truth.iter().map(|t| if *t > 0.0 { 1.0 / held } else { 0.0 }).collect();
            errors.equal.push(absolute_error(&equal, truth));
            let one = estimate.by_weight.iter().zip(truth).map(|(e, t)| (e - t).abs());
            errors.of_components.push(one.collect());
        }
        errors
    }

    fn of_component(&self, column: usize) -> Option<f64> {
        mean(&self.of_components.iter().filter_map(|row| row.get(column).copied()).collect::<Vec<_>>())
    }
}

impl fmt::Display for MixtureReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = [
            "set",
            "library",
            "method",
            "n",
            "told",
            "process",
            "precision",
            "recall",
            "F1",
            "exact %",
            "share MAE",
            "(by signal)",
            "(equal)",
            "Pearson",
            "Spearman",
            "foreign",
            "unlisted %",
            "(right)",
            "ms",
        ];
        let rows = self.rows.iter().map(|r| {
            vec![
                r.set.clone(),
                format!("{} ({})", r.library, r.library_spectra),
                r.method.clone(),
                r.mixtures.to_string(),
                r.components.clone(),
                r.process.clone(),
                number(r.precision, 2),
                number(r.recall, 2),
                number(r.f1, 3),
                number(r.exact_percent, 0),
                number(r.share_mae, 3),
                number(r.share_mae_signal, 3),
                number(r.share_mae_equal, 3),
                number(r.pearson, 2),
                number(r.spearman, 2),
                number(r.foreign_signal, 2),
                number(r.unlisted_percent, 0),
                number(r.unlisted_right_percent, 0),
                number(Some(r.ms), 2),
            ]
        });
        writeln!(f, "{}", table(&header, &rows.collect::<Vec<_>>()))?;
        for row in &self.rows {
            if let Some(calibration) = &row.calibration {
                write!(f, "{}, {}, {}: {calibration}", row.set, row.library, row.method)?;
            }
            if row.failed > 0 {
                let why = row.error.as_deref().unwrap_or_default();
                let (set, method) = (&row.set, &row.method);
                writeln!(f, "{set}, {method}: {} mixtures refused; the first: {why}", row.failed)?;
            }
        }
        Ok(())
    }
}
