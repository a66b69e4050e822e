//! Our own CSV files, read back exactly: `# Unravel spectrum 1` (one curve) and `# Unravel table 1` (one axis, a
//! column for each curve).
//!
//! `# key: value` lines carry the metadata. In tables of separate curves `# [2] key: value` belongs to the second
//! one. Keys that this version does not know become free keys.

use std::sync::Arc;

use super::{Decoded, Format, FormatError, Head, Input, Item, Place, Sniff, text};
use crate::spectrum::{Axis, AxisKind, Metadata, Positions, Spectrum, SpectrumSet};

/// Our own CSV.
pub const FORMAT: Format =
    Format { id: "unravel_csv", name: "Unravel CSV", extensions: &["csv"], sniff, read };

/// First line of a file with one curve.
pub(super) const SPECTRUM_LINE: &str = "# Unravel spectrum 1";
/// First line of a table.
pub(super) const TABLE_LINE: &str = "# Unravel table 1";

fn sniff(head: &Head) -> Sniff {
    let ours = |line: &str| line.starts_with("# Unravel spectrum ") || line.starts_with("# Unravel table ");
    Sniff::from(head.first_line().is_some_and(|line| ours(line.trim_start_matches('"'))))
}

/// The metadata of one curve as `key: value` texts.
pub(super) fn header_lines(meta: &Metadata) -> Vec<String> {
    let number = |v: f64| v.to_string();
    let fields = [
        ("title", meta.title.clone()),
        ("source_file", meta.source_file.clone()),
        ("sample", meta.sample.clone()),
        ("laser_nm", meta.laser_nm.map(number)),
        ("integration_time_s", meta.integration_time_s.map(number)),
        ("accumulations", meta.accumulations.map(|v| v.to_string())),
        ("date", meta.date.clone()),
        ("instrument", meta.instrument.clone()),
        ("intensity_unit", meta.intensity_unit.clone()),
    ];
    let known = fields.into_iter().filter_map(|(key, value)| Some(format!("{key}: {}", escaped(&value?))));
    // A colon with a blank ends the key, so one inside the key is written differently.
    let in_key = |key: &str| escaped(key).replace(": ", "\\c ");
    let extra = meta.extra.iter().map(|(key, value)| format!("extra.{}: {}", in_key(key), escaped(value)));
    let history = meta.history.iter().map(|line| format!("history: {}", escaped(line)));
    known.chain(extra).chain(history).collect()
}

/// Puts one `key: value` text back into the metadata; the inverse of [`header_lines`].
fn take_header_line(meta: &mut Metadata, key: &str, value: &str) {
    let text = unescaped(value);
    match key {
        "title" => meta.title = Some(text),
        "source_file" => meta.source_file = Some(text),
        "sample" => meta.sample = Some(text),
        "laser_nm" => meta.laser_nm = text.parse().ok(),
        "integration_time_s" => meta.integration_time_s = text.parse().ok(),
        "accumulations" => meta.accumulations = text.parse().ok(),
        "date" => meta.date = Some(text),
        "instrument" => meta.instrument = Some(text),
        "intensity_unit" => meta.intensity_unit = Some(text),
        "history" => meta.history.push(text),
        _ => meta.extra.push((unescaped(key.strip_prefix("extra.").unwrap_or(key)), text)),
    }
}

/// Any text on one line: line breaks, backslashes and NUL (which would make the file binary) are written out.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r").replace('\0', "\\0")
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('0') => out.push('\0'),
            Some('c') => out.push(':'),
            Some(other) => out.push(other),
            None => out.push('\\'),
        }
    }
    out
}

/// The header: what concerns the whole file, and what concerns single columns.
#[derive(Debug, Default)]
struct Header {
    meta: Metadata,
    columns: Vec<Metadata>,
    kind: Option<AxisKind>,
    descending: bool,
    series: bool,
    labelled: bool,
    shape: Option<(usize, usize)>,
    positions: Positions,
}

impl Header {
    fn take(&mut self, line: &str) {
        let (key, value) = match line.split_once(": ") {
            Some(pair) => pair,
            None => (line.trim_end().trim_end_matches(':'), ""),
        };
        if let Some((index, key)) = key.strip_prefix('[').and_then(|k| k.split_once("] ")) {
            if let Some(meta) =
                index.parse::<usize>().ok().and_then(|i| self.columns.get_mut(i.checked_sub(1)?))
            {
                take_header_line(meta, key, value);
            }
            return;
        }
        let numbers = || value.split(' ').filter_map(|v| v.parse::<f64>().ok()).collect::<Vec<f64>>();
        match key {
            "axis" => self.kind = Some(kind(value)),
            "order" => self.descending = value == "descending",
            "rows" => self.series = value == "series",
            "labels" => self.labelled = value == "yes",
            "shape" => {
                self.shape =
                    value.split_once('x').and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
            }
            "length_unit" => self.positions.length_unit = unescaped(value),
            "time_unit" => self.positions.time_unit = unescaped(value),
            "x" => self.positions.x = numbers(),
            "y" => self.positions.y = numbers(),
            "z" => self.positions.z = numbers(),
            "time" => self.positions.time = numbers(),
            _ => take_header_line(&mut self.meta, key, value),
        }
    }
}

fn kind(text: &str) -> AxisKind {
    let known =
        [AxisKind::RamanShift, AxisKind::Wavelength, AxisKind::Wavenumber, AxisKind::Energy, AxisKind::Pixel];
    match known.into_iter().find(|k| k.id() == text) {
        Some(kind) => kind,
        None => AxisKind::Other(unescaped(text.strip_prefix("other").unwrap_or(text).trim_start())),
    }
}

/// The columns under the header row.
struct Table {
    names: Vec<String>,
    x: Vec<f64>,
    /// Column after column; a missing cell is NaN.
    columns: Vec<Vec<f32>>,
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let text = input.text()?.text;
    let mut lines = text::lines(&text).enumerate().map(|(i, l)| (i + 1, l));
    let (_, first) = lines.find(|(_, l)| !l.trim().is_empty()).unwrap_or((1, ""));
    let first = first.trim_matches(['"', ',', ';', ' ']);
    let table = first == TABLE_LINE;
    if !table && first != SPECTRUM_LINE {
        return Err(input.unsupported(format!(
            "'{first}' comes from a newer version of Unravel; this one reads version 1 of its tables"
        )));
    }
    let mut comments = Vec::new();
    let row = lines.by_ref().find(|(_, line)| match comment(line) {
        Some(comment) => {
            comments.push(comment);
            false
        }
        None => !line.trim().is_empty(),
    });
    let Some((number, row)) = row else {
        return Err(input.malformed(Place::Whole, "the file ends before the row of column names"));
    };
    let separator = row.bytes().find(|b| matches!(b, b',' | b';' | b'\t')).unwrap_or(b',');
    let names = split_row(row, separator);
    if names.len() < 2 {
        return Err(input.malformed(
            Place::Line(number),
            format!("found {} column names, expected a position and at least one intensity", names.len()),
        ));
    }
    input.allowed(Place::Line(number), names.len() as u64, size_of::<Metadata>() as u64)?;
    let mut header = Header { columns: vec![Metadata::default(); names.len() - 1], ..Header::default() };
    for line in &comments {
        header.take(line);
    }
    let table_read = read_table(input, lines, separator, names)?;
    if table { build_table(input, header, table_read) } else { build_one(input, header, table_read) }
}

/// The text of a comment line, also as a spreadsheet program quotes it.
fn comment(line: &str) -> Option<String> {
    if let Some(text) = line.strip_prefix("# ") {
        return Some(text.to_owned());
    }
    let quoted = line.strip_prefix("\"# ")?;
    Some(quoted.trim_end_matches(['"', ',', ';']).replace("\"\"", "\""))
}

fn split_row(row: &str, separator: u8) -> Vec<String> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).delimiter(separator).from_reader(row.as_bytes());
    let record = reader.records().next().and_then(Result::ok).unwrap_or_default();
    record.iter().map(str::to_owned).collect()
}

fn read_table<'t>(
    input: &Input,
    lines: impl Iterator<Item = (usize, &'t str)>,
    separator: u8,
    mut names: Vec<String>,
) -> Result<Table, FormatError> {
    names.remove(0);
    let mut table = Table { columns: vec![Vec::new(); names.len()], names, x: Vec::new() };
    let comma = separator == b';';
    for (number, line) in lines {
        if line.trim().is_empty() || comment(line).is_some() {
            continue;
        }
        let malformed =
            |cell: &str| input.malformed(Place::Line(number), format!("'{cell}' is not a number"));
        let mut cells = line.split(char::from(separator));
        let first = cells.next().unwrap_or_default().trim();
        table.x.push(cell::<f64>(first, comma).ok_or_else(|| malformed(first))?);
        for column in &mut table.columns {
            let text = cells.next().unwrap_or_default().trim();
            let value = if text.is_empty() { Some(f32::NAN) } else { cell::<f32>(text, comma) };
            column.push(value.ok_or_else(|| malformed(text))?);
        }
    }
    Ok(table)
}

fn cell<T: fast_float2::FastFloat>(text: &str, comma: bool) -> Option<T> {
    if comma && text.contains(',') {
        return fast_float2::parse(text.replacen(',', ".", 1)).ok();
    }
    fast_float2::parse(text).ok()
}

/// Rows of a column that hold a number, in the order of the original.
fn curve(x: &[f64], y: Vec<f32>, descending: bool) -> (Vec<f64>, Vec<f32>) {
    let pairs = x.iter().copied().zip(y).filter(|(x, y)| x.is_finite() && y.is_finite());
    let (mut x, mut y): (Vec<f64>, Vec<f32>) = pairs.unzip();
    if descending {
        x.reverse();
        y.reverse();
    }
    (x, y)
}

fn build_one(input: &Input, header: Header, mut table: Table) -> Result<Decoded, FormatError> {
    let kind = header.kind.unwrap_or(AxisKind::Other(String::new()));
    let y = table.columns.drain(..).next().unwrap_or_default();
    let (x, y) = curve(&table.x, y, header.descending);
    let axis = Axis::new(kind, x).map_err(input.spectrum_error())?;
    Ok(Decoded::one(Spectrum::new(axis, y, header.meta).map_err(input.spectrum_error())?))
}

fn build_table(input: &Input, header: Header, table: Table) -> Result<Decoded, FormatError> {
    let kind = header.kind.clone().unwrap_or(AxisKind::Other(String::new()));
    let whole = table.columns.iter().flatten().all(|v| v.is_finite());
    if header.series && whole {
        return build_series(input, header, kind, table);
    }
    let mut decoded = Decoded::default();
    let mut shared: Option<Arc<Axis>> = None;
    let count = table.columns.len();
    let names = table.names.into_iter();
    for ((y, mut meta), name) in table.columns.into_iter().zip(header.columns).zip(names) {
        let (x, y) = curve(&table.x, y, header.descending);
        if x.len() < 2 || x.first() == x.last() {
            continue;
        }
        if meta == Metadata::default() {
            meta.title = Some(name);
        }
        let axis = match &shared {
            Some(axis) if axis.values() == x.as_slice() => Arc::clone(axis),
            _ => Arc::new(Axis::new(kind.clone(), x).map_err(input.spectrum_error())?),
        };
        shared = Some(Arc::clone(&axis));
        let spectrum = Spectrum::new(axis, y, meta).map_err(input.spectrum_error())?;
        decoded.items.push(Item::Spectrum(spectrum));
    }
    if decoded.items.is_empty() {
        return Err(input.malformed(Place::Whole, "no column holds numbers at 2 positions or more"));
    }
    let missing = count - decoded.items.len();
    if missing > 0 {
        decoded.warn(format!(
            "{missing} of {count} columns were left out: they hold numbers at fewer than 2 positions."
        ));
    }
    Ok(decoded)
}

fn build_series(input: &Input, header: Header, kind: AxisKind, table: Table) -> Result<Decoded, FormatError> {
    let rows = table.columns.len();
    let mut x = table.x;
    let count = input.allowed(Place::Whole, (rows as u64).saturating_mul(x.len() as u64), 4)?;
    let mut values = Vec::with_capacity(count);
    for mut column in table.columns {
        if header.descending {
            column.reverse();
        }
        values.extend(column);
    }
    if header.descending {
        x.reverse();
    }
    let axis = Axis::new(kind, x).map_err(input.spectrum_error())?;
    let mut set = SpectrumSet::new(axis, values, rows, header.meta)
        .and_then(|set| set.with_positions(header.positions))
        .map_err(input.spectrum_error())?;
    if header.labelled {
        set = set.with_labels(table.names);
    }
    if let Some((width, height)) = header.shape {
        set = set.with_shape(width, height);
    }
    Ok(Decoded::set(set))
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, decode};
    use super::*;

    fn read_text(text: &str) -> Result<Decoded, FormatError> {
        let (format, result) = decode("a.csv", text.as_bytes(), Limits::default());
        assert_eq!(format.unwrap().id, FORMAT.id);
        result
    }

    #[test]
    fn an_ordinary_file_is_read_with_its_metadata() {
        let text = "# Unravel spectrum 1\n# title: quartz: a\n# laser_nm: 785\n# axis: raman_shift\n\
                    # extra.Grating: 600\\nl/mm\nraman_shift_cm-1,intensity\n100,1\n101.5,2e-3\n";
        let decoded = read_text(text).unwrap();
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!(spectrum.meta.title.as_deref(), Some("quartz: a"));
        assert_eq!(spectrum.meta.get("grating"), Some("600\nl/mm"));
        assert_eq!(spectrum.axis().kind(), &AxisKind::RamanShift);
        assert_eq!(spectrum.y(), [1.0, 0.002]);
    }

    #[test]
    fn a_file_saved_again_by_a_spreadsheet_is_still_read() {
        let text = "# Unravel spectrum 1;\r\n\"# title: a; b\";\r\n# axis: wavelength;\r\n\
                    wavelength_nm;intensity\r\n100,5;1,25\r\n101,5;\r\n102,5;3\r\n";
        let spectrum = read_text(text).unwrap().spectra().next().unwrap();
        assert_eq!(spectrum.meta.title.as_deref(), Some("a; b"));
        assert_eq!((spectrum.x(), spectrum.y()), (&[100.5, 102.5][..], &[1.25, 3.0][..]));
    }

    #[test]
    fn damaged_files_are_errors_that_say_where() {
        let start = "# Unravel spectrum 1\n";
        for (text, what) in [
            ("# Unravel spectrum 9\nx,y\n1,2\n", "newer version"),
            (start, "ends before"),
            (&format!("{start}x\n1\n"), "column names"),
            (&format!("{start}x,y\n1,2\n2,zwei\n"), "line 4"),
            (&format!("{start}x,y\nnan,2\n1,1\n"), "at least 2 points"),
            (&format!("{start}x,y\n1,2\n3,2\n2,2\n"), "not sorted"),
        ] {
            let error = read_text(text).unwrap_err().to_string();
            assert!(error.contains(what), "{error}");
        }
    }
}
