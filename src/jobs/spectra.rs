//! What a job over many spectra works on.

use std::sync::Arc;

use crate::spectrum::{Spectrum, SpectrumSet};

/// Spectra to be worked through, shared with whoever shows them.
#[derive(Debug, Clone)]
pub enum Spectra {
    /// Spectra of their own.
    Each(Vec<Arc<Spectrum>>),
    /// All rows of a map or series.
    Set(Arc<SpectrumSet>),
    /// These rows of a map or series.
    Rows(Arc<SpectrumSet>, Vec<usize>),
}

impl Spectra {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Each(list) => list.len(),
            Self::Set(set) => set.len(),
            Self::Rows(_, rows) => rows.len(),
        }
    }

    /// True when there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Spectrum `index`; `None` beyond the last one, and for a row that the set does not have.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Spectrum> {
        match self {
            Self::Each(list) => list.get(index).map(|one| Spectrum::clone(one)),
            Self::Set(set) => set.spectrum(index),
            Self::Rows(set, rows) => set.spectrum(*rows.get(index)?),
        }
    }
}
