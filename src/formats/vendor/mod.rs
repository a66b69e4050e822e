//! What the readers of vendor texts share.
//!
//! [`columns`] and [`rows`] turn delimited lines into numbers, [`block`] turns numbers into a spectrum or a set (gaps,
//! order, map grids), [`facts`] knows what common header keys mean.

pub mod block;
pub mod columns;
pub mod facts;
pub mod rows;

pub use block::{Block, Rows};
pub use columns::{Columns, Style};
pub use rows::RowTable;
