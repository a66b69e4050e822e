//! Galactic SPC.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// Galactic SPC.
pub const FORMAT: Format = Format { id: "spc", name: "Galactic SPC", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
