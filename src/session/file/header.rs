//! The 64 bytes in front, and the four blocks behind them. Every size is checked against the file's own length before
//! it is used.

use crate::formats::Place;
use crate::library::FrameError;

use super::{FRAME, FileError};

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
        let blocks = FRAME.split(bytes, [1, 8, 1, 4]).map_err(|error| match error {
            FrameError::Foreign => {
                let start: Vec<String> = bytes.iter().take(8).map(|b| format!("{b:02x}")).collect();
                let found = if start.is_empty() { "the file is empty".to_owned() } else { start.join(" ") };
                FileError::NotASession { file: file.to_owned(), found }
            }
            FrameError::Newer(found) => {
                FileError::Newer { file: file.to_owned(), found, known: FRAME.version }
            }
            FrameError::Malformed(byte, problem) => malformed(file, byte, problem),
        });
        let [json, numbers, libraries, values] = blocks?;
        Ok(Self { file, json, numbers: numbers.as_chunks().0, libraries, values: values.as_chunks().0 })
    }

    /// Byte at which the f64 block begins.
    pub fn numbers_at(&self) -> u64 {
        (FRAME.header_bytes + self.json.len()) as u64
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
        self.malformed(FRAME.header_bytes as u64, format!("the index: {}", problem.into()))
    }
}

fn malformed(file: &str, byte: u64, problem: String) -> FileError {
    FileError::Malformed { file: file.to_owned(), place: Place::Byte(byte), problem }
}
