//! Excel 2007 and later: calamine reads the XML cell by cell.

use std::io::{Cursor, Read as _, copy, sink};

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};
use zip::ZipArchive;

use crate::formats::{FormatError, Input, Place};

use super::sheet::{Cell, Sheet};
use super::{add, damaged};

/// Memory that a byte of XML may turn into: the shortest shared string has five bytes and takes 24.
const EXPANSION: u64 = 5;

/// `<si/>`
const SHORTEST_STRING: usize = 5;

pub(super) fn sheets(input: &Input) -> Result<Vec<Sheet>, FormatError> {
    check_size(input)?;
    let mut book: Xlsx<_> =
        Xlsx::new(Cursor::new(input.bytes)).map_err(|e| damaged(input, "the workbook", e))?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let mut sheet = Sheet::new(name.as_str());
        let failed = |e: XlsxError| damaged(input, &format!("sheet \"{name}\""), e);
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            // Charts and macros.
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(failed(error)),
        };
        while let Some(found) = cells.next_cell().map_err(failed)? {
            let (row, column) = found.get_position();
            let cell = match found.get_value() {
                DataRef::Int(value) => Cell::Number(*value as f64),
                DataRef::Float(value) => Cell::Number(*value),
                DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                    Cell::Text(text.clone())
                }
                DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
                DataRef::Bool(value) => Cell::Text(value.to_string()),
                DataRef::DateTime(value) => Cell::date(value),
                DataRef::Error(_) => Cell::Text("#N/A".to_owned()),
                DataRef::Empty => continue,
            };
            add(input, &mut sheet, row, column, cell)?;
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// Inflates every part once: what the archive says about sizes may be a lie.
fn check_size(input: &Input) -> Result<(), FormatError> {
    let mut archive =
        ZipArchive::new(Cursor::new(input.bytes)).map_err(|e| damaged(input, "the workbook's archive", e))?;
    let limit = input.limits.decoded_bytes / EXPANSION;
    let mut total = 0_u64;
    for index in 0..archive.len() {
        // What cannot be unpacked is told by the reader if it is needed.
        let Ok(part) = archive.by_index(index) else { continue };
        let strings = part.name().is_ok_and(|name| name.to_lowercase().contains("sharedstrings"));
        let rest = limit.saturating_sub(total).saturating_add(1);
        let mut part = part.take(rest);
        let size = if strings {
            let mut content = Vec::new();
            let size = part.read_to_end(&mut content).unwrap_or(0) as u64;
            check_count(input, &content)?;
            size
        } else {
            copy(&mut part, &mut sink()).unwrap_or(0)
        };
        total = total.saturating_add(size);
        if total > limit {
            return input.allowed(Place::Whole, total.saturating_mul(EXPANSION), 1).map(|_count| ());
        }
    }
    Ok(())
}

/// The library makes room for as many strings as announced, before it sees one.
fn check_count(input: &Input, strings: &[u8]) -> Result<(), FormatError> {
    const KEY: &[u8] = b"uniqueCount";
    for at in memchr::memmem::find_iter(strings, KEY) {
        let after = strings.get(at + KEY.len()..).unwrap_or_default().iter().copied();
        let digits =
            after.skip_while(|b| matches!(b, b' ' | b'=' | b'"' | b'\'' | b'+' | b'\n' | b'\r' | b'\t'));
        let count = digits
            .take_while(u8::is_ascii_digit)
            .fold(0_usize, |n, digit| n.saturating_mul(10).saturating_add(usize::from(digit - b'0')));
        if count > strings.len() / SHORTEST_STRING {
            let problem = format!("{count} texts are announced in {} bytes", strings.len());
            return Err(input.malformed(Place::Whole, problem));
        }
    }
    Ok(())
}
