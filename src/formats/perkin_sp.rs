//! PerkinElmer SP.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// PerkinElmer SP.
pub const FORMAT: Format = Format { id: "perkin_sp", name: "PerkinElmer SP", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
