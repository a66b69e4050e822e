//! Raman spectra recovered from CARS spectra.
//!
//! A [`Recovery`] takes one [`Measured`] CARS spectrum (an even, rising grid, no negative intensities, which
//! [`CarsRequest::measured`] makes of what a user opens) into `Im chi_R` and `chi_NR`; [`recover()`] runs one and brings its
//! [`Parts`] back to the user's axis as a [`Recovered`], with the forward reconstruction and the figure that says whether
//! the answer is physically consistent. [`recover_many`] does so for maps. [`recoveries()`] lists the methods,
//! [`find_recovery`] names one. [`Recovered::lines`] is the peak table, [`curves_csv`] writes one answer,
//! [`RecoveredRow`] is its line in [`summary_csv`] and [`lines_csv`], [`alike()`] asks a library which substance it is.
//!
//! [`suggestion`] says whether a spectrum may be CARS at all.
//!
//! Adding a method is one file here (or a folder beside this one) and one line in `registry`. A second, small registry
//! beside that of the unmixing methods: what goes in (no library, no number of components) and what comes out (a pair that
//! multiplies, not components that add up) is different, and every place that lists the one kind would have to ask.

mod alike;
mod consistency;
mod export;
mod fit;
mod kk;
mod lines;
mod measured;
mod mem;
mod method;
mod recover;
mod recovered;
mod registry;
mod request;
mod rows;
mod suggest;
#[cfg(test)]
mod tests;
mod windows;

pub use alike::{Alike, alike};
pub use consistency::{Consistency, Verdict};
pub use export::curves_csv;
pub(super) use kk::{PADDING, phase};
pub use lines::Line;
pub use measured::Measured;
pub use method::{Parts, Recovery};
pub use recover::{recover, recover_many, recover_measured};
pub use recovered::Recovered;
pub use registry::{find_recovery, recoveries};
pub use request::{CarsRequest, Dark, MOST_POINTS};
pub use rows::{RecoveredFacts, RecoveredRow, Summary, lines_csv, summary_csv};
pub use suggest::{Suggestion, suggestion};
pub use windows::{cross_fade, windows};
