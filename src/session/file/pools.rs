//! Numbers on their way into a file: each axis once, each curve once.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use crate::library::AxisPool;
use crate::spectrum::Axis;

/// Curves longer than this are not compared with others: they are maps, and hashing them would take long.
const COMPARED_POINTS: usize = 1 << 18;

/// What the blocks of a file will hold, borrowed from the document.
#[derive(Debug, Default)]
pub(super) struct Pools<'a> {
    axes: AxisPool,
    lists: Vec<&'a [f64]>,
    curves: Vec<&'a [f32]>,
    by_content: HashMap<u64, Vec<usize>>,
}

impl<'a> Pools<'a> {
    /// The number of an axis.
    pub fn axis(&mut self, axis: &Arc<Axis>) -> u64 {
        self.axes.place(axis) as u64
    }

    /// The number of a list of positions.
    pub fn list(&mut self, list: &'a [f64]) -> u64 {
        self.lists.push(list);
        self.lists.len() as u64 - 1
    }

    /// The number of a curve; equal curves (zeros, a mixture that several methods answer) have one.
    pub fn curve(&mut self, curve: &'a [f32]) -> u64 {
        if curve.len() > COMPARED_POINTS {
            self.curves.push(curve);
            return self.curves.len() as u64 - 1;
        }
        let mut hasher = DefaultHasher::new();
        for v in curve {
            hasher.write_u32(v.to_bits());
        }
        curve.len().hash(&mut hasher);
        let alike = self.by_content.entry(hasher.finish()).or_default();
        let found = alike.iter().find(|place| self.curves.get(**place).is_some_and(|c| identical(c, curve)));
        let place = found.copied().unwrap_or_else(|| {
            alike.push(self.curves.len());
            self.curves.push(curve);
            self.curves.len() - 1
        });
        place as u64
    }

    /// The axes in the order of their numbers.
    pub fn axes(&self) -> &[Arc<Axis>] {
        self.axes.list()
    }

    /// Length of each list.
    pub fn list_lengths(&self) -> Vec<u64> {
        self.lists.iter().map(|list| list.len() as u64).collect()
    }

    /// Length of each curve.
    pub fn curve_lengths(&self) -> Vec<u64> {
        self.curves.iter().map(|curve| curve.len() as u64).collect()
    }

    /// Everything of the f64 block in its order.
    pub fn numbers(&self) -> impl Iterator<Item = &f64> {
        let axes = self.axes.list().iter().flat_map(|axis| axis.values());
        axes.chain(self.lists.iter().copied().flatten())
    }

    /// Everything of the f32 block in its order.
    pub fn curves(&self) -> &[&'a [f32]] {
        &self.curves
    }
}

/// Equal to the last bit.
fn identical(a: &[f32], b: &[f32]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits())
}
