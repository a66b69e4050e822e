//! Libraries prepared for axes, kept for the next spectrum.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::library::Library;
use crate::spectrum::Axis;

use super::{MethodError, MethodInfo, References};

/// What is kept under one key, made once however many threads ask.
type Slot = Arc<OnceLock<Result<Arc<References>, MethodError>>>;

/// A prepared library and its key. The library is held, so that its address stays its own.
#[derive(Debug)]
struct Kept {
    library: Arc<Library>,
    axis: Arc<Axis>,
    slot: Slot,
}

/// Prepared libraries by library and axis, so that many spectra over one axis prepare once. Holds the last few.
#[derive(Debug)]
pub struct ReferenceCache {
    capacity: usize,
    /// Most recently used last.
    kept: Mutex<Vec<Kept>>,
}

impl Default for ReferenceCache {
    /// Room for four: a few libraries over the axis of one measurement.
    fn default() -> Self {
        Self::new(4)
    }
}

impl ReferenceCache {
    /// A cache with room for this many prepared libraries.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), kept: Mutex::new(Vec::new()) }
    }

    /// The library on this axis, prepared now or before. A range of interest is part of the axis.
    pub fn get(&self, library: &Arc<Library>, axis: &Arc<Axis>) -> Result<Arc<References>, MethodError> {
        let slot = self.slot(library, axis);
        slot.get_or_init(|| References::new(library, axis).map(Arc::new)).clone()
    }

    /// The library for a method on this axis. A method that needs none gets it where it can be had; where not, it works
    /// without, and the sentence says why.
    pub fn lend(
        &self,
        method: &MethodInfo,
        library: &Arc<Library>,
        axis: &Arc<Axis>,
    ) -> Result<(Option<Arc<References>>, Option<String>), MethodError> {
        match self.get(library, axis) {
            Ok(references) => Ok((Some(references), None)),
            Err(error) if method.needs_library => Err(error),
            Err(error) => Ok((None, Some(format!("nothing was named: {error}")))),
        }
    }

    fn slot(&self, library: &Arc<Library>, axis: &Arc<Axis>) -> Slot {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let same =
            |k: &Kept| Arc::ptr_eq(&k.library, library) && (Arc::ptr_eq(&k.axis, axis) || k.axis == *axis);
        let found = if let Some(at) = kept.iter().position(same) {
            kept.remove(at)
        } else {
            if kept.len() >= self.capacity {
                kept.remove(0);
            }
            Kept { library: Arc::clone(library), axis: Arc::clone(axis), slot: Slot::default() }
        };
        let slot = Arc::clone(&found.slot);
        kept.push(found);
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Facts;
    use crate::spectrum::{AxisKind, Metadata, Spectrum};

    fn axis(low: f64, high: f64, points: usize) -> Arc<Axis> {
        Arc::new(Axis::even(AxisKind::RamanShift, low, high, points).unwrap())
    }

    fn library() -> Library {
        let mut library = Library::new("test");
        let y: Vec<f32> = (0..801_u16).map(|i| f32::from(i % 50)).collect();
        library.add(
            Facts::named("Quartz"),
            Spectrum::new(axis(100.0, 900.0, 801), y, Metadata::default()).unwrap(),
        );
        library
    }

    #[test]
    fn a_method_that_needs_no_library_works_without_one_that_lies_elsewhere() {
        let (library, cache) = (Arc::new(library()), ReferenceCache::new(2));
        let far = axis(2000.0, 3000.0, 201);
        for method in super::super::methods() {
            let near = cache.lend(method.info(), &library, &axis(200.0, 800.0, 201)).unwrap();
            assert!(near.0.is_some() && near.1.is_none());
            match cache.lend(method.info(), &library, &far) {
                Ok((references, why)) => {
                    assert!(!method.info().needs_library && references.is_none());
                    assert!(why.is_some_and(|why| why.contains("2000 to 3000")));
                }
                Err(error) => assert!(method.info().needs_library, "{error}"),
            }
        }
    }

    #[test]
    fn the_cache_prepares_once_for_equal_axes_and_forgets_the_oldest() {
        let library = Arc::new(library());
        let cache = ReferenceCache::new(2);
        let first = cache.get(&library, &axis(200.0, 800.0, 201)).unwrap();
        assert!(Arc::ptr_eq(&first, &cache.get(&library, &axis(200.0, 800.0, 201)).unwrap()));
        let other = cache.get(&library, &axis(200.0, 800.0, 202)).unwrap();
        assert!(!Arc::ptr_eq(&first, &other));
        cache.get(&library, &axis(200.0, 800.0, 203)).unwrap();
        assert!(!Arc::ptr_eq(&first, &cache.get(&library, &axis(200.0, 800.0, 201)).unwrap()));
    }
}
