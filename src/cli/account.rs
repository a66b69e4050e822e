//! The rows of a run over many inputs, told as they come.

use std::path::PathBuf;

use super::output;
use crate::formats::Decoded;

/// One spectrum by one method.
pub trait Told: Sized {
    /// Of an input that could not be read.
    fn unread(path: &str, why: String) -> Self;
    /// Why there is no answer.
    fn error(&self) -> Option<&str>;
    /// Says the answer to people.
    fn tell_answer(&self);
    /// Says the answer, or why there is none.
    fn tell(&self) {
        match self.error() {
            Some(error) => eprintln!("unravel: {error}"),
            None => self.tell_answer(),
        }
    }
}

/// What became of all inputs.
pub struct Account<R> {
    /// In the order of the inputs.
    pub results: Vec<R>,
    /// What was done, but not exactly as asked.
    pub warnings: Vec<String>,
}

impl<R: Told> Account<R> {
    /// Opens everything the user named, in order; `rows` says what becomes of each. Nothing is told when `quiet`.
    pub fn of(
        files: &[PathBuf],
        quiet: bool,
        mut warnings: Vec<String>,
        rows: &mut dyn FnMut(&str, &Decoded) -> Vec<R>,
    ) -> Self {
        let mut results = Vec::new();
        output::each_input(files, quiet, &mut |opened| {
            let rows = match opened.result {
                Err(error) => vec![R::unread(&opened.name, error.to_string())],
                Ok(decoded) => {
                    warnings.extend(decoded.warnings.iter().map(|w| format!("{}: {w}", opened.name)));
                    rows(&opened.name, &decoded)
                }
            };
            if !quiet {
                // What keeps a spectrum from all methods is said once.
                let alike = |a: &R, b: &R| a.error().is_some() && a.error() == b.error();
                rows.chunk_by(alike).filter_map(<[R]>::first).for_each(R::tell);
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
        self.results.iter().filter(|row| row.error().is_some()).count()
    }
}
