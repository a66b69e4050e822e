//! The account of recovered spectra: `summary.json`, `summary.csv` and the lines of all of them in `lines.csv`, byte for
//! byte the same wherever they are exported from.

use serde::Serialize;

use super::super::MethodError;
use super::super::export::in_memory;
use super::{Consistency, Line, Recovered};

/// The documented JSON of `recover --json` and `summary.json` (docs/json.md). Fields are added, never renamed or removed.
#[derive(Debug, Serialize)]
pub struct RecoverySummary {
    /// Name of the library that was searched; null where none was.
    pub library: Option<String>,
    /// Processing steps applied to every spectrum first.
    pub steps: String,
    /// One for each spectrum and method, in the order of the inputs.
    pub results: Vec<RecoveryRow>,
    /// What was done, but not exactly as asked.
    pub warnings: Vec<String>,
}

/// One spectrum taken apart by one method.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RecoveryRow {
    /// The file it came from.
    pub path: String,
    /// Number of the spectrum in its file, from 1.
    pub spectrum: usize,
    /// Its title.
    pub title: String,
    /// Id of the method.
    pub method: String,
    /// The table with all curves, a file in the folder of the results.
    pub file: Option<String>,
    /// How well both parts together explain the measurement, with its colour.
    pub consistency: Option<Consistency>,
    /// Lines of the recovered spectrum.
    pub lines: Vec<Line>,
    /// Substances of the library that the recovered spectrum is most like.
    pub hits: Vec<HitRow>,
    /// Between these positions lines do not suffer from the ends of the window.
    pub inner: Option<(f64, f64)>,
    /// Time the method took.
    pub ms: Option<f64>,
    /// What it ran on.
    pub device: Option<String>,
    /// What the answer says about itself.
    pub notes: Vec<String>,
    /// Why there is no answer.
    pub error: Option<String>,
}

/// One substance of the library.
#[derive(Debug, Clone, Serialize)]
pub struct HitRow {
    /// Name of the best specimen.
    pub name: String,
    /// Name of the species.
    pub species: String,
    /// Likeness, 1 at most.
    pub score: f64,
    /// Share of the shorter of both ranges that was compared.
    pub overlap: f64,
}

impl RecoveryRow {
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

    /// The row of an answer. `file` is the table with its curves; `hits` are what the library says to it.
    pub fn of(path: &str, spectrum: usize, file: &str, found: &Recovered, hits: Vec<HitRow>) -> Self {
        Self {
            path: path.to_owned(),
            spectrum,
            title: found.measured.meta.display_name().to_owned(),
            method: found.method.clone(),
            file: Some(file.to_owned()),
            consistency: Some(found.consistency),
            lines: found.lines(),
            hits,
            inner: Some(found.inner),
            ms: Some(found.elapsed_ms),
            device: Some(found.device.clone()),
            notes: found.notes.clone(),
            error: None,
        }
    }
}

/// One line a result.
pub fn summary_csv(rows: &[RecoveryRow]) -> Result<Vec<u8>, MethodError> {
    in_memory(|writer| {
        writer.write_record([
            "path",
            "spectrum",
            "title",
            "method",
            "file",
            "consistency",
            "verdict",
            "lines",
            "best_match",
            "score",
            "ms",
            "error",
        ])?;
        for row in rows {
            let best = row.hits.first();
            writer.write_record([
                row.path.clone(),
                row.spectrum.to_string(),
                row.title.clone(),
                row.method.clone(),
                row.file.clone().unwrap_or_default(),
                row.consistency.map(|c| format!("{:.4}", c.ratio)).unwrap_or_default(),
                row.consistency.map(|c| c.verdict.word().to_owned()).unwrap_or_default(),
                row.lines.len().to_string(),
                best.map(|hit| hit.species.clone()).unwrap_or_default(),
                best.map(|hit| format!("{:.4}", hit.score)).unwrap_or_default(),
                row.ms.map(|ms| format!("{ms:.2}")).unwrap_or_default(),
                row.error.clone().unwrap_or_default(),
            ])?;
        }
        Ok(())
    })
}

/// One line a line of a recovered spectrum.
pub fn lines_csv(rows: &[RecoveryRow]) -> Result<Vec<u8>, MethodError> {
    in_memory(|writer| {
        writer.write_record([
            "path", "spectrum", "title", "method", "position", "height", "width", "at_edge",
        ])?;
        for row in rows {
            for line in &row.lines {
                writer.write_record([
                    row.path.clone(),
                    row.spectrum.to_string(),
                    row.title.clone(),
                    row.method.clone(),
                    format!("{:.3}", line.position),
                    line.height.to_string(),
                    line.width.map(|w| format!("{w:.3}")).unwrap_or_default(),
                    line.at_edge.to_string(),
                ])?;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::recovered;
    use super::*;

    #[test]
    fn every_answer_and_every_line_of_it_has_a_line() {
        let y: Vec<f32> = (0..600).map(|i| 1.0 / (1.0 + ((i as f32 - 300.0) / 8.0).powi(2))).collect();
        let hit = HitRow { name: "a".into(), species: "A".into(), score: 0.5, overlap: 1.0 };
        let row = RecoveryRow::of("a.csv", 1, "a_kk.csv", &recovered(500.0, y), vec![hit]);
        let failed = RecoveryRow::failed("b.csv", 1, "b", "kk", "too short".into());
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let lines = text(lines_csv(&[row.clone(), failed.clone()]).unwrap());
        let line = lines.lines().nth(1).unwrap();
        assert!(line.starts_with("a.csv,1,") && line.ends_with(",800.000,1,16.000,false"), "{line}");
        assert_eq!(lines.lines().count(), 2);
        let summary = text(summary_csv(&[row, failed]).unwrap());
        assert!(summary.lines().nth(1).unwrap().contains(",1,A,0.5000,"), "{summary}");
        assert!(summary.ends_with(",too short\n"), "{summary}");
    }
}
