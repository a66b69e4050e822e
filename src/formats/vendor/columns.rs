//! Delimited lines of numbers as vendor texts write them: the decimal mark is found, cells become `f64` (NaN where
//! there is no number), nothing is allocated per cell.

/// How the cells of a table are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Between cells; a blank stands for any run of blanks.
    pub separator: char,
    /// The decimal mark is a comma.
    pub comma: bool,
}

impl Style {
    /// Looks at lines of numbers: a comma is the decimal mark when it does not separate and no dot is there.
    #[must_use]
    pub fn of<'a>(separator: char, lines: impl Iterator<Item = &'a str>) -> Self {
        let mut comma = false;
        for line in lines.take(200) {
            if separator == ',' || line.contains('.') {
                return Self { separator, comma: false };
            }
            comma |= line.contains(',');
        }
        Self { separator, comma }
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
    pub fn cells<'a>(self, line: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        let (blanks, others) = if self.separator == ' ' {
            (Some(line.split_whitespace()), None)
        } else {
            (None, Some(line.split(self.separator)))
        };
        blanks.into_iter().flatten().chain(others.into_iter().flatten())
    }

    /// The number in a cell; NaN when it holds none.
    #[must_use]
    pub fn number(self, cell: &str) -> f64 {
        number(cell, self.comma).unwrap_or(f64::NAN)
    }

    /// True when the line begins with a number and every cell is a number or empty.
    #[must_use]
    pub fn is_numeric(self, line: &str) -> bool {
        let mut cells = self.cells(line);
        let begins = cells.next().is_some_and(|c| number(c, self.comma).is_some());
        begins && cells.all(|c| is_missing(c) || number(c, self.comma).is_some())
    }
}

/// True for the words that stand for "no value here".
#[must_use]
pub fn is_missing(cell: &str) -> bool {
    let cell = cell.trim().trim_matches('"').trim();
    cell.is_empty()
        || ["-", "--", "na", "n/a", "#n/a", "nan", "null"].iter().any(|w| cell.eq_ignore_ascii_case(w))
}

/// A finite number, with either decimal mark; `None` when the cell holds anything else.
#[must_use]
pub fn number(cell: &str, comma: bool) -> Option<f64> {
    let cell = cell.trim().trim_matches('"').trim();
    let cell = cell.strip_prefix('+').unwrap_or(cell);
    if !comma {
        if let Ok(value) = fast_float2::parse::<f64, _>(cell) {
            // The parser also takes words such as `inf`, which are no measurements.
            return value.is_finite().then_some(value);
        }
    }
    let mut buffer = [0_u8; 48];
    let mut length = 0;
    for c in cell.chars() {
        let byte = match c {
            ',' if comma => b'.',
            '.' if comma => return None,
            '\u{2212}' => b'-',
            'd' | 'D' => b'e',
            _ => u8::try_from(c).ok()?,
        };
        *buffer.get_mut(length)? = byte;
        length += 1;
    }
    let value: f64 = fast_float2::parse(buffer.get(..length)?).ok()?;
    value.is_finite().then_some(value)
}

/// Columns of a table, each as long as the table has rows.
#[derive(Debug, Default)]
pub struct Columns {
    /// Cells, NaN where there is no number.
    pub cells: Vec<Vec<f64>>,
    /// Lines read.
    pub rows: usize,
}

impl Columns {
    /// Reads lines into `width` columns until one that holds no number at all in them; short lines are filled with
    /// NaN, cells behind the last column are ignored, blank lines skipped.
    #[must_use]
    pub fn read<'a>(style: Style, width: usize, lines: impl Iterator<Item = &'a str>) -> Self {
        let mut columns = Self { cells: vec![Vec::new(); width], rows: 0 };
        for line in lines {
            if line.trim().is_empty() {
                continue;
            }
            let mut cells = style.cells(line);
            let mut found = false;
            for column in &mut columns.cells {
                let value = style.number(cells.next().unwrap_or_default());
                found |= value.is_finite();
                column.push(value);
            }
            if !found {
                for column in &mut columns.cells {
                    column.pop();
                }
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_with_either_mark() {
        let cases = [
            ("1.5", false, Some(1.5)),
            (" \"+1.5E+002\" ", false, Some(150.0)),
            ("1,5", true, Some(1.5)),
            ("1.000,5", true, None),
            ("1,5", false, None),
            ("\u{2212}3", false, Some(-3.0)),
            ("1.5D3", false, Some(1500.0)),
            ("inf", false, None),
            ("NaN", false, None),
            ("", false, None),
            ("1e999", false, None),
            ("12abc", false, None),
        ];
        for (cell, comma, expected) in cases {
            assert_eq!(number(cell, comma), expected, "{cell}");
        }
    }

    #[test]
    fn the_style_of_a_table_is_found() {
        let style = |text: &'static str| Style::guess(text.lines());
        assert_eq!(style("1,5\t2"), Style { separator: '\t', comma: true });
        assert_eq!(style("1;2\n1.5;2"), Style { separator: ';', comma: false });
        assert_eq!(style("1,5"), Style { separator: ',', comma: false });
        assert_eq!(style("1, 5"), Style { separator: ',', comma: false });
        assert_eq!(style("1,5 2,5"), Style { separator: ' ', comma: true });
        assert_eq!(style("1.5  2.5"), Style { separator: ' ', comma: false });
    }

    #[test]
    fn a_footer_ends_the_columns_and_short_lines_are_filled() {
        let style = Style { separator: ';', comma: false };
        let columns = Columns::read(style, 3, "1;2;3;\n\n2;;NA\n3\nend of data\n4;4;4".lines());
        assert_eq!(columns.rows, 3);
        assert_eq!(columns.get(0), [1.0, 2.0, 3.0]);
        assert!(columns.get(1)[1].is_nan() && columns.get(2)[1].is_nan() && columns.get(2)[2].is_nan());
        assert!(columns.get(9).is_empty());
    }
}
