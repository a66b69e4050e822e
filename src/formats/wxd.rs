//! Renishaw WXD.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// Renishaw WXD.
pub const FORMAT: Format = Format { id: "wxd", name: "Renishaw WXD", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
