//! TriVista.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// TriVista.
pub const FORMAT: Format = Format { id: "trivista", name: "TriVista", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
