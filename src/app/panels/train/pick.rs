//! Which substance a spectrum of the list is of, as far as its name tells.

use crate::session::{Document, Item, ItemId, Subject};
use crate::train::ramixnet::pure_name;

/// Rows of a map that are taken at most, evenly spread: more teach nothing new.
const ROWS: usize = 100;

/// A spectrum that may be trained with.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    /// Where it is.
    pub subject: Subject,
    /// Its name.
    pub title: String,
    /// The substance it is of.
    pub substance: String,
    /// Whether it is trained with.
    pub used: bool,
}

/// The selected spectra in the order of the list; a map stands for its rows.
pub fn picks(document: &Document, selection: &[ItemId]) -> Vec<Pick> {
    let mut all = Vec::new();
    for item in document.items.iter().filter(|item| selection.contains(&item.id)) {
        let count = item.raw.len();
        let rows: Vec<Option<usize>> = match item.is_set() {
            false => vec![None],
            true if count <= ROWS => (0..count).map(Some).collect(),
            true => (0..ROWS).map(|k| Some(k * count / ROWS)).collect(),
        };
        for row in rows {
            let title = match row {
                Some(row) => format!("{} [{}]", item.name, row + 1),
                None => item.name.clone(),
            };
            let substance = pure_name(&label(document, item));
            all.push(Pick { subject: Subject { item: item.id, row }, title, substance, used: true });
        }
    }
    all
}

/// The file names the spectrum that is alone in it, as on the command line, unless the user gave it a name.
fn label(document: &Document, item: &Item) -> String {
    let path = &item.source.path;
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let renamed = item.raw.meta().title.as_ref().is_some_and(|title| *title != item.name);
    let alone = item.source.number == 1
        && !path.is_empty()
        && !document.items.iter().any(|other| other.id != item.id && other.source.path == *path);
    if alone && !renamed && !stem.is_empty() { stem.to_owned() } else { item.name.clone() }
}
