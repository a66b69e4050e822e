//! Avantes text: a comment line, `Integration time: 100 ms` and the like, a row of names (`Wave   ;Sample;...`),
//! a row of units (`[nm]   ;[counts];...`), then numbers. The last result column is the spectrum.

use std::borrow::Cow;

use crate::spectrum::{AxisKind, Metadata};

use super::cells::{axis_kind, key_value};
use super::vendor::{Block, Columns, Rows, Style, facts};
use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff, text};

/// Avantes text.
pub const FORMAT: Format = Format {
    id: "avantes_txt",
    name: "Avantes AvaSoft text",
    extensions: &["ttt", "trt", "tat", "tit", "txt", "irr8", "rfl8", "trm8"],
    sniff,
    read,
};

/// Columns that are no result: what was measured on the way to one.
const INGREDIENTS: [&str; 4] = ["dark", "ref", "reference", "white"];
/// The measurement itself, taken when there is no result.
const RAW: [&str; 3] = ["sample", "samples", "scope"];

fn sniff(head: &Head) -> Sniff {
    // Names are padded with NULs, which makes the head binary for everybody else.
    let said = memchr::memmem::find(head.bytes, b"Data measured with spectrometer").is_some();
    let text = match head.text() {
        Some(text) => Cow::Borrowed(text),
        None if said => without_nuls(head.bytes),
        None => return Sniff::No,
    };
    let lines: Vec<&str> = text::lines(&text).take(100).collect();
    // Without that line only the layout tells, which tables of other programs come near.
    let padded = |at: usize| lines.get(at).is_some_and(|l| l.starts_with("Wave ") && l.contains(';'));
    (said || names_row(&lines).is_some_and(|at| padded(at) && units_row(&lines, at).is_some())).into()
}

/// Older files have fixed-width names that are filled up with NULs.
fn without_nuls(bytes: &[u8]) -> Cow<'_, str> {
    let bytes: Vec<u8> = bytes.iter().copied().filter(|b| *b != 0).collect();
    Cow::Owned(text::decode(&bytes).map(|t| t.text.into_owned()).unwrap_or_default())
}

/// The row `Wave   ;...`: its first cell is `Wave` or `Wavelength`, and there are others.
fn names_row(lines: &[&str]) -> Option<usize> {
    lines.iter().position(|line| {
        let cells = separator(line).names(line);
        let first = cells.first().copied().unwrap_or_default().to_lowercase();
        cells.len() > 1 && (first == "wave" || first.starts_with("wavelength"))
    })
}

/// The row `[nm]   ;[counts]...` right behind the names.
fn units_row(lines: &[&str], names: usize) -> Option<usize> {
    lines.get(names + 1).filter(|line| line.trim_start().starts_with('[')).map(|_| names + 1)
}

fn separator(line: &str) -> Style {
    let found = [';', '\t'].into_iter().find(|s| line.contains(*s));
    Style::point(found.unwrap_or(' '))
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let text = text::decode(input.bytes).map_or_else(|| without_nuls(input.bytes), |t| t.text);
    let lines: Vec<&str> = text::lines(&text).collect();
    let Some(at) = names_row(&lines) else {
        let problem = "the file ends without the row of column names (Wave;Sample;...)";
        return Err(input.malformed(Place::Line(lines.len()), problem));
    };
    let names_line = lines.get(at).copied().unwrap_or_default();
    let units = units_row(&lines, at);
    let start = units.unwrap_or(at) + 1;
    let rows = lines.get(start..).unwrap_or_default();
    let style = Style::of(separator(names_line).separator, rows.iter().copied());
    let names = style.names(names_line);
    let units = units.and_then(|u| lines.get(u)).map(|l| style.names(l)).unwrap_or_default();
    // A series names its column once (`Samples`) and has one for each spectrum.
    let first = rows.iter().find(|l| !l.trim().is_empty()).copied().unwrap_or_default();
    let width = names.len().max(style.cells(first.trim_end().trim_end_matches(style.separator)).count());
    let columns = Columns::read(style, width, rows.iter().copied());
    if columns.rows == 0 {
        return Err(input.malformed(Place::Line(start + 1), "no row of numbers follows the column names"));
    }
    let chosen = choose(&names, &columns);
    if chosen.is_empty() {
        return Err(input.malformed(Place::Line(start + 1), "no column of intensities holds numbers"));
    }
    let mut meta = metadata(input, lines.get(..at).unwrap_or_default());
    let name = |i: usize| names.get(i).or(names.last()).copied().unwrap_or_default();
    let taken = chosen.first().copied().unwrap_or_default();
    meta.intensity_unit = units.get(taken).and_then(|u| facts::filled(u.trim_matches(['[', ']'])));
    meta.push("Intensity column", name(taken));
    let others: Vec<&str> = (1..names.len())
        .filter(|i| chosen.binary_search(i).is_err() && columns.is_filled(*i))
        .map(name)
        .collect();
    meta.push("Columns not read", others.join(", "));
    let kind = units.first().and_then(|u| axis_kind(u)).unwrap_or(AxisKind::Wavelength);
    let intensities: Vec<&[f64]> = chosen.iter().map(|i| columns.get(*i)).collect();
    let block = Block::from_columns(kind, Place::Line(start + 1), columns.get(0), &intensities);
    let mut decoded = block.decode(input, meta, Rows::default())?;
    decoded.warnings.extend(columns.stop_warning(start));
    Ok(decoded)
}

/// The last result column; without one the raw measurement, of which a series has many.
fn choose(names: &[&str], columns: &Columns) -> Vec<usize> {
    let is = |list: &[&str], i: usize| {
        let name = names.get(i).or(names.last()).copied().unwrap_or_default().to_lowercase();
        list.contains(&name.as_str())
    };
    let filled: Vec<usize> = (1..columns.cells.len()).filter(|i| columns.is_filled(*i)).collect();
    let result = filled.iter().rev().find(|i| !is(&INGREDIENTS, **i) && !is(&RAW, **i));
    if let Some(result) = result {
        return vec![*result];
    }
    let raw: Vec<usize> = filled.iter().copied().filter(|i| is(&RAW, *i)).collect();
    if raw.is_empty() { filled.into_iter().rev().take(1).collect() } else { raw }
}

fn metadata(input: &Input, lines: &[&str]) -> Metadata {
    let mut meta = Metadata::titled(input.file_stem());
    for (index, line) in lines.iter().enumerate() {
        let Some((key, value)) = key_value(line, Some(':')) else {
            // The first line is the user's comment.
            if index == 0 {
                meta.push("Comment", line.trim());
            }
            continue;
        };
        let lower = key.to_lowercase();
        if lower.starts_with("integration time") {
            meta.integration_time_s = facts::first_number(value).and_then(|v| facts::seconds(v, "ms"));
        } else if lower.starts_with("average") || lower.starts_with("averaging") {
            meta.accumulations = facts::count(value);
        } else if lower.starts_with("data measured with spectrometer") {
            meta.instrument = facts::filled(value);
        } else {
            meta.push(key, value);
        }
    }
    meta
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Limits, decode};

    const HEAD: &str = "0804016U1- \r\nIntegration time: 175,00 ms\r\nAverage: 20 scans\r\n\
                        Data measured with spectrometer name: 0804016U1\0\0\0\0\0\r\n";
    const NAMES: &str = "Wave   ;Dark     ;Ref      ;Sample   ;Transmittance\r\n\
                         [nm]   ;[counts] ;[counts] ;[counts] ;[% transmittance] \r\n";

    fn read_text(text: &str) -> Result<Decoded, FormatError> {
        let (format, result) = decode("moss.ttt", text.as_bytes(), Limits::default());
        assert_eq!(format.map(|f| f.id), Some("avantes_txt"));
        result
    }

    fn only(text: &str) -> crate::spectrum::Spectrum {
        let decoded = read_text(text).unwrap();
        assert!(decoded.warnings.is_empty() && decoded.count() == 1, "{decoded:?}");
        decoded.spectra().next().unwrap()
    }

    #[test]
    fn the_result_column_is_taken_and_nuls_are_ignored() {
        let text = format!(
            "{HEAD}{NAMES}299,87;3,4050;6429,1;124,99;1,8921\r\n300,16;-18,870;6876,0;178,64;2,8646\r\n"
        );
        let spectrum = only(&text);
        assert_eq!((spectrum.x(), spectrum.y()), (&[299.87, 300.16][..], &[1.8921, 2.8646][..]));
        let meta = &spectrum.meta;
        assert_eq!((meta.integration_time_s, meta.accumulations), (Some(0.175), Some(20)));
        assert_eq!(meta.instrument.as_deref(), Some("0804016U1"));
        assert_eq!(meta.intensity_unit.as_deref(), Some("% transmittance"));
        assert_eq!(meta.get("Columns not read"), Some("Dark, Ref, Sample"));
    }

    #[test]
    fn newer_files_without_a_result_give_the_sample() {
        let head = "\nIntegration time [ms]: 100.000\nAveraging Nr. [scans]: 9\n\
                    Data measured with spectrometer [name]: 0911147U1\n";
        let tailed = "Wave   ;Sample   ;Dark     ;Reference;\n[nm]   ;[counts] ;[counts] ;[counts] ;\n\n";
        let empty = "Wave   ;Sample   ;Dark     ;Reference;Scope\n[nm]   ;[counts] ;[counts] ;[counts]\n\n";
        for names in [tailed, empty] {
            let spectrum = only(&format!(
                "{head}{names} 893.59; 1603.5; 1570.4; 1610.4;\n 894.59; 1604.5; 1570.4; 1610.4;\n"
            ));
            assert_eq!(spectrum.y(), [1603.5, 1604.5]);
            assert_eq!((spectrum.meta.integration_time_s, spectrum.meta.accumulations), (Some(0.1), Some(9)));
        }
    }

    #[test]
    fn a_series_of_samples_becomes_a_set() {
        let text = "red dye\nIntegration time [ms]: 4.122\nData measured with spectrometer [name]: 1602173U5\n\
                    Wave   ;Dark     ;Reference;Samples\n[nm]   \n500.0;1;2;10;20;30\n501.0;1;2;11;21;31\n";
        let decoded = read_text(text).unwrap();
        let spectra: Vec<_> = decoded.spectra().collect();
        assert_eq!(spectra.len(), 3);
        assert_eq!(spectra[2].y(), [30.0, 31.0]);
    }

    #[test]
    fn damaged_files_are_errors() {
        let cases = [
            HEAD.to_owned(),
            format!("{HEAD}{NAMES}"),
            format!("{HEAD}{NAMES}a;b;c;d;e\n"),
            format!("{HEAD}{NAMES}300,0;1;2;3;4\n"),
            format!("{HEAD}{NAMES}300,0;1;2;3;4\n300,0;1;2;3;4\n"),
            format!("{HEAD}{NAMES}300,0\n301,0\n"),
        ];
        for text in cases {
            let error = read_text(&text).unwrap_err().to_string();
            assert!(error.contains("moss.ttt"), "{error}");
        }
    }
}
