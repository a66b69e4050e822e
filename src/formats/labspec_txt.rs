//! LabSpec text.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// LabSpec text.
pub const FORMAT: Format = Format { id: "labspec_txt", name: "LabSpec text", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
