//! How long each method took when it was last seen.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Times of methods, learned from one comparison to the next.
#[derive(Debug, Default)]
pub struct Paces(Mutex<BTreeMap<String, f64>>);

impl Paces {
    /// What a method took, in ms; `None` before its first answer.
    #[must_use]
    pub fn ms(&self, method: &str) -> Option<f64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(method).copied()
    }

    pub(super) fn note(&self, method: &str, elapsed_ms: f64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(method.to_owned(), elapsed_ms);
    }

    /// Places in a list of methods, quickest first; those not seen yet come last, in their order.
    pub(super) fn order<'a>(&self, methods: impl Iterator<Item = &'a str>) -> Vec<usize> {
        let mut order: Vec<(f64, usize)> =
            methods.enumerate().map(|(place, id)| (self.ms(id).unwrap_or(f64::INFINITY), place)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        order.into_iter().map(|(_, place)| place).collect()
    }
}
