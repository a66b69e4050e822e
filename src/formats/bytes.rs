//! Checked reading of little-endian binary files: every access names its offset and what it expected.

use super::{FormatError, Input, Place};

/// Random access over a file's bytes. Nothing here can panic on file content.
#[derive(Debug, Clone, Copy)]
pub struct Bytes<'a> {
    input: &'a Input<'a>,
}

macro_rules! scalar {
    ($(#[$doc:meta])* $name:ident, $type:ty) => {
        $(#[$doc])*
        pub fn $name(self, offset: u64, what: &str) -> Result<$type, FormatError> {
            let bytes = self.slice(offset, size_of::<$type>() as u64, what)?;
            Ok(bytes.try_into().map(<$type>::from_le_bytes).unwrap_or_default())
        }
    };
}

impl<'a> Bytes<'a> {
    /// Looks at the content of `input`.
    #[must_use]
    pub fn new(input: &'a Input<'a>) -> Self {
        Self { input }
    }

    /// Length of the file.
    #[must_use]
    pub fn len(self) -> u64 {
        self.input.bytes.len() as u64
    }

    /// `length` bytes from `offset`; `what` names them in the error.
    pub fn slice(self, offset: u64, length: u64, what: &str) -> Result<&'a [u8], FormatError> {
        let range = offset.checked_add(length).and_then(|end| {
            let (start, end) = (usize::try_from(offset).ok()?, usize::try_from(end).ok()?);
            self.input.bytes.get(start..end)
        });
        range.ok_or_else(|| {
            self.input.malformed(
                Place::Byte(offset),
                format!("{what} needs {length} bytes here but the file ends at byte {}", self.len()),
            )
        })
    }

    scalar!(
        /// Unsigned byte.
        u8, u8);
    scalar!(
        /// 16-bit unsigned.
        u16, u16);
    scalar!(
        /// 16-bit signed.
        i16, i16);
    scalar!(
        /// 32-bit unsigned.
        u32, u32);
    scalar!(
        /// 32-bit signed.
        i32, i32);
    scalar!(
        /// 64-bit unsigned.
        u64, u64);
    scalar!(
        /// 64-bit signed.
        i64, i64);
    scalar!(
        /// 32-bit float.
        f32, f32);
    scalar!(
        /// 64-bit float.
        f64, f64);

    /// `count` 32-bit floats, after the memory limit was asked.
    pub fn f32s(self, offset: u64, count: u64, what: &str) -> Result<Vec<f32>, FormatError> {
        let bytes = self.slice(offset, count.saturating_mul(4), what)?;
        self.input.allowed(Place::Byte(offset), count, 4)?;
        Ok(bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect())
    }

    /// `count` 64-bit floats, after the memory limit was asked.
    pub fn f64s(self, offset: u64, count: u64, what: &str) -> Result<Vec<f64>, FormatError> {
        let bytes = self.slice(offset, count.saturating_mul(8), what)?;
        self.input.allowed(Place::Byte(offset), count, 8)?;
        Ok(bytes.as_chunks::<8>().0.iter().map(|b| f64::from_le_bytes(*b)).collect())
    }

    /// Fixed-width text: ends at the first NUL, UTF-8 if it is that, else Windows-1252, blanks trimmed.
    pub fn string(self, offset: u64, width: u64, what: &str) -> Result<String, FormatError> {
        let bytes = self.slice(offset, width, what)?;
        let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
        Ok(super::text::lossy(&bytes[..end]).trim().to_owned())
    }
}
