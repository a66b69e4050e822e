//! What a reader gives back.

use crate::spectrum::{Spectrum, SpectrumSet};

/// One thing found in a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A curve of its own.
    Spectrum(Spectrum),
    /// A map or series over one axis.
    Set(SpectrumSet),
}

impl Item {
    /// Number of spectra in it.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "an item is never empty")]
    pub fn len(&self) -> usize {
        match self {
            Self::Spectrum(_) => 1,
            Self::Set(set) => set.len(),
        }
    }

    /// Spectrum `index` of it, if there is one.
    #[must_use]
    pub fn spectrum(&self, index: usize) -> Option<Spectrum> {
        match self {
            Self::Spectrum(spectrum) => (index == 0).then(|| spectrum.clone()),
            Self::Set(set) => set.spectrum(index),
        }
    }
}

/// Spectra in file order, and what was not done exactly as the file asked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decoded {
    /// What the file holds, in its order.
    pub items: Vec<Item>,
    /// Sentences that say "done, but not exactly as asked".
    pub warnings: Vec<String>,
}

impl Decoded {
    /// One curve without warnings.
    #[must_use]
    pub fn one(spectrum: Spectrum) -> Self {
        Self { items: vec![Item::Spectrum(spectrum)], warnings: Vec::new() }
    }

    /// One map or series without warnings.
    #[must_use]
    pub fn set(set: SpectrumSet) -> Self {
        Self { items: vec![Item::Set(set)], warnings: Vec::new() }
    }

    /// Adds a warning.
    pub fn warn(&mut self, sentence: impl Into<String>) {
        self.warnings.push(sentence.into());
    }

    /// Number of spectra in all items.
    #[must_use]
    pub fn count(&self) -> usize {
        self.items.iter().map(Item::len).sum()
    }

    /// Every spectrum in file order; rows of sets are copied one at a time as they are asked for.
    pub fn spectra(&self) -> impl Iterator<Item = Spectrum> + '_ {
        self.items.iter().flat_map(|item| (0..item.len()).filter_map(|i| item.spectrum(i)))
    }
}
