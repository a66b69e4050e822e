//! Ocean Optics text.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// Ocean Optics text.
pub const FORMAT: Format = Format { id: "ocean", name: "Ocean Optics text", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
