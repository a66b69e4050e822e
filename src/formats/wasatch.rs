//! Wasatch ENLIGHTEN CSV.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// Wasatch ENLIGHTEN CSV.
pub const FORMAT: Format =
    Format { id: "wasatch", name: "Wasatch ENLIGHTEN CSV", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
