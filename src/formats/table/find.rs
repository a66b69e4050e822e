//! Finding the table: which dialect gives the longest run of consecutive rows, and where that run begins.

use crate::formats::cells::Decimal;
use crate::formats::text;

use super::dialect::{Dialect, Kind, Separator, classify};

/// Text looked at before the dialect is decided.
const SAMPLE_BYTES: usize = 64 << 10;
/// Text looked at when the sample holds no table.
const FURTHER_BYTES: usize = 8 << 20;
/// More different widths than this in one run make no table; the bound keeps hostile files from being slow.
const MOST_WIDTHS: usize = 64;
/// Tables taken from one file.
const MOST_BLOCKS: usize = 10_000;
/// Lines in a row inside a table that may be no rows, if the rows behind them go on where those before ended.
pub const MOST_ODD: usize = 2;
/// Rows at the start of a run that may turn out to be header lines full of numbers.
const HEADER_ROWS: usize = 5;
/// A mixture of blanks and tabs must win this many rows over either alone: a header such as `12 34` over
/// tab-separated rows must not count as one of them.
const BLANKS_HANDICAP: usize = 3;

/// A run of rows and how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// How it is written.
    pub dialect: Dialect,
    /// Byte at which its first row begins.
    pub start: usize,
    /// Rows of the run that were seen (the sample may end before the run does).
    pub rows: usize,
    /// Columns.
    pub width: usize,
}

/// Byte offset of `line` inside `text`, of which it is a part.
#[must_use]
pub fn offset(text: &str, line: &str) -> usize {
    (line.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len())
}

/// Line number, counted from 1, of the line that begins at byte `at`.
#[must_use]
pub fn line_number(text: &str, at: usize) -> usize {
    text::lines(text.get(..at).unwrap_or(text)).count() + 1
}

/// The beginning of the text, up to the last whole line within the sample.
#[must_use]
pub fn sample(text: &str) -> &str {
    let limit = text.floor_char_boundary(SAMPLE_BYTES);
    let head = text.get(..limit).unwrap_or(text);
    match head.rfind(['\n', '\r']) {
        Some(end) if head.len() < text.len() => &head[..=end],
        _ => head,
    }
}

/// The best hypothesis on the beginning of the text, or on the whole of it when the beginning has no table.
#[must_use]
pub fn find(text: &str) -> Option<Found> {
    let head = sample(text);
    let further = || {
        let limit = text.floor_char_boundary(FURTHER_BYTES);
        (head.len() < text.len()).then(|| find_in(text.get(..limit).unwrap_or(text)))?
    };
    find_in(head).or_else(further)
}

/// True when `x` goes on where two rows `before` ended: same direction, no more than a few steps away.
#[must_use]
pub fn goes_on(before: [f64; 2], x: f64) -> bool {
    let (last, next) = (before[1] - before[0], x - before[1]);
    last * next > 0.0 && next.abs() <= 5.0 * last.abs() * (MOST_ODD as f64 + 1.0)
}

/// The best hypothesis on the whole of `text`.
#[must_use]
fn find_in(text: &str) -> Option<Found> {
    let mut best: Option<(Run, Dialect)> = None;
    for dialect in dialects(text) {
        let Some(run) = longest_run(text, dialect) else { continue };
        if best.as_ref().is_none_or(|(b, d)| run.beats(dialect, b, *d)) {
            best = Some((run, dialect));
        }
    }
    best.map(|(run, dialect)| run.found(dialect))
}

/// Hypotheses worth trying, in order of preference: those whose characters occur.
#[must_use]
pub fn dialects(text: &str) -> Vec<Dialect> {
    use Decimal::{Comma, Point};
    let has = |byte| memchr::memchr(byte, text.as_bytes()).is_some();
    let comma = has(b',');
    let declared = declared(text);
    [
        (Separator::Tab, Point, has(b'\t')),
        (Separator::Semicolon, Point, has(b';')),
        (Separator::CommaBlank, Comma, comma && mixes_commas(text)),
        (Separator::Comma, Point, comma),
        (Separator::Spaces, Point, has(b' ')),
        (Separator::Tab, Comma, comma && has(b'\t')),
        (Separator::Semicolon, Comma, comma && has(b';')),
        (Separator::Spaces, Comma, comma && has(b' ')),
        // Only quotes can keep a decimal comma apart from a separating one.
        (Separator::Comma, Comma, comma && has(b'"')),
        (Separator::Blanks, Point, has(b'\t') && has(b' ')),
        (Separator::Blanks, Comma, comma && has(b'\t') && has(b' ')),
    ]
    .into_iter()
    .filter(|(separator, _, worth)| *worth && declared.is_none_or(|d| d == *separator))
    .map(|(separator, decimal, _)| Dialect { separator, decimal })
    .collect()
}

/// The separator that a first line `sep=;` (Excel) names.
fn declared(text: &str) -> Option<Separator> {
    let first = text::lines(text).find(|line| !line.trim().is_empty())?.trim_start().trim_matches('"');
    let mark = first.get(..4).filter(|key| key.eq_ignore_ascii_case("sep=")).and(first.get(4..))?;
    match mark.trim_end_matches(['\r', '\n']) {
        ";" => Some(Separator::Semicolon),
        "," => Some(Separator::Comma),
        "\t" | "\\t" => Some(Separator::Tab),
        " " => Some(Separator::Spaces),
        _ => None,
    }
}

/// True when most lines hold both `1,2` and `, `: comma for decimals, comma and blank between cells.
fn mixes_commas(text: &str) -> bool {
    let (mut lines, mut mixed) = (0, 0);
    for line in text::lines(text).filter(|line| line.starts_with(|c: char| c.is_ascii_digit() || c == '-')) {
        lines += 1;
        let inner = line.as_bytes().windows(2).any(|w| w[0] == b',' && w[1].is_ascii_digit());
        mixed += usize::from(inner && line.contains(", "));
    }
    mixed * 2 > lines
}

/// One of the first rows of a run.
#[derive(Debug, Clone, Copy)]
struct Row {
    start: usize,
    promised: usize,
    x: f64,
    /// No cell of it has a decimal mark or an exponent.
    whole: bool,
}

/// Rows that follow each other.
#[derive(Debug, Default)]
struct Run {
    start: usize,
    rows: usize,
    grouped: usize,
    turns: usize,
    previous: [f64; 2],
    /// How often each width occurs, and each promised width.
    widths: Vec<(usize, usize)>,
    promised: Vec<(usize, usize)>,
    first: Vec<Row>,
}

fn count(counts: &mut Vec<(usize, usize)>, width: usize) {
    if let Some((_, n)) = counts.iter_mut().find(|(w, _)| *w == width) {
        *n += 1;
    } else if counts.len() < MOST_WIDTHS {
        counts.push((width, 1));
    }
}

fn commonest(counts: &[(usize, usize)]) -> usize {
    counts.iter().max_by_key(|(width, n)| (*n, *width)).map_or(0, |(width, _)| *width)
}

/// Rows of `first` kept: enough to compare header rows with data rows.
const FIRST_ROWS: usize = 40;

impl Run {
    fn add(&mut self, row: Row, width: usize, grouped: usize) {
        let Row { start, promised, x, .. } = row;
        if self.rows == 0 {
            self.start = start;
        }
        if self.rows >= 2 {
            let [a, b] = self.previous;
            self.turns += usize::from((b - a) * (x - b) < 0.0);
        }
        self.previous = [self.previous[1], x];
        self.rows += 1;
        self.grouped += grouped;
        count(&mut self.widths, width);
        count(&mut self.promised, promised);
        if self.first.len() < FIRST_ROWS {
            self.first.push(row);
        }
    }

    fn found(&self, dialect: Dialect) -> Found {
        let skipped = self.header_rows();
        let start = self.first.get(skipped).map_or(self.start, |row| row.start);
        Found { dialect, start, rows: self.rows - skipped, width: self.width() }
    }

    /// Longer wins; then fewer marks of thousands, a steadier first column, and the order of preference.
    fn beats(&self, dialect: Dialect, other: &Self, others: Dialect) -> bool {
        let handicap = |d: Dialect| if d.separator == Separator::Blanks { BLANKS_HANDICAP } else { 0 };
        let rows = |run: &Self, d| run.rows.saturating_sub(handicap(d));
        let (mine, theirs) = (rows(self, dialect), rows(other, others));
        (mine, other.grouped, other.turns.min(1)) > (theirs, self.grouped, self.turns.min(1))
    }

    /// The widest width that a twentieth of the rows has, or that half of the rows promise and two rows keep.
    fn width(&self) -> usize {
        let at_least = |counts: &[(usize, usize)], width: usize| -> usize {
            counts.iter().filter(|(w, _)| *w >= width).map(|(_, n)| n).sum()
        };
        let common = self.widths.iter().map(|(w, _)| *w).filter(|w| {
            let kept = at_least(&self.widths, *w);
            kept * 20 >= self.rows || (kept >= 2 && at_least(&self.promised, *w) * 2 >= self.rows)
        });
        common.max().unwrap_or(2)
    }

    /// Rows at the start that are header lines made of numbers: another number of cells than the rest, or whole
    /// numbers far away from an axis written with decimals.
    fn header_rows(&self) -> usize {
        let usual = commonest(&self.promised);
        let odd = self.first.iter().take(HEADER_ROWS).take_while(|row| row.promised != usual).count();
        if odd > 0 && odd < self.first.len() && self.rows > 2 * odd {
            return odd + self.whole_rows(odd);
        }
        self.whole_rows(0)
    }

    /// Rows of whole numbers from row `from` that lie far away from an axis written with decimals.
    fn whole_rows(&self, from: usize) -> usize {
        let first = self.first.get(from..).unwrap_or_default();
        let whole = first.iter().take_while(|row| row.whole).count();
        let (head, rest) = first.split_at(whole);
        let mut steps: Vec<f64> = rest.windows(2).map(|w| (w[1].x - w[0].x).abs()).collect();
        steps.sort_by(f64::total_cmp);
        let (Some(last), Some(first)) = (head.last(), rest.first()) else { return 0 };
        let Some(step) = steps.get(steps.len() / 2) else { return 0 };
        let apart = (first.x - last.x).abs() > 20.0 * step;
        let decimals = rest.len() >= 9 && rest.iter().all(|row| !row.whole);
        if whole <= HEADER_ROWS && decimals && apart { whole } else { 0 }
    }
}

/// Calls `visit` with every run of rows under one dialect, in file order.
fn each_run(text: &str, dialect: Dialect, mut visit: impl FnMut(Run)) {
    let (mut cells, mut values) = (Vec::new(), Vec::new());
    let mut run = Run::default();
    let mut odd = 0;
    for line in text::lines(text) {
        match classify(line, dialect, &mut cells, &mut values) {
            Kind::Blank => {}
            Kind::Row { width, promised, grouped } if promised >= 2 => {
                let x = values.first().copied().unwrap_or(f64::NAN);
                if odd > 0 && !goes_on(run.previous, x) {
                    visit(std::mem::take(&mut run));
                }
                odd = 0;
                if run.rows > 0 || width >= 2 {
                    let broken = [char::from(dialect.decimal.byte()), 'e', 'E', 'd', 'D'];
                    let whole = !cells.iter().any(|cell| cell.contains(broken));
                    run.add(Row { start: offset(text, line), promised, x, whole }, width, grouped);
                }
            }
            Kind::Row { .. } | Kind::Other => {
                odd += 1;
                if odd > MOST_ODD || run.rows < 2 {
                    visit(std::mem::take(&mut run));
                    odd = 0;
                }
            }
        }
    }
    visit(run);
}

fn longest_run(text: &str, dialect: Dialect) -> Option<Run> {
    let mut best = Run::default();
    each_run(text, dialect, |run| {
        if run.rows > best.rows {
            best = run;
        }
    });
    (best.rows > 0).then_some(best)
}

/// The run that a dialect finds in the whole text.
#[must_use]
pub fn find_with(text: &str, dialect: Dialect) -> Option<Found> {
    Some(longest_run(text, dialect)?.found(dialect))
}

/// Every run of at least `rows` rows and exactly `width` columns, in file order.
#[must_use]
pub fn blocks(text: &str, dialect: Dialect, rows: usize, width: usize) -> Vec<Found> {
    let mut blocks = Vec::new();
    each_run(text, dialect, |run| {
        if run.rows >= rows.max(1) && run.width() == width && blocks.len() < MOST_BLOCKS {
            blocks.push(run.found(dialect));
        }
    });
    blocks
}
