//! One row of the summary in words.

use super::super::account::Told;
use super::super::output::say;
use crate::methods::recovery::Row;

/// Lines that are printed; the tables hold all.
const MOST_LINES: usize = 12;

impl Told for Row {
    fn unread(path: &str, why: String) -> Self {
        Self::failed(path, 1, "", "", why)
    }

    fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    fn tell_answer(&self) {
        say!("{}", words(self));
    }
}

fn words(row: &Row) -> String {
    let ms = row.ms.unwrap_or_default();
    let mut text =
        format!("{} spectrum {} ({}), {}, {ms:.1} ms", row.path, row.spectrum, row.title, row.method);
    if let Some(consistency) = row.consistency {
        let (word, ratio) = (consistency.verdict.word(), consistency.ratio);
        text.push_str(&format!(
            "\n  consistency {ratio:.3} ({word}): what both parts together leave of the measurement"
        ));
    }
    if row.lines.is_empty() {
        text.push_str("\n  no line stands out of the noise");
    } else {
        let mut strongest = row.lines.clone();
        strongest.sort_by(|a, b| b.height.total_cmp(&a.height));
        strongest.truncate(MOST_LINES);
        strongest.sort_by(|a, b| a.position.total_cmp(&b.position));
        let list: Vec<String> = strongest
            .iter()
            .map(|line| {
                let width = line.width.map(|w| format!(" wide {w:.0}")).unwrap_or_default();
                format!("{:.1}{width}{}", line.position, if line.at_edge { " (edge)" } else { "" })
            })
            .collect();
        let more = row.lines.len().saturating_sub(MOST_LINES);
        let more = if more > 0 { format!(" and {more} weaker ones") } else { String::new() };
        text.push_str(&format!("\n  lines {}{more}", list.join(", ")));
    }
    for (k, hit) in row.hits.iter().enumerate() {
        text.push_str(&format!("\n  {:>2}  {:.3}  {}", k + 1, hit.score, hit.species));
    }
    for note in &row.notes {
        text.push_str(&format!("\n  note: {note}"));
    }
    if let Some(file) = &row.file {
        text.push_str(&format!("\n  -> {file}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methods::recovery::{Consistency, Line};

    #[test]
    fn a_row_says_how_sure_it_is_and_which_lines_there_are() {
        let line = |position: f64, at_edge: bool| Line { position, height: 1.0, width: Some(8.2), at_edge };
        let row = Row {
            path: "a.csv".to_owned(),
            spectrum: 1,
            title: "A".to_owned(),
            method: "kk".to_owned(),
            file: Some("a_kk.csv".to_owned()),
            consistency: Some(Consistency::of(&[1.0, 2.0, 3.1], &[1.0, 2.0, 3.0])),
            lines: vec![line(1003.24, false), line(1602.0, true)],
            ..Row::default()
        };
        assert_eq!(
            words(&row),
            "a.csv spectrum 1 (A), kk, 0.0 ms\n  consistency 0.071 (green): what both parts together leave of the measurement\n  lines 1003.2 wide 8, 1602.0 wide 8 (edge)\n  -> a_kk.csv"
        );
        assert!(words(&Row::default()).contains("no line stands out"));
    }
}
