//! `PerkinElmer` Spectrum (.sp): `PEPE`, a 40-byte description, then blocks inside blocks. A block is a 16-bit id, a
//! 32-bit length and its content; content that begins with a type tag (`?u`) is a value, other content is blocks.

use crate::spectrum::{AxisKind, Metadata, evenly};

use super::bytes::Bytes;
use super::dates::iso_date;
use super::settle::Curves;
use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff};

/// `PerkinElmer` Spectrum binary.
pub const FORMAT: Format =
    Format { id: "perkinelmer_sp", name: "PerkinElmer Spectrum (.sp)", extensions: &["sp"], sniff, read };

/// Bytes before the first block.
const HEAD: u64 = 44;
/// Bytes of a block's id and length.
const BLOCK: u64 = 6;
/// Blocks looked at; real files have about two hundred.
const BLOCKS: usize = 100_000;
/// The block that holds the spectrum.
const DATA_SET: u16 = 120;

const X_RANGE: u16 = 35_698;
const X_STEP: u16 = 35_700;
const POINTS: u16 = 35_701;
const X_UNIT: u16 = 35_703;
const Y_UNIT: u16 = 35_704;
const DATA_TYPE: u16 = 35_707;
const VALUES: u16 = 35_708;
const SOURCE: u16 = 35_709;
const NAME: u16 = 35_713;
const HISTORY_DATE: u16 = 35_700;

/// Instrument settings kept in the metadata.
const SETTINGS: [(u16, &str); 10] = [
    (35_838, "Serial number"),
    (35_839, "Firmware"),
    (35_841, "Detector"),
    (35_842, "Source"),
    (35_843, "Beam splitter"),
    (35_844, "Resolution (cm-1)"),
    (35_845, "Apodization"),
    (35_846, "Spectrum type"),
    (35_849, "Phase correction"),
    (35_854, "Accessory"),
];
const MODEL: u16 = 35_837;
const SCANS: u16 = 35_840;

fn sniff(head: &Head) -> Sniff {
    // `PEPE` and two letters of the data set's kind (`2D`, `1D`).
    let kind = head.bytes.get(4..6).is_some_and(|k| k[0].is_ascii_digit() && k[1] == b'D');
    if !head.starts_with(b"PEPE") {
        return Sniff::No;
    }
    if kind { Sniff::Sure } else { Sniff::Maybe }
}

/// A typed value.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Text(String),
    Number(f64),
    Pair(f64, f64),
    /// Offset of the first number and bytes of numbers.
    Array(u64, u64),
}

/// A block: what it is, and where its content lies.
#[derive(Debug, Clone, Copy)]
struct Block {
    id: u16,
    start: u64,
    length: u64,
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let bytes = Bytes::new(input);
    let description = bytes.string(4, 40, "the description")?;
    let set = blocks(input, HEAD, bytes.len())?
        .into_iter()
        .find(|b| b.id == DATA_SET)
        .ok_or_else(|| input.malformed(Place::Byte(HEAD), "there is no data set block (id 120)"))?;
    let members = blocks(input, set.start, set.start + set.length)?;
    let find = |id: u16| members.iter().find(|b| b.id == id);
    let need = |id: u16, what: &str| {
        let missing = || input.malformed(Place::Byte(set.start), format!("the data set has no {what}"));
        let block = find(id).ok_or_else(missing)?;
        Ok((block.start, value(bytes, block).ok_or_else(missing)?))
    };
    let (at, range) = need(X_RANGE, "x range")?;
    let Value::Pair(first, last) = range else {
        return Err(input.malformed(Place::Byte(at), "the x range is not a pair of numbers"));
    };
    let (at, points) = need(POINTS, "number of points")?;
    let Value::Number(points) = points else {
        return Err(input.malformed(Place::Byte(at), "the number of points is not a number"));
    };
    let (at, values) = need(VALUES, "intensities")?;
    let Value::Array(start, stored) = values else {
        return Err(input.malformed(Place::Byte(at), "the intensities are not an array of 64-bit numbers"));
    };
    let wanted = points as u64;
    if wanted > stored / 8 {
        return Err(input.malformed(
            Place::Byte(at),
            format!("{wanted} points are declared, the array holds {}", stored / 8),
        ));
    }
    let y: Vec<f32> =
        bytes.f64s(start, wanted, "the array of intensities")?.into_iter().map(|v| v as f32).collect();
    let x = evenly(first, last, y.len());
    let text = |id: u16| match find(id).and_then(|b| value(bytes, b)) {
        Some(Value::Text(text)) if !text.is_empty() => Some(text),
        _ => None,
    };
    let mut meta = Metadata {
        title: text(NAME),
        intensity_unit: text(Y_UNIT).map(|unit| if unit == "A" { "absorbance".to_owned() } else { unit }),
        ..Metadata::default()
    };
    meta.push("File kind", description);
    meta.push("Data type", text(DATA_TYPE).unwrap_or_default());
    meta.push("Original file", text(SOURCE).unwrap_or_default());
    describe(input, set, &mut meta);
    let mut curves = Curves::new(input);
    if let Some(Value::Number(step)) = find(X_STEP).and_then(|b| value(bytes, b)) {
        let found = (last - first) / points.max(2.0).mul_add(1.0, -1.0);
        if (found - step).abs() > 0.01 * found.abs() {
            curves.warn(format!(
                "The file states a step of {step}, its ends and number of points give {found}; the ends were used."
            ));
        }
    }
    let raman = [meta.get("Data type"), meta.instrument.as_deref(), meta.get("Spectrum type")]
        .into_iter()
        .flatten()
        .any(|words| words.to_lowercase().contains("raman"));
    let kind = match text(X_UNIT).unwrap_or_default().to_lowercase().as_str() {
        "cm-1" | "1/cm" if raman => AxisKind::RamanShift,
        "cm-1" | "1/cm" => AxisKind::Wavenumber,
        "nm" => AxisKind::Wavelength,
        other => AxisKind::Other(other.to_owned()),
    };
    curves.add(kind, x, y, meta)?;
    Ok(curves.finish())
}

/// The blocks that stand side by side from `start` to `end`. A block that runs past the end is an error at the top
/// and in the data set, where every block is needed.
fn blocks(input: &Input, start: u64, end: u64) -> Result<Vec<Block>, FormatError> {
    let bytes = Bytes::new(input);
    let mut found = Vec::new();
    let mut at = start;
    while at + BLOCK <= end && found.len() < BLOCKS {
        let id = bytes.u16(at, "a block")?;
        let length = bytes.i32(at + 2, "a block")?;
        let room = end - at - BLOCK;
        let Some(length) = u64::try_from(length).ok().filter(|n| *n <= room) else {
            return Err(input.malformed(
                Place::Byte(at),
                format!("block {id} says it is {length} bytes long, there is room for {room}"),
            ));
        };
        found.push(Block { id, start: at + BLOCK, length });
        at += BLOCK + length;
    }
    Ok(found)
}

fn value(bytes: Bytes, block: &Block) -> Option<Value> {
    let (at, length) = (block.start, block.length);
    let inside = |size: u64| (size <= length).then_some(());
    inside(2)?;
    let number = |offset: u64| bytes.f64(at + offset, "a number").ok();
    Some(match bytes.u16(at, "a type").ok()? {
        0x7523 => {
            inside(4)?;
            let width = u64::from(bytes.u16(at + 2, "a text length").ok()?);
            inside(4 + width)?;
            Value::Text(bytes.string(at + 4, width, "a text").ok()?)
        }
        0x751b | 0x751c => {
            inside(10)?;
            Value::Number(number(2)?)
        }
        0x751d => {
            inside(18)?;
            Value::Pair(number(2)?, number(10)?)
        }
        0x751a | 0x752b => {
            inside(6)?;
            Value::Number(bytes.u32(at + 2, "a number").ok()?.into())
        }
        0x752c | 0x7515 => {
            inside(4)?;
            Value::Number(bytes.u16(at + 2, "a number").ok()?.into())
        }
        0x7516 => {
            inside(6)?;
            let size = u64::from(bytes.u32(at + 2, "an array length").ok()?);
            inside(6 + size)?;
            Value::Array(at + 6, size)
        }
        _ => return None,
    })
}

/// Instrument and date from the history inside the data set. The outermost record comes first and is the newest.
fn describe(input: &Input, set: Block, meta: &mut Metadata) {
    let bytes = Bytes::new(input);
    let mut waiting = vec![set];
    let mut seen = 0;
    while let Some(outer) = waiting.pop() {
        for block in blocks(input, outer.start, outer.start + outer.length).unwrap_or_default() {
            seen += 1;
            if seen > BLOCKS {
                return;
            }
            let tagged = block.length >= 2 && bytes.u8(block.start + 1, "a type").is_ok_and(|t| t == 0x75);
            if !tagged {
                waiting.push(block);
                continue;
            }
            let setting = SETTINGS.iter().find(|(id, _)| *id == block.id);
            match (block.id, value(bytes, &block)) {
                (MODEL, Some(Value::Text(model))) if !model.is_empty() => meta.instrument = Some(model),
                (SCANS, Some(Value::Number(scans))) if scans > 0.0 => meta.accumulations = Some(scans as u32),
                (HISTORY_DATE, Some(Value::Text(date))) if !date.is_empty() => {
                    // The innermost record is the measurement itself.
                    meta.date = Some(iso_date(&date).unwrap_or(date));
                }
                (_, Some(Value::Text(text))) => meta.push(setting.map_or("", |s| s.1), text),
                (_, Some(Value::Number(v))) => meta.push(setting.map_or("", |s| s.1), v.to_string()),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Limits;
    use super::super::registry::decode;
    use super::*;

    fn block(id: u16, content: &[u8]) -> Vec<u8> {
        [&id.to_le_bytes()[..], &(content.len() as i32).to_le_bytes(), content].concat()
    }

    fn text(id: u16, words: &str) -> Vec<u8> {
        block(id, &[b"#u", &(words.len() as u16).to_le_bytes()[..], words.as_bytes()].concat())
    }

    fn tagged(id: u16, tag: u16, value: &[u8]) -> Vec<u8> {
        block(id, &[&tag.to_le_bytes()[..], value].concat())
    }

    fn range(first: f64, last: f64) -> Vec<u8> {
        tagged(X_RANGE, 0x751d, &[first.to_le_bytes(), last.to_le_bytes()].concat())
    }

    fn values(y: &[f64]) -> Vec<u8> {
        let numbers: Vec<u8> = y.iter().flat_map(|v| v.to_le_bytes()).collect();
        tagged(VALUES, 0x7516, &[&(numbers.len() as u32).to_le_bytes()[..], &numbers].concat())
    }

    fn file(points: u32, x: Vec<u8>, y: Vec<u8>) -> Vec<u8> {
        let record = [text(HISTORY_DATE, "Thu Mar 09 09:19:21 2006"), text(MODEL, "Spectrum One")].concat();
        let members = [
            block(35_711, &block(121, &record)),
            x,
            tagged(X_STEP, 0x751b, &(-1000.0_f64).to_le_bytes()),
            tagged(POINTS, 0x752b, &points.to_le_bytes()),
            text(X_UNIT, "cm-1"),
            text(Y_UNIT, "A"),
            text(NAME, "strip"),
            y,
        ];
        let mut out = b"PEPE2D constant interval DataSet file".to_vec();
        out.resize(HEAD as usize, 0);
        out.extend(block(DATA_SET, &members.concat()));
        out
    }

    fn decoded(bytes: &[u8]) -> Result<Decoded, FormatError> {
        let (format, result) = decode("ir/a.sp", bytes, Limits::default());
        assert_eq!(format.map(|f| f.id), Some("perkinelmer_sp"));
        result
    }

    fn error(bytes: &[u8]) -> String {
        let sentence = decoded(bytes).unwrap_err().to_string();
        assert!(sentence.contains("a.sp"), "{sentence}");
        sentence
    }

    #[test]
    fn a_spectrum_comes_with_its_metadata() {
        let decoded = decoded(&file(3, range(4000.0, 2000.0), values(&[1.0, 2.0, 3.0]))).unwrap();
        assert!(decoded.warnings.is_empty(), "{:?}", decoded.warnings);
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!(spectrum.x(), [4000.0, 3000.0, 2000.0]);
        assert_eq!(spectrum.y(), [1.0, 2.0, 3.0]);
        assert_eq!(*spectrum.axis().kind(), AxisKind::Wavenumber);
        let meta = &spectrum.meta;
        assert_eq!(
            (meta.title.as_deref(), meta.instrument.as_deref()),
            (Some("strip"), Some("Spectrum One"))
        );
        assert_eq!(meta.date.as_deref(), Some("2006-03-09T09:19:21"));
    }

    #[test]
    fn a_step_that_does_not_fit_the_ends_is_said() {
        let decoded = decoded(&file(3, range(4000.0, 3000.0), values(&[1.0, 2.0, 3.0]))).unwrap();
        assert!(decoded.warnings[0].contains("-1000"));
    }

    #[test]
    fn files_cut_anywhere_are_refused() {
        let whole = file(3, range(4000.0, 2000.0), values(&[1.0, 2.0, 3.0]));
        for cut in 6..whole.len() {
            error(&whole[..cut]);
        }
    }

    #[test]
    fn lying_counts_and_bad_axes_are_refused() {
        let y = || values(&[1.0, 2.0, 3.0]);
        assert!(error(&file(u32::MAX, range(4000.0, 2000.0), y())).contains("the array holds 3"));
        assert!(error(&file(3, range(f64::NAN, 2000.0), y())).contains("not a finite number"));
        assert!(error(&file(3, range(2000.0, 2000.0), y())).contains("constant"));
        assert!(error(&file(1, range(4000.0, 2000.0), y())).contains("at least 2"));
        assert!(error(&file(3, range(4000.0, 2000.0), text(VALUES, "none"))).contains("array"));
        assert!(error(&file(3, Vec::new(), y())).contains("no x range"));
        let mut lying = file(3, range(4000.0, 2000.0), y());
        lying[46..50].copy_from_slice(&i32::MAX.to_le_bytes());
        assert!(error(&lying).contains("byte 44"));
    }
}
