//! Verdicts as rows, words and CSV.

use serde::Serialize;

use crate::methods::{Found, Verdict};

/// One spectrum of the answer.
#[derive(Debug, Serialize)]
pub struct Row {
    /// Path as given.
    pub input: String,
    /// Number in its file, from 1.
    pub spectrum: usize,
    /// Its own name.
    pub title: String,
    /// What was found; none where it could not be judged.
    pub verdict: Option<Verdict>,
    /// Why not.
    pub error: Option<String>,
}

impl Row {
    /// What is said on the terminal.
    pub fn words(&self) -> Vec<String> {
        let head = format!("{} spectrum {} ({})", self.input, self.spectrum, self.title);
        let Some(verdict) = &self.verdict else {
            return vec![format!("{head}: {}", self.error.as_deref().unwrap_or("no answer"))];
        };
        let mut lines = vec![head];
        for found in &verdict.substances {
            lines.push(line(found));
        }
        lines.extend(verdict.notes.iter().map(|note| format!("  {note}")));
        lines
    }
}

fn line(found: &Found) -> String {
    let there = if found.present { "there" } else { "-" };
    let dosage = match (found.dosage, found.raw_dosage, found.interval) {
        (Some(dosage), _, Some((low, high))) => format!("   dosage {dosage:.2} ({low:.2} to {high:.2})"),
        (None, Some(raw), _) => format!("   raw dosage {raw:.2}"),
        _ => String::new(),
    };
    let share = found.share.map_or(String::new(), |share| format!("   {:.0} % of the signal", 100.0 * share));
    format!("  {:<24} {there:<6} {:>5.1} %{dosage}{share}", found.name, 100.0 * found.probability)
}

/// All rows as CSV, one line a substance.
pub fn csv(rows: &[Row]) -> Result<Vec<u8>, csv::Error> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record([
        "input",
        "spectrum",
        "title",
        "substance",
        "probability",
        "present",
        "dosage",
        "raw_dosage",
        "dosage_low",
        "dosage_high",
        "share",
        "amount_share",
        "other",
        "excess",
        "feature_distance",
        "axis_shift_cm1",
        "coverage",
        "error",
    ])?;
    let number = |v: Option<f64>| v.map_or(String::new(), |v| format!("{v:.4}"));
    for row in rows {
        let head = [row.input.clone(), row.spectrum.to_string(), row.title.clone()];
        let Some(verdict) = &row.verdict else {
            let mut cells = head.to_vec();
            cells.resize(17, String::new());
            cells.push(row.error.clone().unwrap_or_default());
            out.write_record(&cells)?;
            continue;
        };
        for found in &verdict.substances {
            let mut cells = head.to_vec();
            cells.extend([
                found.name.clone(),
                format!("{:.4}", found.probability),
                found.present.to_string(),
                number(found.dosage),
                number(found.raw_dosage),
                number(found.interval.map(|i| i.0)),
                number(found.interval.map(|i| i.1)),
                number(found.share),
                number(found.amount_share),
                verdict.other.to_string(),
                number(Some(verdict.excess)),
                number(Some(verdict.distance)),
                number(Some(verdict.shift_cm1)),
                number(Some(verdict.coverage)),
                String::new(),
            ]);
            out.write_record(&cells)?;
        }
    }
    out.into_inner().map_err(|e| csv::Error::from(e.into_error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict() -> Verdict {
        let found = |name: &str, p: f64| Found {
            name: name.into(),
            probability: p,
            threshold: 0.5,
            present: p >= 0.5,
            dosage: (p >= 0.5).then_some(1.0),
            raw_dosage: Some(if p >= 0.5 { 1.0 } else { 0.03 }),
            interval: Some((0.9, 1.0)),
            share: (p >= 0.5).then_some(1.0),
            amount_share: None,
        };
        Verdict {
            substances: vec![found("1,2-x", 0.99), found("y", 0.02)],
            other: true,
            excess: 0.3,
            excess_limit: 0.2,
            strange: 0.25,
            strange_limit: Some(0.1),
            distance: 1.0,
            distance_limit: 2.0,
            shift_cm1: -0.5,
            coverage: 1.0,
            notes: vec!["something else may be in the sample".into()],
        }
    }

    #[test]
    fn a_dosage_stands_only_where_a_substance_is_there_and_the_raw_value_always() {
        let row = Row {
            input: "a.csv".into(),
            spectrum: 1,
            title: "t".into(),
            verdict: Some(verdict()),
            error: None,
        };
        let words = row.words();
        assert!(
            words[1].contains("dosage 1.00 (0.90 to 1.00)") && words[1].contains("there"),
            "{}",
            words[1]
        );
        assert!(words[2].contains("raw dosage 0.03") && !words[2].contains("there"), "{}", words[2]);
        assert!(words[3].contains("something else"));
        let failed = Row { verdict: None, error: Some("too short".into()), ..row };
        assert_eq!(failed.words(), ["a.csv spectrum 1 (t): too short"]);
        let text = String::from_utf8(csv(&[failed]).unwrap()).unwrap();
        assert!(text.ends_with(",too short\n"), "{text}");
    }

    #[test]
    fn every_line_of_the_table_has_every_column() {
        let row = Row {
            input: "a.csv".into(),
            spectrum: 2,
            title: "t".into(),
            verdict: Some(verdict()),
            error: None,
        };
        let text = csv(&[row]).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_slice());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!((rows.len(), rows[0].len()), (2, 18));
        assert_eq!((&rows[0][3], &rows[0][6], &rows[1][6], &rows[1][7]), ("1,2-x", "1.0000", "", "0.0300"));
    }
}
