//! The account of many answers: `summary.json`, `summary.csv` and the lines of all spectra in `lines.csv`.

use serde::Serialize;

use super::super::MethodError;
use super::super::export::in_memory;
use super::{Alike, Consistency, Line, Recovered};

/// The documented JSON of `recover --json` and `summary.json` (docs/json.md). Fields are added, never renamed or removed.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// Name of the library that was searched; null where none was.
    pub library: Option<String>,
    /// Processing steps applied to every spectrum first.
    pub steps: String,
    /// One for each spectrum and method, in the order of the inputs.
    pub results: Vec<Row>,
    /// What was done, but not exactly as asked.
    pub warnings: Vec<String>,
}

/// One spectrum taken apart by one method.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Row {
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
    pub hits: Vec<Alike>,
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

    /// The row of an answer. `file` is the table with its curves ([`super::curves_csv`]).
    pub fn of(path: &str, spectrum: usize, file: &str, found: &Recovered, hits: Vec<Alike>) -> Self {
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

/// `summary.csv`: one line an answer.
pub fn summary_csv(rows: &[Row]) -> Result<Vec<u8>, MethodError> {
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

/// `lines.csv`: one line a line of a recovered spectrum.
pub fn lines_csv(rows: &[Row]) -> Result<Vec<u8>, MethodError> {
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
    fn an_answer_has_a_line_and_each_of_its_lines_one() {
        let y: Vec<f32> = (0..600).map(|i| 1.0 / (1.0 + ((i as f32 - 300.0) / 8.0).powi(2))).collect();
        let found = recovered(500.0, y);
        let good = Row::of("a.csv", 2, "a_kk.csv", &found, Vec::new());
        let bad = Row::failed("b.csv", 1, "b", "kk", "it is flat".to_owned());
        let rows = [good, bad];
        let text = String::from_utf8(lines_csv(&rows).unwrap()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[1].starts_with("a.csv,2,") && lines[1].ends_with(",800.000,1,16.000,false"), "{text}");
        let text = String::from_utf8(summary_csv(&rows).unwrap()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].contains("a_kk.csv") && lines[2].ends_with(",,,0,,,,it is flat"), "{text}");
    }
}
