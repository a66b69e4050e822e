//! Wasatch ENLIGHTEN CSV: one spectrum in columns, the session export with spectra side by side (`columns`), and the
//! older Dash layout with one spectrum a row (`dash`).

mod columns;
mod dash;

use std::borrow::Cow;

use crate::spectrum::Metadata;

use super::dates;
use super::vendor::{Style, facts};
use super::{Decoded, Format, FormatError, Head, Input, Sniff, text};

/// Wasatch ENLIGHTEN CSV.
pub const FORMAT: Format =
    Format { id: "wasatch_csv", name: "Wasatch ENLIGHTEN CSV", extensions: &["csv"], sniff, read };

const ENLIGHTEN: &str = "ENLIGHTEN Version";
const DASH: &str = "Dash Output";

fn sniff(head: &Head) -> Sniff {
    let Some(first) = head.first_line() else { return Sniff::No };
    let bare = first.trim_start_matches('"');
    (bare.starts_with(ENLIGHTEN) || bare.starts_with(DASH) || columns::is_bare_names_row(first)).into()
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let text = input.text()?;
    let lines: Vec<&str> = text::lines(&text.text).collect();
    let first = lines.iter().find(|l| !l.trim().is_empty()).copied().unwrap_or_default();
    if first.trim_start().trim_start_matches('"').starts_with(DASH) {
        return dash::read(input, &lines);
    }
    columns::read(input, &lines, separator(first))
}

/// Spreadsheets of other countries save the file again with semicolons.
fn separator(first: &str) -> char {
    first.chars().find(|c| matches!(c, ',' | ';' | '\t')).unwrap_or(',')
}

/// The cells of a header line, whose values may be quoted because they hold the separator.
fn quoted_cells(line: &str, separator: char) -> Vec<Cow<'_, str>> {
    if !line.contains('"') {
        return Style::point(separator).cells(line).map(|c| Cow::Borrowed(c.trim())).collect();
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .from_reader(line.as_bytes());
    let record = reader.records().next().and_then(Result::ok).unwrap_or_default();
    record.iter().map(|c| Cow::Owned(c.trim().to_owned())).collect()
}

/// Puts one key into its place.
fn add(meta: &mut Metadata, key: &str, value: &str) {
    match key.to_lowercase().as_str() {
        "label" => meta.title = facts::filled(value),
        "model" => meta.instrument = facts::filled(value),
        "integration time" => {
            meta.integration_time_s = facts::whole_number(value).and_then(|v| facts::seconds(v, "ms"));
        }
        "scan averaging" => meta.accumulations = facts::count(value),
        "timestamp" => {
            meta.date = dates::iso(value, dates::Order::Month).or_else(|| facts::filled(value));
        }
        "laser wavelength" => meta.laser_nm = facts::laser_nm(value),
        _ => meta.push(key, value),
    }
}
