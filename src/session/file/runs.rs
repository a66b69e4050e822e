//! Numbers of a file on their way back: axes and curves that were one become one again. What would be copied is counted
//! against the limit before it is allocated.

use std::sync::Arc;

use crate::formats::{Limits, Place};
use crate::spectrum::{Axis, Metadata, Spectrum};

use super::FileError;
use super::header::Blocks;
use super::stored::StoredIndex;

/// One curve of the f32 block, and where it stands.
#[derive(Debug)]
struct Run<'a> {
    values: &'a [[u8; 4]],
    at: u64,
    shared: Option<Arc<[f32]>>,
}

/// Axes, lists and curves by their numbers.
#[derive(Debug)]
pub(super) struct Runs<'a> {
    pub blocks: &'a Blocks<'a>,
    axes: Vec<Arc<Axis>>,
    lists: Vec<&'a [[u8; 8]]>,
    curves: Vec<Run<'a>>,
    /// Bytes that may still be allocated.
    left: u64,
    limit: u64,
}

impl<'a> Runs<'a> {
    pub fn new(blocks: &'a Blocks<'a>, index: &StoredIndex, limits: Limits) -> Result<Self, FileError> {
        let mut runs = Self {
            blocks,
            axes: Vec::new(),
            lists: Vec::new(),
            curves: Vec::new(),
            left: limits.decoded_bytes,
            limit: limits.decoded_bytes,
        };
        let mut numbers = blocks.numbers;
        let place = |rest: &[[u8; 8]]| blocks.numbers_at() + 8 * (blocks.numbers.len() - rest.len()) as u64;
        for (number, stored) in index.axes.iter().enumerate() {
            let at = place(numbers);
            let (values, rest) = split(numbers, stored.points).ok_or_else(|| {
                let (needs, left) = (stored.points, numbers.len());
                blocks.malformed(at, format!("axis {number} needs {needs} positions but {left} are left"))
            })?;
            numbers = rest;
            runs.allow(at, 8 * values.len() as u64)?;
            let axis = Axis::new(stored.kind.clone(), decoded(values))
                .map_err(|error| blocks.malformed(at, format!("axis {number}: {error}")))?;
            runs.axes.push(Arc::new(axis));
        }
        for (number, length) in index.lists.iter().enumerate() {
            let (values, rest) = split(numbers, *length).ok_or_else(|| {
                let problem =
                    format!("list {number} needs {length} positions but {} are left", numbers.len());
                blocks.malformed(place(numbers), problem)
            })?;
            numbers = rest;
            runs.lists.push(values);
        }
        if !numbers.is_empty() {
            let problem = format!("{} positions belong to nothing", numbers.len());
            return Err(blocks.malformed(place(numbers), problem));
        }
        let mut values = blocks.values;
        for (number, length) in index.curves.iter().enumerate() {
            let at = blocks.values_at() + 4 * (blocks.values.len() - values.len()) as u64;
            let (run, rest) = split(values, *length).ok_or_else(|| {
                let problem =
                    format!("curve {number} needs {length} values but {} are left in the file", values.len());
                blocks.malformed(at, problem)
            })?;
            values = rest;
            runs.curves.push(Run { values: run, at, shared: None });
        }
        if !values.is_empty() {
            let at = blocks.values_at() + 4 * (blocks.values.len() - values.len()) as u64;
            return Err(blocks.malformed(at, format!("{} values belong to no curve", values.len())));
        }
        Ok(runs)
    }

    fn allow(&mut self, at: u64, bytes: u64) -> Result<(), FileError> {
        if let Some(left) = self.left.checked_sub(bytes) {
            self.left = left;
            return Ok(());
        }
        let wanted = (self.limit - self.left).saturating_add(bytes);
        let (file, place, limit) = (self.blocks.file.to_owned(), Place::Byte(at), self.limit);
        Err(FileError::TooLarge { file, place, wanted, limit })
    }

    /// The axis of that number.
    pub fn axis(&self, number: u64) -> Result<&Arc<Axis>, FileError> {
        at(&self.axes, number).ok_or_else(|| self.none("axis", number, self.axes.len()))
    }

    /// The list of that number.
    pub fn list(&mut self, number: u64) -> Result<Vec<f64>, FileError> {
        let none = || self.none("list", number, self.lists.len());
        let values = *at(&self.lists, number).ok_or_else(none)?;
        self.allow(self.blocks.numbers_at(), 8 * values.len() as u64)?;
        Ok(decoded(values))
    }

    /// The curve of that number as a copy of its own.
    pub fn curve(&mut self, number: u64) -> Result<Vec<f32>, FileError> {
        let none = || self.none("curve", number, self.curves.len());
        let Run { values, at, .. } = *at(&self.curves, number).ok_or_else(none)?;
        self.allow(at, 4 * values.len() as u64)?;
        Ok(values.iter().map(|b| f32::from_le_bytes(*b)).collect())
    }

    /// A spectrum of that curve over that axis; curve and axis are shared with others that use them.
    pub fn spectrum(&mut self, axis: u64, curve: u64, meta: Metadata) -> Result<Spectrum, FileError> {
        let axis = Arc::clone(self.axis(axis)?);
        let none = || self.none("curve", curve, self.curves.len());
        let run = at(&self.curves, curve).ok_or_else(none)?;
        let (values, place) = (run.values, run.at);
        let shared = if let Some(shared) = &run.shared {
            Arc::clone(shared)
        } else {
            self.allow(place, 4 * values.len() as u64)?;
            let shared: Arc<[f32]> = values.iter().map(|b| f32::from_le_bytes(*b)).collect();
            if let Some(run) = usize::try_from(curve).ok().and_then(|at| self.curves.get_mut(at)) {
                run.shared = Some(Arc::clone(&shared));
            }
            shared
        };
        Spectrum::new(axis, shared, meta)
            .map_err(|error| self.blocks.malformed(place, format!("curve {curve}: {error}")))
    }

    /// Byte at which a curve stands.
    pub fn place(&self, curve: u64) -> u64 {
        at(&self.curves, curve).map_or(0, |run| run.at)
    }

    fn none(&self, what: &str, number: u64, count: usize) -> FileError {
        self.blocks.index_malformed(format!("{what} {number} is used but there are {count}"))
    }
}

fn at<T>(list: &[T], number: u64) -> Option<&T> {
    usize::try_from(number).ok().and_then(|number| list.get(number))
}

fn split<T>(list: &[T], length: u64) -> Option<(&[T], &[T])> {
    usize::try_from(length).ok().and_then(|length| list.split_at_checked(length))
}

fn decoded(values: &[[u8; 8]]) -> Vec<f64> {
    values.iter().map(|b| f64::from_le_bytes(*b)).collect()
}
