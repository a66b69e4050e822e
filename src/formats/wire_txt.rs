//! WiRE text.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// WiRE text.
pub const FORMAT: Format = Format { id: "wire_txt", name: "WiRE text", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
