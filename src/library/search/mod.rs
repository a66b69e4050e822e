//! Which reference is a spectrum most like?
//!
//! [`Index`] lays a library out once on one search grid; `sums` holds the arithmetic over rows of that grid, `query`
//! what a question looks like on it, `rank` turns scores of entries into a ranking of species.
//!
//! Only the part that query and entry both cover counts, cut to the chosen windows. The overlap's share is taken of
//! the shorter of the two ranges; entries under `SearchOptions::min_overlap` are not left out but ranked below all
//! others and marked (`Hit::enough_overlap`), since a good agreement over a sliver says little. Entries that share
//! fewer than [`MIN_POINTS`] grid points with the query are left out and counted.

mod index;
mod query;
mod rank;
mod rows;
mod sums;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::EntryId;
use super::duplicates::DUPLICATE_CORRELATION;

pub use index::{Grid, Index};

/// Grid points that query and entry must share to be compared at all.
const MIN_POINTS: usize = 12;

/// How likeness is measured. All ignore the scale of both spectra.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Cosine of the angle between the spectra; an offset lowers it.
    Cosine,
    /// Pearson correlation: cosine after both means are removed.
    #[default]
    Pearson,
    /// Pearson correlation of the smoothed first derivatives; a slowly varying background hardly matters.
    Derivative,
    /// Spectral angle, as `1 - 2 angle / pi` so that higher is better: 1 for equal shapes, 0 for a right angle. Ranks
    /// as the cosine does, on a scale that spreads good matches.
    Sad,
}

impl Metric {
    /// All of them, in the order of menus.
    pub const ALL: [Self; 4] = [Self::Cosine, Self::Pearson, Self::Derivative, Self::Sad];

    /// Stable machine name.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Cosine => "cosine",
            Self::Pearson => "pearson",
            Self::Derivative => "derivative",
            Self::Sad => "sad",
        }
    }
}

/// A part of the range that counts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// Low end in cm-1, included.
    pub low_cm1: f64,
    /// High end in cm-1, included.
    pub high_cm1: f64,
    /// How much its points count; where windows overlap the largest weight holds.
    pub weight: f32,
}

/// How a library is searched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchOptions {
    /// Measure of likeness.
    pub metric: Metric,
    /// Parts of the range that count; all of it when empty.
    pub windows: Vec<Window>,
    /// Share of the shorter of both ranges below which an entry ranks behind all others.
    pub min_overlap: f64,
    /// Longest list of species given back.
    pub max_hits: usize,
    /// Correlation of their best specimens from which a species is folded into the one above it; `None` folds nothing.
    pub fold: Option<f64>,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self {
            metric: Metric::default(),
            windows: Vec::new(),
            min_overlap: 0.5,
            max_hits: 20,
            fold: Some(DUPLICATE_CORRELATION),
        }
    }
}

/// One species of a ranking, standing for its best specimen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// Best specimen.
    pub entry: EntryId,
    /// Name of that specimen.
    pub name: Arc<str>,
    /// Name of the species.
    pub species: Arc<str>,
    /// Likeness, higher is better, 1 at most.
    pub score: f64,
    /// How far the score is above the next species' one; `None` for the last of its list.
    pub margin: Option<f64>,
    /// Specimens of the species that could be compared.
    pub specimens: usize,
    /// Share of the shorter of both ranges that was compared.
    pub overlap: f64,
    /// False when that share is below the wanted one, and the hit therefore ranks behind those with enough.
    pub enough_overlap: bool,
    /// Low end of the range compared.
    pub low_cm1: f64,
    /// High end of the range compared.
    pub high_cm1: f64,
    /// Species further down whose best specimen is practically the same curve (synonyms, copies).
    pub folded: Vec<Folded>,
}

/// A species folded into a hit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Folded {
    /// Its best specimen.
    pub entry: EntryId,
    /// Name of the species.
    pub species: Arc<str>,
    /// Its own score.
    pub score: f64,
}

/// The answer to one query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranking {
    /// Name of the query.
    pub query: String,
    /// Measure used.
    pub metric: Metric,
    /// Species, best first.
    pub hits: Vec<Hit>,
    /// Entries compared.
    pub compared: usize,
    /// Entries left out because they share too little range with the query, or are flat there.
    pub left_out: usize,
}
