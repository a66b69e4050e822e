//! NumPy arrays (.npy) of two columns or two rows: positions and intensities. Library tables have a loader of their
//! own.

use crate::spectrum::Metadata;

use super::bytes::Bytes;
use super::number_form::NumberForm;
use super::settle::{Grid, assumed_shift};
use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff};

/// NumPy array.
pub const FORMAT: Format = Format { id: "npy", name: "NumPy array", extensions: &["npy"], sniff, read };

const MAGIC: &[u8] = b"\x93NUMPY";

fn sniff(head: &Head) -> Sniff {
    head.starts_with(MAGIC).into()
}

/// What the header's dictionary says.
struct Header {
    /// Type code such as `<f8`.
    form: String,
    /// Columns run fastest when false.
    fortran: bool,
    rows: u64,
    columns: u64,
    data: u64,
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let header = header(input)?;
    let bytes = Bytes::new(input);
    let (order, code) = header.form.split_at_checked(1).unwrap_or_default();
    let Some(form) = number_form(code) else {
        let problem = format!("arrays of type {} are not read; save floats or integers", header.form);
        return Err(input.unsupported(problem));
    };
    let count = header.rows.saturating_mul(header.columns);
    let stored = bytes.slice(header.data, count.saturating_mul(form.size() as u64), "the array")?;
    input.allowed(Place::Byte(header.data), count, 8)?;
    let values: Vec<f64> =
        stored.chunks_exact(form.size()).map(|chunk| form.read(chunk, order == ">")).collect();
    let side = usize::try_from(header.rows.max(header.columns)).unwrap_or(usize::MAX);
    // Positions and intensities lie one after the other, or in turns.
    let one_after_other = (header.columns == 2) == header.fortran;
    let (x, y): (Vec<f64>, Vec<f64>) = if one_after_other {
        let (x, y) = values.split_at_checked(side).unwrap_or((&[], &[]));
        (x.to_vec(), y.to_vec())
    } else {
        values.as_chunks::<2>().0.iter().map(|[x, y]| (*x, *y)).unzip()
    };
    let values = y.into_iter().map(|v| v as f32).collect();
    let grid = Grid { x, values, meta: Metadata::default(), ..Grid::default() };
    let mut decoded = Decoded::default();
    let kind = assumed_shift(&mut decoded);
    let item = grid.finish(input, kind, &mut decoded.warnings)?;
    decoded.items.push(item);
    Ok(decoded)
}

fn header(input: &Input) -> Result<Header, FormatError> {
    let bytes = Bytes::new(input);
    let (start, length) = match bytes.u8(6, "version")? {
        1 => (10, u64::from(bytes.u16(8, "header length")?)),
        2 | 3 => (12, u64::from(bytes.u32(8, "header length")?)),
        version => {
            let problem = format!("version {version} was found, 1 to 3 were expected");
            return Err(input.malformed(Place::Byte(6), problem));
        }
    };
    let text = bytes.string(start, length, "the header")?;
    let value = |key: &str| {
        let after = text.split_once(key)?.1;
        Some(after.trim_start_matches(['\'', '"', ':', ' ']))
    };
    let missing = |what: &str| input.malformed(Place::Byte(start), format!("the header has no {what}"));
    let form = value("descr").and_then(|v| v.split(['\'', '"']).next()).ok_or_else(|| missing("type"))?;
    let fortran = value("fortran_order").is_some_and(|v| v.starts_with("True"));
    let shape = value("shape").and_then(|v| v.trim_start_matches('(').split(')').next());
    let sides: Vec<u64> = shape
        .ok_or_else(|| missing("shape"))?
        .split(',')
        .map(str::trim)
        .filter(|side| !side.is_empty())
        .map(|side| side.trim_end_matches('L').parse().ok())
        .collect::<Option<_>>()
        .ok_or_else(|| missing("shape of whole numbers"))?;
    match sides[..] {
        [rows, columns] if columns == 2 || rows == 2 => {
            Ok(Header { form: form.to_owned(), fortran, rows, columns, data: start.saturating_add(length) })
        }
        _ => Err(input.unsupported(format!(
            "an array of shape {sides:?} does not say which numbers are positions; save two columns (n x 2)"
        ))),
    }
}

/// The form behind the mark of the byte order.
fn number_form(code: &str) -> Option<NumberForm> {
    Some(match code {
        "f8" => NumberForm::F64,
        "f4" => NumberForm::F32,
        "i8" => NumberForm::I64,
        "u8" => NumberForm::U64,
        "i4" => NumberForm::I32,
        "u4" => NumberForm::U32,
        "i2" => NumberForm::I16,
        "u2" => NumberForm::U16,
        "i1" => NumberForm::I8,
        "u1" => NumberForm::U8,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Limits;

    fn npy(form: &str, fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
        let order = if fortran { "True" } else { "False" };
        let header = format!("{{'descr': '{form}', 'fortran_order': {order}, 'shape': ({shape}), }}\n");
        let length = (header.len() as u16).to_le_bytes();
        [MAGIC, &[1, 0], &length, header.as_bytes(), data].concat()
    }

    fn doubles(values: &[f64]) -> Vec<u8> {
        values.iter().flat_map(|v| v.to_le_bytes()).collect()
    }

    fn decode(bytes: &[u8]) -> Result<Decoded, FormatError> {
        read(&Input { name: "a.npy", bytes, limits: Limits::default(), format: FORMAT.name })
    }

    #[test]
    fn every_orientation_gives_the_same_spectrum() {
        let turns = doubles(&[1.0, 10.0, 2.0, 20.0, 3.0, 30.0]);
        let blocks = doubles(&[1.0, 2.0, 3.0, 10.0, 20.0, 30.0]);
        let big: Vec<u8> = [1, 10, 2, 20, 3, 30].iter().flat_map(|v: &i32| v.to_be_bytes()).collect();
        for file in [
            npy("<f8", false, "3, 2", &turns),
            npy("<f8", true, "3, 2", &blocks),
            npy("<f8", false, "2, 3", &blocks),
            npy("<f8", true, "2, 3", &turns),
            npy(">i4", false, "3, 2", &big),
        ] {
            assert_eq!(sniff(&Head::new("a", &file)), Sniff::Sure);
            let spectrum = decode(&file).unwrap().spectra().next().unwrap();
            assert_eq!((spectrum.x(), spectrum.y()), (&[1.0, 2.0, 3.0][..], &[10.0, 20.0, 30.0][..]));
        }
    }

    #[test]
    fn arrays_that_are_no_spectrum_are_refused() {
        let sentence = |bytes: &[u8]| decode(bytes).unwrap_err().to_string();
        let data = doubles(&[1.0, 2.0, 3.0, 4.0]);
        assert!(sentence(&npy("<f8", false, "4,", &data)).contains("n x 2"));
        assert!(sentence(&npy("<f8", false, "5, 2", &data)).contains("needs 80 bytes"));
        assert!(sentence(&npy("<f8", false, "99999999999999999999, 2", &data)).contains("shape"));
        assert!(sentence(&npy("<f8", false, "4611686018427387904, 2", &data)).contains("bytes"));
        assert!(sentence(&npy("|O", false, "2, 2", &data)).contains("|O"));
        assert!(sentence(&npy("<f8", false, "2, 2", &data)[..20]).contains("header"));
        assert!(sentence(b"\x93NUMPY\x09\0").contains("version 9"));
        assert!(sentence(&npy("<f8", false, "2, 2", &doubles(&[5.0, 2.0, 5.0, 4.0]))).contains("constant"));
    }
}
