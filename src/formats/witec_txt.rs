//! WITec text.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// WITec text.
pub const FORMAT: Format = Format { id: "witec_txt", name: "WITec text", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
