//! Cells that are there, and the text that a table reader understands.

use std::fmt::Write as _;

use calamine::ExcelDateTime;

use crate::formats::cells::{Decimal, number};
use crate::formats::{FormatError, Input, Place};

/// Memory of a cell beside its text.
const CELL_BYTES: u64 = 48;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Number(f64),
    Text(String),
}

impl Cell {
    /// Days since 1900 (or 1904) as ISO 8601; a duration stays a number.
    pub(super) fn date(value: &ExcelDateTime) -> Self {
        if !value.is_datetime() {
            return Self::Number(value.as_f64());
        }
        let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
        Self::Text(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"))
    }

    fn is_number(&self, mark: Decimal) -> bool {
        match self {
            Self::Number(_) => true,
            Self::Text(text) => number(text, mark).is_some(),
        }
    }
}

/// The used cells of one sheet.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pub name: String,
    cells: Vec<(u32, u32, Cell)>,
    text_bytes: u64,
}

impl Sheet {
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Rows and columns are counted from 0.
    pub(super) fn push(&mut self, row: u32, column: u32, cell: Cell) {
        if let Cell::Text(text) = &cell {
            self.text_bytes += text.len() as u64;
        }
        self.cells.push((row, column, cell));
    }

    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(super) fn bytes(&self) -> u64 {
        self.text_bytes.saturating_add(self.cells.len() as u64 * CELL_BYTES)
    }

    /// Tab-separated lines: line n is row n, and columns without any cell are left out.
    pub(super) fn text(&self, input: &Input) -> Result<String, FormatError> {
        let mut columns: Vec<u32> = self.cells.iter().map(|(_, column, _)| *column).collect();
        columns.sort_unstable();
        columns.dedup();
        let mut order: Vec<&(u32, u32, Cell)> = self.cells.iter().collect();
        order.sort_by_key(|(row, column, _)| (*row, *column));
        let rows = order.chunk_by(|a, b| a.0 == b.0).count() as u64;
        let tabs = rows.saturating_mul(columns.len() as u64);
        let lines = order.last().map_or(0, |(row, _, _)| u64::from(*row));
        input.allowed(Place::Whole, tabs.saturating_add(lines).saturating_add(self.bytes()), 1)?;
        let mark = self.mark();
        // Rows end in the last column with numbers, so that a missing last number is an empty cell.
        let numbers = order.iter().filter(|(_, _, cell)| cell.is_number(mark));
        let last = numbers.map(|(_, column, _)| *column).max();
        let last = last.and_then(|column| columns.binary_search(&column).ok()).unwrap_or(0);
        let mut text = String::new();
        let mut next_row = 0;
        for cells in order.chunk_by(|a, b| a.0 == b.0) {
            let row = cells.first().map_or(next_row, |(row, _, _)| *row);
            for _ in next_row..row {
                text.push('\n');
            }
            next_row = row;
            let mut at = 0;
            for (_, column, cell) in cells {
                let place = columns.binary_search(column).unwrap_or(0);
                for _ in at..place {
                    text.push('\t');
                }
                at = place;
                write(cell, mark, &mut text);
            }
            if cells.len() > 1 {
                for _ in at..last {
                    text.push('\t');
                }
            }
        }
        text.push('\n');
        Ok(text)
    }

    /// The decimal mark of numbers that stand as text; the point when there are none.
    fn mark(&self) -> Decimal {
        let written = |mark: char, decimal| {
            let texts = self.cells.iter().filter_map(|(_, _, cell)| match cell {
                Cell::Text(text) if text.contains(mark) => Some(text),
                _ => None,
            });
            texts.filter(|text| number(text, decimal).is_some()).count()
        };
        let (comma, point) = (written(',', Decimal::Comma), written('.', Decimal::Point));
        if comma > point { Decimal::Comma } else { Decimal::Point }
    }
}

fn write(cell: &Cell, mark: Decimal, text: &mut String) {
    match cell {
        Cell::Number(value) => {
            let start = text.len();
            // Writing to a string cannot fail.
            let _ = write!(text, "{value:?}");
            if mark == Decimal::Comma {
                let written = text.split_off(start).replace('.', ",");
                text.push_str(&written);
            }
        }
        Cell::Text(written) => {
            text.extend(
                written.trim().chars().map(|c| if matches!(c, '\t' | '\n' | '\r' | '\0') { ' ' } else { c }),
            );
        }
    }
}
