//! The 64 bytes in front, and the four blocks behind them. Every size is checked against the file's own length before
//! it is used.

use crate::formats::Place;

use super::{FileError, HEADER_BYTES, HEADER_CHECKED_BYTES, MAGIC, VERSION};

/// True when the content begins like a session file of any version; the first 8 bytes are enough to know.
pub fn is_session(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// The blocks of a file whose header and checksums are right.
#[derive(Debug)]
pub(super) struct Blocks<'a> {
    pub file: &'a str,
    pub json: &'a [u8],
    pub numbers: &'a [[u8; 8]],
    pub libraries: &'a [u8],
    pub values: &'a [[u8; 4]],
}

impl<'a> Blocks<'a> {
    pub fn split(file: &'a str, bytes: &'a [u8]) -> Result<Self, FileError> {
        let magic = bytes.get(..MAGIC.len().min(bytes.len())).unwrap_or_default();
        if magic != MAGIC.get(..magic.len()).unwrap_or_default() || magic.is_empty() {
            let start: Vec<String> = bytes.iter().take(8).map(|b| format!("{b:02x}")).collect();
            let found = if start.is_empty() { "the file is empty".to_owned() } else { start.join(" ") };
            return Err(FileError::NotASession { file: file.to_owned(), found });
        }
        let wrong = |byte: u64, problem: String| malformed(file, byte, problem);
        let Some((header, body)) = bytes.split_at_checked(HEADER_BYTES) else {
            let problem = format!("the file ends inside its {HEADER_BYTES}-byte header");
            return Err(wrong(bytes.len() as u64, problem));
        };
        let version = u32_at(header, 8);
        if version > VERSION {
            return Err(FileError::Newer { file: file.to_owned(), found: version, known: VERSION });
        }
        if version == 0 {
            return Err(wrong(8, "version 0 does not exist".into()));
        }
        let checked = header.get(..HEADER_CHECKED_BYTES).unwrap_or_default();
        if crc32fast::hash(checked) != u32_at(header, HEADER_CHECKED_BYTES) {
            return Err(wrong(60, "the header was altered or damaged (its checksum does not match)".into()));
        }
        let [json, numbers, libraries, values] = [16, 24, 32, 40].map(|at| u64_at(header, at));
        let wanted = numbers
            .checked_mul(8)
            .zip(values.checked_mul(4))
            .and_then(|(n, v)| json.checked_add(n)?.checked_add(libraries)?.checked_add(v));
        if wanted != Some(body.len() as u64) {
            let wanted = wanted.map_or_else(|| "more than 2^64".to_owned(), |bytes| bytes.to_string());
            let problem = format!(
                "the header promises {wanted} bytes of content but {} follow it; the file was cut or added to",
                body.len()
            );
            return Err(wrong(16, problem));
        }
        if crc32fast::hash(body) != u32_at(header, 12) {
            let problem = "the content was altered or damaged (its checksum does not match)".into();
            return Err(wrong(12, problem));
        }
        // All four fit: their sum is the body's own length.
        let (json, rest) = body.split_at_checked(json as usize).unwrap_or_default();
        let (numbers, rest) = rest.split_at_checked(8 * numbers as usize).unwrap_or_default();
        let (libraries, values) = rest.split_at_checked(libraries as usize).unwrap_or_default();
        Ok(Self { file, json, numbers: numbers.as_chunks().0, libraries, values: values.as_chunks().0 })
    }

    /// Byte at which the f64 block begins.
    pub fn numbers_at(&self) -> u64 {
        (HEADER_BYTES + self.json.len()) as u64
    }

    /// Byte at which the libraries begin.
    pub fn libraries_at(&self) -> u64 {
        self.numbers_at() + 8 * self.numbers.len() as u64
    }

    /// Byte at which the f32 block begins.
    pub fn values_at(&self) -> u64 {
        self.libraries_at() + self.libraries.len() as u64
    }

    /// A rule is broken at this byte.
    pub fn malformed(&self, byte: u64, problem: impl Into<String>) -> FileError {
        malformed(self.file, byte, problem.into())
    }

    /// A rule is broken somewhere in the index.
    pub fn index_malformed(&self, problem: impl Into<String>) -> FileError {
        self.malformed(HEADER_BYTES as u64, format!("the index: {}", problem.into()))
    }
}

/// A header with room for its checksums, in front of what `fill` adds; `sizes` as they stand in it.
pub(super) fn begin(capacity: usize, sizes: [usize; 4]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER_BYTES + capacity);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&[0; 4]);
    for size in sizes {
        bytes.extend_from_slice(&(size as u64).to_le_bytes());
    }
    bytes.resize(HEADER_BYTES, 0);
    bytes
}

/// Writes both checksums into a header whose other fields stand.
pub(super) fn seal(bytes: &mut [u8]) {
    let Some((header, body)) = bytes.split_at_mut_checked(HEADER_BYTES) else { return };
    header[12..16].copy_from_slice(&crc32fast::hash(body).to_le_bytes());
    let (checked, sum) = header.split_at_mut(HEADER_CHECKED_BYTES);
    sum.copy_from_slice(&crc32fast::hash(checked).to_le_bytes());
}

fn malformed(file: &str, byte: u64, problem: String) -> FileError {
    FileError::Malformed { file: file.to_owned(), place: Place::Byte(byte), problem }
}

fn u32_at(header: &[u8], at: usize) -> u32 {
    header.get(at..).and_then(|b| b.first_chunk()).map_or(0, |b| u32::from_le_bytes(*b))
}

fn u64_at(header: &[u8], at: usize) -> u64 {
    header.get(at..).and_then(|b| b.first_chunk()).map_or(0, |b| u64::from_le_bytes(*b))
}
