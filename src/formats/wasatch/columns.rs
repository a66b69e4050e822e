//! ENLIGHTEN files with a spectrum a column. The session export repeats axes for each spectrometer and intensities for
//! each measurement, grouped by measurement or by kind:
//!
//! ```text
//! Serial Number,,S1,,S1,          Serial Number,,,S1,S1,,S1,S1
//! S1,,Label a,,Label b,           S1,,Processed,,,Raw,,
//! Pixel,Wavenumber,Processed,Raw,Processed,Raw    Pixel,Wavenumber,,Label a,Label b,,Label a,Label b
//! ```

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::formats::settle::share_axes;
use crate::formats::vendor::{Block, Columns, Rows, Style, facts};
use crate::formats::{Decoded, FormatError, Input, Place};
use crate::spectrum::{AxisKind, Metadata};

use super::{add, quoted_cells};

/// Axis columns in the order of preference. Wasatch's `Wavenumber` is the Raman shift.
const AXES: [(&str, AxisKind); 3] =
    [("wavenumber", AxisKind::RamanShift), ("wavelength", AxisKind::Wavelength), ("pixel", AxisKind::Pixel)];
/// Kinds of intensity in the order of preference.
const KINDS: [&str; 4] = ["processed", "raw", "reference", "dark"];

/// One spectrum to be read.
struct Measurement {
    column: usize,
    kind: &'static str,
    label: String,
    /// Column of its metadata, `None` when the file holds only one value a key.
    facts: Option<usize>,
}

/// Column names without anything before them are known when they name an axis and `Processed`.
pub fn is_bare_names_row(line: &str) -> bool {
    let names = Style::point(',').names(line);
    is_axis(names.first().copied().unwrap_or_default())
        && names.iter().any(|n| n.eq_ignore_ascii_case("processed"))
}

fn is_axis(name: &str) -> bool {
    AXES.iter().any(|(axis, _)| name.eq_ignore_ascii_case(axis))
}

fn kind_of(name: &str) -> Option<&'static str> {
    KINDS.into_iter().find(|kind| name.eq_ignore_ascii_case(kind))
}

pub fn read(input: &Input, lines: &[&str], separator: char) -> Result<Decoded, FormatError> {
    let is_names = |line: &&str| {
        let cells = quoted_cells(line, separator);
        let first = cells.iter().find(|c| !c.is_empty());
        first.is_some_and(|c| {
            is_axis(c) || (kind_of(c).is_some() && cells.iter().all(|c| kind_of(c).is_some()))
        })
    };
    let Some(at) = lines.iter().position(is_names) else {
        let problem = "the file ends without the row of column names (Pixel,Wavelength,Wavenumber,Processed)";
        return Err(input.malformed(Place::Line(lines.len()), problem));
    };
    let names = lines.get(at).map(|l| quoted_cells(l, separator)).unwrap_or_default();
    let above =
        at.checked_sub(1).and_then(|i| lines.get(i)).map(|l| quoted_cells(l, separator)).unwrap_or_default();
    let rows = lines.get(at + 1..).unwrap_or_default();
    let columns =
        Columns::read(Style::of(separator, rows.iter().copied()), names.len(), rows.iter().copied());
    let place = Place::Line(at + 2);
    if columns.rows == 0 {
        return Err(input.malformed(place, "no row of numbers follows the column names"));
    }
    let measurements = measurements(&names, &above);
    if measurements.is_empty() {
        return Err(
            input.malformed(Place::Line(at + 1), "no column is called Processed, Raw, Reference or Dark")
        );
    }
    let header: Vec<Vec<Cow<str>>> =
        lines.get(..at).unwrap_or_default().iter().map(|l| quoted_cells(l, separator)).collect();
    let groups = axis_groups(&names, &above);
    let serials = groups.iter().enumerate().map(|(i, g)| (g.serial.as_str(), i)).collect();
    let mut decoded = Decoded::default();
    for measurement in &measurements {
        let meta = metadata(input, &header, measurement);
        let axis = axis(&groups, &serials, &columns, &meta);
        let Some((kind, positions)) = axis else {
            return Err(input.malformed(place, "no column of positions holds numbers"));
        };
        // A cropped measurement has empty cells before and behind its region.
        let intensities = columns.get(measurement.column);
        let used = |v: &f64| v.is_finite();
        let start = intensities.iter().position(used).unwrap_or(0);
        let end = intensities.iter().rposition(used).map_or(0, |i| i + 1);
        let part = |list: &'_ [f64]| list.get(start..end).unwrap_or_default().to_vec();
        let block = Block::from_columns(kind, place, &part(positions), &[&part(intensities)]);
        decoded.items.push(block.item(input, meta, Rows::default(), &mut decoded.warnings)?);
    }
    if let Some(other) = measurements.iter().find(|m| m.kind != KINDS[0]) {
        decoded.warn(format!("There is no column Processed; {} was taken.", other.kind));
    }
    share_axes(&mut decoded.items);
    decoded.warnings.dedup();
    decoded.warnings.extend(columns.stop_warning(at + 1));
    Ok(decoded)
}

/// The columns to read: of every measurement the first kind of intensity that the file has.
fn measurements(names: &[Cow<str>], above: &[Cow<str>]) -> Vec<Measurement> {
    let of_kind =
        |kind: &'static str| names.iter().enumerate().filter(move |(_, n)| n.eq_ignore_ascii_case(kind));
    // Grouped by measurement: the label stands above the first column of its group.
    let label_at = |column: usize| {
        (0..=column)
            .rev()
            .take(KINDS.len())
            .take_while(|i| names.get(*i).is_some_and(|n| !is_axis(n)))
            .find_map(|i| above.get(i).filter(|l| !l.is_empty()).map(|l| (i, l.to_string())))
    };
    for kind in KINDS {
        let found: Vec<Measurement> = of_kind(kind)
            .map(|(column, _)| match label_at(column) {
                Some((facts, label)) => Measurement { column, kind, label, facts: Some(facts) },
                None => Measurement { column, kind, label: String::new(), facts: None },
            })
            .collect();
        if !found.is_empty() {
            return found;
        }
    }
    // Grouped by kind: the kind stands above an empty column, the labels are the names behind it.
    for kind in KINDS {
        let Some(start) = above.iter().position(|c| c.eq_ignore_ascii_case(kind)) else { continue };
        let end = (start + 1..above.len()).find(|i| above.get(*i).is_some_and(|c| !c.is_empty()));
        let found: Vec<Measurement> = (start..end.unwrap_or(names.len()))
            .filter_map(|column| {
                let label = names.get(column).filter(|n| !n.is_empty())?.to_string();
                Some(Measurement { column, kind, label, facts: Some(column) })
            })
            .collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// Axis columns of one spectrometer, with its serial number when the file names it.
#[derive(Default)]
struct AxisGroup {
    serial: String,
    columns: Vec<(String, usize)>,
}

fn axis_groups(names: &[Cow<str>], above: &[Cow<str>]) -> Vec<AxisGroup> {
    let mut groups: Vec<AxisGroup> = Vec::new();
    for (index, name) in names.iter().enumerate().filter(|(_, n)| is_axis(n)) {
        let name = name.to_lowercase();
        if groups.last().is_none_or(|g| g.columns.iter().any(|(n, _)| *n == name)) {
            let serial = above.get(index).map(ToString::to_string).unwrap_or_default();
            groups.push(AxisGroup { serial, columns: Vec::new() });
        }
        if let Some(group) = groups.last_mut() {
            group.columns.push((name, index));
        }
    }
    groups
}

/// The best axis of the measurement's spectrometer: without a laser the wavenumbers are empty or all zero.
fn axis<'a>(
    groups: &[AxisGroup],
    serials: &BTreeMap<&str, usize>,
    columns: &'a Columns,
    meta: &Metadata,
) -> Option<(AxisKind, &'a [f64])> {
    let serial = meta.get("Serial Number").unwrap_or_default();
    let known = serials.get(serial).and_then(|i| groups.get(*i));
    let group = known.or(groups.first())?;
    AXES.iter().find_map(|(name, kind)| {
        let (_, index) = group.columns.iter().find(|(n, _)| n == name)?;
        let values = columns.get(*index);
        let first = values.iter().find(|v| v.is_finite())?;
        let varies = values.iter().any(|v| v.is_finite() && (v - first).abs() > 0.0);
        varies.then(|| (kind.clone(), values))
    })
}

fn metadata(input: &Input, header: &[Vec<Cow<str>>], measurement: &Measurement) -> Metadata {
    let mut meta = Metadata::default();
    for cells in header {
        let Some((key, values)) = cells.split_first() else { continue };
        let value = match measurement.facts {
            // The version stands in the second cell in every layout.
            Some(column) if key != super::ENLIGHTEN => {
                cells.get(column).map(ToString::to_string).unwrap_or_default()
            }
            _ => values.join(",").trim_end_matches(',').to_owned(),
        };
        if !key.is_empty() && (values.len() < 2 || !value.is_empty()) {
            add(&mut meta, key, &value);
        }
    }
    if meta.title.is_none() {
        meta.title = facts::filled(&measurement.label).or_else(|| Some(input.file_stem().to_owned()));
    }
    meta
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Limits, decode};

    const HEAD: &str = "ENLIGHTEN Version,4.1.44\nSerial Number,WP-1\nModel,WP-785XS\nLabel,11_15_28 WP-1\n\
                        Scan Averaging,2\nIntegration Time,2000\nTimestamp,2026-04-06 11:15:25.957743\n\
                        Note,\"dry, cold\"\nLaser Wavelength,784.896\nLaser Power mW,\n\n";

    fn read_text(text: &str) -> Result<Decoded, FormatError> {
        let (format, result) = decode("acid.csv", text.as_bytes(), Limits::default());
        assert_eq!(format.map(|f| f.id), Some("wasatch_csv"));
        result
    }

    #[test]
    fn processed_over_wavenumber_is_read_with_its_metadata() {
        let decoded = read_text(&format!(
            "{HEAD}Pixel,Wavelength,Wavenumber,Processed,Raw\n0,804.1,303.5,-1.25,9\n1,804.2,304.5,2.5,9\n"
        ))
        .unwrap();
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!((spectrum.x(), spectrum.y()), (&[303.5, 304.5][..], &[-1.25, 2.5][..]));
        assert_eq!(spectrum.axis().kind(), &AxisKind::RamanShift);
        let meta = &spectrum.meta;
        assert_eq!(
            (meta.laser_nm, meta.integration_time_s, meta.accumulations),
            (Some(784.896), Some(2.0), Some(2))
        );
        assert_eq!(meta.title.as_deref(), Some("11_15_28 WP-1"));
        assert_eq!(meta.date.as_deref(), Some("2026-04-06T11:15:25.957743"));
        assert_eq!(meta.get("Note"), Some("dry, cold"));
        assert!(decoded.warnings.is_empty());
    }

    #[test]
    fn any_subset_of_columns_is_read() {
        let cases = [
            ("Pixel,Wavelength,Processed\n0,800.5,1\n1,801.5,2\n", AxisKind::Wavelength, 0),
            ("Pixel,Processed\n0,1\n1,2\n", AxisKind::Pixel, 0),
            ("Wavelength,Wavenumber,Processed\n800.5,0.00,1\n801.5,0.00,2\n", AxisKind::Wavelength, 0),
            ("Wavenumber,Raw\n100.5,1\n101.5,2\n", AxisKind::RamanShift, 1),
        ];
        for (rows, kind, warnings) in cases {
            let decoded = read_text(&format!("{HEAD}{rows}")).unwrap();
            let spectrum = decoded.spectra().next().unwrap();
            assert_eq!((spectrum.axis().kind(), spectrum.y()), (&kind, &[1.0, 2.0][..]), "{rows}");
            assert_eq!(decoded.warnings.len(), warnings, "{:?}", decoded.warnings);
        }
        assert_eq!(read_text("Pixel,Wavenumber,Processed\n0,1,5\n1,2,6\n").unwrap().count(), 1);
        let european = read_text(
            "ENLIGHTEN Version;4.1\nLaser Wavelength;784,5\n\nWavenumber;Processed\n1,5;2,5\n2,5;3,5\n",
        );
        let spectrum = european.unwrap().spectra().next().unwrap();
        assert_eq!((spectrum.y(), spectrum.meta.laser_nm), (&[2.5, 3.5][..], Some(784.5)));
    }

    #[test]
    fn cropped_ends_are_silent_and_gaps_are_told() {
        let rows = "Wavenumber,Processed\n1,\n2,NA\n3,30\n4,\n5,50\n6,60\n7,NA\n";
        let decoded = read_text(&format!("{HEAD}{rows}")).unwrap();
        assert_eq!(decoded.spectra().next().unwrap().x(), [3.0, 5.0, 6.0]);
        assert_eq!(decoded.warnings.len(), 1);
        assert!(decoded.warnings[0].starts_with("1 of 4"), "{:?}", decoded.warnings);
    }

    #[test]
    fn an_export_grouped_by_measurement_gives_each_its_metadata() {
        let text = "ENLIGHTEN Version,4.1\nSerial Number,,,,S1,,S1,,S2,\nLabel,,,,a,,b,,c,\n\
                    Integration Time,,,,100,,200,,300,\n\n\
                    S1,,S2,,a,,b,,c,\nPixel,Wavenumber,Pixel,Wavenumber,Processed,Raw,Processed,Raw,Processed,Raw\n\
                    0,10,0,50,1,9,3,9,5,9\n1,11,1,51,2,9,4,9,6,9\n";
        let spectra: Vec<_> = read_text(text).unwrap().spectra().collect();
        let firsts: Vec<f64> = spectra.iter().map(|s| s.x()[0]).collect();
        assert_eq!(firsts, [10.0, 10.0, 50.0]);
        assert_eq!((spectra[1].y(), spectra[2].y()), (&[3.0, 4.0][..], &[5.0, 6.0][..]));
        let titles: Vec<_> = spectra.iter().filter_map(|s| s.meta.title.as_deref()).collect();
        assert_eq!(titles, ["a", "b", "c"]);
        assert_eq!(spectra[2].meta.integration_time_s, Some(0.3));
        assert!(std::sync::Arc::ptr_eq(spectra[0].axis(), spectra[1].axis()));
    }

    #[test]
    fn an_export_grouped_by_kind_gives_the_processed_group() {
        let text = "ENLIGHTEN Version,4.1\nSerial Number,,,S1,S1,,S1,S1\nIntegration Time,,,100,200,,100,200\n\n\
                    S1,,Processed,,,Raw,,\nPixel,Wavenumber,,a,b,,a,b\n0,10,,1,3,,9,9\n1,11,,2,4,,9,9\n";
        let spectra: Vec<_> = read_text(text).unwrap().spectra().collect();
        assert_eq!(spectra.len(), 2);
        assert_eq!((spectra[0].y(), spectra[1].y()), (&[1.0, 2.0][..], &[3.0, 4.0][..]));
        assert_eq!(spectra[1].meta.title.as_deref(), Some("b"));
        assert_eq!(spectra[1].meta.integration_time_s, Some(0.2));
    }

    #[test]
    fn damaged_files_are_errors() {
        let cases = [
            HEAD.to_owned(),
            format!("{HEAD}Pixel,Wavenumber,Processed\n"),
            format!("{HEAD}Pixel,Wavenumber,Processed\nx,y,z\n"),
            format!("{HEAD}Pixel,Wavenumber,Processed\n0,100,5\n"),
            format!("{HEAD}Wavenumber,Processed\n100,5\n100,6\n"),
            format!("{HEAD}Pixel,Wavenumber\n0,100\n1,101\n"),
            format!("{HEAD}Wavenumber,Processed\n100,\n101,\n"),
        ];
        for text in cases {
            let error = read_text(&text).unwrap_err().to_string();
            assert!(error.contains("acid.csv"), "{error}");
        }
    }
}
