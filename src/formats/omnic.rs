//! Thermo OMNIC.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// Thermo OMNIC.
pub const FORMAT: Format = Format { id: "omnic", name: "Thermo OMNIC", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
