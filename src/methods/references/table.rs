//! What prepared references are: rows, entries and species, and how to find them.

use std::fmt;
use std::sync::Arc;

use super::kept::Kept;
use crate::library::{EntryId, species_key};
use crate::spectrum::Axis;

/// One prepared entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// Its id in the library.
    pub id: EntryId,
    /// Its name.
    pub name: Arc<str>,
    /// Its species, an index into [`References::species`].
    pub species: usize,
    /// It was measured at the very points of the axis: by the same instrument, as far as can be told.
    pub same_points: bool,
}

/// An entry that could not be prepared.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOut {
    /// Its id in the library.
    pub id: EntryId,
    /// Its name.
    pub name: String,
    /// Its species as [`species_key`] writes it.
    pub species: String,
    /// Why.
    pub why: String,
}

/// A library on the axis of a measurement. Rows stand in the order of the library's entries, one block of numbers;
/// outside the range of an entry its row is zero.
pub struct References {
    pub(super) library: String,
    pub(super) axis: Arc<Axis>,
    pub(super) rows: Vec<f32>,
    pub(super) entries: Vec<Reference>,
    pub(super) species: Vec<Arc<str>>,
    pub(super) rows_of_species: Vec<Vec<usize>>,
    pub(super) left_out: Vec<LeftOut>,
    pub(super) kept: Kept,
}

impl fmt::Debug for References {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("References")
            .field("library", &self.library)
            .field("entries", &self.entries.len())
            .field("species", &self.species.len())
            .field("points", &self.axis.len())
            .finish_non_exhaustive()
    }
}

impl References {
    /// Name of the library.
    #[must_use]
    pub fn library(&self) -> &str {
        &self.library
    }

    /// The axis it was prepared for.
    #[must_use]
    pub fn axis(&self) -> &Arc<Axis> {
        &self.axis
    }

    /// Number of rows, at least one.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "references are never empty")]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// The prepared entries, one a row.
    #[must_use]
    pub fn entries(&self) -> &[Reference] {
        &self.entries
    }

    /// All rows, one after the other. // [rows, points]
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.rows
    }

    /// Row `index`; empty where there is none.
    #[must_use]
    pub fn row(&self, index: usize) -> &[f32] {
        let points = self.axis.len();
        let start = index.saturating_mul(points);
        self.rows.get(start..start.saturating_add(points)).unwrap_or_default()
    }

    /// The row of an entry of the library; nothing for an entry that was left out or never there.
    #[must_use]
    pub fn row_of(&self, id: EntryId) -> Option<&[f32]> {
        self.entries.iter().position(|e| e.id == id).map(|index| self.row(index))
    }

    /// The species of this name, an index into [`Self::species`]; case and spaces do not matter.
    #[must_use]
    pub fn find_species(&self, name: &str) -> Option<usize> {
        let key = species_key(name);
        self.species.iter().position(|s| species_key(s) == key)
    }

    /// Names of the species in the order of their first row.
    #[must_use]
    pub fn species(&self) -> &[Arc<str>] {
        &self.species
    }

    /// Species of row `index`, an index into [`Self::species`].
    #[must_use]
    pub fn species_of(&self, index: usize) -> Option<usize> {
        self.entries.get(index).map(|e| e.species)
    }

    /// Rows of a species; empty where there is none.
    #[must_use]
    pub fn rows_of(&self, species: usize) -> &[usize] {
        self.rows_of_species.get(species).map(Vec::as_slice).unwrap_or_default()
    }

    /// Entries that could not be used on this axis, and why.
    #[must_use]
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// One sentence about the entries left out, if there are any.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        let first = self.left_out.first()?;
        let total = self.left_out.len() + self.entries.len();
        Some(format!(
            "{} of {total} library entries were left out; the first is {}: {}",
            self.left_out.len(),
            first.name,
            first.why
        ))
    }
}
