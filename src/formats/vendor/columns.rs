//! Delimited lines of numbers as vendor texts write them: the decimal mark is found once for a table, cells become
//! `f64` (NaN where there is no number), nothing is allocated per cell.

use crate::formats::cells::{Cell, Decimal, cell};

/// How the cells of a table are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Between cells; a blank stands for any run of blanks.
    pub separator: char,
    /// Mark before the broken part.
    pub decimal: Decimal,
}

impl Style {
    /// A decimal point behind this separator.
    #[must_use]
    pub fn point(separator: char) -> Self {
        Self { separator, decimal: Decimal::Point }
    }

    /// Looks at lines of numbers: a comma is the decimal mark when it does not separate and no point is there.
    #[must_use]
    pub fn of<'a>(separator: char, lines: impl Iterator<Item = &'a str>) -> Self {
        let mut decimal = Decimal::Point;
        for line in lines.take(200) {
            if separator == ',' || line.contains('.') {
                return Self::point(separator);
            }
            if line.contains(',') {
                decimal = Decimal::Comma;
            }
        }
        Self { separator, decimal }
    }

    /// As [`Style::of`] with the separator found too: tab, semicolon, comma, blanks, in this order.
    #[must_use]
    pub fn guess<'a>(lines: impl Iterator<Item = &'a str> + Clone) -> Self {
        let first = lines.clone().find(|l| !l.trim().is_empty()).unwrap_or_default();
        let separator = ['\t', ';'].into_iter().find(|s| first.contains(*s));
        // `1,5 2,5` are two numbers with a decimal comma, `1,5` and `1, 5` two numbers with a separator.
        let blanks = || first.split_whitespace().count() > 1 && !first.contains(", ");
        Self::of(separator.unwrap_or_else(|| if first.contains(',') && !blanks() { ',' } else { ' ' }), lines)
    }

    /// The cells of a line.
    pub fn cells(self, line: &str) -> impl Iterator<Item = &str> + Clone {
        let (blanks, others) = if self.separator == ' ' {
            (Some(line.split_whitespace()), None)
        } else {
            (None, Some(line.split(self.separator)))
        };
        blanks.into_iter().flatten().chain(others.into_iter().flatten())
    }

    /// The cells of a row of names, without blanks and quotes.
    #[must_use]
    pub fn names(self, line: &str) -> Vec<&str> {
        self.cells(line).map(|c| c.trim().trim_matches('"').trim()).collect()
    }

    /// The number in a cell; NaN when it holds none.
    #[must_use]
    pub fn number(self, text: &str) -> f64 {
        match cell(text, self.decimal) {
            Cell::Number(value) => value,
            Cell::Missing | Cell::Text => f64::NAN,
        }
    }

    /// True when the line begins with a number and no cell holds text.
    #[must_use]
    pub fn is_numeric(self, line: &str) -> bool {
        let mut cells = self.cells(line).map(|c| cell(c, self.decimal));
        matches!(cells.next(), Some(Cell::Number(_))) && cells.all(|c| c != Cell::Text)
    }
}

/// Cells that short lines may lack in all, so that one very long line cannot make many short ones expensive.
const MOST_PADDING: usize = 2_000_000;

/// Columns of a table, each as long as the table has rows.
#[derive(Debug, Default)]
pub struct Columns {
    /// Cells, NaN where there is no number.
    pub cells: Vec<Vec<f64>>,
    /// Rows read.
    pub rows: usize,
    /// Index of the line that ended the table before the lines did.
    pub stop: Option<usize>,
}

impl Columns {
    /// Reads lines into `width` columns until one that holds no number at all in them; short lines are filled with
    /// NaN, cells behind the last column are ignored, blank lines skipped.
    #[must_use]
    pub fn read<'a>(style: Style, width: usize, lines: impl Iterator<Item = &'a str>) -> Self {
        let mut columns = Self { cells: vec![Vec::new(); width], ..Self::default() };
        let mut padding = 0;
        for (index, line) in lines.enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let mut cells = style.cells(line);
            let mut found = false;
            for column in &mut columns.cells {
                let cell = cells.next();
                padding += usize::from(cell.is_none());
                let value = style.number(cell.unwrap_or_default());
                found |= value.is_finite();
                column.push(value);
            }
            if !found || padding > MOST_PADDING {
                for column in &mut columns.cells {
                    column.pop();
                }
                columns.stop = Some(index);
                break;
            }
            columns.rows += 1;
        }
        columns
    }

    /// Column `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> &[f64] {
        self.cells.get(index).map_or(&[], Vec::as_slice)
    }

    /// True when the column has at least two numbers.
    #[must_use]
    pub fn is_filled(&self, index: usize) -> bool {
        self.get(index).iter().filter(|v| v.is_finite()).nth(1).is_some()
    }

    /// The warning about the line that ended the table, when the table began in the line of index `start`.
    #[must_use]
    pub fn stop_warning(&self, start: usize) -> Option<String> {
        let line = self.stop? + start + 1;
        Some(format!("Reading stopped at line {line}, which is no row of numbers."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_of_a_table_is_found() {
        let style = |text: &'static str| Style::guess(text.lines());
        assert_eq!(style("1,5\t2"), Style { separator: '\t', decimal: Decimal::Comma });
        assert_eq!(style("1;2\n1.5;2"), Style::point(';'));
        assert_eq!(style("1,5"), Style::point(','));
        assert_eq!(style("1, 5"), Style::point(','));
        assert_eq!(style("1,5 2,5"), Style { separator: ' ', decimal: Decimal::Comma });
        assert_eq!(style("1.5  2.5"), Style::point(' '));
    }

    #[test]
    fn a_footer_ends_the_columns_and_short_lines_are_filled() {
        let columns = Columns::read(Style::point(';'), 3, "1;2;3;\n\n2;;NA\n3\nend of data\n4;4;4".lines());
        assert_eq!((columns.rows, columns.stop), (3, Some(4)));
        assert_eq!(columns.get(0), [1.0, 2.0, 3.0]);
        assert!(columns.get(1)[1].is_nan() && columns.get(2)[1].is_nan() && columns.get(2)[2].is_nan());
        assert!(columns.get(9).is_empty());
        assert!(columns.is_filled(0) && !columns.is_filled(1));
    }
}
