//! WITec text: tables of spectra with none, one or two header rows, Graph ASCII (`//Exported ASCII-File`) with such a
//! table behind a header, and TrueMatch's ini-like files.

mod table;
mod truematch;

use crate::spectrum::{AxisKind, Metadata};

use super::cells::{axis_kind, key_value};
use super::vendor::{Style, facts};
use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff, text};

/// WITec text.
pub const FORMAT: Format =
    Format { id: "witec_txt", name: "WITec text", extensions: &["txt", "dat", "asc"], sniff, read };

const TRUEMATCH: &str = "[WITEC_TRUEMATCH_ASCII_HEADER]";
const GRAPH: &str = "//Exported ASCII-File";

fn sniff(head: &Head) -> Sniff {
    let Some(text) = head.text() else { return Sniff::No };
    let Some(first) = text::lines(text).find(|l| !l.trim().is_empty()) else { return Sniff::No };
    let trimmed = first.trim();
    if trimmed == TRUEMATCH || trimmed.starts_with(GRAPH) || table::is_header(first) {
        return Sniff::Sure;
    }
    // Other programs write such rows too, so that whoever is surer goes first.
    if table::is_bare_row(first) { Sniff::Maybe } else { Sniff::No }
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let text = input.text()?;
    let lines: Vec<(usize, &str)> = text::lines(&text.text)
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.trim().is_empty())
        .collect();
    let first = lines.first().map(|(_, l)| l.trim()).unwrap_or_default();
    if first == TRUEMATCH {
        return truematch::read(input, &lines);
    }
    if first.starts_with(GRAPH) {
        return graph(input, &lines);
    }
    table::read(input, &lines, Known { meta: Metadata::titled(input.file_stem()), ..Known::default() })
}

/// What is known about a table before it is read.
#[derive(Debug, Default)]
struct Known {
    meta: Metadata,
    kind: Option<AxisKind>,
    shape: Option<(usize, usize)>,
}

/// WITec marks Raman shifts as relative; its plain 1/cm is the absolute wavenumber.
fn kind_of(unit: &str) -> Option<AxisKind> {
    match unit.trim() {
        "1/cm" => Some(AxisKind::Wavenumber),
        unit => axis_kind(unit),
    }
}

fn graph(input: &Input, lines: &[(usize, &str)]) -> Result<Decoded, FormatError> {
    let data = lines.iter().position(|(_, l)| l.trim().eq_ignore_ascii_case("[Data]"));
    let header = lines.get(..data.unwrap_or(lines.len())).unwrap_or_default();
    let pairs: Vec<(&str, &str)> = header.iter().filter_map(|(_, l)| key_value(l, Some('='))).collect();
    let find = |key: &str| pairs.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, v)| *v);
    let Some(data) = data else {
        return Err(input.unsupported(
            "this header comes with two files, (X-Axis) and (Y-Axis), that hold the numbers; export the spectra as \
             Table or as a single ASCII file instead",
        ));
    };
    if find("SizeGraph").is_none() && find("XAxisUnit").is_none() && find("PointsPerLine").is_some() {
        return Err(input.unsupported("the file holds an image, not spectra; export the spectra as Table"));
    }
    let mut known = Known { kind: find("XAxisUnit").and_then(kind_of), ..Known::default() };
    for (key, value) in &pairs {
        match *key {
            "GraphName" => known.meta.title = facts::filled(value),
            "DataUnit" => known.meta.intensity_unit = facts::filled(value),
            _ => known.meta.push(*key, *value),
        }
    }
    known.meta.title.get_or_insert_with(|| input.file_stem().to_owned());
    known.meta.laser_nm = super::cells::laser_nm(pairs.iter().copied());
    let size = |key: &str| find(key).and_then(facts::count).map(|n| n as usize);
    known.shape = size("SizeX").zip(size("SizeY")).filter(|(x, y)| x.saturating_mul(*y) > 1);
    let points = size("SizeGraph");
    let rows = lines.get(data + 1..).unwrap_or_default();
    if rows.is_empty() {
        let place = Place::Line(lines.get(data).map_or(1, |(number, _)| *number));
        return Err(input.malformed(place, "no numbers follow [Data]"));
    }
    let mut decoded = table::read(input, rows, known)?;
    let stored = decoded.spectra().next().map_or(0, |s| s.len());
    if let Some(points) = points.filter(|p| *p > stored) {
        decoded.warn(format!("{stored} of {points} announced points were stored."));
    }
    Ok(decoded)
}

/// Tab, or what the file uses in its place.
fn style_of(lines: &[(usize, &str)]) -> Style {
    Style::guess(lines.iter().map(|(_, l)| l.trim()))
}
