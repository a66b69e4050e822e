//! Substances as lists of lines: fitting, tables, and the command that makes the default library from real spectra.
//!
//! [`Curve`] prepares a measured spectrum, [`fit()`] finds its lines, [`table`] reads and writes them, [`rebuild`] makes
//! a spectrum of them again. [`build_default`] does all of it for a data folder and reports how well it went.

mod build;
mod crosscheck;
mod curve;
mod fit;
mod formula;
mod line;
mod refine;
mod report;
mod sources;
pub mod table;

pub use build::{build_default, check, fit_named};
pub use curve::Curve;
pub use fit::{Fit, FitSettings, correlation, fit};
pub use line::{Line, rebuild};
pub use report::{CrossChecked, Figures, Judged, Report};
pub use table::Substance;
