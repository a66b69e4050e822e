//! Excel 97 to 2003: calamine reads the whole book into grids, so the size of the grids is estimated first.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xls, XlsError};

use crate::formats::{FormatError, Input, Place};

use super::sheet::{Cell, Sheet};
use super::{add, damaged};

/// Cell records with the first bytes that all of their kind share: type and length.
const CELL_RECORDS: [[u8; 4]; 4] =
    [[0x03, 0x02, 14, 0], [0x7E, 0x02, 10, 0], [0xFD, 0x00, 10, 0], [0x05, 0x02, 8, 0]];
/// Start of a worksheet of Excel 97 and later.
const SHEET_START: [u8; 8] = [0x09, 0x08, 0x10, 0x00, 0x00, 0x06, 0x10, 0x00];

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
                Data::DateTime(value) => Cell::Text(value.to_string()),
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

/// Two cells in far corners make a grid of all cells between them, for each sheet.
fn check_size(input: &Input) -> Result<(), FormatError> {
    let bytes = input.bytes;
    let sheets = memchr::memmem::find_iter(bytes, &SHEET_START).count().max(1) as u64;
    let word = |at: usize| {
        let pair = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(u64::from(u16::from_le_bytes(pair)))
    };
    let (mut rows, mut columns) = (1, 1);
    for record in CELL_RECORDS {
        for at in memchr::memmem::find_iter(bytes, &record) {
            rows = rows.max(word(at + 4).unwrap_or(0) + 1);
            // A larger column cannot be one: the bytes are something else.
            columns = columns.max(word(at + 6).filter(|c| *c < 256).unwrap_or(0) + 1);
        }
    }
    let cells = sheets.saturating_mul(rows).saturating_mul(columns);
    input.allowed(Place::Whole, cells, size_of::<Data>() as u64).map(|_count| ())
}
