//! Instrument table with header.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// Instrument table with header.
pub const FORMAT: Format =
    Format { id: "header_meta", name: "Instrument table with header", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
