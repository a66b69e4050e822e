//! Outcomes as files: the layout that `unravel unmix` writes, byte for byte the same wherever it is exported from.
//!
//! [`curves_csv`] is the table of one outcome, [`Row`] its line in a [`Summary`], [`summary_csv`] and [`summary_json`] the
//! account of many. Whoever calls them names the files.

mod memory;
mod summary;
mod table;

pub(super) use memory::in_memory;
pub use summary::{ComponentRow, Row, Summary, summary_csv, summary_json};
pub use table::curves_csv;
