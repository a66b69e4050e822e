//! What every text reader needs to understand one cell, one header line, one column pair.
//!
//! `number` turns a cell into a number without asking the operating system's locale, `words` understands header
//! lines, axis labels and laser lines, `curve` turns columns with gaps into a spectrum and says what it left out.

mod curve;
mod facts;
mod number;
mod words;

pub(super) use curve::{curve, tidy};
pub(super) use facts::keep;
pub(super) use number::{Cell, Decimal, cell, exact_power, is_grouped, number, scan};
pub(super) use words::{axis_kind, declared_kind, key_value, laser_in_text, laser_nm, normalised};
