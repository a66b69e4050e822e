//! Tables that lie on their side: the first line holds the axis, each further line one spectrum.
//!
//! ```text
//! (label or coordinate cells)  axis axis axis ...  (names of text columns)
//! quartz  0  1                 12.1 12.4 12.9 ...  user  licence
//! ```

use crate::formats::cells::{self, Cell, Decimal, cell};
use crate::formats::settle::{Settler, assumed_shift};
use crate::formats::{Decoded, FormatError, Input, Place, text};
use crate::spectrum::{Axis, Positions, SpectrumSet};

use super::dialect::{Dialect, Separator, split};
use super::find::{line_number, offset, sample};
use super::header;

/// Lines searched for an axis.
const MOST_HEADER_LINES: usize = 60;
/// Bytes searched for an axis.
const MOST_HEADER_BYTES: usize = 1 << 20;
/// Bytes of a line in which its first cell ends.
const FIRST_CELL: usize = 256;
/// Numbers in a line that begins with one before it may be an axis: shorter ones are rows of a table.
const LONG: usize = 20;
/// The same for a line that begins with empty cells or names.
const SHORT: usize = 8;
/// Lines below an axis that are looked at.
const FURTHER: usize = 64;
/// Cells before the axis.
const MOST_LEADING: usize = 10;

/// An axis line and how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lying {
    dialect: Dialect,
    /// Byte of the axis line.
    start: usize,
    /// Cells before the axis.
    leading: usize,
    /// Cells of the axis.
    points: usize,
}

/// Finds an axis line with spectra below it.
#[must_use]
pub fn find(text: &str) -> Option<Lying> {
    let mut lines = text::lines(text).filter(|line| !line.trim().is_empty()).peekable();
    let mut seen = 0;
    while let Some(line) = lines.next().filter(|_| seen < MOST_HEADER_LINES) {
        seen += 1;
        if offset(text, line) > MOST_HEADER_BYTES {
            break;
        }
        lines.peek()?;
        for dialect in candidates(line) {
            let Some((leading, axis)) = axis_in(line, dialect) else { continue };
            let lying = Lying { dialect, start: offset(text, line), leading, points: axis.len() };
            let further: Vec<&str> = lines.clone().take(FURTHER).collect();
            if lies(&lying, &axis, line, &further) {
                return Some(lying);
            }
        }
    }
    None
}

fn candidates(line: &str) -> Vec<Dialect> {
    use Decimal::{Comma, Point};
    let count = |byte: u8| memchr::memchr_iter(byte, line.as_bytes()).count();
    [
        (Separator::Tab, Point, b'\t'),
        (Separator::Semicolon, Point, b';'),
        (Separator::Comma, Point, b','),
        (Separator::Tab, Comma, b'\t'),
        (Separator::Semicolon, Comma, b';'),
        (Separator::Spaces, Point, b' '),
        (Separator::Spaces, Comma, b' '),
    ]
    .into_iter()
    .filter(|(.., byte)| count(*byte) + 1 >= SHORT)
    .map(|(separator, decimal, _)| Dialect { separator, decimal })
    .collect()
}

/// The longest strictly monotone series of numbers near the beginning of the line, when it is most of the line.
fn axis_in(line: &str, dialect: Dialect) -> Option<(usize, Vec<f64>)> {
    let mut cells = Vec::new();
    split(line.trim_end(), dialect.separator, &mut cells);
    let leading = cells
        .iter()
        .take(MOST_LEADING + 1)
        .position(|c| matches!(cell(c, dialect.decimal), Cell::Number(_)))?;
    let mut axis: Vec<f64> = Vec::new();
    for text in cells.iter().skip(leading) {
        let Cell::Number(value) = cell(text, dialect.decimal) else { break };
        let goes_on = match axis.as_slice() {
            [] => true,
            [one] => value.total_cmp(one).is_ne(),
            [.., a, b] => (b - a) * (value - b) > 0.0,
        };
        if !goes_on {
            break;
        }
        axis.push(value);
    }
    let enough = if leading == 0 { LONG } else { SHORT };
    (axis.len() >= enough && axis.len() * 2 >= cells.len()).then_some((leading, axis))
}

/// The numbers of one spectrum line; `None` when it is none.
fn intensities(line: &str, lying: &Lying) -> Option<Vec<f64>> {
    let mut cells = Vec::new();
    split(line.trim_end_matches([' ', '\r']), lying.dialect.separator, &mut cells);
    let range = cells.get(lying.leading..)?;
    let range = range.get(..lying.points.min(range.len()))?;
    let mut values = Vec::with_capacity(lying.points);
    for text in range {
        values.push(cell(text, lying.dialect.decimal).value()?);
    }
    let numbers = values.iter().filter(|v| v.is_finite()).count();
    values.resize(lying.points, f64::NAN);
    (numbers * 2 >= lying.points).then_some(values)
}

/// Decides between an axis with spectra below it and a header of numeric names with columns below it.
fn lies(lying: &Lying, axis: &[f64], line: &str, further: &[&str]) -> bool {
    let Some(first) = further.first().and_then(|line| intensities(line, lying)) else { return false };
    let decimal = lying.dialect.decimal;
    let mut cells = Vec::new();
    let mut column = Vec::new();
    for line in further {
        let end = line.floor_char_boundary(FIRST_CELL);
        split(line.get(..end).unwrap_or(line), lying.dialect.separator, &mut cells);
        column.push(cells.first().and_then(|c| cells::number(c, decimal)));
    }
    let column: Vec<f64> = column.into_iter().map_while(|v| v).collect();
    let rising = |v: &[f64]| v.is_sorted_by(|a, b| a < b) || v.is_sorted_by(|a, b| a > b);
    let column_runs = column.len() >= 5 && column.len() == further.len() && rising(&column);
    if lying.leading == 0 {
        // The first row of a wide table may rise by chance or design; then the next ones do as well. Very few rows
        // of many cells are spectra whatever they do.
        let others = further.iter().take(8).filter_map(|line| intensities(line, lying));
        return further.len() < SHORT / 2 || !rising(&first) || !others.into_iter().all(|row| rising(&row));
    }
    if !column_runs {
        return true;
    }
    split(line, lying.dialect.separator, &mut cells);
    let corner = cells.first().copied().unwrap_or_default();
    let counted = axis.first().is_some_and(|v| matches!(*v as i64, 0 | 1))
        && axis.windows(2).all(|w| (w[1] - w[0] - 1.0).abs() < 1e-9);
    // Names of columns such as 10, 20, 30 over positions written with decimals.
    let whole = |v: &f64| v.fract() == 0.0;
    let numbered = axis.iter().all(whole) && !column.iter().all(whole) && axis.len() < further.len();
    // "shift 1 2 3": names of columns. An empty corner over times or depths: a series.
    // A table has more positions than spectra, as a rule.
    let long = further.len() < FURTHER && axis.len() > 2 * further.len();
    !counted && !numbered && (long || cells::axis_kind(corner).is_none())
}

/// Reads the axis and the spectra.
pub fn decode(input: &Input, text: &str, lying: &Lying) -> Result<Decoded, FormatError> {
    let mut decoded = Decoded::default();
    let place = Place::Line(line_number(text, lying.start));
    let mut lines = text::lines(text.get(lying.start..).unwrap_or_default());
    let top_line = lines.next().unwrap_or_default();
    let (_, axis) =
        axis_in(top_line, lying.dialect).ok_or_else(|| input.malformed(place, "the axis was not found"))?;
    let top = texts(top_line, lying);
    let mut values: Vec<f32> = Vec::new();
    let (mut beside, mut settler, mut odd) = (Vec::new(), Settler::default(), 0_usize);
    let line_bytes = sample(text).len().max(1);
    input.allowed(place, (text.len() as u64).max(line_bytes as u64), 4)?;
    for line in lines.filter(|line| !line.trim().is_empty()) {
        let Some(row) = intensities(line, lying) else {
            odd += 1;
            continue;
        };
        let mut row: Vec<f32> = row.iter().map(|v| *v as f32).collect();
        input.allowed(place, (values.len() + row.len()) as u64, 4)?;
        settler.fill(&axis, &mut row);
        values.append(&mut row);
        beside.push(texts(line, lying));
    }
    decoded.warnings.extend(settler.warnings());
    if odd > 0 {
        decoded.warn(format!(
            "{odd} lines below the axis are no spectra of {} points; they were left out.",
            axis.len()
        ));
    }
    let rows = beside.len();
    let corner = top.first().map_or("", String::as_str);
    let kind = cells::axis_kind(corner).unwrap_or_else(|| assumed_shift(&mut decoded));
    let mut above = header::read(text.get(..lying.start).unwrap_or_default(), 0, lying.dialect);
    let kind = above.axis.take().unwrap_or(kind);
    let mut meta = above.meta;
    if let [only] = beside.as_slice() {
        for (name, value) in top.iter().zip(only).filter(|(name, _)| !name.is_empty()) {
            cells::keep(&mut meta, name, value);
        }
    }
    let (labels, positions) = describe(&top, &beside, lying);
    if rows == 1 {
        meta.title = meta.title.or_else(|| labels.first().cloned().filter(|label| !label.is_empty()));
    }
    meta.title.get_or_insert_with(|| input.file_stem().to_owned());
    let axis = Axis::new(kind, axis).map_err(input.spectrum_error())?;
    let set = SpectrumSet::new(axis, values, rows, meta).map_err(input.spectrum_error())?;
    let set = set.with_positions(positions).map_err(input.spectrum_error())?.with_labels(labels);
    decoded.items.push(crate::formats::Item::Set(set));
    Ok(decoded)
}

/// The cells that are not part of the spectrum: those before the axis, then those behind it.
fn texts(line: &str, lying: &Lying) -> Vec<String> {
    let mut cells = Vec::new();
    split(line, lying.dialect.separator, &mut cells);
    let behind = lying.leading + lying.points;
    let other = cells.iter().enumerate().filter(|(i, _)| *i < lying.leading || *i >= behind);
    other.map(|(_, text)| text.trim_matches('"').trim().to_owned()).collect()
}

/// Names of the spectra and where they were measured, from the cells beside them.
fn describe(top: &[String], beside: &[Vec<String>], lying: &Lying) -> (Vec<String>, Positions) {
    let column =
        |i: usize| -> Vec<&str> { beside.iter().map(|row| row.get(i).map_or("", String::as_str)).collect() };
    let numbers = |i: usize| -> Option<Vec<f64>> {
        column(i).iter().map(|text| cells::number(text, lying.dialect.decimal)).collect()
    };
    let name = |i: usize| top.get(i).map(|name| cells::normalised(name)).unwrap_or_default();
    let width = top.len().max(lying.leading);
    let called = |wanted: &[&str]| {
        (0..width).find(|i| {
            let name = name(*i);
            let word = name.split(['(', '[', ' ', '/']).next().unwrap_or_default();
            wanted.contains(&word)
        })
    };
    let mut positions = Positions { length_unit: "um".into(), time_unit: "s".into(), ..Positions::default() };
    positions.x = called(&["x"]).and_then(numbers).unwrap_or_default();
    positions.y = called(&["y"]).and_then(numbers).unwrap_or_default();
    positions.z = called(&["z", "depth"]).and_then(numbers).unwrap_or_default();
    positions.time = called(&["t", "time"]).and_then(numbers).unwrap_or_default();
    // Two nameless coordinates before the axis are the place on the map.
    let nameless = lying.leading == 2 && name(0).is_empty() && name(1).is_empty();
    if let (true, Some(x), Some(y)) = (nameless, numbers(0), numbers(1)) {
        (positions.x, positions.y) = (x, y);
    }
    let names =
        ["name", "label", "sample", "sample name", "title", "spectrum identity", "spectrum", "class", "id"];
    let named = names.iter().find_map(|wanted| (0..width).find(|i| name(*i) == *wanted));
    let words = (0..width).find(|i| {
        let cells = column(*i);
        cells.iter().any(|text| text.chars().any(char::is_alphabetic))
    });
    let first = (lying.leading > 0).then_some(0);
    let labels = named.or(words).or(first).map(|i| column(i).iter().map(|text| (*text).to_owned()).collect());
    (labels.unwrap_or_default(), positions)
}
