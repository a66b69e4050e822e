//! The rows of a table as numbers: the fast way where lines are plain, the careful way where they are not.

use crate::formats::{FormatError, Input, Place, text};

use super::dialect::{Kind, classify};
use super::fast::{self, Plan};
use super::find::{Found, MOST_ODD, goes_on, line_number, offset};

/// Numbers of a table. NaN where a cell is missing.
#[derive(Debug, Clone)]
pub enum Numbers {
    /// Two columns, the second as intensities.
    Pair {
        /// First column.
        x: Vec<f64>,
        /// Second column.
        y: Vec<f32>,
    },
    /// Row after row.
    Grid {
        /// Cells of a row.
        width: usize,
        /// All cells.
        values: Vec<f64>,
    },
}

/// The rows of one run.
#[derive(Debug, Clone)]
pub struct Body {
    /// What stands in them.
    pub numbers: Numbers,
    /// Byte behind the last row.
    pub end: usize,
    /// Rows that had more cells than the table has columns.
    pub wide: usize,
    /// Rows with fewer cells than the table has columns and no separators in their place.
    pub narrow: usize,
    /// Lines between the rows that are no rows.
    pub odd: usize,
}

impl Numbers {
    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        match self {
            Self::Pair { x, .. } => x.len(),
            Self::Grid { width, values } => values.len() / (*width).max(1),
        }
    }

    /// Number of columns.
    #[must_use]
    pub fn width(&self) -> usize {
        match self {
            Self::Pair { .. } => 2,
            Self::Grid { width, .. } => *width,
        }
    }

    /// A copy of one column; empty when there is no such column.
    #[must_use]
    pub fn column(&self, index: usize) -> Vec<f64> {
        match (self, index) {
            (Self::Pair { x, .. }, 0) => x.clone(),
            (Self::Pair { y, .. }, 1) => y.iter().map(|v| f64::from(*v)).collect(),
            (Self::Grid { width, values }, _) if index < *width => {
                values.chunks_exact(*width).filter_map(|row| row.get(index).copied()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The first `rows` cells of one column.
    #[must_use]
    pub fn head(&self, index: usize, rows: usize) -> Vec<f64> {
        match self {
            Self::Grid { width, values } if index < *width => {
                values.chunks_exact(*width).take(rows).filter_map(|row| row.get(index).copied()).collect()
            }
            Self::Grid { .. } => Vec::new(),
            Self::Pair { .. } => self.column(index).into_iter().take(rows).collect(),
        }
    }

    /// The same without the columns for which `drop` says so.
    #[must_use]
    pub fn without(self, drop: impl Fn(usize) -> bool) -> Self {
        let Self::Grid { width, values } = self else { return self };
        let kept: Vec<usize> = (0..width).filter(|column| !drop(*column)).collect();
        if kept.len() == width || width == 0 {
            return Self::Grid { width, values };
        }
        let rows = values.chunks_exact(width);
        let values = rows.flat_map(|row| kept.iter().filter_map(|c| row.get(*c)).copied()).collect();
        Self::Grid { width: kept.len(), values }
    }

    /// True when no cell of the column holds a number.
    #[must_use]
    pub fn is_empty_column(&self, index: usize) -> bool {
        match self {
            Self::Grid { width, values } => {
                let cells = values.iter().skip(index).step_by((*width).max(1));
                index < *width && cells.into_iter().all(|v| v.is_nan())
            }
            Self::Pair { .. } => false,
        }
    }

    /// First cells of the last two rows.
    fn last_two(&self) -> Option<[f64; 2]> {
        let (first, step) = match self {
            Self::Pair { x, .. } => (x, 1),
            Self::Grid { width, values } => (values, *width),
        };
        let at = |back: usize| first.len().checked_sub(back * step).and_then(|i| first.get(i)).copied();
        Some([at(2)?, at(1)?])
    }

    fn push(&mut self, row: &[f64]) {
        let cell = |i: usize| row.get(i).copied().unwrap_or(f64::NAN);
        match self {
            Self::Pair { x, y } => {
                x.push(cell(0));
                y.push(cell(1) as f32);
            }
            Self::Grid { width, values } => values.extend((0..*width).map(cell)),
        }
    }
}

/// How [`read`] is to keep the numbers of a table of two columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Second column as intensities at once: half the memory traffic.
    Pair,
    /// All columns in full precision.
    Grid,
}

/// Reads the run that begins at `found.start` to its end.
pub fn read(input: &Input, text: &str, found: &Found, keep: Keep) -> Result<Body, FormatError> {
    read_with(input, text, found, keep, Plan::new(found.dialect))
}

/// The same, with or without the fast way.
fn read_with(
    input: &Input,
    text: &str,
    found: &Found,
    keep: Keep,
    plan: Option<Plan>,
) -> Result<Body, FormatError> {
    let width = found.width.max(2);
    let mut numbers = match keep {
        Keep::Pair if width == 2 => Numbers::Pair { x: Vec::new(), y: Vec::new() },
        _ => Numbers::Grid { width, values: Vec::new() },
    };
    reserve(input, text, found, &mut numbers)?;
    let bytes = text.as_bytes();
    let mut body = Body { numbers, end: found.start, wide: 0, narrow: 0, odd: 0 };
    let mut at = found.start;
    // Odd lines since the last row; they are known to lie inside the table once another row goes on behind them.
    let mut odd = 0;
    let (mut cells, mut values) = (Vec::new(), Vec::new());
    while at < bytes.len() {
        if let (Some(plan), 0) = (plan, odd) {
            let stopped = match &mut body.numbers {
                Numbers::Pair { x, y } => fast::pairs(bytes, at, plan, x, y),
                Numbers::Grid { width, values } => fast::rows(bytes, at, plan, *width, values),
            };
            if stopped > at {
                (at, body.end) = (stopped, stopped);
                continue;
            }
        }
        let Some(rest) = text.get(at..) else { break };
        let mut lines = text::lines(rest);
        let Some(line) = lines.next() else { break };
        let next = lines.next().map_or(bytes.len(), |line| offset(text, line));
        let kind = classify(line, found.dialect, &mut cells, &mut values);
        // A lone number is a row only where the file was cut inside it.
        let lone = matches!(kind, Kind::Row { promised: 1, .. });
        let cut = lone && next == bytes.len() && !bytes.ends_with(b"\n") && odd == 0;
        match kind {
            Kind::Blank => {}
            Kind::Row { width: cells, promised, .. } if !lone || cut => {
                let x = values.first().copied().unwrap_or(f64::NAN);
                if odd > 0 && !body.numbers.last_two().is_some_and(|before| goes_on(before, x)) {
                    break;
                }
                body.odd += std::mem::take(&mut odd);
                body.wide += usize::from(cells > width);
                body.narrow += usize::from(promised < width);
                let wanted = (body.numbers.rows() as u64 + 1).saturating_mul(width as u64);
                if wanted > input.limits.decoded_bytes / 8 {
                    input.allowed(Place::Line(line_number(text, at)), wanted, 8)?;
                }
                body.numbers.push(&values);
                body.end = next;
            }
            Kind::Row { .. } | Kind::Other => {
                odd += 1;
                if odd > MOST_ODD || body.numbers.rows() < 2 {
                    break;
                }
            }
        }
        at = next;
    }
    Ok(body)
}

/// Makes room for about as many rows as the rest of the file has, if the limit allows them.
fn reserve(input: &Input, text: &str, found: &Found, numbers: &mut Numbers) -> Result<(), FormatError> {
    let rest = text.get(found.start..).unwrap_or_default();
    let sample = super::find::sample(rest);
    let lines = memchr::memchr2_iter(b'\n', b'\r', sample.as_bytes()).count().max(1);
    // A row needs at least a digit and a separator for each of its cells.
    let most = rest.len() / (2 * found.width.max(1)) + 2;
    let rows = (rest.len() as f64 / sample.len().max(1) as f64 * lines as f64 * 1.02) as usize + 16;
    let rows = rows.min(most);
    let count = rows.saturating_mul(numbers.width());
    // The line is counted only for the error: a file may hold thousands of tables.
    if count as u64 > input.limits.decoded_bytes / 8 {
        input.allowed(Place::Line(line_number(text, found.start)), count as u64, 8)?;
    }
    match numbers {
        Numbers::Pair { x, y } => {
            x.reserve_exact(rows);
            y.reserve_exact(rows);
        }
        Numbers::Grid { values, .. } => values.reserve_exact(count),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::dialect::{Dialect, Separator};
    use super::*;
    use crate::formats::Limits;
    use crate::formats::cells::Decimal;

    fn cells(numbers: &Numbers) -> Vec<Vec<u64>> {
        (0..numbers.width()).map(|c| numbers.column(c).iter().map(|v| v.to_bits()).collect()).collect()
    }

    /// Reads the text both ways and compares every bit.
    fn both_ways(text: &str, dialect: Dialect, width: usize) {
        let input = Input { name: "a", bytes: b"", limits: Limits::default(), format: "" };
        let found = Found { dialect, start: 0, rows: 0, width };
        for keep in [Keep::Pair, Keep::Grid] {
            let fast = read(&input, text, &found, keep).unwrap();
            let careful = read_with(&input, text, &found, keep, None).unwrap();
            assert_eq!(cells(&fast.numbers), cells(&careful.numbers), "{text:?}");
            assert_eq!(
                (fast.wide, fast.narrow, fast.odd),
                (careful.wide, careful.narrow, careful.odd),
                "{text:?}"
            );
        }
    }

    fn dialects() -> impl Strategy<Value = (Dialect, &'static str)> {
        let choice = |separator, decimal, text| (Dialect { separator, decimal }, text);
        prop_oneof![
            Just(choice(Separator::Tab, Decimal::Point, "\t")),
            Just(choice(Separator::Comma, Decimal::Point, ",")),
            Just(choice(Separator::Comma, Decimal::Point, ", ")),
            Just(choice(Separator::Semicolon, Decimal::Comma, ";")),
            Just(choice(Separator::Spaces, Decimal::Point, "  ")),
            Just(choice(Separator::Blanks, Decimal::Comma, " \t")),
        ]
    }

    proptest! {
        #[test]
        fn tables_of_any_plain_numbers_read_the_same_both_ways(
            (dialect, separator) in dialects(),
            rows in prop::collection::vec(prop::collection::vec("[+-]?[0-9]{0,9}\\.?[0-9]{0,14}([eEdD][+-]?[0-9]{1,3})?", 1..5), 1..30),
            end in prop_oneof![Just("\n"), Just("\r\n"), Just("\r"), Just(" \n"), Just("\r\r\n")],
        ) {
            let decimal = char::from(dialect.decimal.byte()).to_string();
            let lines = rows.iter().map(|row| row.join(separator).replace('.', &decimal));
            let text = lines.collect::<Vec<_>>().join(end);
            both_ways(&text, dialect, 2);
            both_ways(&text, dialect, 3);
        }

        #[test]
        fn any_text_reads_the_same_both_ways((dialect, _) in dialects(), text in "[0-9eE.,;\t \r\n+\"a-]{0,80}") {
            both_ways(&text, dialect, 2);
            both_ways(&text, dialect, 3);
        }

        #[test]
        fn written_floats_read_back_exactly(values in prop::collection::vec((any::<f64>(), any::<f32>()), 2..40)) {
            let values: Vec<_> = values.into_iter().filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
            let lines: Vec<String> = values.iter().map(|(x, y)| format!("{x}\t{y:e}\n")).collect();
            let text = lines.concat();
            let dialect = Dialect { separator: Separator::Tab, decimal: Decimal::Point };
            let input = Input { name: "a", bytes: b"", limits: Limits::default(), format: "" };
            let body = read(&input, &text, &Found { dialect, start: 0, rows: 0, width: 2 }, Keep::Pair).unwrap();
            let Numbers::Pair { x, y } = body.numbers else { panic!("a grid") };
            for (i, (a, b)) in values.iter().enumerate() {
                assert_eq!((x[i].to_bits(), y[i].to_bits()), (a.to_bits(), b.to_bits()));
            }
        }
    }

    #[test]
    fn a_line_that_is_no_row_inside_the_table_is_counted_and_one_behind_it_ends_it() {
        let input = Input { name: "a", bytes: b"", limits: Limits::default(), format: "" };
        let dialect = Dialect { separator: Separator::Comma, decimal: Decimal::Point };
        let found = Found { dialect, start: 0, rows: 0, width: 2 };
        let text = "1,2\n2,3\n3,saturated\n4,5\nend\n1,2\n";
        let body = read(&input, text, &found, Keep::Pair).unwrap();
        assert_eq!((body.numbers.rows(), body.odd), (3, 1));
        assert_eq!(text.get(body.end..), Some("end\n1,2\n"));
    }

    #[test]
    fn more_numbers_than_the_limit_allows_are_refused_before_they_are_read() {
        let limits = Limits { decoded_bytes: 64, ..Limits::default() };
        let input = Input { name: "big.txt", bytes: b"", limits, format: "Text table" };
        let dialect = Dialect { separator: Separator::Comma, decimal: Decimal::Point };
        let found = Found { dialect, start: 0, rows: 0, width: 2 };
        let error = read(&input, &"1,2\n".repeat(100), &found, Keep::Pair).unwrap_err().to_string();
        assert!(error.contains("big.txt") && error.contains("more than the limit of 64"), "{error}");
    }
}
