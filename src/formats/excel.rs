//! Spreadsheet.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// Spreadsheet.
pub const FORMAT: Format = Format { id: "excel", name: "Spreadsheet", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
