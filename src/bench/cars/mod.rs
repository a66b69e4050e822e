//! `bench cars`: how well Raman spectra are recovered from CARS spectra whose Raman spectrum is known.
//!
//! `sets` finds and reads the sets of the data folder, `npz` the arrays among them, `contender` is a method (or a row
//! that stands for none), `runner` runs and scores, `report` prints, `stated` holds the figures of the specification.

mod contender;
mod npz;
mod report;
mod runner;
mod sets;
mod stated;
#[cfg(test)]
mod tests;

pub use report::{CarsReport, CarsRow};
pub use runner::{CarsOptions, Half, bench_cars};
pub use stated::Stated;
