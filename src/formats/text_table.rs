//! Text table.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// Text table.
pub const FORMAT: Format = Format { id: "text_table", name: "Text table", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
