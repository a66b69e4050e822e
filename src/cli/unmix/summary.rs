//! The account of a run: words for people, `summary.csv` and `summary.json` for programs, all from the same rows.

use serde::Serialize;

use super::super::output::say;
use super::truth::Match;
use crate::methods::{Alternative, EntryWeight, Outcome, UnexplainedPeak};
use crate::spectrum::metrics;

/// The documented JSON of `unmix --json` and `summary.json` (docs/json.md). Fields are added, never renamed or removed.
#[derive(Debug, Serialize)]
pub struct Summary {
    pub library: String,
    pub entries: usize,
    pub steps: String,
    pub results: Vec<Row>,
    pub warnings: Vec<String>,
}

/// One spectrum taken apart by one method.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Row {
    pub path: String,
    /// Number of the spectrum in its file, from 1.
    pub spectrum: usize,
    pub title: String,
    pub method: String,
    /// The table with all curves, a file in the folder of the results.
    pub file: Option<String>,
    pub components: Vec<ComponentRow>,
    pub residual_rms: Option<f64>,
    pub noise: Option<f64>,
    /// Root mean square of what the library leaves over, in units of the noise.
    pub residual_over_noise: Option<f64>,
    pub unexplained: Vec<UnexplainedPeak>,
    pub ms: Option<f64>,
    pub device: Option<String>,
    pub notes: Vec<String>,
    pub error: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ComponentRow {
    pub name: String,
    pub species: Option<String>,
    pub share: f64,
    pub confidence: Option<f64>,
    pub entries: Vec<EntryWeight>,
    pub alternatives: Vec<Alternative>,
    /// The pure spectrum of `--truth` that it is compared with.
    pub truth: Option<String>,
    pub si_snr_db: Option<f64>,
}

impl Row {
    /// A row that says what went wrong.
    pub fn failed(path: &str, spectrum: usize, title: &str, method: &str, error: String) -> Self {
        Self {
            path: path.to_owned(),
            spectrum,
            title: title.to_owned(),
            method: method.to_owned(),
            error: Some(error),
            ..Self::default()
        }
    }

    pub fn of(path: &str, spectrum: usize, file: &str, outcome: &Outcome, matches: &[Option<Match>]) -> Self {
        let component = |(i, c): (usize, &crate::methods::Component)| {
            let found = matches.get(i).and_then(Option::as_ref);
            ComponentRow {
                name: c.name.clone(),
                species: c.species.clone(),
                share: c.share,
                confidence: c.confidence,
                entries: c.entries.clone(),
                alternatives: c.alternatives.clone(),
                truth: found.map(|m| m.name.clone()),
                si_snr_db: found.map(|m| m.si_snr_db),
            }
        };
        let points = (outcome.residual.len().max(1) as f64).sqrt();
        Self {
            path: path.to_owned(),
            spectrum,
            title: outcome.mixture.meta.display_name().to_owned(),
            method: outcome.method.clone(),
            file: Some(file.to_owned()),
            components: outcome.components.iter().enumerate().map(component).collect(),
            residual_rms: Some(metrics::norm(&outcome.residual) / points),
            noise: Some(outcome.unexplained.noise),
            residual_over_noise: Some(outcome.unexplained.ratio),
            unexplained: outcome.unexplained.peaks.clone(),
            ms: Some(outcome.elapsed_ms),
            device: Some(outcome.device.clone()),
            notes: outcome.notes.clone(),
            error: None,
        }
    }

    pub fn print(&self) {
        if let Some(error) = &self.error {
            eprintln!("unravel: {error}");
            return;
        }
        let ms = self.ms.unwrap_or_default();
        say!("{} spectrum {} ({}), {}, {ms:.1} ms", self.path, self.spectrum, self.title, self.method);
        if self.components.is_empty() {
            say!("  nothing in the library explains it");
        }
        for component in &self.components {
            let sure = component.confidence.map(|c| format!("  {:.0} % sure", 100.0 * c)).unwrap_or_default();
            let scored = component.si_snr_db.map(|db| format!("  {db:.1} dB")).unwrap_or_default();
            let line = format!("  {:>5.1} %  {:<34}{sure}{scored}", 100.0 * component.share, component.name);
            say!("{}", line.trim_end());
        }
        for note in &self.notes {
            say!("  note: {note}");
        }
        if let Some(file) = &self.file {
            say!("  -> {file}");
        }
    }
}

const COLUMNS: [&str; 18] = [
    "path",
    "spectrum",
    "title",
    "method",
    "component",
    "species",
    "share",
    "confidence",
    "truth",
    "si_snr_db",
    "residual_rms",
    "noise",
    "residual_over_noise",
    "unexplained_cm1",
    "ms",
    "device",
    "file",
    "error",
];

/// `summary.csv`: a line for each component; one line without component where there is none.
pub fn csv(rows: &[Row]) -> Result<Vec<u8>, String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let wrong = |e: csv::Error| e.to_string();
    writer.write_record(COLUMNS).map_err(wrong)?;
    for row in rows {
        let components: Vec<Option<&ComponentRow>> =
            if row.components.is_empty() { vec![None] } else { row.components.iter().map(Some).collect() };
        for component in components {
            let text =
                |pick: &dyn Fn(&ComponentRow) -> Option<String>| component.and_then(pick).unwrap_or_default();
            let number = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
            let peaks: Vec<String> = row.unexplained.iter().map(|p| p.position_cm1.to_string()).collect();
            writer
                .write_record([
                    row.path.clone(),
                    row.spectrum.to_string(),
                    row.title.clone(),
                    row.method.clone(),
                    text(&|c| Some(c.name.clone())),
                    text(&|c| c.species.clone()),
                    number(component.map(|c| c.share)),
                    number(component.and_then(|c| c.confidence)),
                    text(&|c| c.truth.clone()),
                    number(component.and_then(|c| c.si_snr_db)),
                    number(row.residual_rms),
                    number(row.noise),
                    number(row.residual_over_noise),
                    peaks.join(" "),
                    number(row.ms),
                    row.device.clone().unwrap_or_default(),
                    row.file.clone().unwrap_or_default(),
                    row.error.clone().unwrap_or_default(),
                ])
                .map_err(wrong)?;
        }
    }
    writer.into_inner().map_err(|e| e.to_string())
}
