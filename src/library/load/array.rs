//! `.npy` arrays of two dimensions, plain or gzipped: little-endian floats in C order, as label tables use them.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::formats::{Limits, Place};

use super::super::LibraryError;
use super::io_error;

const WHAT: &str = "NumPy array";
/// Deflate cannot shrink anything below this share of its size.
const DEFLATE_LIMIT: u64 = 1040;
/// Longest header taken seriously; 118 bytes are usual for two dimensions.
const MAX_HEADER: usize = 1 << 16;

/// An open array whose header was read.
pub(super) struct Array {
    file: String,
    reader: Box<dyn Read>,
    data_at: u64,
    item_bytes: u64,
    stored_bytes: u64,
    gzipped: bool,
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
}

impl Array {
    /// Opens a file and reads its header, not its numbers.
    pub fn open(path: &Path) -> Result<Self, LibraryError> {
        let file = path.display().to_string();
        let handle = File::open(path).map_err(io_error(&file))?;
        let stored_bytes = handle.metadata().map_err(io_error(&file))?.len();
        let gzipped = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gz"));
        let plain = BufReader::with_capacity(1 << 16, handle);
        let reader: Box<dyn Read> =
            if gzipped { Box::new(MultiGzDecoder::new(plain)) } else { Box::new(plain) };
        let mut array =
            Self { file, reader, data_at: 0, item_bytes: 4, stored_bytes, gzipped, rows: 0, columns: 0 };
        array.read_header()?;
        Ok(array)
    }

    fn read_header(&mut self) -> Result<(), LibraryError> {
        let start = self.take(10, "the magic bytes and version")?;
        let (long, low) = match start.as_slice() {
            [0x93, b'N', b'U', b'M', b'P', b'Y', 1, _, a, b] => (false, [*a, *b]),
            [0x93, b'N', b'U', b'M', b'P', b'Y', 2 | 3, _, a, b] => (true, [*a, *b]),
            _ => return Err(self.malformed("the file does not begin like a .npy file of version 1, 2 or 3")),
        };
        let high = if long { self.take(2, "the header length")? } else { vec![0, 0] };
        let high = high.first_chunk::<2>().map_or(0, |b| u16::from_le_bytes(*b));
        let length = usize::from(u16::from_le_bytes(low)) + (usize::from(high) << 16);
        if length > MAX_HEADER {
            return Err(self.malformed(&format!("a header of {length} bytes is not NumPy's")));
        }
        let header = self.take(length, "the header")?;
        let header = String::from_utf8_lossy(&header).replace(' ', "");
        self.item_bytes = match () {
            () if header.contains("'descr':'<f4'") => 4,
            () if header.contains("'descr':'<f8'") => 8,
            () => return Err(self.malformed("only little-endian floats ('<f4', '<f8') are read")),
        };
        if !header.contains("'fortran_order':False") {
            return Err(self.malformed("only arrays in C order are read"));
        }
        let shape = header.split_once("'shape':(").and_then(|(_, rest)| rest.split_once(')'));
        let sizes: Option<Vec<usize>> = shape.and_then(|(sizes, _)| {
            sizes.split(',').filter(|size| !size.is_empty()).map(|size| size.parse().ok()).collect()
        });
        let Some([rows, columns]) = sizes.as_deref() else {
            return Err(self.malformed("an array of two dimensions is needed"));
        };
        (self.rows, self.columns) = (*rows, *columns);
        Ok(())
    }

    /// All numbers, row after row, after the sizes were checked against the file and the limit.
    pub fn read(mut self, limits: Limits) -> Result<Vec<f32>, LibraryError> {
        let count = (self.rows as u64).checked_mul(self.columns as u64);
        let wanted = count.and_then(|count| count.checked_mul(self.item_bytes)).unwrap_or(u64::MAX);
        let room =
            if self.gzipped { self.stored_bytes.saturating_mul(DEFLATE_LIMIT) } else { self.stored_bytes };
        if wanted > room {
            return Err(self.malformed(&format!(
                "{} x {} numbers cannot stand in a file of {} bytes",
                self.rows, self.columns, self.stored_bytes
            )));
        }
        if wanted > limits.decoded_bytes {
            let (file, place, limit) = (self.file, Place::Byte(self.data_at), limits.decoded_bytes);
            return Err(LibraryError::TooLarge { file, what: WHAT, place, wanted, limit });
        }
        let mut values = Vec::with_capacity((wanted / self.item_bytes) as usize);
        let mut left = wanted as usize;
        while left > 0 {
            // A multiple of both item sizes.
            let part = self.take(left.min(1 << 16), "the numbers")?;
            left -= part.len();
            if self.item_bytes == 4 {
                values.extend(part.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)));
            } else {
                values.extend(part.as_chunks().0.iter().map(|b| f64::from_le_bytes(*b) as f32));
            }
        }
        Ok(values)
    }

    /// Exactly `length` further bytes.
    fn take(&mut self, length: usize, what: &str) -> Result<Vec<u8>, LibraryError> {
        let mut bytes = vec![0; length];
        match self.reader.read_exact(&mut bytes) {
            Ok(()) => {
                self.data_at += length as u64;
                Ok(bytes)
            }
            Err(error) => {
                Err(self.malformed(&format!("{what} ({length} bytes from here) cannot be read: {error}")))
            }
        }
    }

    fn malformed(&self, problem: &str) -> LibraryError {
        let (file, place, problem) = (self.file.clone(), Place::Byte(self.data_at), problem.to_owned());
        LibraryError::Malformed { file, what: WHAT, place, problem }
    }
}
