//! What can be wrong with a file: which one, where in it, what was found and what was expected.

use std::fmt;

use thiserror::Error;

use crate::spectrum::SpectrumError;

/// A place inside a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Byte offset from the start, counted from 0.
    Byte(u64),
    /// Line, counted from 1.
    Line(usize),
    /// The file as a whole.
    Whole,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Byte(byte) => write!(f, "byte {byte}"),
            Self::Line(line) => write!(f, "line {line}"),
            Self::Whole => write!(f, "whole file"),
        }
    }
}

/// Why a file gave no spectrum, or could not be written.
#[derive(Debug, Error)]
pub enum FormatError {
    /// The system refused to read or write.
    #[error("{file}: {source}")]
    Io {
        /// The file.
        file: String,
        /// The system's own words.
        source: std::io::Error,
    },
    /// No reader recognises the content.
    #[error("{file}: not a spectrum file that Unravel knows ({hint})")]
    Unrecognised {
        /// The file.
        file: String,
        /// What the content looks like, and what the user can do.
        hint: String,
    },
    /// The file is of a known format but its content breaks the format's rules.
    #[error("{file}: {format}, {place}: {problem}")]
    Malformed {
        /// The file.
        file: String,
        /// Name of the format it was taken for.
        format: &'static str,
        /// Where.
        place: Place,
        /// What was found and what was expected.
        problem: String,
    },
    /// The format is known but this variant is not read; says what the user can do instead.
    #[error("{file}: {format}: {problem}")]
    Unsupported {
        /// The file.
        file: String,
        /// Name of the format.
        format: &'static str,
        /// What is not supported, and what to do.
        problem: String,
    },
    /// Reading would need more memory than the limit allows; refused before allocating.
    #[error("{file}: {format}, {place}: needs {wanted} bytes, more than the limit of {limit}")]
    TooLarge {
        /// The file.
        file: String,
        /// Name of the format.
        format: &'static str,
        /// Where the size was declared.
        place: Place,
        /// Bytes needed.
        wanted: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// The numbers were read but do not make a spectrum.
    #[error("{file}: {format}: {source}")]
    NotASpectrum {
        /// The file.
        file: String,
        /// Name of the format.
        format: &'static str,
        /// Why not.
        source: SpectrumError,
    },
}
