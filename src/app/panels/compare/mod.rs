//! Methods side by side: a table above, below it a grid with a column a method and a row a substance.
//!
//! `panel` chooses the comparison and puts the parts together; `sheet` prepares what they draw whenever an answer comes;
//! `table`, `grid` with `cell`, and `detail` with `pin` draw it; `verdict` is what the user says of what was found.

mod cell;
mod detail;
mod grid;
mod panel;
mod pin;
mod sheet;
mod table;
mod verdict;
mod words;

pub use panel::{CompareState, compare_ui};
