//! Avantes text.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// Avantes text.
pub const FORMAT: Format = Format { id: "avantes", name: "Avantes text", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
