//! LabSpec XML.

use super::{Decoded, Format, FormatError, Head, Input, Sniff};

/// LabSpec XML.
pub const FORMAT: Format = Format { id: "labspec_xml", name: "LabSpec XML", extensions: &[], sniff, read };

fn sniff(_head: &Head) -> Sniff {
    Sniff::No
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    Err(input.unsupported("not written yet"))
}
