//! OpenDocument spreadsheets: one XML inside a zip. Repeated cells and rows are written once with a count, which is
//! where a small file can ask for a huge grid; only cells with content are repeated here, and only a few times.

use std::io::{Cursor, Read as _};

use roxmltree::Node;
use zip::ZipArchive;

use crate::formats::xml::{self, children, is};
use crate::formats::{FormatError, Input, Place};

use super::sheet::{Cell, Sheet};
use super::{add, damaged};

/// Memory of the XML tree for each byte of text.
const EXPANSION: u64 = 16;
/// Largest sheet that OpenDocument programs allow.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;

pub(super) fn sheets(input: &Input) -> Result<Vec<Sheet>, FormatError> {
    let text = content(input)?;
    let document = xml::parse(&text).map_err(|e| damaged(input, "content.xml", e))?;
    let tables = document
        .descendants()
        .filter(|node| is(*node, "table") && node.parent().is_some_and(|p| is(p, "spreadsheet")));
    tables.map(|table| sheet(input, table)).collect()
}

fn content(input: &Input) -> Result<String, FormatError> {
    let mut archive =
        ZipArchive::new(Cursor::new(input.bytes)).map_err(|e| damaged(input, "the document's archive", e))?;
    let part = archive.by_name("content.xml").map_err(|e| damaged(input, "content.xml", e))?;
    let limit = input.limits.decoded_bytes / EXPANSION;
    let mut bytes = Vec::new();
    part.take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|e| damaged(input, "content.xml", e))?;
    if bytes.len() as u64 > limit {
        input.allowed(Place::Whole, bytes.len() as u64, EXPANSION)?;
    }
    String::from_utf8(bytes).map_err(|e| damaged(input, "content.xml", e))
}

fn sheet(input: &Input, table: Node) -> Result<Sheet, FormatError> {
    let mut sheet = Sheet::new(attribute(table, "name").unwrap_or("Sheet"));
    let mut row_number: u32 = 0;
    // Rows may stand in groups and header rows.
    for row in table.descendants().filter(|node| is(*node, "table-row")) {
        let cells = cells(row);
        let repeated = repeat(row, "number-rows-repeated");
        let times = if cells.is_empty() { 0 } else { repeated.min(ROWS.saturating_sub(row_number)) };
        for extra in 0..times {
            for (column, cell) in &cells {
                add(input, &mut sheet, row_number.saturating_add(extra), *column, cell.clone())?;
            }
        }
        row_number = row_number.saturating_add(repeated);
    }
    Ok(sheet)
}

fn cells(row: Node) -> Vec<(u32, Cell)> {
    let mut found = Vec::new();
    let mut column: u32 = 0;
    for node in row.children().filter(|n| is(*n, "table-cell") || is(*n, "covered-table-cell")) {
        let repeated = repeat(node, "number-columns-repeated");
        if let Some(cell) = value(node) {
            let end = column.saturating_add(repeated).min(COLUMNS);
            found.extend((column..end).map(|column| (column, cell.clone())));
        }
        column = column.saturating_add(repeated);
    }
    found
}

fn value(node: Node) -> Option<Cell> {
    let number = attribute(node, "value").and_then(|v| fast_float2::parse::<f64, _>(v).ok());
    if let Some(number) = number {
        return Some(Cell::Number(number));
    }
    let paragraph =
        |p: Node| p.descendants().filter_map(|n| n.is_text().then(|| n.text())?).collect::<String>();
    let text: Vec<String> = children(node, "p").map(paragraph).collect();
    let text = text.join(" ");
    let date = attribute(node, "date-value");
    let text = date.map_or(text, str::to_owned);
    (!text.trim().is_empty()).then_some(Cell::Text(text))
}

fn repeat(node: Node, name: &str) -> u32 {
    attribute(node, name).and_then(|n| n.parse().ok()).unwrap_or(1).max(1)
}

fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes().find(|a| a.name() == name).map(|a| a.value())
}
