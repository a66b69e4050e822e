//! A library prepared for one axis: every entry resampled to it once, grouped by species, for any number of spectra.
//!
//! `prepare` makes [`References`], `table` is what they hold, `kept` what solvers need of them, `subset` a library without
//! some of its species.

mod kept;
mod prepare;
mod subset;
mod table;

pub use prepare::MIN_COVERAGE;
pub use table::{LeftOut, Reference, References};
