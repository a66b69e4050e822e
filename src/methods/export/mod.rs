//! Outcomes as files: the layout that `unravel unmix` writes, byte for byte the same wherever it is exported from.
//!
//! [`curves_csv`] is the table of one outcome, [`OutcomeRow`] its line in a [`Summary`], [`summary_csv`] and
//! [`summary_json`] the account of many. Whoever calls them names the files. [`Row`] is what the lines of all accounts
//! have in common.

mod memory;
mod row;
mod summary;
mod table;

pub(super) use memory::in_memory;
pub use row::Row;
pub use summary::{ComponentRow, OutcomeFacts, OutcomeRow, Summary, summary_csv, summary_json};
pub use table::curves_csv;
