//! Curves as files: those in view as one CSV table, any of them in an instrument format.

use std::sync::Arc;

use crate::formats::write::{Separator, WriteFormat, WriteOptions, Written, encode, position_name};
use crate::formats::{FormatError, Item};
use crate::spectrum::{Axis, AxisOrder, Spectrum};

use super::cells::Cells;

/// Curves over one axis.
struct Group<'a> {
    axis: &'a Arc<Axis>,
    curves: Vec<(&'a str, &'a [f32])>,
}

/// One table of curves with the names they have in the legend. Curves over the same axis stand behind one column of
/// positions, the next axis begins a column of positions of its own; where it is shorter its cells are empty. Positions
/// run low to high.
pub fn curves_csv(curves: &[(String, Spectrum)], separator: Separator) -> Vec<u8> {
    let mut groups: Vec<Group> = Vec::new();
    for (name, spectrum) in curves {
        let curve = (name.as_str(), spectrum.y());
        let same =
            |group: &&mut Group| Arc::ptr_eq(group.axis, spectrum.axis()) || group.axis == spectrum.axis();
        match groups.iter_mut().find(same) {
            Some(group) => group.curves.push(curve),
            None => groups.push(Group { axis: spectrum.axis(), curves: vec![curve] }),
        }
    }
    let mut cells = Cells::new(separator);
    for group in &groups {
        cells.text(position_name(group.axis.kind()));
        group.curves.iter().for_each(|(name, _)| cells.text(name));
    }
    cells.end();
    let lines = groups.iter().map(|group| group.axis.len()).max().unwrap_or_default();
    for line in 0..lines {
        for group in &groups {
            let points = group.axis.len();
            let at = match group.axis.order() {
                AxisOrder::Ascending => line,
                // Behind the end this is no index.
                AxisOrder::Descending => points.wrapping_sub(1 + line),
            };
            cells.number(group.axis.values().get(at).copied());
            group.curves.iter().for_each(|(_, y)| cells.number(y.get(at).copied()));
        }
        cells.end();
    }
    cells.finish()
}

/// Curves with the names they have in the legend as the content of one file; `name` is the file's, for errors.
pub fn curves_file(
    name: &str,
    curves: &[(String, Spectrum)],
    format: WriteFormat,
    options: WriteOptions,
) -> Result<Written, FormatError> {
    let titled = |(name, spectrum): &(String, Spectrum)| {
        let mut spectrum = spectrum.clone();
        spectrum.meta.title = Some(name.clone());
        Item::Spectrum(spectrum)
    };
    let items: Vec<Item> = curves.iter().map(titled).collect();
    encode(name, &items, format, options)
}
