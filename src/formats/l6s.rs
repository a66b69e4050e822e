//! LabSpec 6 binary.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// LabSpec 6 binary.
pub const FORMAT: Format = Format { id: "l6s", name: "LabSpec 6 binary", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
