//! Floor 6: the benchmarks as commands that print tables.
//!
//! [`bench_unmix`] mixes pure spectra of a split label table and scores every method against what was mixed,
//! [`bench_noise`] does so from noise level to noise level, [`bench_paper`] in the shape of the separation paper's tables;
//! [`bench_mixtures`] scores real mixtures of known composition, [`bench_classify`] networks that were trained on their
//! pure spectra beside other methods, [`bench_cars`] the recovery of Raman spectra from CARS. `score` is one spectrum,
//! `calibration` whether confidences mean what they say, `stats` the intervals; `runner` runs a method and takes the time.

mod calibration;
mod calibration_figure;
mod cars;
mod classify;
mod colours;
mod contest;
mod coverage;
mod error;
mod mixtures;
mod names;
mod noise;
mod pairs;
mod paper;
mod pools;
mod runner;
mod score;
mod stats;
mod tables;
mod text;
mod unmix;
mod unmix_report;

pub use calibration::{Bin, Calibration};
pub use cars::{CarsOptions, CarsReport, CarsRow, Half, Stated, bench_cars};
pub use classify::{ClassifyOptions, ClassifyReport, ClassifyRow, OtherRow, bench_classify};
pub use contest::PairOptions;
pub use coverage::{Coverage, Level};
pub use error::BenchError;
pub use mixtures::{ComponentRow, MixtureOptions, MixtureReport, MixtureRow, Told, bench_mixtures};
pub use noise::{NoiseOptions, NoiseReport, NoiseRow, bench_noise};
pub use paper::{PaperLine, PaperOnly, PaperOptions, PaperReport, bench_paper, paper_si_snri_db};
pub use pools::PoolOptions;
pub use unmix::{UnmixOptions, bench_unmix};
pub use unmix_report::{FractionBin, Intervals, MethodReport, UnmixReport};
