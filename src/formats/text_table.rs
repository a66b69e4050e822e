//! Plain tables of numbers: two columns, many columns, pairs of columns, one spectrum a line.

use super::{Decoded, Format, FormatError, Head, Input, Sniff, table};

/// Text table.
pub const FORMAT: Format = Format {
    id: "text_table",
    name: "Text table",
    extensions: &["txt", "csv", "tsv", "dat", "asc", "dpt", "xy", "prn"],
    sniff,
    read,
};

fn sniff(head: &Head) -> Sniff {
    // Numbers inside XML or a web page are no table of ours.
    let table = |text: &str| !text.trim_start().starts_with('<') && table::has_row(text);
    if head.text().is_some_and(table) { Sniff::Maybe } else { Sniff::No }
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    table::decode(input, &input.text()?.text)
}
