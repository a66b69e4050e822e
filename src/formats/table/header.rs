//! What stands around the rows: column names, units, keys with values.

use crate::formats::cells::{self, Decimal};
use crate::formats::text;
use crate::spectrum::{AxisKind, Metadata};

use super::body::Numbers;
use super::dialect::{Dialect, Separator, split};

/// Lines looked at before and behind a table; a header longer than this is no header.
const MOST_LINES: usize = 2000;

/// What a file says about its table.
#[derive(Debug, Clone, Default)]
pub struct Header {
    /// Column names; empty when there are none.
    pub names: Vec<String>,
    /// Names of all columns but the first, where the last line before the rows has one cell less than they have.
    pub short_names: Vec<String>,
    /// Column units; empty when there are none.
    pub units: Vec<String>,
    /// What the axis measures, when a line other than the names says so.
    pub axis: Option<AxisKind>,
    /// Facts.
    pub meta: Metadata,
}

impl Header {
    /// Name of a column; empty when it has none.
    #[must_use]
    pub fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", String::as_str)
    }

    /// Leaves out the columns without a name and without a number: separators written twice.
    #[must_use]
    pub fn compact(&mut self, numbers: Numbers) -> Numbers {
        let width = numbers.width();
        let empty: Vec<bool> =
            (0..width).map(|c| self.name(c).is_empty() && numbers.is_empty_column(c)).collect();
        if empty.iter().filter(|e| !**e).count() < 2 {
            return numbers;
        }
        for cells in [&mut self.names, &mut self.units] {
            if cells.len() == width {
                let mut flags = empty.iter();
                cells.retain(|_| flags.next().is_some_and(|empty| !empty));
            }
        }
        numbers.without(|column| empty.get(column).copied().unwrap_or(false))
    }

    /// Unit of a column: its own cell, or what stands in brackets behind its name.
    #[must_use]
    pub fn unit(&self, column: usize) -> Option<String> {
        let own = self.units.get(column).map(|unit| unit.trim_matches(['(', ')', '[', ']', ' ']).to_owned());
        let bracketed = || {
            let name = self.name(column);
            let (open, close) = (name.rfind(['(', '['])?, name.rfind([')', ']'])?);
            name.get(open + 1..close).map(|unit| unit.trim().to_owned())
        };
        own.filter(|unit| !unit.is_empty()).or_else(bracketed).filter(|unit| !unit.is_empty())
    }

    /// What a column measures, if its name or unit says that it is a spectral axis.
    #[must_use]
    pub fn axis_of(&self, column: usize) -> Option<AxisKind> {
        let name = self.name(column);
        if name.trim().eq_ignore_ascii_case("#wave") {
            // WiRE heads its shift column so.
            return Some(AxisKind::RamanShift);
        }
        if let Some(unit) = self.units.get(column) {
            // "Wavenumber" with a unit row below: the unit says which, the name whether it is absolute.
            if let Some(kind) = cells::axis_kind(&format!("{name} {unit}")) {
                return Some(kind);
            }
        }
        // "Raman" alone heads intensities as often as positions: it counts in the first column only.
        let plain = cells::normalised(name);
        let vague =
            plain.contains("raman") && !["shift", "cm", "wavenumber"].iter().any(|word| plain.contains(word));
        if vague && column > 0 { None } else { cells::axis_kind(name) }
    }
}

/// A header line without the mark that makes it a comment.
fn uncommented(line: &str) -> &str {
    let line = line.trim();
    let bare = line.trim_start_matches(['#', '%', '!', ';']).trim_start_matches("//");
    // WiRE's `#Wave` keeps its mark: it is part of the name.
    if line.to_ascii_lowercase().starts_with("#wave") { line } else { bare.trim() }
}

/// Reads the lines before a table of `width` columns.
#[must_use]
pub fn read(before: &str, width: usize, dialect: Dialect) -> Header {
    let mut lines: Vec<&str> = text::lines(before).filter(|line| !line.trim().is_empty()).collect();
    lines.drain(..lines.len().saturating_sub(MOST_LINES));
    let mut header = Header::default();
    let mut used = 0;
    let last = |back: usize| lines.len().checked_sub(back + 1).and_then(|i| lines.get(i)).copied();
    if let Some(cells) = last(0).and_then(|line| named(line, width, dialect)) {
        used = 1;
        let above = last(1).and_then(|line| named(line, width, dialect));
        match above {
            Some(names) if cells.iter().all(|cell| is_unit(cell)) => {
                used = 2;
                (header.names, header.units) = (names, cells);
            }
            _ => header.names = cells,
        }
    } else if let Some(cells) = last(0).filter(|_| width > 2).and_then(|line| named(line, width - 1, dialect))
    {
        header.short_names = cells;
    }
    let rest = lines.get(..lines.len() - used).unwrap_or_default();
    facts(rest.iter().copied(), dialect, &mut header);
    if header.names.is_empty() {
        // A label whose words are separated like cells: "Raman shift (cm-1)  Intensity".
        let label = last(0).filter(|line| cells::key_value(line, dialect.separator.mark()).is_none());
        header.axis = header.axis.or_else(|| label.and_then(label_in_line));
    }
    header
}

/// Adds the facts of a footer.
pub fn read_footer(behind: &str, dialect: Dialect, header: &mut Header) {
    let lines = text::lines(behind).filter(|line| !line.trim().is_empty()).take(MOST_LINES);
    facts(lines, dialect, header);
}

fn facts<'a>(lines: impl Iterator<Item = &'a str>, dialect: Dialect, header: &mut Header) {
    for line in lines {
        let bare = uncommented(line);
        if bare.to_ascii_lowercase().starts_with("sep=") {
            continue;
        }
        let Some((key, value)) = cells::key_value(bare, dialect.separator.mark()) else {
            if header.meta.laser_nm.is_none() {
                header.meta.laser_nm = cells::laser_in_text(bare);
            }
            if bare.chars().any(char::is_alphabetic) && header.meta.extra.len() < MOST_LINES {
                header.meta.push("comment", bare);
            }
            continue;
        };
        let name = cells::normalised(key);
        let of_axis =
            ["x unit", "xunit", "x axis", "xaxis", "x label", "xlabel", "x-axis", "x-unit", "axis unit"];
        if header.axis.is_none() && of_axis.iter().any(|word| name.starts_with(word)) {
            header.axis = cells::axis_kind(value);
        }
        cells::keep(&mut header.meta, key, value);
    }
}

/// The cells of a line that names `width` columns; `None` for any other line.
fn named(line: &str, width: usize, dialect: Dialect) -> Option<Vec<String>> {
    let bare = uncommented(line);
    // A leading separator stands for a column without a name; names of several words are no more columns.
    let own = if bare == line.trim() { line.trim_matches(' ') } else { bare };
    let mut cells = Vec::new();
    split(bare, dialect.separator, &mut cells);
    let parted = cells.len() > 1;
    let others = [Separator::Tab, Separator::Semicolon, Separator::Comma, Separator::Blanks];
    let others = others.into_iter().filter(|other| !(parted && other.runs()));
    for separator in [dialect.separator].into_iter().chain(others) {
        let mut cells = Vec::new();
        split(if separator == dialect.separator { own } else { bare }, separator, &mut cells);
        while cells.len() > width && cells.last().is_some_and(|c| c.is_empty()) {
            cells.pop();
        }
        if cells.len() > width {
            // WiRE writes two tabs between names.
            cells.retain(|cell| !cell.is_empty());
        }
        let cells: Vec<String> =
            cells.iter().map(|cell| cell.trim_matches('"').replace("\"\"", "\"").trim().to_owned()).collect();
        if cells.len() == width && is_names(&cells) {
            return Some(cells);
        }
    }
    None
}

fn is_names(cells: &[String]) -> bool {
    let number = |cell: &String| cells::number(cell, Decimal::Point).is_some();
    let key = |cell: &String| cell.ends_with(':') || cell.contains('=');
    let numbers = cells.iter().filter(|cell| number(cell)).count();
    // Spectra may be named by numbers (times, concentrations), the axis beside them may not.
    let named = match cells {
        [_, _] => numbers == 0,
        _ => numbers == 0 || cells.first().is_some_and(|cell| !number(cell)),
    };
    named && !cells.iter().any(key) && cells.iter().any(|cell| cell.chars().any(char::is_alphabetic))
        || (cells.len() > 2 && numbers + 1 == cells.len() && cells.first().is_some_and(String::is_empty))
}

fn is_unit(cell: &str) -> bool {
    let word = cells::normalised(cell);
    let bracketed = word.starts_with(['[', '(']) && word.ends_with([']', ')']);
    let word = word.trim_matches(['[', ']', '(', ')', ' ']);
    let units = [
        "",
        "nm",
        "cm-1",
        "1/cm",
        "rel. 1/cm",
        "cm^-1",
        "ev",
        "\u{3bc}m",
        "um",
        "pixel",
        "px",
        "counts",
        "count",
        "cts",
        "ccd cts",
        "cnt",
        "cps",
        "counts/s",
        "a.u.",
        "a. u.",
        "au",
        "arb. u.",
        "arb. units",
        "arb.u.",
        "%",
        "s",
        "v",
        "mv",
        "-",
    ];
    bracketed || units.contains(&word)
}

/// A spectral axis named in a line whose cells could not be told apart.
fn label_in_line(line: &str) -> Option<AxisKind> {
    let bare = uncommented(line);
    let words = bare.split_whitespace().count();
    // The first words name the axis; what follows names the intensities and must not hide them.
    (1..=words.min(4)).rev().find_map(|n| {
        let start: Vec<&str> = bare.split_whitespace().take(n).collect();
        cells::axis_kind(&start.join(" "))
    })
}
