//! Axes numbered for a file: one that several curves share is stored once.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use crate::spectrum::Axis;

/// Axes stored so far: found again by identity first, then by content.
#[derive(Debug, Default)]
pub(crate) struct AxisPool {
    list: Vec<Arc<Axis>>,
    by_pointer: HashMap<*const Axis, usize>,
    by_content: HashMap<u64, Vec<usize>>,
}

impl AxisPool {
    /// The axes in the order of their numbers.
    pub(crate) fn list(&self) -> &[Arc<Axis>] {
        &self.list
    }

    /// The number of an axis; a new one if there is none like it yet.
    pub(crate) fn place(&mut self, axis: &Arc<Axis>) -> usize {
        if let Some(place) = self.by_pointer.get(&Arc::as_ptr(axis)) {
            return *place;
        }
        let mut hasher = DefaultHasher::new();
        axis.values().iter().for_each(|v| v.to_bits().hash(&mut hasher));
        let same_content = self.by_content.entry(hasher.finish()).or_default();
        let same = |place: &&usize| self.list.get(**place).is_some_and(|have| identical(have, axis));
        let place = same_content.iter().find(same).copied().unwrap_or_else(|| {
            same_content.push(self.list.len());
            self.list.push(Arc::clone(axis));
            self.list.len() - 1
        });
        self.by_pointer.insert(Arc::as_ptr(axis), place);
        place
    }
}

/// Equal to the last bit (0 and -0 differ, as they do in the file).
fn identical(a: &Axis, b: &Axis) -> bool {
    a.kind() == b.kind()
        && a.len() == b.len()
        && a.values().iter().zip(b.values()).all(|(a, b)| a.to_bits() == b.to_bits())
}
