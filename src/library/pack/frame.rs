//! What all files of our own have in common.
//!
//! ```text
//! byte  0   8  magic
//!       8   4  version, u32 little endian like all numbers here
//!      12   4  CRC-32 of everything behind the header
//!      16   8  count of the first block's values, then the same of every other block; the rest is reserved, 0
//!  last 4   4  CRC-32 of the header before them
//!              the blocks: first an index in JSON, padded with blanks to a multiple of 8 bytes
//! ```

use serde::de::DeserializeOwned;

/// One kind of file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    /// What it begins with.
    pub magic: &'static [u8; 8],
    /// Newest version known here.
    pub version: u32,
    /// Length of the header.
    pub header_bytes: usize,
}

/// Why a content is refused.
#[derive(Debug)]
pub(crate) enum FrameError {
    /// It is a file of another kind.
    Foreign,
    /// It has a version that is not known yet.
    Newer(u32),
    /// A rule is broken at a byte.
    Malformed(u64, String),
}

impl Frame {
    /// Blocks behind a header that is right; `sizes` are the bytes of one value of each.
    pub fn split<'a, const N: usize>(
        &self,
        bytes: &'a [u8],
        sizes: [u64; N],
    ) -> Result<[&'a [u8]; N], FrameError> {
        let wrong = |byte: usize, problem: String| Err(FrameError::Malformed(byte as u64, problem));
        let magic = bytes.get(..self.magic.len().min(bytes.len())).unwrap_or_default();
        if magic != self.magic.get(..magic.len()).unwrap_or_default() || magic.is_empty() {
            return Err(FrameError::Foreign);
        }
        let Some((header, body)) = bytes.split_at_checked(self.header_bytes) else {
            return wrong(bytes.len(), format!("the file ends inside its {}-byte header", self.header_bytes));
        };
        match u32_at(header, 8) {
            0 => return wrong(8, "version 0 does not exist".into()),
            version if version > self.version => return Err(FrameError::Newer(version)),
            _ => {}
        }
        let sum_at = self.header_bytes.saturating_sub(4);
        if crc32fast::hash(header.get(..sum_at).unwrap_or_default()) != u32_at(header, sum_at) {
            return wrong(sum_at, "the header was altered or damaged (its checksum does not match)".into());
        }
        let mut at = 16;
        let lengths = sizes.map(|size| {
            at += 8;
            u64_at(header, at - 8).checked_mul(size)
        });
        let wanted = lengths.iter().try_fold(0_u64, |sum, length| sum.checked_add((*length)?));
        if wanted != Some(body.len() as u64) {
            let wanted = wanted.map_or_else(|| "more than 2^64".to_owned(), |bytes| bytes.to_string());
            let problem = format!(
                "the header promises {wanted} bytes of content but {} follow it; the file was cut or added to",
                body.len()
            );
            return wrong(16, problem);
        }
        if crc32fast::hash(body) != u32_at(header, 12) {
            return wrong(12, "the content was altered or damaged (its checksum does not match)".into());
        }
        let mut rest = body;
        Ok(lengths.map(|length| {
            // All fit: their sum is the body's own length.
            let (block, behind) = rest.split_at_checked(length.unwrap_or(0) as usize).unwrap_or_default();
            rest = behind;
            block
        }))
    }

    /// The index, which is the first block; else the byte at which it is wrong, and why.
    pub fn index<T: DeserializeOwned>(&self, json: &[u8]) -> Result<T, (u64, String)> {
        let start = self.header_bytes as u64;
        let json = std::str::from_utf8(json).map_err(|error| {
            (start + error.valid_up_to() as u64, "the index is not UTF-8 text".to_owned())
        })?;
        serde_json::from_str(json).map_err(|error| {
            // The index is written as one line, so its column is its byte.
            let at = if error.line() == 1 { error.column().saturating_sub(1) as u64 } else { 0 };
            (start + at, format!("the index cannot be read: {error}"))
        })
    }

    /// A header with room for its checksums, in front of `capacity` bytes to come; `counts` of the blocks' values.
    pub fn begin(&self, capacity: usize, counts: &[usize]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.header_bytes + capacity);
        bytes.extend_from_slice(self.magic);
        bytes.extend_from_slice(&self.version.to_le_bytes());
        bytes.extend_from_slice(&[0; 4]);
        for count in counts {
            bytes.extend_from_slice(&(*count as u64).to_le_bytes());
        }
        bytes.resize(self.header_bytes, 0);
        bytes
    }

    /// Writes both checksums into a header whose other fields stand.
    pub fn seal(&self, bytes: &mut [u8]) {
        let Some((header, body)) = bytes.split_at_mut_checked(self.header_bytes) else { return };
        header[12..16].copy_from_slice(&crc32fast::hash(body).to_le_bytes());
        let (checked, sum) = header.split_at_mut(self.header_bytes - 4);
        sum.copy_from_slice(&crc32fast::hash(checked).to_le_bytes());
    }
}

fn u32_at(header: &[u8], at: usize) -> u32 {
    header.get(at..).and_then(|b| b.first_chunk()).map_or(0, |b| u32::from_le_bytes(*b))
}

fn u64_at(header: &[u8], at: usize) -> u64 {
    header.get(at..).and_then(|b| b.first_chunk()).map_or(0, |b| u64::from_le_bytes(*b))
}
