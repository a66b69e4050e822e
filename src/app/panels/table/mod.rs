//! Results of many spectra: one row for each method on each spectrum.
//!
//! `panel` arranges, `rows` draws the table, `order` decides which rows are shown in which order, `filter` understands
//! what was typed.

mod filter;
mod order;
mod panel;
mod rows;

pub use panel::{TableState, batch_title, table_ui};
