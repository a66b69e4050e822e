//! A text with one or more tables to spectra.

use crate::formats::{Decoded, FormatError, Input, Place, text};

use super::body::{self, Body, Keep, Numbers};
use super::columns::counts_rows;
use super::dialect::{Kind, classify};
use super::find::{Found, blocks, dialects, find, find_with, line_number, sample};
use super::header::{self, Header};
use super::mixed;
use super::rows;
use super::spectra::Table;

/// Fewer rows than this behind a table are a footer with numbers, not a second table.
const SECOND_TABLE: usize = 10;

/// True when the text holds at least one row of two numbers.
#[must_use]
pub fn has_row(text: &str) -> bool {
    find(text).is_some() || rows::find(text).is_some() || mixed::untangle(text).is_some()
}

/// Reads every table of the text.
pub fn decode(input: &Input, text: &str) -> Result<Decoded, FormatError> {
    if let Some(lying) = rows::find(text) {
        return rows::decode(input, text, &lying);
    }
    if let Some(plain) =
        find(text).is_none_or(|found| found.rows < 3).then(|| mixed::untangle(text)).flatten()
    {
        let mut decoded = decode_plain(input, &plain.text)?;
        decoded.warnings.splice(0..0, plain.warning);
        return Ok(decoded);
    }
    decode_plain(input, text)
}

/// Reads tables that hold numbers only.
fn decode_plain(input: &Input, text: &str) -> Result<Decoded, FormatError> {
    let (found, body, header) = parse(input, text)?;
    let mut decoded = Decoded::default();
    let (width, rows, dialect) = (found.width, body.numbers.rows(), found.dialect);
    say_oddities(&body, width, &mut decoded);
    let more = blocks_beside(text, &found, &body);
    if more.iter().any(|other| other.rows >= SECOND_TABLE && other.rows * 2 >= rows && other.width == width) {
        return append_blocks(input, text, rows, &found);
    }
    if let Some(other) =
        more.iter().max_by_key(|other| other.rows).filter(|o| o.rows >= SECOND_TABLE.min(rows))
    {
        decoded.warn(format!(
            "Only the longest table was read; another {} rows of numbers stand at line {}.",
            other.rows,
            line_number(text, other.start)
        ));
    }
    let mut header = header;
    header::read_footer(text.get(body.end..).unwrap_or_default(), dialect, &mut header);
    let place = Place::Line(line_number(text, found.start));
    let numbers = header.compact(body.numbers);
    Table { input, place, header }.append(numbers, &mut decoded)?;
    Ok(decoded)
}

/// The longest table as numbers, with its header: for formats that give columns a meaning of their own.
pub fn first(input: &Input, text: &str) -> Result<(Header, Numbers, Place, Vec<String>), FormatError> {
    let (found, body, mut header) = parse(input, text)?;
    let mut said = Decoded::default();
    say_oddities(&body, found.width, &mut said);
    let numbers = header.compact(body.numbers);
    Ok((header, numbers, Place::Line(line_number(text, found.start)), said.warnings))
}

/// The rows in the beginning of a text, and what names its columns: for sniffing.
#[must_use]
pub fn sample_numbers(text: &str) -> Option<(Header, Numbers)> {
    let head = sample(text);
    let found = find(head)?;
    let input = Input { name: "", bytes: b"", limits: crate::formats::Limits::default(), format: "" };
    let body = body::read(&input, head, &found, Keep::Grid).ok()?;
    let mut header = header::read(head.get(..found.start)?, found.width, found.dialect);
    let numbers = header.compact(body.numbers);
    Some((header, numbers))
}

fn parse(input: &Input, text: &str) -> Result<(Found, Body, Header), FormatError> {
    let found = find(text).ok_or_else(|| no_table(input, text))?;
    let (mut found, mut body, mut header) = read_at(input, text, &found)?;
    if let Some(better) = better(text, &found, &body) {
        (found, body, header) = read_at(input, text, &better)?;
    }
    if body.numbers.rows() < 2 {
        let line = line_number(text, found.start);
        return Err(input.malformed(
            Place::Line(line),
            format!(
                "one row of {} numbers is no spectrum; a table of at least 2 rows was expected",
                found.width
            ),
        ));
    }
    Ok((found, body, header))
}

fn read_at(input: &Input, text: &str, found: &Found) -> Result<(Found, Body, Header), FormatError> {
    let before = text.get(..found.start).unwrap_or_default();
    let mut header = header::read(before, found.width, found.dialect);
    // An axis in the second column needs its full precision.
    let turned = header.axis_of(0).is_none() && header.axis_of(1).is_some();
    let keep = if found.width == 2 && !turned { Keep::Pair } else { Keep::Grid };
    let body = body::read(input, text, found, keep)?;
    // R writes row numbers without a name above them.
    if !header.short_names.is_empty() && counts_rows(&body.numbers.column(0)) {
        header.names =
            std::iter::once(String::new()).chain(std::mem::take(&mut header.short_names)).collect();
    }
    Ok((*found, body, header))
}

/// A longer table that the sample did not show: behind this one, or this one under another dialect.
fn better(text: &str, found: &Found, body: &Body) -> Option<Found> {
    let behind = text.get(body.end..)?;
    let rows = body.numbers.rows();
    let next = text::lines(behind).find(|line| !line.trim().is_empty())?;
    let (mut cells, mut values) = (Vec::new(), Vec::new());
    let mut best: Option<Found> = None;
    for dialect in dialects(sample(behind)) {
        let row = matches!(classify(next, dialect, &mut cells, &mut values), Kind::Row { width, .. } if width == found.width);
        let other = if dialect == found.dialect {
            find_with(behind, dialect).map(|other| Found { start: other.start + body.end, ..other })
        } else {
            row.then(|| find_with(text, dialect)).flatten()
        };
        best = other.filter(|other| other.rows > best.map_or(rows, |b| b.rows)).or(best);
    }
    best
}

/// Other runs of the same dialect before or behind the table.
fn blocks_beside(text: &str, found: &Found, body: &Body) -> Vec<Found> {
    let before = blocks(text.get(..found.start).unwrap_or_default(), found.dialect, 3, found.width);
    let behind = blocks(text.get(body.end..).unwrap_or_default(), found.dialect, 3, found.width);
    let moved = |mut other: Found| {
        other.start += body.end;
        other
    };
    before.into_iter().chain(behind.into_iter().map(moved)).collect()
}

/// Several tables of about the same length, each with its own header.
fn append_blocks(input: &Input, text: &str, rows: usize, found: &Found) -> Result<Decoded, FormatError> {
    let mut decoded = Decoded::default();
    let mut end = 0;
    // Lines are counted on from block to block, not from the start of the text for each.
    let (mut counted, mut line) = (0, 1);
    let least = (rows / 2).max(SECOND_TABLE);
    for (number, block) in blocks(text, found.dialect, least, found.width).iter().enumerate() {
        let body = body::read(input, text, block, Keep::Grid)?;
        say_oddities(&body, block.width, &mut decoded);
        let mut header =
            header::read(text.get(end..block.start).unwrap_or_default(), block.width, block.dialect);
        if header.meta.title.is_none() {
            let own =
                header.meta.extra.iter().find(|(key, _)| key == "comment").map(|(_, line)| line.clone());
            header.meta.title = own.or_else(|| Some(format!("{} [{}]", input.file_stem(), number + 1)));
        }
        end = body.end;
        line += text::lines(text.get(counted..block.start).unwrap_or_default()).count();
        counted = block.start;
        let place = Place::Line(line);
        let numbers = header.compact(body.numbers);
        Table { input, place, header }.append(numbers, &mut decoded)?;
    }
    Ok(decoded)
}

fn say_oddities(body: &Body, width: usize, decoded: &mut Decoded) {
    if body.odd > 0 {
        decoded
            .warn(format!("{} lines inside the table are no rows of numbers; they were left out.", body.odd));
    }
    if body.wide > 0 {
        decoded.warn(format!(
            "{} rows have more than {width} cells; what stands behind the last column was left out.",
            body.wide
        ));
    }
    if body.narrow > 0 && width > 2 {
        decoded.warn(format!(
            "{} rows have fewer than {width} cells; the missing ones were taken as empty.",
            body.narrow
        ));
    }
}

/// Says what the text is instead.
fn no_table(input: &Input, text: &str) -> FormatError {
    let Some(line) = text::lines(text).position(|line| !line.trim().is_empty()) else {
        return input.malformed(Place::Whole, "the file is empty; a table of numbers was expected");
    };
    let first: String = text::lines(text).nth(line).unwrap_or_default().trim().chars().take(40).collect();
    let place = Place::Line(line + 1);
    if first.starts_with('<') {
        return input.malformed(
            place,
            format!("`{first}` looks like a web page or XML; a table of numbers was expected"),
        );
    }
    input.malformed(
        place,
        format!("`{first}`: text without rows of numbers; a table of at least two columns was expected"),
    )
}
