//! Bruker OPUS.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// Bruker OPUS.
pub const FORMAT: Format = Format { id: "opus", name: "Bruker OPUS", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
