//! One entry of the spectra list: what was measured, as it came, and what shall be done with it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::process::Pipeline;
use crate::spectrum::{Axis, Metadata, Spectrum, SpectrumSet};

use super::{ItemId, Version};

/// A spectrum or a map with its place in the document. The raw data never changes.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// Name in lists and legends.
    pub name: String,
    /// As measured.
    pub raw: Data,
    /// Where it came from.
    pub source: Source,
    /// What the reader did not do exactly as the file asked.
    pub warnings: Vec<String>,
    /// What is done to the raw data before anything looks at it.
    pub steps: Pipeline,
    /// Colour of its curve.
    pub colour: Colour,
    /// Whether its curve is drawn.
    pub visible: bool,
    /// Group in the list; empty for none.
    pub group: String,
    /// Pure spectra that it is known to be mixed from.
    pub truths: Vec<ItemId>,
    /// Changes with the data or the steps and with nothing else.
    pub version: Version,
}

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly all are curves: a box would only cost")]
pub enum Data {
    /// One curve.
    Curve(Spectrum),
    /// Many rows over one axis.
    Set(Arc<SpectrumSet>),
}

/// Where an item came from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Path with the way through containers; empty for what was made here.
    pub path: String,
    /// Number of the item in its file, from 1.
    pub number: usize,
    /// Name of the reader.
    pub format: String,
}

/// Colour of a curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    /// The theme's colour of this number, whatever the theme.
    Slot(usize),
    /// Chosen by the user: red, green, blue.
    Chosen([u8; 3]),
}

impl Data {
    /// The positions.
    pub fn axis(&self) -> &Arc<Axis> {
        match self {
            Self::Curve(spectrum) => spectrum.axis(),
            Self::Set(set) => set.axis(),
        }
    }

    /// What is known about the measurement.
    pub fn meta(&self) -> &Metadata {
        match self {
            Self::Curve(spectrum) => &spectrum.meta,
            Self::Set(set) => &set.meta,
        }
    }

    /// Number of spectra.
    #[expect(clippy::len_without_is_empty, reason = "a measurement is never empty")]
    pub fn len(&self) -> usize {
        match self {
            Self::Curve(_) => 1,
            Self::Set(set) => set.len(),
        }
    }

    /// One of its spectra; `None` means the curve itself, for maps the mean of all rows.
    pub fn spectrum(&self, row: Option<usize>) -> Option<Spectrum> {
        match (self, row) {
            (Self::Curve(spectrum), None | Some(0)) => Some(spectrum.clone()),
            (Self::Curve(_), Some(_)) => None,
            (Self::Set(set), Some(row)) => set.spectrum(row),
            (Self::Set(set), None) => {
                let mut meta = set.meta.clone();
                meta.history.push(format!("mean of {} spectra", set.len()));
                Spectrum::new(Arc::clone(set.axis()), set.mean(), meta).ok()
            }
        }
    }
}

/// The raw data is not looked at: it never changes under one id.
impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        let Self { id, name, raw: _, source, warnings, steps, colour, visible, group, truths, version } =
            self;
        (*id, *version, *visible, *colour) == (other.id, other.version, other.visible, other.colour)
            && (name, group, source) == (&other.name, &other.group, &other.source)
            && (warnings, truths, steps) == (&other.warnings, &other.truths, &other.steps)
    }
}

impl Item {
    /// Whether it is a map or series.
    pub fn is_set(&self) -> bool {
        matches!(self.raw, Data::Set(_))
    }
}
