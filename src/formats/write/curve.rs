//! Spectra and rows of sets under one name, so that writers copy neither.

use std::borrow::Cow;

use super::Item;
use crate::spectrum::{Axis, Metadata, Spectrum, SpectrumSet};

/// One curve to be written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Curve<'a> {
    Spectrum(&'a Spectrum),
    Row(&'a SpectrumSet, usize),
}

/// Every curve of the items in order.
pub(super) fn all(items: &[Item]) -> Vec<Curve<'_>> {
    items
        .iter()
        .flat_map(|item| {
            (0..item.len()).map(move |index| match item {
                Item::Spectrum(spectrum) => Curve::Spectrum(spectrum),
                Item::Set(set) => Curve::Row(set, index),
            })
        })
        .collect()
}

impl<'a> Curve<'a> {
    pub(super) fn axis(&self) -> &'a Axis {
        match self {
            Self::Spectrum(spectrum) => spectrum.axis(),
            Self::Row(set, _) => set.axis(),
        }
    }

    pub(super) fn y(&self) -> &'a [f32] {
        match self {
            Self::Spectrum(spectrum) => spectrum.y(),
            Self::Row(set, index) => set.row(*index).unwrap_or_default(),
        }
    }

    /// Metadata; a row's own holds its title and position.
    pub(super) fn meta(&self) -> Cow<'a, Metadata> {
        match self {
            Self::Spectrum(spectrum) => Cow::Borrowed(&spectrum.meta),
            Self::Row(set, index) => match set.spectrum(*index) {
                Some(row) => Cow::Owned(row.meta),
                None => Cow::Borrowed(&set.meta),
            },
        }
    }
}
