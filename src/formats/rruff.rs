//! RRUFF text: `##KEY=value` lines, then rows of shift and intensity, then `##END=`.

use super::cells;
use super::{Decoded, Format, FormatError, Head, Input, Sniff, table, text};
use crate::spectrum::{AxisKind, Metadata};

/// RRUFF text.
pub const FORMAT: Format =
    Format { id: "rruff", name: "RRUFF text", extensions: &["txt", "rruff"], sniff, read };

fn sniff(head: &Head) -> Sniff {
    let Some(text) = head.text() else { return Sniff::No };
    let mut lines = text::lines(text).map(str::trim).filter(|line| !line.is_empty());
    let starts = lines
        .clone()
        .next()
        .is_some_and(|line| line.starts_with("##") && key_of(line) != Some("TITLE".into()));
    let told = |line: &str| matches!(key_of(line).as_deref(), Some("NAMES" | "RRUFFID"));
    (starts && lines.any(told)).into()
}

fn key_of(line: &str) -> Option<String> {
    let (key, _) = line.strip_prefix("##")?.split_once('=')?;
    Some(key.trim().to_uppercase())
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let content = input.text()?;
    let (_, numbers, place, warnings) = table::first(input, &content.text)?;
    let mut decoded = Decoded { items: Vec::new(), warnings };
    let mut meta = facts(&content.text);
    from_file_name(input.file_stem(), &mut meta);
    meta.title = Some(match (&meta.sample, meta.get("RRUFFID")) {
        (Some(name), Some(id)) => format!("{name} {id}"),
        (Some(name), None) => name.clone(),
        (None, _) => input.file_stem().to_owned(),
    });
    let (x, y) = match numbers {
        table::Numbers::Pair { x, y } => (x, y),
        grid @ table::Numbers::Grid { .. } => {
            (grid.column(0), grid.column(1).iter().map(|v| *v as f32).collect())
        }
    };
    let spectrum = cells::curve(input, place, AxisKind::RamanShift, x, y, meta, &mut decoded.warnings)?;
    decoded.items.push(super::Item::Spectrum(spectrum));
    if !text::lines(&content.text).any(|line| line.trim_start().to_uppercase().starts_with("##END")) {
        decoded.warn(if content.text.ends_with(['\n', '\r']) {
            "The file has no ##END=; it may be cut short."
        } else {
            "The file has no ##END= and ends inside a line: it may be cut short, and its last number with it."
        });
    }
    Ok(decoded)
}

/// The `##KEY=value` lines; a line without marks goes on with the value before it.
fn facts(content: &str) -> Metadata {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for line in text::lines(content).map(str::trim) {
        if line.starts_with("##") {
            if let Some((key, value)) = line.trim_start_matches('#').split_once('=') {
                pairs.push((key.trim().to_owned(), value.trim().to_owned()));
            }
        } else if line.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
            break;
        } else if let (Some((_, value)), false) = (pairs.last_mut(), line.is_empty()) {
            value.push(' ');
            value.push_str(line);
        }
    }
    let mut meta = Metadata::default();
    for (key, value) in pairs {
        match key.to_uppercase().as_str() {
            "END" => {}
            "NAMES" if meta.sample.is_none() => meta.sample = Some(value).filter(|v| !v.is_empty()),
            _ => meta.push(key, value),
        }
    }
    meta
}

/// `Mineral__ID__kind__laser__angle__orientation__type__number.txt`, also with single underscores.
fn from_file_name(stem: &str, meta: &mut Metadata) {
    let parts: Vec<&str> =
        if stem.contains("__") { stem.split("__").collect() } else { stem.split('_').collect() };
    let is_id = |part: &str| {
        let digits = part.get(1..7).is_some_and(|d| d.bytes().all(|b| b.is_ascii_digit()));
        part.starts_with(['R', 'X']) && digits
    };
    let Some(id_at) = parts.iter().position(|part| is_id(part)) else { return };
    let (before, behind) = parts.split_at(id_at);
    if meta.sample.is_none() {
        meta.sample = Some(before.join(" ")).filter(|name| !name.trim().is_empty());
    }
    if let (None, Some(id)) = (meta.get("RRUFFID"), behind.first()) {
        meta.push("RRUFFID", *id);
    }
    // The last number is a serial number, the first in a laser's range the laser.
    let laser = behind
        .iter()
        .take(behind.len().saturating_sub(1))
        .skip(1)
        .find_map(|part| part.parse::<f64>().ok().filter(|nm| (200.0..=1100.0).contains(nm)));
    meta.laser_nm = meta.laser_nm.or(laser);
    let lower = stem.to_lowercase();
    let kind = [("processed", "Processed"), ("raw", "Raw")];
    if let Some((_, kind)) = kind.iter().find(|(word, _)| lower.contains(word)) {
        meta.push("processing", *kind);
    }
    if let Some(way) = behind.iter().find(|part| {
        ["unoriented", "oriented", "depolarized", "ccw", "cw"].contains(&part.to_lowercase().as_str())
    }) {
        meta.push("orientation", *way);
    }
    if let Some(kind) = ["Broad Scan", "Raman"].iter().find(|kind| stem.replace('_', " ").contains(**kind)) {
        meta.push("scan", *kind);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, decode};
    use super::*;

    const NAME: &str = "Quartz__R040031__Raman__532__0__unoriented__Raman_Data_Processed__123.txt";

    fn file(rows: &str) -> String {
        format!(
            "##NAMES=Quartz\n##RRUFFID=R040031\n##LOCALITY=somewhere far\naway in the hills\n##URL=example.org/R040031\n{rows}##END=\n\n\n"
        )
    }

    fn read(name: &str, content: &str) -> Decoded {
        let (format, decoded) = decode(name, content.as_bytes(), Limits::default());
        assert_eq!(format.map(|f| f.id), Some("rruff"));
        decoded.unwrap()
    }

    #[test]
    fn an_ordinary_file_gives_its_rows_and_facts() {
        let decoded = read(NAME, &file("100.5, 0.0000000E+00\r\n101.5, 20.25\r\n102.5, 31\r\n"));
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!((spectrum.x(), spectrum.y()), (&[100.5, 101.5, 102.5][..], &[0.0, 20.25, 31.0][..]));
        assert_eq!(spectrum.meta.title.as_deref(), Some("Quartz R040031"));
        assert_eq!(spectrum.meta.get("locality"), Some("somewhere far away in the hills"));
        assert_eq!(spectrum.meta.laser_nm, Some(532.0));
        assert_eq!(spectrum.meta.get("processing"), Some("Processed"));
        assert_eq!(spectrum.meta.get("orientation"), Some("unoriented"));
        assert!(decoded.warnings.is_empty(), "{:?}", decoded.warnings);
    }

    #[test]
    fn tabs_blanks_exponents_and_a_missing_end_change_nothing() {
        for rows in [
            "\n100.5\t1\n101.5\t2\n",
            "100.5 1\n101.5 2\n",
            "1.005e+02, 1.0e+00\n1.015e+02, 2.0e+00\n",
            "100.5,1\r\n101.5,2\r\n",
        ] {
            for content in [file(rows), file(rows).replace("##END=", "")] {
                let spectrum = read("a.txt", &content).spectra().next().unwrap();
                assert_eq!((spectrum.x(), spectrum.y()), (&[100.5, 101.5][..], &[1.0, 2.0][..]), "{content}");
            }
        }
    }

    #[test]
    fn a_missing_end_is_told() {
        let whole = file("100.5, 1\n101.5, 2\n").replace("##END=", "");
        assert!(read("a.txt", &whole).warnings[0].contains("no ##END="));
        assert!(read("a.txt", whole.trim_end()).warnings[0].contains("last number"));
    }

    #[test]
    fn a_file_name_without_double_underscores_is_understood() {
        let mut meta = Metadata::default();
        from_file_name("Anatase_R060277_Broad_Scan_0_unoriented_Raman_Data_RAW_21346", &mut meta);
        assert_eq!((meta.sample.as_deref(), meta.laser_nm), (Some("Anatase"), None));
        assert_eq!((meta.get("RRUFFID"), meta.get("processing")), (Some("R060277"), Some("Raw")));
    }

    #[test]
    fn files_without_a_spectrum_are_errors_that_name_file_and_line() {
        for rows in [
            "",
            "100.5, 3\n",
            "100.5, NaN\n101.5, NaN\n",
            "5, 1\n5, 2\n5, 3\n",
            "some words\n",
            "100.5,\n101.5,\n",
        ] {
            let (_, result) = decode(NAME, file(rows).as_bytes(), Limits::default());
            let error = result.unwrap_err().to_string();
            assert!(error.contains(NAME) && error.contains("RRUFF text, line"), "{rows:?}: {error}");
        }
    }

    #[test]
    fn other_files_that_begin_with_two_hashes_are_left_to_others() {
        let (format, _) = decode(
            "a.jdx",
            b"##TITLE=x\n##NAMES=y\n##XYDATA=(XY..XY)\n1 2\n3 4\n##END=\n",
            Limits::default(),
        );
        assert_ne!(format.map(|f| f.id), Some("rruff"));
    }
}
