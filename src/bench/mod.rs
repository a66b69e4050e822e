//! Floor 6: the benchmarks as commands that print tables.
//!
//! [`bench_unmix`] mixes pure spectra of a split label table and scores every method against what was mixed;
//! [`bench_mixtures`] scores real mixtures of known composition. `score` is one spectrum, `calibration` whether
//! confidences mean what they say, `stats` the intervals; `runner` runs a method and takes the time.

mod calibration;
mod error;
mod mixtures;
mod names;
mod pairs;
mod pools;
mod runner;
mod score;
mod stats;
mod tables;
mod text;
mod unmix;
mod unmix_report;

pub use calibration::{Bin, Calibration};
pub use error::BenchError;
pub use mixtures::{ComponentRow, MixtureOptions, MixtureReport, MixtureRow, Told, bench_mixtures};
pub use pools::PoolOptions;
pub use unmix::{UnmixOptions, bench_unmix};
pub use unmix_report::{FractionBin, Intervals, MethodReport, UnmixReport};
