//! What is made of references once, for the solvers and the final fit, and kept for the next spectrum.

use std::sync::{Arc, Mutex, PoisonError};

use super::super::signal::Smooth;
use super::table::References;
use crate::solvers::{Dictionary, Metric, SolverError};

/// Dictionaries and backgrounds kept, one for each metric in use.
const MAX_DICTIONARIES: usize = 4;

/// Made things, latest last.
#[derive(Default)]
pub(super) struct Kept {
    /// The flag says whether the rows were scaled to unit norm.
    pub(super) dictionaries: Mutex<Vec<(bool, Arc<Dictionary>)>>,
    pub(super) backgrounds: Mutex<Vec<Arc<Smooth>>>,
    /// By the species left out.
    pub(super) subsets: Mutex<Vec<(Vec<usize>, Arc<References>)>>,
}

impl References {
    /// The rows made ready for the solvers in a metric, kept for the next spectrum.
    ///
    /// No lock is held while a dictionary is made: making it uses all cores, and a worker of the pool that waits for
    /// its own parts may take up another spectrum that asks for the same dictionary. Two may then be made; one is kept.
    pub fn dictionary(&self, metric: Metric) -> Result<Arc<Dictionary>, SolverError> {
        self.prepared(metric, false)
    }

    /// As [`Self::dictionary`], every row scaled to norm 1 in the metric first: for conditions on the weights themselves.
    pub fn unit_dictionary(&self, metric: Metric) -> Result<Arc<Dictionary>, SolverError> {
        self.prepared(metric, true)
    }

    fn prepared(&self, metric: Metric, unit: bool) -> Result<Arc<Dictionary>, SolverError> {
        let lock = || self.kept.dictionaries.lock().unwrap_or_else(PoisonError::into_inner);
        let find = |all: &[(bool, Arc<Dictionary>)]| {
            all.iter().find(|(u, d)| *u == unit && d.metric() == metric).map(|(_, d)| Arc::clone(d))
        };
        if let Some(found) = find(&lock()) {
            return Ok(found);
        }
        let points = self.axis.len();
        let made = Arc::new(if unit {
            let plain = self.prepared(metric, false)?;
            let scaled = self.rows.chunks_exact(points).zip(plain.scales()).flat_map(|(row, scale)| {
                let factor = if *scale > 0.0 { 1.0 / scale } else { 1.0 };
                row.iter().map(move |v| (f64::from(*v) * factor) as f32)
            });
            Dictionary::new(&scaled.collect::<Vec<f32>>(), points, metric)?
        } else {
            Dictionary::new(&self.rows, points, metric)?
        });
        let mut all = lock();
        if let Some(found) = find(&all) {
            return Ok(found);
        }
        if all.len() >= MAX_DICTIONARIES {
            all.remove(0);
        }
        all.push((unit, Arc::clone(&made)));
        Ok(made)
    }

    /// So many cosines on this axis, kept for the next spectrum.
    pub(in crate::methods) fn background(&self, cosines: usize) -> Arc<Smooth> {
        let mut all = self.kept.backgrounds.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = all.iter().find(|s| s.count() == cosines) {
            return Arc::clone(found);
        }
        let made = Arc::new(Smooth::new(self.axis.len(), cosines));
        if all.len() >= MAX_DICTIONARIES {
            all.remove(0);
        }
        all.push(Arc::clone(&made));
        made
    }
}
