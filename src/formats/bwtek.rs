//! B&W Tek text.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// B&W Tek text.
pub const FORMAT: Format = Format { id: "bwtek", name: "B&W Tek text", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
