//! The account of many answers: `summary.json`, `summary.csv` and the lines of all spectra in `lines.csv`.

use serde::Serialize;

use super::super::MethodError;
use super::super::export::{Row, in_memory};
use super::{Alike, Consistency, Line, Recovered};

/// The documented JSON of `recover --json` and `summary.json` (docs/json.md). Fields are added, never renamed or removed.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// Name of the library that was searched; null where none was.
    pub library: Option<String>,
    /// Processing steps applied to every spectrum first.
    pub steps: String,
    /// One for each spectrum and method, in the order of the inputs.
    pub results: Vec<RecoveredRow>,
    /// What was done, but not exactly as asked.
    pub warnings: Vec<String>,
}

/// One spectrum taken apart by one method.
pub type RecoveredRow = Row<RecoveredFacts>;

/// What a row says of a recovered spectrum.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RecoveredFacts {
    /// How well both parts together explain the measurement, with its colour.
    pub consistency: Option<Consistency>,
    /// Lines of the recovered spectrum.
    pub lines: Vec<Line>,
    /// Substances of the library that the recovered spectrum is most like.
    pub hits: Vec<Alike>,
    /// Between these positions lines do not suffer from the ends of the window.
    pub inner: Option<(f64, f64)>,
}

impl RecoveredRow {
    /// The row of an answer. `file` is the table with its curves ([`super::curves_csv`]).
    pub fn of(path: &str, spectrum: usize, file: &str, recovered: &Recovered, hits: Vec<Alike>) -> Self {
        Self {
            path: path.to_owned(),
            spectrum,
            title: recovered.measured.meta.display_name().to_owned(),
            method: recovered.method.clone(),
            file: Some(file.to_owned()),
            found: RecoveredFacts {
                consistency: Some(recovered.consistency),
                lines: recovered.lines(),
                hits,
                inner: Some(recovered.inner),
            },
            ms: Some(recovered.elapsed_ms),
            device: Some(recovered.device.clone()),
            notes: recovered.notes.clone(),
            error: None,
        }
    }
}

/// `summary.csv`: one line an answer.
pub fn summary_csv(rows: &[RecoveredRow]) -> Result<Vec<u8>, MethodError> {
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
            let RecoveredFacts { consistency, lines, hits, .. } = &row.found;
            let best = hits.first();
            let [path, spectrum, title, method] = row.origin();
            writer.write_record([
                path,
                spectrum,
                title,
                method,
                row.file.clone().unwrap_or_default(),
                consistency.map(|c| format!("{:.4}", c.ratio)).unwrap_or_default(),
                consistency.map(|c| c.verdict.word().to_owned()).unwrap_or_default(),
                lines.len().to_string(),
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
pub fn lines_csv(rows: &[RecoveredRow]) -> Result<Vec<u8>, MethodError> {
    in_memory(|writer| {
        writer.write_record([
            "path", "spectrum", "title", "method", "position", "height", "width", "at_edge",
        ])?;
        for row in rows {
            for line in &row.found.lines {
                let [path, spectrum, title, method] = row.origin();
                writer.write_record([
                    path,
                    spectrum,
                    title,
                    method,
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
        let good = RecoveredRow::of("a.csv", 2, "a_kk.csv", &found, Vec::new());
        let bad = RecoveredRow::failed("b.csv", 1, "b", "kk", "it is flat".to_owned());
        let rows = [good, bad];
        let text = String::from_utf8(lines_csv(&rows).unwrap()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[1].starts_with("a.csv,2,") && lines[1].ends_with(",800.000,1,16.000,false"), "{text}");
        let text = String::from_utf8(summary_csv(&rows).unwrap()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].contains("a_kk.csv") && lines[2].ends_with(",,,0,,,,it is flat"), "{text}");
    }

    #[test]
    fn the_fields_of_a_row_stand_in_the_documented_order() {
        let failed = RecoveredRow::failed("b.csv", 1, "b", "kk", "it is flat".to_owned());
        assert_eq!(
            serde_json::to_string(&failed).unwrap(),
            "{\"path\":\"b.csv\",\"spectrum\":1,\"title\":\"b\",\"method\":\"kk\",\"file\":null,\"consistency\":null,\
             \"lines\":[],\"hits\":[],\"inner\":null,\"ms\":null,\"device\":null,\"notes\":[],\"error\":\"it is flat\"}"
        );
    }
}
