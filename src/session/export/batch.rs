//! The results table of a batch: a line for each component of each spectrum and method.

use crate::formats::write::Separator;

use super::super::{BatchRow, Data, Document};
use super::cells::Cells;

const COLUMNS: [&str; 16] = [
    "subject",
    "spectrum",
    "group",
    "path",
    "row",
    "x",
    "y",
    "length_unit",
    "method",
    "component",
    "name",
    "share",
    "confidence",
    "residual_over_noise",
    "elapsed_ms",
    "error",
];

/// The rows of a batch as CSV, in the order given (as the user sorted and filtered them); names and map positions come
/// from the document.
pub fn batch_csv<'a>(
    document: &Document,
    rows: impl IntoIterator<Item = &'a BatchRow>,
    separator: Separator,
) -> Vec<u8> {
    let mut cells = Cells::new(separator);
    cells.line(&COLUMNS);
    for row in rows {
        let parts = row.shares.len().max(1);
        for at in 0..parts {
            line(&mut cells, document, row, at);
        }
    }
    cells.finish()
}

fn line(cells: &mut Cells, document: &Document, row: &BatchRow, at: usize) {
    let item = document.item(row.of.item);
    cells.count(Some(row.subject + 1));
    cells.text(&document.subject_name(row.of));
    cells.maybe(item.map(|item| item.group.as_str()));
    cells.maybe(item.map(|item| item.source.path.as_str()));
    let set = item.and_then(|item| match &item.raw {
        Data::Set(set) => Some(set),
        Data::Curve(_) => None,
    });
    let place = set.zip(row.of.row);
    cells.count(place.map(|(_, row)| row + 1));
    cells.number(place.and_then(|(set, row)| set.positions.x.get(row).copied()));
    cells.number(place.and_then(|(set, row)| set.positions.y.get(row).copied()));
    cells.maybe(place.map(|(set, _)| set.positions.length_unit.as_str()));
    cells.text(&row.method);
    let share = row.shares.get(at);
    cells.count(share.map(|_| at + 1));
    cells.maybe(share.map(|share| share.name.as_str()));
    cells.number(share.map(|share| share.share));
    cells.number(share.and_then(|share| share.confidence));
    cells.number(row.residual_over_noise);
    cells.number(Some(row.elapsed_ms));
    cells.maybe(row.error.as_deref());
    cells.end();
}
