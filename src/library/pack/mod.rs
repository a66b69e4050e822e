//! The packed library: one file, one read, checksummed.
//!
//! ```text
//! byte  0   8  magic: 0x89 "ULIB" CR LF 0x1A (a transfer that touches line ends breaks it)
//!       8   4  version, u32 little endian like all numbers here
//!      12   4  CRC-32 of everything from byte 48 to the end
//!      16   8  length of the index in bytes, a multiple of 8
//!      24   8  number of f64 positions
//!      32   8  number of f32 intensities
//!      40   4  reserved, 0
//!      44   4  CRC-32 of bytes 0 to 44
//!      48      index: JSON, padded with blanks
//!              positions of all axes, axis after axis
//!              intensities of all entries, entry after entry, each as long as its axis
//! ```
//!
//! No holes, nothing behind the end, no code in data. An axis that several entries share is stored once.

mod axes;
mod frame;
mod read;
mod stored;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use axes::AxisPool;
pub(crate) use frame::{Frame, FrameError};
pub(crate) use stored::{StoredAxis, StoredMeta};

/// Usual extension of a packed library, without dot.
pub const EXTENSION: &str = "unravel-lib";

const FRAME: Frame = Frame { magic: b"\x89ULIB\r\n\x1a", version: 1, header_bytes: 48 };
const WHAT: &str = "packed library";

/// True when the content begins like a packed library of any version.
pub(super) fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(FRAME.magic)
}
