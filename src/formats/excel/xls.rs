//! Excel 97 to 2003: calamine reads the whole book into grids, so the container and the size of
//! the grids are checked first.

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{Data, Reader as _, Xls, XlsError};

use crate::formats::{FormatError, Input, Place};

use super::sheet::{Cell, Sheet};
use super::{add, cfb, damaged};

/// Records that start and end a part of the book; parts may stand inside each other.
const PART: u16 = 0x0809;
const END_OF_PART: u16 = 0x000A;
/// Record with the name of a sheet and the place of its part.
const SHEET: u16 = 0x0085;
/// Record with the first and last row and column of a sheet.
const EXTENT: u16 = 0x0200;
/// Records of cells with content: row and column are their first two words.
const CELLS: [u16; 12] =
    [0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E];
/// A row of cells in one record: its last word is the last column.
const ROW_OF_CELLS: u16 = 0x00BD;
/// Memory of a place in the grid: a cell before it is placed, its value, its formula.
const PLACE_BYTES: u64 = 96;

pub(super) fn sheets(input: &Input) -> Result<Vec<Sheet>, FormatError> {
    check_size(input)?;
    let mut book: Xls<_> = Xls::new(Cursor::new(input.bytes)).map_err(|error| match error {
        XlsError::Password => input.unsupported("it is protected by a password; save it without one"),
        other => damaged(input, "the workbook", other),
    })?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let range =
            book.worksheet_range(&name).map_err(|e| damaged(input, &format!("sheet \"{name}\""), e))?;
        let (first_row, first_column) = range.start().unwrap_or((0, 0));
        let mut sheet = Sheet::new(name);
        for (row, column, value) in range.used_cells() {
            let cell = match value {
                Data::Int(value) => Cell::Number(*value as f64),
                Data::Float(value) => Cell::Number(*value),
                Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
                    Cell::Text(text.clone())
                }
                Data::Bool(value) => Cell::Text(value.to_string()),
                Data::DateTime(value) => Cell::date(value),
                Data::Error(_) => Cell::Text("#N/A".to_owned()),
                Data::Empty => continue,
            };
            let (row, column) = (row as u32, column as u32);
            add(input, &mut sheet, first_row.saturating_add(row), first_column.saturating_add(column), cell)?;
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// Two cells in far corners make a grid of all cells between them, and the stated extent is reserved unseen.
fn check_size(input: &Input) -> Result<(), FormatError> {
    let problem = |e: &dyn std::fmt::Display| damaged(input, "the workbook", e);
    let stream = cfb::stream(input.bytes, &["Workbook", "Book"]).map_err(|e| problem(&e))?;
    let mut total = 0_u64;
    let (mut rows, mut columns) = (0_u64, 0_u64);
    let mut depth = 0_u32;
    let mut parts = BTreeSet::new();
    let mut sheets = Vec::new();
    let mut at = 0;
    while let (Some(kind), Some(length)) = (word(&stream, at), word(&stream, at + 2)) {
        let data = stream.get(at + 4..).unwrap_or_default();
        let data = data.get(..usize::from(length)).unwrap_or(data);
        match kind {
            PART => {
                if depth == 0 {
                    parts.insert(at as u64);
                }
                depth = depth.saturating_add(1);
            }
            END_OF_PART => depth = depth.saturating_sub(1),
            SHEET => sheets.push(u64::from(long(data, 0))),
            EXTENT => {
                let (high, wide) = extent(data);
                (rows, columns) = (rows.max(high), columns.max(wide));
            }
            kind if CELLS.contains(&kind) => {
                let last = if kind == ROW_OF_CELLS { data.len().saturating_sub(2) } else { 2 };
                rows = rows.max(word(data, 0).map_or(0, |row| u64::from(row) + 1));
                columns = columns.max(word(data, last).map_or(0, |column| u64::from(column) + 1));
            }
            _ => {}
        }
        at += 4 + usize::from(length);
        if depth == 0 {
            total = total.saturating_add(rows.saturating_mul(columns));
            (rows, columns) = (0, 0);
        }
    }
    total = total.saturating_add(rows.saturating_mul(columns));
    // Each sheet has a part of its own; several names for one part would read it several times.
    let named = sheets.len();
    sheets.sort_unstable();
    sheets.dedup();
    if sheets.len() < named || sheets.iter().any(|sheet| !parts.contains(sheet)) {
        return Err(problem(&"a sheet does not start where its name says"));
    }
    input.allowed(Place::Whole, total, PLACE_BYTES).map(|_count| ())
}

/// Rows and columns of a stated extent; more than any sheet has when it ends before it starts.
fn extent(data: &[u8]) -> (u64, u64) {
    let (first, last, columns) = if data.len() == 10 {
        (word(data, 0).map_or(0, u32::from), word(data, 2).map_or(0, u32::from), word(data, 6))
    } else {
        (long(data, 0), long(data, 4), word(data, 10))
    };
    let columns = columns.unwrap_or(0);
    if last == 0 || columns == 0 {
        return (0, 0);
    }
    let rows = last.checked_sub(first).filter(|rows| *rows > 0).unwrap_or(u32::MAX);
    (rows.into(), columns.into())
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

fn long(bytes: &[u8], at: usize) -> u32 {
    let low = word(bytes, at).map_or(0, u32::from);
    low | word(bytes, at + 2).map_or(0, u32::from) << 16
}
