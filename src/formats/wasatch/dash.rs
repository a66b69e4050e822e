//! The Dash layout: a line of file facts, a line of field names, then a row for each axis and spectrum. A row begins
//! with the fields, of which `Note` says what it holds, and goes on with one value a pixel.

use crate::formats::settle::{polynomial, share_axes};
use crate::formats::vendor::{Block, Rows, Style, facts};
use crate::formats::{Decoded, FormatError, Input, Place};
use crate::spectrum::{AxisKind, Metadata};

use super::{add, quoted_cells, separator};

/// Parts of a measurement that follow its own row.
const PARTS: [&str; 3] = ["raw", "dark", "reference"];
/// Coefficients of the wavelength over the pixel, for files that carry no axis rows.
const COEFFICIENTS: [&str; 5] = ["CCD C0", "CCD C1", "CCD C2", "CCD C3", "CCD C4"];

pub fn read(input: &Input, lines: &[&str]) -> Result<Decoded, FormatError> {
    let mut filled = lines.iter().enumerate().filter(|(_, l)| !l.trim().is_empty()).skip(1);
    let Some((at, names)) = filled.next() else {
        return Err(input.malformed(Place::Line(lines.len()), "the file ends before the row of field names"));
    };
    let separator = separator(names);
    let names = quoted_cells(names, separator);
    let Some(note) = names.iter().position(|n| n.eq_ignore_ascii_case("Note")) else {
        return Err(
            input.malformed(Place::Line(at + 1), "no field is called Note, which says what a row holds")
        );
    };
    let style = Style::of(separator, filled.clone().map(|(_, l)| *l));
    let mut axis: Option<(AxisKind, Vec<f64>)> = None;
    let mut measured = false;
    let mut decoded = Decoded::default();
    for (index, line) in filled {
        let cells = quoted_cells(line, separator);
        let kind = cells.get(note).map(|c| c.to_lowercase()).unwrap_or_default();
        let values = || cells.iter().skip(names.len()).map(|c| style.number(c));
        if let Some(found) = axis_kind(&kind) {
            let values: Vec<f64> = values().collect();
            let varies = values.first().is_some_and(|first| values.iter().any(|v| (v - first).abs() > 0.0));
            // A later axis row of the same spectrometer is the better one: pixels, wavelengths, wavenumbers.
            if varies && (measured || axis.as_ref().is_none_or(|(known, _)| rank(known) <= rank(&found))) {
                axis = Some((found, values));
            }
            measured = false;
            continue;
        }
        if measured && PARTS.contains(&kind.as_str()) {
            continue;
        }
        let mut meta = Metadata::default();
        for (name, cell) in names.iter().zip(&cells) {
            add(&mut meta, name, cell);
        }
        let label =
            kind.strip_prefix("processed").map_or(kind.as_str(), |rest| rest.trim_matches([' ', '(', ')']));
        let title =
            facts::filled(label).unwrap_or_else(|| format!("{} {}", input.file_stem(), decoded.count() + 1));
        meta.title = Some(title);
        let values: Vec<f64> = values().collect();
        let place = Place::Line(index + 1);
        let (kind, positions) = match &axis {
            Some((kind, positions)) => (kind.clone(), positions.clone()),
            None => computed(&meta, values.len()),
        };
        if values.len() < positions.len() {
            let (found, wanted) = (values.len(), positions.len());
            decoded
                .warn(format!("Line {} holds {found} of {wanted} intensities and was left out.", index + 1));
            continue;
        }
        let block = Block::from_columns(kind, place, &positions, &[&values]);
        decoded.items.push(block.item(input, meta, Rows::default(), &mut decoded.warnings)?);
        measured = true;
    }
    if decoded.items.is_empty() {
        return Err(input.malformed(Place::Line(at + 2), "no row of intensities follows the field names"));
    }
    share_axes(&mut decoded.items);
    Ok(decoded)
}

fn axis_kind(note: &str) -> Option<AxisKind> {
    match note {
        "pixels" => Some(AxisKind::Pixel),
        "wavelengths" => Some(AxisKind::Wavelength),
        "wavenumbers" => Some(AxisKind::RamanShift),
        _ => None,
    }
}

fn rank(kind: &AxisKind) -> u8 {
    match kind {
        AxisKind::RamanShift => 2,
        AxisKind::Wavelength => 1,
        _ => 0,
    }
}

/// Wavelengths from the calibration, or plain pixels when there is none.
fn computed(meta: &Metadata, pixels: usize) -> (AxisKind, Vec<f64>) {
    let coefficients = COEFFICIENTS.map(|c| meta.get(c).and_then(facts::whole_number).unwrap_or_default());
    let at = |pixel: usize| polynomial(&coefficients, pixel as f64);
    if coefficients[1].abs() > 0.0 && coefficients[0] > 0.0 {
        return (AxisKind::Wavelength, (0..pixels).map(at).collect());
    }
    (AxisKind::Pixel, (0..pixels).map(|p| p as f64).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Limits, decode};

    const HEAD: &str = "\"Dash Output v2.1\",\"ENLIGHTEN version: 4.0\",\"Row\",\"Pixel Data\",\"S-1\"\n\
                        \"Line Number\",\"Integration Time\",\"Note\",\"CCD C0\",\"CCD C1\",\"Laser Wavelength\"\n";

    fn read_text(text: &str) -> Result<Decoded, FormatError> {
        let (format, result) = decode("day.csv", text.as_bytes(), Limits::default());
        assert_eq!(format.map(|f| f.id), Some("wasatch_csv"));
        result
    }

    #[test]
    fn axis_rows_are_used_and_parts_are_skipped() {
        let text = format!(
            "{HEAD}0,100,pixels,800,0.5,785,0,1,2\n0,100,wavenumbers,800,0.5,785,10.5,11.5,12.5\n\
             0,100,processed (ethanol),800,0.5,785,1,2,3\n0,,raw,,,,7,7,7\n1,200,processed,800,0.5,785,4,5,6\n"
        );
        let spectra: Vec<_> = read_text(&text).unwrap().spectra().collect();
        assert_eq!(spectra.len(), 2);
        assert_eq!(spectra[0].x(), [10.5, 11.5, 12.5]);
        assert_eq!((spectra[0].y(), spectra[1].y()), (&[1.0, 2.0, 3.0][..], &[4.0, 5.0, 6.0][..]));
        assert_eq!(spectra[0].meta.title.as_deref(), Some("ethanol"));
        assert_eq!((spectra[1].meta.integration_time_s, spectra[1].meta.laser_nm), (Some(0.2), Some(785.0)));
    }

    #[test]
    fn without_axis_rows_the_calibration_is_used() {
        let text = format!("{HEAD}\"1\",\"100\",\"Ethanol\",800,0.5,\"785.0\",1544,1556,1570\n");
        let spectrum = read_text(&text).unwrap().spectra().next().unwrap();
        assert_eq!(
            (spectrum.x(), spectrum.axis().kind()),
            (&[800.0, 800.5, 801.0][..], &AxisKind::Wavelength)
        );
    }

    #[test]
    fn damaged_files_are_errors_and_short_rows_are_told() {
        let cut = format!("{HEAD}0,1,wavelengths,,,,1,2,3\n0,1,processed,,,,1,2,3\n1,1,processed,,,,1\n");
        assert_eq!(read_text(&cut).unwrap().warnings.len(), 1);
        let cases = [
            "Dash Output v2.1\n".to_owned(),
            HEAD.to_owned(),
            "Dash Output v2.1\nLine,Time\n1,2\n".to_owned(),
            format!("{HEAD}0,1,processed\n"),
            format!("{HEAD}0,1,processed,,,,5\n"),
            format!("{HEAD}0,1,processed,,,,a,b,c\n"),
        ];
        for text in cases {
            let error = read_text(&text).unwrap_err().to_string();
            assert!(error.contains("day.csv"), "{error}");
        }
    }
}
