//! How a table is written: what stands between cells, what marks decimals; and splitting a line by it.

use crate::formats::cells::{Cell, Decimal, cell, is_grouped};

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// One tab.
    Tab,
    /// One semicolon.
    Semicolon,
    /// One comma.
    Comma,
    /// Any number of spaces.
    Spaces,
    /// Any number of spaces and tabs.
    Blanks,
    /// Comma and blank, where the comma alone marks decimals.
    CommaBlank,
}

impl Separator {
    /// The character that key-value lines of such a file use.
    #[must_use]
    pub fn mark(self) -> Option<char> {
        match self {
            Self::Tab | Self::Blanks => Some('\t'),
            Self::Semicolon => Some(';'),
            Self::Comma | Self::CommaBlank => Some(','),
            Self::Spaces => None,
        }
    }

    fn splits(self, byte: u8, next: Option<&u8>) -> bool {
        match self {
            Self::Tab => byte == b'\t',
            Self::Semicolon => byte == b';',
            Self::Comma => byte == b',',
            Self::Spaces => byte == b' ',
            Self::Blanks => matches!(byte, b' ' | b'\t'),
            Self::CommaBlank => byte == b',' && matches!(next, None | Some(b' ' | b'\t')),
        }
    }

    /// True when several in a row are one.
    #[must_use]
    pub fn runs(self) -> bool {
        matches!(self, Self::Spaces | Self::Blanks)
    }
}

/// One hypothesis of how a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// Between cells.
    pub separator: Separator,
    /// Inside numbers.
    pub decimal: Decimal,
}

/// Splits `line` into trimmed cells; a separator inside double quotes does not count. Empty cells at the end are
/// kept, so that the caller sees how many the line promised.
pub fn split<'a>(line: &'a str, separator: Separator, cells: &mut Vec<&'a str>) {
    cells.clear();
    let line = if separator.runs() { line.trim() } else { line };
    let bytes = line.as_bytes();
    let quotes = memchr::memchr(b'"', bytes).is_some();
    let (mut start, mut quoted) = (0, false);
    for (at, &byte) in bytes.iter().enumerate() {
        if quotes && byte == b'"' {
            quoted = !quoted;
        }
        if !quoted && separator.splits(byte, bytes.get(at + 1)) {
            if !(separator.runs() && at == start) {
                cells.push(line.get(start..at).unwrap_or_default().trim());
            }
            start = at + 1;
        }
    }
    cells.push(line.get(start..).unwrap_or_default().trim());
}

/// What one line is under a dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing but blanks and separators.
    Blank,
    /// Numbers and missing values only, at least one number.
    Row {
        /// Cells up to the last that is not empty.
        width: usize,
        /// Cells the separators make, empty ones at the end included.
        promised: usize,
        /// Numbers that are numbers only because thousands are grouped in them.
        grouped: usize,
    },
    /// Anything else.
    Other,
}

/// Reads one line under a dialect; `values` receives one number (NaN for missing) per cell of a row.
pub fn classify<'a>(
    line: &'a str,
    dialect: Dialect,
    cells: &mut Vec<&'a str>,
    values: &mut Vec<f64>,
) -> Kind {
    values.clear();
    split(line, dialect.separator, cells);
    let promised = cells.len();
    while cells.last().is_some_and(|c| c.is_empty()) {
        cells.pop();
    }
    if cells.is_empty() {
        return Kind::Blank;
    }
    let (mut numbers, mut grouped) = (0, 0);
    for text in cells.iter() {
        match cell(text, dialect.decimal) {
            Cell::Number(value) => {
                numbers += 1;
                // A mark of thousands needs at least five characters: 1,234.
                grouped += usize::from(text.len() > 4 && is_grouped(text, dialect.decimal));
                values.push(value);
            }
            Cell::Missing => values.push(f64::NAN),
            Cell::Text => return Kind::Other,
        }
    }
    if numbers == 0 { Kind::Other } else { Kind::Row { width: cells.len(), promised, grouped } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: &str, separator: Separator) -> Vec<&str> {
        let mut cells = Vec::new();
        split(line, separator, &mut cells);
        cells
    }

    #[test]
    fn lines_split_into_trimmed_cells() {
        assert_eq!(cells("  1 \t2\t", Separator::Tab), ["1", "2", ""]);
        assert_eq!(cells("  1   2  ", Separator::Spaces), ["1", "2"]);
        assert_eq!(cells(" 1 \t 2", Separator::Blanks), ["1", "2"]);
        assert_eq!(cells("176,36, 32822,795", Separator::CommaBlank), ["176,36", "32822,795"]);
        assert_eq!(cells("\"a,b\",c", Separator::Comma), ["\"a,b\"", "c"]);
        assert_eq!(cells("\"my;x\";\"my,y\"", Separator::Semicolon), ["\"my;x\"", "\"my,y\""]);
        assert_eq!(cells("", Separator::Tab), [""]);
    }

    #[test]
    fn a_row_holds_numbers_and_gaps_only() {
        let dialect = Dialect { separator: Separator::Comma, decimal: Decimal::Point };
        let kind = |line: &str| {
            let (mut cells, mut values) = (Vec::new(), Vec::new());
            classify(line, dialect, &mut cells, &mut values)
        };
        assert_eq!(kind("1,2,,"), Kind::Row { width: 2, promised: 4, grouped: 0 });
        assert_eq!(kind("1,NaN"), Kind::Row { width: 2, promised: 2, grouped: 0 });
        assert_eq!(kind(",,"), Kind::Blank);
        assert_eq!(kind("a,1"), Kind::Other);
        assert_eq!(kind("NaN,-"), Kind::Other);
    }
}
