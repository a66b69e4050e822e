//! Everything the window exports, as bytes made from shared data: any thread may do it.
//!
//! [`ResultRow`]s are the results table of a comparison ([`comparison_rows`], [`results_csv`]), [`batch_csv`] is that of a
//! batch. [`curves_csv`] writes the curves that are in view, [`curves_file`] any curve as JCAMP-DX, SPC or our own CSV.
//! [`report()`] makes one HTML page that needs nothing else. docs/session.md describes the columns.

mod batch;
mod cells;
mod curves;
mod report;
mod results;
#[cfg(test)]
mod tests;

pub use batch::batch_csv;
pub use curves::{curves_csv, curves_file};
pub use report::{ReportComparison, ReportFigure, ReportInput, report};
pub use results::{ComponentScores, ResultRow, comparison_rows, results_csv};
