//! What a reader is given: the bytes, the name to put into errors, and how much memory it may use.

use crate::spectrum::{Metadata, SpectrumError};

use super::text::{self, Text};
use super::{FormatError, Place};

/// Bounds that are checked before anything is allocated.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Largest file or container entry taken into memory, in bytes.
    pub file_bytes: u64,
    /// Largest block of decoded numbers, in bytes.
    pub decoded_bytes: u64,
    /// Largest number of entries opened from one folder or container.
    pub entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        // A 200 x 200 map of 1,015 points is 162 MB; 4 GiB leaves room for the largest maps instruments write.
        Self { file_bytes: 4 << 30, decoded_bytes: 4 << 30, entries: 200_000 }
    }
}

/// One file's content with everything a reader needs to report on it.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Name for errors and metadata (`archive.zip/inner.txt` inside a container).
    pub name: &'a str,
    /// The whole content.
    pub bytes: &'a [u8],
    /// Memory bounds.
    pub limits: Limits,
    /// Name of the format the content was taken for.
    pub format: &'static str,
}

impl<'a> Input<'a> {
    /// The content as text in whatever encoding it is; `Malformed` when it is binary.
    pub fn text(&self) -> Result<Text<'a>, FormatError> {
        text::decode(self.bytes)
            .ok_or_else(|| self.malformed(Place::Whole, "the content is binary, not text"))
    }

    /// File name without folders.
    #[must_use]
    pub fn file_name(&self) -> &'a str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(self.name)
    }

    /// File name without folders and extension: the title of files that carry none.
    #[must_use]
    pub fn file_stem(&self) -> &'a str {
        let name = self.file_name();
        match name.rfind('.') {
            Some(dot) if dot > 0 => &name[..dot],
            _ => name,
        }
    }

    /// A rule of the format is broken at `place`.
    #[must_use]
    pub fn malformed(&self, place: Place, problem: impl Into<String>) -> FormatError {
        FormatError::Malformed {
            file: self.name.to_owned(),
            format: self.format,
            place,
            problem: problem.into(),
        }
    }

    /// The variant is known but not read.
    #[must_use]
    pub fn unsupported(&self, problem: impl Into<String>) -> FormatError {
        FormatError::Unsupported { file: self.name.to_owned(), format: self.format, problem: problem.into() }
    }

    /// Wraps what the spectrum floor refused.
    pub fn spectrum_error(&self) -> impl Fn(SpectrumError) -> FormatError + use<'_, 'a> {
        |source| FormatError::NotASpectrum { file: self.name.to_owned(), format: self.format, source }
    }

    /// Checks `count * size` bytes of decoded numbers against the limit before they are allocated, and gives `count`
    /// as a `usize`.
    pub fn allowed(&self, place: Place, count: u64, size: u64) -> Result<usize, FormatError> {
        let wanted = count.saturating_mul(size);
        let limit = self.limits.decoded_bytes;
        if wanted > limit {
            let (file, format) = (self.name.to_owned(), self.format);
            return Err(FormatError::TooLarge { file, format, place, wanted, limit });
        }
        usize::try_from(count)
            .map_err(|_overflow| self.malformed(place, format!("count {count} is too large")))
    }

    /// The same check for `count` curves that each carry a copy of what the header says: a long header over very many
    /// short curves would otherwise grow with the square of the file's length.
    pub fn allowed_copies(&self, place: Place, count: usize, meta: &Metadata) -> Result<(), FormatError> {
        let texts = [&meta.title, &meta.sample, &meta.date, &meta.instrument, &meta.intensity_unit];
        let known: usize = texts.into_iter().flatten().map(String::len).sum();
        let extra: usize =
            meta.extra.iter().map(|(k, v)| k.len() + v.len() + size_of::<(String, String)>()).sum();
        let bytes = size_of::<Metadata>() + known + extra;
        self.allowed(place, count as u64, bytes as u64).map(drop)
    }
}
