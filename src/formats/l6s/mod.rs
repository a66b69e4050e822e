//! Horiba `LabSpec` 6 (.l6s): a tagged tree with the same ids as `LabSpec`'s XML export. Single spectra are read; maps and
//! series keep their rows in a part of the tree that no file at hand shows, so they are refused.

mod tree;

use crate::spectrum::{AxisKind, Metadata};

use self::tree::{Node, Value};
use super::bytes::Bytes;
use super::dates::iso_date;
use super::settle::Curves;
use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff};

/// `LabSpec` 6 binary.
pub const FORMAT: Format =
    Format { id: "labspec6_l6s", name: "LabSpec 6 binary", extensions: &["l6s"], sniff, read };

const AXES_GROUP: u32 = 0x7a74_d9d6;
const AXES: u32 = 0x7b69_7861;
const VALUES: u32 = 0x7d6c_d4db;
const KIND: u32 = 0x6d70_7974;
const UNIT: u32 = 0x7c69_6e75;
const TITLE: u32 = 0x6c74_69d9;
const METADATA: u32 = 0x6c62_d4d9;
const NAME: u32 = 0x6d6d_616e;
const TEXT_VALUE: u32 = 0x7d6c_61db;
const EXACT_VALUE: u32 = 0x0873_6f70;

fn sniff(head: &Head) -> Sniff {
    head.starts_with(b"LabSpec6").into()
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let root = tree::read(input)?;
    let whole = |problem: &str| input.malformed(Place::Whole, problem);
    let axes = tree::find(&root, AXES_GROUP)
        .and_then(|group| group.child(AXES))
        .ok_or_else(|| whole("the tree has no list of axes"))?
        .children();
    if axes.len() > 2 {
        return Err(input.unsupported(format!(
            "a map or series with {} axes is not read; export it from LabSpec as text or XML",
            axes.len()
        )));
    }
    let axis = |id: u32| axes.iter().find(|a| a.id == id);
    let (Some(intensity), Some(spectral)) = (axis(0), axis(1)) else {
        return Err(whole("the tree has no intensity axis or no spectral axis"));
    };
    let floats = |axis: &Node| match axis.child(VALUES).map(|n| &n.value) {
        Some(Value::Floats { offset, count }) => Ok((*offset, *count)),
        _ => Err(whole("an axis has no list of values")),
    };
    let ((x_at, points), (y_at, intensities)) = (floats(spectral)?, floats(intensity)?);
    if points != intensities {
        return Err(input.malformed(
            Place::Byte(y_at),
            format!("{intensities} intensities stand beside {points} positions"),
        ));
    }
    let kind = spectral.child(KIND).and_then(Node::text).unwrap_or_default();
    if kind != "Spectr" {
        return Err(input.unsupported(format!(
            "its axis is of kind '{kind}', not a spectrum; export it from LabSpec as text or XML"
        )));
    }
    let bytes = Bytes::new(input);
    let x: Vec<f64> = bytes.f32s(x_at, points, "the axis")?.into_iter().map(f64::from).collect();
    let y = bytes.f32s(y_at, intensities, "the intensities")?;
    let kind = match spectral.child(UNIT).and_then(Node::text).unwrap_or_default() {
        "1/cm" => AxisKind::RamanShift,
        "1/cm abs" => AxisKind::Wavenumber,
        "nm" => AxisKind::Wavelength,
        "eV" => AxisKind::Energy,
        other => AxisKind::Other(other.to_owned()),
    };
    let mut meta = Metadata {
        title: tree::find(&root, TITLE).and_then(Node::text).map(str::to_owned),
        intensity_unit: intensity.child(UNIT).and_then(Node::text).map(|unit| match unit {
            "Cnt" => "counts".to_owned(),
            "Cnt/sec" => "counts/s".to_owned(),
            other => other.to_owned(),
        }),
        ..Metadata::default()
    };
    for group in tree::find(&root, METADATA).map(Node::children).unwrap_or_default() {
        for entry in group.children() {
            describe(entry, &mut meta);
        }
    }
    let mut curves = Curves::new(input);
    curves.add(kind, x, y, meta)?;
    Ok(curves.finish())
}

/// One named setting of the measurement.
fn describe(entry: &Node, meta: &mut Metadata) {
    let Some(name) = entry.child(NAME).and_then(Node::text) else { return };
    let Some(value) = entry.child(TEXT_VALUE) else { return };
    let exact = entry.child(EXACT_VALUE).and_then(Node::number);
    let shown = value.shown();
    let number = value.number().or_else(|| shown.trim().parse().ok());
    match name {
        "Acq. time (s)" => meta.integration_time_s = number,
        "Accumulations" => meta.accumulations = number.map(|n| n as u32).filter(|n| *n > 0),
        "Laser (nm)" => {
            // The text is the laser's name (`785`), the number its calibrated line (784.48).
            meta.laser_nm = exact.or(number).filter(|nm| (100.0..=20_000.0).contains(nm));
            meta.push("Laser", shown);
        }
        "Instrument" => meta.instrument = Some(shown).filter(|s| !s.is_empty()),
        "Sample" => meta.sample = Some(shown).filter(|s| !s.is_empty()),
        "Acquired" => meta.date = Some(iso_date(&shown).unwrap_or(shown)),
        "Title" => {}
        _ => meta.push(name, shown),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Limits;
    use super::super::registry::decode;
    use super::tree::testing::*;
    use super::*;

    fn axis(id: u32, kind: &str, unit: &str, values: &[f32]) -> Sketch {
        list(id, vec![short(KIND, kind), short(UNIT, unit), floats(VALUES, values)])
    }

    fn file_of(axes: Vec<Sketch>) -> Vec<u8> {
        let time = vec![short(NAME, "a"), number(TEXT_VALUE, 8.0)];
        let acquired = vec![text(NAME, "Acquired"), text(TEXT_VALUE, "26.01.2022 12:09:35")];
        let laser = vec![text(NAME, "Laser (nm)"), short(TEXT_VALUE, "785 "), number(EXACT_VALUE, 784.48)];
        file(vec![
            wide(TITLE, "Probe \u{b5}"),
            list(AXES_GROUP, vec![list(AXES, axes)]),
            list(METADATA, vec![list(1, vec![list(2, time), list(3, acquired), list(4, laser)])]),
        ])
    }

    fn ordinary() -> Vec<u8> {
        file_of(vec![
            axis(0, "Intens", "Cnt", &[5.0, 6.0, 7.0]),
            axis(1, "Spectr", "1/cm", &[100.0, 102.0, 105.0]),
        ])
    }

    fn decoded(bytes: &[u8]) -> Result<Decoded, FormatError> {
        let (format, result) = decode("maps/a.l6s", bytes, Limits::default());
        assert_eq!(format.map(|f| f.id), Some("labspec6_l6s"));
        result
    }

    fn error(bytes: &[u8]) -> String {
        let sentence = decoded(bytes).unwrap_err().to_string();
        assert!(sentence.contains("a.l6s"), "{sentence}");
        sentence
    }

    #[test]
    fn a_spectrum_comes_with_its_metadata() {
        let decoded = decoded(&ordinary()).unwrap();
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!(spectrum.x(), [100.0, 102.0, 105.0]);
        assert_eq!(spectrum.y(), [5.0, 6.0, 7.0]);
        assert_eq!(*spectrum.axis().kind(), AxisKind::RamanShift);
        let meta = &spectrum.meta;
        assert_eq!(meta.title.as_deref(), Some("Probe \u{b5}"));
        assert_eq!(meta.date.as_deref(), Some("2022-01-26T12:09:35"));
        assert!((meta.laser_nm.unwrap() - 784.48).abs() < 1e-9);
        assert_eq!(meta.intensity_unit.as_deref(), Some("counts"));
        assert_eq!(meta.get("a"), Some("8"));
    }

    #[test]
    fn a_map_is_refused_with_what_to_do() {
        let bytes = file_of(vec![
            axis(0, "Intens", "Cnt", &[5.0, 6.0]),
            axis(1, "Spectr", "1/cm", &[1.0, 2.0]),
            axis(2, "X", "um", &[1.0, 2.0]),
        ]);
        assert!(error(&bytes).contains("export it"));
    }

    #[test]
    fn files_cut_anywhere_are_refused() {
        let whole = ordinary();
        for cut in 8..whole.len() {
            error(&whole[..cut]);
        }
    }

    #[test]
    fn unequal_lists_and_bad_axes_are_refused() {
        let two = |x: &[f32], kind: &str| {
            file_of(vec![axis(0, "Intens", "Cnt", &[5.0, 6.0]), axis(1, kind, "nm", x)])
        };
        assert!(error(&two(&[1.0, 2.0, 3.0], "Spectr")).contains("2 intensities stand beside 3"));
        assert!(error(&two(&[1.0, f32::NAN], "Spectr")).contains("not a finite number"));
        assert!(error(&two(&[1.0, 1.0], "Spectr")).contains("constant"));
        assert!(error(&two(&[1.0, 2.0], "Time")).contains("'Time'"));
        assert!(error(&file(vec![wide(TITLE, "none")])).contains("no list of axes"));
        assert!(error(&file_of(vec![axis(0, "Intens", "Cnt", &[1.0])])).contains("no spectral axis"));
    }

    #[test]
    fn lying_counts_are_refused_with_their_place() {
        let mut bytes = ordinary();
        let count = 0x4c + 20;
        bytes[count..count + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(error(&bytes).contains("byte 100"), "{}", error(&bytes));
    }
}
