//! MATLAB.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// MATLAB.
pub const FORMAT: Format = Format { id: "mat", name: "MATLAB", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
