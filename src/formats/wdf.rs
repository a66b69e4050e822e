//! Renishaw WDF.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// Renishaw WDF.
pub const FORMAT: Format = Format { id: "wdf", name: "Renishaw WDF", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
