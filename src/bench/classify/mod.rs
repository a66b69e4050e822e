//! `bench classify`: networks trained on the pure spectra of a set, and the methods that fit those, on its real mixtures.
//!
//! `models` trains, `answers` asks, `score` compares with the truth, `faults` makes mixtures worse, `run` does it for
//! every set and method, and `report` holds the rows.

mod answers;
mod faults;
mod models;
mod report;
mod run;
mod score;

pub use report::{ClassifyReport, ClassifyRow, OtherRow};
pub use run::{ClassifyOptions, bench_classify};
