//! The session file: the whole document in one file, with the data in it, checksummed.
//!
//! ```text
//! byte  0   8  magic: 0x89 "USES" CR LF 0x1A (a transfer that touches line ends breaks it)
//!       8   4  version, u32 little endian like all numbers here
//!      12   4  CRC-32 of everything from byte 64 to the end
//!      16   8  length of the index in bytes, a multiple of 8
//!      24   8  number of f64 values
//!      32   8  length of the packed libraries in bytes, a multiple of 8
//!      40   8  number of f32 values
//!      48  12  reserved, 0
//!      60   4  CRC-32 of bytes 0 to 60
//!      64      index: JSON, padded with blanks
//!              f64: positions of all axes, axis after axis; then the position lists of maps
//!              libraries, each as `.unravel-lib` content padded with zeros to a multiple of 8
//!              f32: curves, one after another; the index gives their lengths and who uses which
//! ```
//!
//! No holes, nothing behind the end, no code in data. [`to_bytes`] needs shared data only and may run on any thread,
//! [`write()`] replaces a file in one step. docs/session.md describes the index.

mod aside;
mod error;
mod exact;
mod header;
mod mine;
mod pools;
mod put;
mod put_answers;
mod read;
mod runs;
mod stored;
mod stored_answers;
mod take;
mod take_answers;
#[cfg(test)]
pub(super) mod tests;
mod write;

use crate::library::Frame;

pub use aside::set_aside;
pub use error::FileError;
pub use read::{Stored, from_bytes, load, spectra_in};
pub use write::{to_bytes, write};

/// Usual extension of a session file, without dot.
pub const EXTENSION: &str = "unravel";

const FRAME: Frame = Frame { magic: b"\x89USES\r\n\x1a", version: 1, header_bytes: 64 };
