//! Row-wise tables: the axis in the first row behind empty cells, then one spectrum a row behind its coordinates.

use crate::formats::cells::number;
use crate::formats::{FormatError, Input, Place};

use super::{Style, facts};

/// A row-wise table as read.
#[derive(Debug, Default)]
pub struct RowTable<'a> {
    /// Axis positions, all finite.
    pub axis: Vec<f64>,
    /// Row after row, NaN where there is no number.
    pub values: Vec<f32>,
    /// The cells before the intensities, column by column.
    pub leading: Vec<Vec<&'a str>>,
    /// Lines of the rows that are too short and were left out.
    pub broken: Vec<usize>,
}

impl<'a> RowTable<'a> {
    /// Reads numbered lines: `skip` cells stand before the axis in the first, `leading` before the intensities in the
    /// others.
    pub fn read(
        input: &Input,
        style: Style,
        lines: &[(usize, &'a str)],
        skip: usize,
        leading: usize,
    ) -> Result<Self, FormatError> {
        let Some(((axis_line, first), rows)) = lines.split_first() else {
            return Err(input.malformed(Place::Whole, "there are no numbers"));
        };
        let place = Place::Line(*axis_line);
        let mut axis = Vec::new();
        for cell in style.cells(first.trim_end()).skip(skip) {
            let value = number(cell, style.decimal).ok_or_else(|| {
                let found = facts::clip(cell);
                input.malformed(place, format!("axis value {} is `{found}`, not a number", axis.len() + 1))
            })?;
            axis.push(value);
        }
        input.allowed(place, (axis.len() as u64).saturating_mul(rows.len() as u64), 4)?;
        // The text holds at least two bytes a value, whatever the number of rows promises.
        let room = axis.len().saturating_mul(rows.len()).min(input.bytes.len());
        let mut table = Self {
            values: Vec::with_capacity(room),
            leading: vec![Vec::with_capacity(rows.len()); leading],
            axis,
            broken: Vec::new(),
        };
        for (number, line) in rows {
            table.add(style, *number, line);
        }
        if table.values.is_empty() {
            let points = table.axis.len();
            return Err(input.malformed(place, format!("no row of {points} intensities follows the axis")));
        }
        Ok(table)
    }

    fn add(&mut self, style: Style, number: usize, line: &'a str) {
        let mut cells = style.cells(line);
        let start = self.values.len();
        let before = cells.clone();
        let intensities = cells.by_ref().skip(self.leading.len()).take(self.axis.len());
        self.values.extend(intensities.map(|c| style.number(c) as f32));
        if self.values.len() - start < self.axis.len() {
            self.values.truncate(start);
            self.broken.push(number);
            return;
        }
        for (list, cell) in self.leading.iter_mut().zip(before) {
            list.push(cell.trim());
        }
    }

    /// The leading column as numbers, NaN where it holds none.
    #[must_use]
    pub fn coordinate(&self, style: Style, index: usize) -> Vec<f64> {
        self.leading.get(index).map(|l| l.iter().map(|c| style.number(c)).collect()).unwrap_or_default()
    }

    /// The warning about rows that were left out.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        let (first, count, points) = (self.broken.first()?, self.broken.len(), self.axis.len());
        Some(match count {
            1 => format!("Line {first} holds fewer than {points} intensities and was left out."),
            _ => format!(
                "{count} lines (the first is line {first}) hold fewer than {points} intensities and were left out."
            ),
        })
    }
}
