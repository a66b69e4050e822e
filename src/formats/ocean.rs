//! Ocean Optics and Ocean Insight text (SpectraSuite, OceanView, Jaz, `OOIBase32`): `Key: value` lines in the language of
//! the computer, then numbers between two lines that begin with `>>>>>`.

use crate::spectrum::{AxisKind, Metadata, Positions};

use super::cells::{key_value, laser_nm};
use super::dates;
use super::vendor::{Block, Columns, RowTable, Rows, Style, facts};
use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff, text};

/// Ocean Optics text.
pub const FORMAT: Format = Format {
    id: "ocean_txt",
    name: "Ocean Optics text",
    extensions: &["txt", "jaz", "jazirrad", "transmission", "procspec"],
    sniff,
    read,
};

/// Begins the lines before and after the numbers, whatever the language.
const FENCE: &str = ">>>>>";
const ZIP: &[u8] = b"PK\x03\x04";

fn sniff(head: &Head) -> Sniff {
    if head.starts_with(ZIP) {
        let inside = |name: &[u8]| memchr::memmem::find(head.bytes, name).is_some();
        return (head.extension == "procspec" || inside(b"OOISignatures.xml") || inside(b"ps_0.xml")).into();
    }
    let Some(text) = head.text() else { return Sniff::No };
    let mut lines = text::lines(text).map(str::trim_start).filter(|l| !l.is_empty()).take(200);
    let named = |l: &str| {
        (l.starts_with("Data from ") && l.trim_end().ends_with(" Node"))
            || (["SpectraSuite", "Jaz ", "OOIBase32"].iter().any(|n| l.starts_with(n)) && l.contains("File"))
    };
    lines
        .next()
        .is_some_and(|first| named(first) || first.starts_with(FENCE) || lines.any(|l| l.starts_with(FENCE)))
        .into()
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    if input.bytes.starts_with(ZIP) {
        return Err(input.unsupported(
            "ProcSpec archives are not read; open the file in SpectraSuite or OceanView and save it as tab-delimited \
             text or JCAMP-DX",
        ));
    }
    let text = input.text()?;
    let lines: Vec<&str> = text::lines(&text.text).collect();
    let mut fences =
        lines.iter().enumerate().filter(|(_, l)| l.trim_start().starts_with(FENCE)).map(|(i, _)| i);
    let Some(begin) = fences.next() else {
        let problem = format!(
            "the file ends without the line that begins with {FENCE}, behind which the numbers stand"
        );
        return Err(input.malformed(Place::Line(lines.len()), problem));
    };
    let end = fences.next().unwrap_or(lines.len());
    let header = Header::read(input, lines.get(..begin).unwrap_or_default());
    let rows: Vec<(usize, &str)> = (begin + 1..end)
        .filter_map(|i| lines.get(i).map(|l| (i + 1, *l)))
        .filter(|(_, l)| !l.trim().is_empty())
        .collect();
    let Some((_, first)) = rows.first().copied() else {
        return Err(input.malformed(Place::Line(begin + 1), "no numbers stand behind this line"));
    };
    let empty = first.len() - first.trim_start_matches('\t').len();
    if empty > 0 { series(input, header, &rows, empty) } else { table(input, header, &rows) }
}

/// One spectrum: a column of positions and one of intensities, or the columns `W D R S P`.
fn table(input: &Input, mut header: Header, rows: &[(usize, &str)]) -> Result<Decoded, FormatError> {
    let texts = |from: usize| rows.iter().skip(from).map(|(_, l)| *l);
    let named = rows.first().is_some_and(|(_, l)| l.trim_start().starts_with(|c: char| c.is_alphabetic()));
    let start = usize::from(named);
    let place = Place::Line(rows.get(start).or(rows.last()).map_or(1, |(number, _)| *number));
    let style = Style::guess(texts(start));
    let names = if named { texts(0).next().map(|l| style.names(l)).unwrap_or_default() } else { Vec::new() };
    let first = texts(start).next().unwrap_or_default();
    let width = style.cells(first.trim_end()).count().max(names.len());
    let columns = Columns::read(style, width, texts(start));
    if columns.rows == 0 || width < 2 {
        let found = facts::clip(first);
        return Err(input.malformed(place, format!("found `{found}`, expected a position and an intensity")));
    }
    let find = |name: &str| names.iter().position(|n| n.eq_ignore_ascii_case(name)).filter(|i| *i > 0);
    // Jaz: wavelength, dark, reference, sample, processed.
    let chosen = match find("P").or_else(|| find("S")) {
        Some(processed) => vec![processed],
        None => (1..width).collect(),
    };
    if let (true, [taken]) = (names.len() > 2, chosen.as_slice()) {
        let others: Vec<&str> =
            names.iter().enumerate().filter(|(i, _)| *i > 0 && i != taken).map(|(_, n)| *n).collect();
        header.meta.push("Intensity column", names.get(*taken).copied().unwrap_or_default());
        header.meta.push("Columns not read", others.join(", "));
    }
    let intensities: Vec<&[f64]> = chosen.iter().map(|i| columns.get(*i)).collect();
    let block = Block::from_columns(header.kind, place, columns.get(0), &intensities);
    let mut decoded = block.decode(input, header.meta, Rows::default())?;
    if let Some(announced) = header.pixels.filter(|n| *n as usize > columns.rows) {
        decoded.warn(format!("{} of {announced} announced pixels were stored.", columns.rows));
    }
    if let Some((number, _)) = columns.stop.and_then(|at| rows.get(at + start)) {
        decoded.warn(format!("Reading stopped at line {number}, which is no row of numbers."));
    }
    Ok(decoded)
}

/// OceanView's time series: the axis behind empty cells, then a time stamp, often milliseconds, and intensities.
fn series(
    input: &Input,
    header: Header,
    rows: &[(usize, &str)],
    empty: usize,
) -> Result<Decoded, FormatError> {
    let style = Style::of('\t', rows.iter().map(|(_, l)| l.split_once('\t').map_or(*l, |(_, rest)| rest)));
    let table = RowTable::read(input, style, rows, empty, empty)?;
    let warning = table.warning();
    let stamps =
        table.leading.first().map(|l| l.iter().map(|s| (*s).to_owned()).collect()).unwrap_or_default();
    // Milliseconds since 1970, where they are written.
    let clock = table.coordinate(style, 1);
    let zero = clock.first().copied().filter(|_| clock.iter().all(|t| t.is_finite()));
    let time = zero.map(|zero| clock.iter().map(|t| (t - zero) / 1e3).collect()).unwrap_or_default();
    let positions = Positions { time, time_unit: "s".into(), ..Positions::default() };
    let place = Place::Line(rows.first().map_or(1, |(number, _)| *number));
    let block = Block { kind: header.kind, axis: table.axis, values: table.values, place };
    let mut decoded = block.decode(input, header.meta, Rows { labels: stamps, positions, shape: None })?;
    decoded.warnings.extend(warning);
    Ok(decoded)
}

/// What stands before the numbers.
#[derive(Debug)]
struct Header {
    meta: Metadata,
    kind: AxisKind,
    pixels: Option<u32>,
}

impl Header {
    fn read(input: &Input, lines: &[&str]) -> Self {
        let mut header =
            Self { meta: Metadata::titled(input.file_stem()), kind: AxisKind::Wavelength, pixels: None };
        let pairs: Vec<(&str, &str)> = lines.iter().filter_map(|l| key_value(l, Some(':'))).collect();
        for (key, value) in &pairs {
            header.add(key, value);
        }
        header.meta.laser_nm = laser_nm(pairs);
        header
    }

    /// Keys are translated with the program, so each is known by a part that the languages share or by its unit.
    fn add(&mut self, key: &str, value: &str) {
        let lower = key.to_lowercase();
        let meta = &mut self.meta;
        let has = |parts: &[&str]| parts.iter().any(|p| lower.contains(p));
        let first = value.split_whitespace().next().unwrap_or_default();
        let unit = lower.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(unit, _)| unit);
        let time = unit.and_then(|unit| facts::seconds(facts::whole_number(first)?, unit));
        if let (Some(time), None) = (time, meta.integration_time_s) {
            meta.integration_time_s = Some(time);
        } else if ["date", "fecha", "datum", "data"].contains(&lower.as_str()) {
            meta.date = dates::iso(value, dates::Order::Month).or_else(|| facts::filled(value));
        } else if meta.instrument.is_none()
            && has(&["spectrometer", "espectr\u{f3}metro", "spektrometer"])
            && !has(&["number of"])
        {
            meta.instrument = facts::filled(value);
        } else if meta.accumulations.is_none() && has(&["averag", "promedio", "mittel", "moyen"]) {
            meta.accumulations = facts::count(value);
        } else if lower == "xaxis mode" {
            let mode = value.to_lowercase();
            self.kind = match () {
                () if mode.contains("raman") => AxisKind::RamanShift,
                () if mode.contains("wavenumber") => AxisKind::Wavenumber,
                () if mode.contains("pixel") => AxisKind::Pixel,
                () => AxisKind::Wavelength,
            };
        } else {
            if has(&["pixel"]) && facts::whole_number(first).is_some() {
                self.pixels = facts::count(first);
            }
            meta.push(key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Item, Limits, decode};

    const HEAD: &str = "SpectraSuite Data File\r\r\n++++++++++++++++++\r\nDate: Fri Aug 19 13:19:52 CDT 2016\r\nUser: Ann\n\
                        Number of Sampled Component Spectra: 1\nSpectrometers: USB2+H11150\r\n\
                        Integration Time (usec): 70000 (USB2+H11150)\nSpectra Averaged: 15 (USB2+H11150)\n\
                        Number of Pixels in Processed Spectrum: 3\n";
    const BEGIN: &str = ">>>>>Begin Processed Spectral Data<<<<<\n";
    const END: &str = ">>>>>End Processed Spectral Data<<<<<\n";

    fn read_bytes(name: &str, bytes: &[u8]) -> Result<Decoded, FormatError> {
        let (format, result) = decode(name, bytes, Limits::default());
        assert_eq!(format.map(|f| f.id), Some("ocean_txt"));
        result
    }

    fn read_text(text: &str) -> Result<Decoded, FormatError> {
        read_bytes("leaf.txt", text.as_bytes())
    }

    #[test]
    fn either_decimal_mark_is_read_with_the_header() {
        for rows in [
            "178.23\t401.5\r\n178.61\t-1746.25\n178.99\t7\r\n",
            "178,23\t401,5\n178,61\t-1746,25\n178,99\t7\n",
        ] {
            let decoded = read_text(&format!("{HEAD}{BEGIN}{rows}{END}footer\n")).unwrap();
            let spectrum = decoded.spectra().next().unwrap();
            assert_eq!(
                (spectrum.x(), spectrum.y()),
                (&[178.23, 178.61, 178.99][..], &[401.5, -1746.25, 7.0][..])
            );
            let meta = &spectrum.meta;
            assert_eq!((meta.integration_time_s, meta.accumulations), (Some(0.07), Some(15)));
            assert_eq!(meta.date.as_deref(), Some("2016-08-19T13:19:52"));
            assert_eq!(meta.instrument.as_deref(), Some("USB2+H11150"));
            assert!(decoded.warnings.is_empty(), "{:?}", decoded.warnings);
        }
    }

    #[test]
    fn jaz_gives_the_processed_column() {
        let text = format!(
            "Jaz Data File\nSpectrometers: JAZA1479\n{BEGIN}W\tD\tR\tS\tP\n190.8\t1\t2\t3\t4\n191.2\t1\t2\t3\t5\n{END}"
        );
        let decoded = read_text(&text).unwrap();
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!(spectrum.y(), [4.0, 5.0]);
        assert_eq!(spectrum.meta.get("Columns not read"), Some("D, R, S"));
    }

    #[test]
    fn translated_headers_and_raman_axes_are_read() {
        let text = "Fecha: Wed Nov 14 16:48:22 CET 2012\nEspectr\u{f3}metros: USB4F03\nTiempo de integraci\u{f3}n (msec): 100 (USB4F03)\n\
                    >>>>> Comienza Data<<<<< Espectral Procesado Del EL\n1\t2\n2\t3\n>>>>> Data<<<<< Espectral Procesado Extremo\n";
        let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
        let decoded = read_bytes("hoja.txt", &latin).unwrap();
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!(spectrum.meta.integration_time_s, Some(0.1));
        assert_eq!(spectrum.meta.date.as_deref(), Some("2012-11-14T16:48:22"));
        assert_eq!(spectrum.meta.instrument.as_deref(), Some("USB4F03"));
        let raman = "Data from QEP_1.txt Node\n\nIntegration Time (sec): 1.000000E-1\nXAxis mode: Raman Shifts\n\
                     Laser Wavelength: 785.1\n>>>>>Begin Spectral Data<<<<<\n100.5\t2\n101.5\t3\n";
        let spectrum = read_text(raman).unwrap().spectra().next().unwrap();
        assert_eq!(spectrum.axis().kind(), &AxisKind::RamanShift);
        assert_eq!((spectrum.meta.laser_nm, spectrum.meta.integration_time_s), (Some(785.1), Some(0.1)));
    }

    #[test]
    fn a_time_series_becomes_a_set() {
        let text = "Data from A Node\n>>>>>Begin Spectral Data<<<<<\n\t\t190.5\t191.5\t192.5\n\
                    2017-03-14 10:22:33.000\t1489501353000\t1\t2\t3\n2017-03-14 10:22:34.500\t1489501354500\t4\t5\t6\n";
        let decoded = read_text(text).unwrap();
        let Some(Item::Set(set)) = decoded.items.first() else { panic!("{decoded:?}") };
        assert_eq!(set.positions.time, [0.0, 1.5]);
        assert_eq!(set.labels[1], "2017-03-14 10:22:34.500");
        assert_eq!(set.row(1).unwrap(), [4.0, 5.0, 6.0]);
    }

    #[test]
    fn a_file_cut_in_its_numbers_says_so() {
        let decoded = read_text(&format!("{HEAD}{BEGIN}178.23\t401.5\n178.61\t2\n")).unwrap();
        assert_eq!(decoded.warnings, ["2 of 3 announced pixels were stored."]);
    }

    #[test]
    fn damaged_files_are_errors() {
        let cases = [
            HEAD.to_owned(),
            format!("{HEAD}{BEGIN}"),
            format!("{HEAD}{BEGIN}{END}"),
            format!("{HEAD}{BEGIN}W\tD\n"),
            format!("{HEAD}{BEGIN}-\t-\n"),
            format!("{HEAD}{BEGIN}178.2\t1\n178.2\t2\n"),
            format!("{HEAD}{BEGIN}178.2\n178.4\n"),
            format!("{HEAD}{BEGIN}\t\t1\t2\n"),
        ];
        for text in cases {
            let error = read_text(&text).unwrap_err().to_string();
            assert!(error.contains("leaf.txt"), "{error}");
        }
    }

    #[test]
    fn procspec_archives_are_known_and_the_way_out_is_told() {
        let error = read_bytes("a.ProcSpec", b"PK\x03\x04\x14\0\0\0").unwrap_err().to_string();
        assert!(error.contains("tab-delimited"), "{error}");
        assert!(read_bytes("a.zip", b"PK\x03\x04\x14\0\0\0...ps_0.xml...").is_err());
    }
}
