//! NumPy archives: zip files of `.npy` arrays of little-endian floats, stored or deflated.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use zip::ZipArchive;

use super::super::BenchError;

/// Most bytes of one array: ten thousand spectra of a thousand points are 40 million.
const MOST_BYTES: u64 = 1 << 28;

/// An array of up to three dimensions, rows first.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
}

impl Array {
    /// The rows of the last dimension.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.shape.last().copied().unwrap_or(1).max(1))
    }
}

/// All arrays of an archive by their names.
pub fn read(path: &Path) -> Result<BTreeMap<String, Array>, BenchError> {
    let wrong = |problem: String| BenchError::data(path, problem);
    let file = std::fs::File::open(path).map_err(|e| wrong(e.to_string()))?;
    let mut archive = ZipArchive::new(file).map_err(|e| wrong(format!("no NumPy archive: {e}")))?;
    let mut arrays = BTreeMap::new();
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|e| wrong(format!("entry {}: {e}", at + 1)))?;
        let name = entry.name().map_err(|e| wrong(format!("entry {}: {e}", at + 1)))?.into_owned();
        let mut bytes = Vec::new();
        entry.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|e| wrong(format!("{name}: {e}")))?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(wrong(format!("{name}: an array of more than {MOST_BYTES} bytes")));
        }
        let array = array(&bytes).map_err(|problem| wrong(format!("{name}: {problem}")))?;
        arrays.insert(name.trim_end_matches(".npy").to_owned(), array);
    }
    Ok(arrays)
}

fn array(bytes: &[u8]) -> Result<Array, String> {
    let number = |at: usize, count: usize| -> Option<usize> {
        let bytes = bytes.get(at..at + count)?;
        Some(bytes.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
    };
    if !bytes.starts_with(b"\x93NUMPY") {
        return Err("no NumPy array".to_owned());
    }
    let (start, size) = if bytes.get(6) == Some(&1) { (10, 2) } else { (12, 4) };
    let length = number(8, size).ok_or("the array ends in its head")?;
    let end = start + length;
    let head = bytes.get(start..end).ok_or("the array ends in its head")?;
    let head = String::from_utf8_lossy(head).replace(' ', "");
    let form = |code: &str| head.contains(&format!("'descr':'{code}'"));
    if head.contains("'fortran_order':True") || !(form("<f4") || form("<f8")) {
        return Err(format!("{head}: little-endian floats, rows first, were expected"));
    }
    let shape = head.split("'shape':(").nth(1).and_then(|rest| rest.split(')').next()).unwrap_or_default();
    let shape: Vec<usize> = shape
        .split(',')
        .filter(|side| !side.is_empty())
        .map(|side| side.parse().map_err(|_no_number| format!("'{side}' is no length")))
        .collect::<Result<_, _>>()?;
    let count =
        shape.iter().try_fold(1_usize, |all, side| all.checked_mul(*side)).ok_or("too large a shape")?;
    let data = bytes.get(end..).unwrap_or_default();
    let values: Vec<f64> = if form("<f4") {
        data.as_chunks::<4>().0.iter().map(|four| f64::from(f32::from_le_bytes(*four))).collect()
    } else {
        data.as_chunks::<8>().0.iter().map(|eight| f64::from_le_bytes(*eight)).collect()
    };
    if values.len() < count {
        return Err(format!("{} values where the shape {shape:?} needs {count}", values.len()));
    }
    Ok(Array { shape, values: values.into_iter().take(count).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn npy(form: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let head = format!("{{'descr': '{form}', 'fortran_order': False, 'shape': ({shape}), }}\n");
        [b"\x93NUMPY\x01\x00".as_slice(), &(head.len() as u16).to_le_bytes(), head.as_bytes(), data].concat()
    }

    #[test]
    fn arrays_are_read_and_bad_ones_told() {
        let data: Vec<u8> = (0..6).flat_map(|i| (i as f32).to_le_bytes()).collect();
        let read = array(&npy("<f4", "2, 3", &data)).unwrap();
        assert_eq!((read.shape.as_slice(), read.rows().count()), ([2, 3].as_slice(), 2));
        assert_eq!(read.rows().nth(1).unwrap(), [3.0, 4.0, 5.0]);
        for (bytes, says) in [
            (npy("<f4", "2, 4", &data), "6 values"),
            (npy("<i4", "2, 3", &data), "floats"),
            (npy("<f4", "2, x", &data), "no length"),
            (npy("<f4", "9999999999, 9999999999", &data), "too large"),
            (b"PK".to_vec(), "no NumPy"),
            (b"\x93NUMPY\x01\x00\xff\xff".to_vec(), "ends in its head"),
        ] {
            let said = array(&bytes).unwrap_err();
            assert!(said.contains(says), "{said}");
        }
    }
}
