//! Tables of numbers in text, whatever wrote them.
//!
//! `dialect` splits lines, `find` decides how a table is written and where it begins, `body` reads its rows (the fast
//! way of `fast` or the careful one), `header` understands the lines around it, `columns` gives each column its part
//! and `spectra` makes spectra of them; `rows` reads tables that lie on their side (one spectrum a line), `mixed` takes words out of rows
//! that hold both.

mod body;
mod columns;
mod dialect;
mod fast;
mod find;
mod header;
mod mixed;
mod read;
mod rows;
mod spectra;

pub(super) use body::Numbers;
pub(super) use columns::restarts;
pub(super) use header::Header;
pub(super) use read::{decode, first, has_row, sample_numbers};
