//! The document's parts to their form in the index.

use super::super::{Batch, Comparison, Data, Document, Item};
use super::pools::Pools;
use super::stored::{StoredBatch, StoredComparison, StoredItem, StoredMap, StoredPin};
use crate::spectrum::{Positions, SpectrumSet};

pub(super) fn item<'a>(item: &'a Item, pools: &mut Pools<'a>) -> StoredItem {
    let Item { id, name, raw, source, warnings, steps, colour, visible, group, truths, version } = item;
    let axis = pools.axis(raw.axis());
    let (curve, map) = match raw {
        Data::Curve(spectrum) => (pools.curve(spectrum.y()), None),
        Data::Set(set) => (pools.curve(set.values()), Some(map(set, pools))),
    };
    StoredItem {
        id: *id,
        name: name.clone(),
        axis,
        curve,
        meta: raw.meta().clone(),
        map,
        source: source.clone(),
        warnings: warnings.clone(),
        steps: steps.clone(),
        colour: *colour,
        visible: *visible,
        group: group.clone(),
        truths: truths.clone(),
        version: *version,
    }
}

fn map<'a>(set: &'a SpectrumSet, pools: &mut Pools<'a>) -> StoredMap {
    let Positions { x, y, z, time, length_unit, time_unit } = &set.positions;
    StoredMap {
        rows: set.len() as u64,
        shape: set.shape,
        labels: set.labels.clone(),
        positions: [x, y, z, time].map(|list| pools.list(list)),
        length_unit: length_unit.clone(),
        time_unit: time_unit.clone(),
    }
}

pub(super) fn comparison(comparison: &Comparison, document: &Document) -> StoredComparison {
    let Comparison { id, subject, version, ask, pins, verdicts } = comparison;
    let pins = pins.iter().map(|(key, pin)| StoredPin {
        method: key.method.clone(),
        component: key.component,
        library: pin.library,
        entry: pin.entry,
        name: document.pinned(*pin).map(|entry| entry.facts.name.clone()).unwrap_or_default(),
    });
    StoredComparison {
        id: *id,
        subject: *subject,
        version: *version,
        ask: ask.into(),
        pins: pins.collect(),
        verdicts: verdicts.clone(),
    }
}

pub(super) fn batch(batch: &Batch) -> StoredBatch {
    let Batch { id, subjects, ask } = batch;
    StoredBatch { id: *id, subjects: subjects.clone(), ask: ask.into() }
}
