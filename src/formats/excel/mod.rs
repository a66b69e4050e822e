//! Spreadsheets (.xlsx, .xlsm, .xls, .ods): every sheet with a table of numbers, by the rules of text tables.
//!
//! `xlsx`, `xls` and `ods` give cells one at a time, so that two cells in far corners cost no more than two cells;
//! `sheet` writes them as tab-separated text, line n for row n, and the table engine does the rest.

mod cfb;
mod ods;
mod sheet;
mod xls;
mod xlsx;

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Decoded, Format, FormatError, Head, Input, Item, Place, Sniff, table};

use self::sheet::Sheet;

/// Spreadsheets.
pub const FORMAT: Format =
    Format { id: "xlsx", name: "Spreadsheet", extensions: &["xlsx", "xlsm", "xls", "ods"], sniff, read };

const OLE2: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// What kind of spreadsheet a content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Xlsx,
    Xls,
    Ods,
    /// Known and not read, with what to do instead.
    Refused(&'static str),
}

impl Kind {
    fn of(head: &[u8], extension: &str) -> Option<Self> {
        let contains = |what: &[u8]| memchr::memmem::find(head, what).is_some();
        if head.starts_with(b"PK\x03\x04") {
            if contains(b"application/vnd.oasis.opendocument.spreadsheet") {
                return Some(Self::Ods);
            }
            if contains(b"xl/workbook.bin") {
                return Some(Self::Refused("binary workbooks (.xlsb) are not read; save it as .xlsx"));
            }
            let parts: [&[u8]; 4] = [b"xl/worksheets/", b"xl/workbook.xml", b"xl/theme/", b"xl/_rels/"];
            return parts.iter().any(|part| contains(part)).then_some(Self::Xlsx);
        }
        if !head.starts_with(OLE2) {
            return None;
        }
        let utf16 = |name: &str| name.bytes().flat_map(|b| [b, 0]).collect::<Vec<u8>>();
        if contains(&utf16("EncryptedPackage")) {
            return Some(Self::Refused("it is protected by a password; save it without one"));
        }
        // Other programs use the same container; the directory may lie behind the bytes that sniffers see.
        let workbook = extension == "xls" || contains(&utf16("Workbook")) || contains(&utf16("Book\0"));
        workbook.then_some(Self::Xls)
    }
}

fn sniff(head: &Head) -> Sniff {
    Kind::of(head.bytes, &head.extension).is_some().into()
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let extension = input.file_name().rsplit_once('.').map_or("", |(_, extension)| extension);
    let sheets = match Kind::of(input.bytes, &extension.to_lowercase()) {
        Some(Kind::Xlsx) => guarded(input, xlsx::sheets)?,
        Some(Kind::Ods) => ods::sheets(input)?,
        Some(Kind::Refused(problem)) => return Err(input.unsupported(problem)),
        Some(Kind::Xls) | None => guarded(input, xls::sheets)?,
    };
    let mut tables = Vec::new();
    let mut names = Vec::new();
    for sheet in sheets {
        let text = sheet.text(input)?;
        names.push(sheet.name.clone());
        if table::has_row(&text) {
            tables.push((sheet.name, text));
        }
    }
    let several = tables.len() > 1;
    let mut decoded = Decoded::default();
    let mut refused = None;
    for (name, text) in tables {
        match table::decode(input, &text) {
            Ok(found) => append(input, &mut decoded, found, &name, several),
            Err(error) => {
                if several {
                    decoded.warn(format!("Sheet \"{name}\" was left out: {error}."));
                }
                refused = Some(error);
            }
        }
    }
    if decoded.items.is_empty() {
        return Err(refused.unwrap_or_else(|| {
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            input.malformed(Place::Whole, format!("no sheet holds a table of numbers (sheets: {names})"))
        }));
    }
    Ok(decoded)
}

/// Adds what one sheet gave, under the sheet's name when there are several.
fn append(input: &Input, decoded: &mut Decoded, found: Decoded, name: &str, several: bool) {
    let count = found.items.len();
    for mut item in found.items {
        let meta = match &mut item {
            Item::Spectrum(spectrum) => &mut spectrum.meta,
            Item::Set(set) => &mut set.meta,
        };
        if several {
            // A table without a title is called like the file.
            meta.title = Some(match meta.title.take().filter(|title| title != input.file_stem()) {
                Some(title) if count > 1 => format!("{name}: {title}"),
                Some(title) => title,
                None => name.to_owned(),
            });
        }
        meta.push("Sheet", name);
        decoded.items.push(item);
    }
    for warning in found.warnings {
        decoded.warn(if several { format!("Sheet \"{name}\": {warning}") } else { warning });
    }
}

/// The library reads untrusted numbers with unchecked arithmetic here and there: a panic in it is a damaged file.
fn guarded(
    input: &Input,
    sheets: impl FnOnce(&Input) -> Result<Vec<Sheet>, FormatError>,
) -> Result<Vec<Sheet>, FormatError> {
    // Nothing outlives the panic: the input is only read, and everything made from it is dropped.
    catch_unwind(AssertUnwindSafe(|| sheets(input)))
        .unwrap_or_else(|_panic| Err(damaged(input, "the workbook", "its numbers contradict each other")))
}

/// A library's error as ours.
fn damaged(input: &Input, what: &str, error: impl std::fmt::Display) -> FormatError {
    input.malformed(Place::Whole, format!("{what} is damaged or cut short: {error}"))
}

/// Checks what one more cell of a sheet costs.
fn add(
    input: &Input,
    sheet: &mut Sheet,
    row: u32,
    column: u32,
    cell: sheet::Cell,
) -> Result<(), FormatError> {
    sheet.push(row, column, cell);
    // Asked once in a while: the limit is about memory, not about one cell more or less.
    if sheet.len().is_multiple_of(4096) {
        input.allowed(Place::Whole, sheet.bytes(), 1)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
