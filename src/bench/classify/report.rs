//! Rows of the benchmark, as JSON and as a table.

use std::fmt;

use serde::Serialize;

use super::score::Score;

/// One method on one set under one fault.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassifyRow {
    /// Name of the set.
    pub set: String,
    /// `ramixnet1`, `ramixnet2`, or the id of a method.
    pub method: String,
    /// What was done to the mixtures; `none` for the mixtures as measured.
    pub fault: String,
    /// Mixtures scored.
    pub mixtures: usize,
    /// Of what was said to be there, the part that is.
    pub precision: Option<f64>,
    /// Of what is there, the part that was said to be.
    pub recall: Option<f64>,
    /// Both.
    pub f1: Option<f64>,
    /// Mixtures with every decision right, in percent.
    pub exact_set_percent: f64,
    /// Mean absolute error of the shares.
    pub share_mae: Option<f64>,
    /// 1 less the squared errors of the shares over their squared deviations from the mean.
    pub r2: Option<f64>,
    /// Milliseconds of one spectrum.
    pub ms: f64,
    /// Minutes of training; of networks.
    pub minutes: Option<f64>,
    /// Mixtures in which something else was flagged, in percent; of networks.
    pub flagged_percent: Option<f64>,
}

impl ClassifyRow {
    /// With its figures.
    pub(super) fn new(
        set: &str,
        method: &str,
        fault: String,
        mixtures: usize,
        score: Score,
        ms: f64,
    ) -> Self {
        Self {
            set: set.to_owned(),
            method: method.to_owned(),
            fault,
            mixtures,
            precision: score.precision,
            recall: score.recall,
            f1: score.f1,
            exact_set_percent: score.exact_set_percent,
            share_mae: score.share_mae,
            r2: score.r2,
            ms,
            minutes: None,
            flagged_percent: None,
        }
    }
}

/// How often something else is flagged.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OtherRow {
    /// Name of the set.
    pub set: String,
    /// `ramixnet1` or `ramixnet2`.
    pub method: String,
    /// Real mixtures flagged as measured, in percent: false flags.
    pub false_flags_percent: f64,
    /// Real mixtures with a pure spectrum of another set added at 30 % that were flagged, in percent.
    pub flagged_percent: f64,
    /// How many there were of those.
    pub with_other: usize,
    /// Both of every second mixture alone: what flags are judged by was chosen on the others (of solvents13).
    pub second_false_flags_percent: f64,
    /// See above.
    pub second_flagged_percent: f64,
    /// The same on simulated mixtures of the set's own pure spectra, from the model's card.
    pub simulated_false_flags_percent: f64,
    /// See above.
    pub simulated_flagged_percent: f64,
}

/// Everything.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassifyReport {
    /// `classify`.
    pub bench: &'static str,
    /// The mixtures as measured.
    pub rows: Vec<ClassifyRow>,
    /// The mixtures made worse; empty unless asked for.
    pub robustness: Vec<ClassifyRow>,
    /// Flags of something else.
    pub other: Vec<OtherRow>,
    /// Seed of trainings.
    pub seed: u64,
    /// Threads.
    pub threads: usize,
}

impl fmt::Display for ClassifyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<16} {:<10} {:<20} {:>4} {:>9} {:>7} {:>6} {:>7} {:>9} {:>7} {:>8} {:>8}",
            "set",
            "method",
            "fault",
            "n",
            "precision",
            "recall",
            "F1",
            "exact %",
            "share MAE",
            "R2",
            "ms",
            "flags %"
        )?;
        let number = |v: Option<f64>, digits: usize| v.map_or("-".to_owned(), |v| format!("{v:.digits$}"));
        for row in self.rows.iter().chain(&self.robustness) {
            writeln!(
                f,
                "{:<16} {:<10} {:<20} {:>4} {:>9} {:>7} {:>6} {:>7.1} {:>9} {:>7} {:>8.2} {:>8}",
                row.set,
                row.method,
                row.fault,
                row.mixtures,
                number(row.precision, 3),
                number(row.recall, 3),
                number(row.f1, 3),
                row.exact_set_percent,
                number(row.share_mae, 4),
                number(row.r2, 3),
                row.ms,
                number(row.flagged_percent, 1)
            )?;
        }
        for row in &self.other {
            writeln!(
                f,
                "{} {}: something else flagged in {:.1} % of {} real mixtures with 30 % of it, in {:.1} % without (every \
                 second one alone: {:.1} % and {:.1} %); simulated {:.1} % and {:.1} %",
                row.set,
                row.method,
                row.flagged_percent,
                row.with_other,
                row.false_flags_percent,
                row.second_flagged_percent,
                row.second_false_flags_percent,
                row.simulated_flagged_percent,
                row.simulated_false_flags_percent
            )?;
        }
        for row in self.rows.iter().filter(|row| row.minutes.is_some()) {
            writeln!(f, "{} {}: trained in {} min", row.set, row.method, number(row.minutes, 1))?;
        }
        Ok(())
    }
}
