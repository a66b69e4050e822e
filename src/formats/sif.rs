//! Andor SIF.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// Andor SIF.
pub const FORMAT: Format = Format { id: "sif", name: "Andor SIF", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
