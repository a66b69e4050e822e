//! The rows of a run over many inputs, told as they come.

use std::path::PathBuf;

use super::super::output::{self, say};
use crate::formats::Decoded;
use crate::methods::export::Row;

/// An answer in words.
pub trait InWords {
    /// What was found, a line each.
    fn words(&self) -> Vec<String>;
}

/// What became of all inputs.
pub struct Account<A> {
    /// In the order of the inputs.
    pub results: Vec<Row<A>>,
    /// What was done, but not exactly as asked.
    pub warnings: Vec<String>,
}

impl<A: InWords + Default> Account<A> {
    /// Opens everything the user named, in order; `rows` says what becomes of each. Nothing is told when `quiet`.
    pub fn of(
        files: &[PathBuf],
        quiet: bool,
        mut warnings: Vec<String>,
        rows: &mut dyn FnMut(&str, &Decoded) -> Vec<Row<A>>,
    ) -> Self {
        let mut results = Vec::new();
        output::each_input(files, quiet, &mut |opened| {
            let rows = match opened.result {
                Err(error) => vec![Row::failed(&opened.name, 1, "", "", error.to_string())],
                Ok(decoded) => {
                    warnings.extend(decoded.warnings.iter().map(|w| format!("{}: {w}", opened.name)));
                    rows(&opened.name, &decoded)
                }
            };
            if !quiet {
                // What keeps a spectrum from all methods is said once.
                let alike = |a: &Row<A>, b: &Row<A>| a.error.is_some() && a.error == b.error;
                rows.chunk_by(alike).filter_map(<[_]>::first).for_each(tell);
            }
            results.extend(rows);
        });
        if !quiet {
            for warning in &warnings {
                eprintln!("unravel: warning: {warning}");
            }
        }
        Self { results, warnings }
    }

    /// How many there is no answer to.
    pub fn failures(&self) -> usize {
        self.results.iter().filter(|row| row.error.is_some()).count()
    }
}

/// Says an answer, or why there is none.
fn tell<A: InWords>(row: &Row<A>) {
    match &row.error {
        Some(error) => eprintln!("unravel: {error}"),
        None => lines(row).iter().for_each(|line| say!("{line}")),
    }
}

fn lines<A: InWords>(row: &Row<A>) -> Vec<String> {
    let ms = row.ms.unwrap_or_default();
    let mut lines =
        vec![format!("{} spectrum {} ({}), {}, {ms:.1} ms", row.path, row.spectrum, row.title, row.method)];
    lines.extend(row.found.words().into_iter().map(|words| format!("  {words}")));
    lines.extend(row.notes.iter().map(|note| format!("  note: {note}")));
    lines.extend(row.file.iter().map(|file| format!("  -> {file}")));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Found;

    impl InWords for Found {
        fn words(&self) -> Vec<String> {
            vec!["two of them".to_owned()]
        }
    }

    #[test]
    fn an_answer_is_told_with_its_origin_its_notes_and_its_file() {
        let row = Row {
            path: "a.csv".to_owned(),
            spectrum: 1,
            title: "A".to_owned(),
            method: "kk".to_owned(),
            file: Some("a_kk.csv".to_owned()),
            notes: vec!["despiked".to_owned()],
            found: Found,
            ..Row::default()
        };
        let expected =
            ["a.csv spectrum 1 (A), kk, 0.0 ms", "  two of them", "  note: despiked", "  -> a_kk.csv"];
        assert_eq!(lines(&row), expected);
    }
}
