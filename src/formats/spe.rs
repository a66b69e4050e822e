//! Princeton SPE.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// Princeton SPE.
pub const FORMAT: Format = Format { id: "spe", name: "Princeton SPE", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
