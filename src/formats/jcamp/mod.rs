//! JCAMP-DX.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// JCAMP-DX.
pub const FORMAT: Format = Format { id: "jcamp", name: "JCAMP-DX", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
