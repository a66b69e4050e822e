//! A library laid out for searching: every entry resampled once onto one grid.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use crate::spectrum::resample::{Interpolation, resample};
use crate::spectrum::{Axis, AxisKind, Spectrum};

use super::super::entry::species_key;
use super::super::{EntryId, Library, LibraryError};
use super::query::Query;
use super::rows::{Rows, SLOPE_EDGE, Unit, slope, unit};
use super::{Metric, Ranking, SearchOptions, rank};

/// Most points of a grid that is chosen automatically; a finer one gains nothing and costs time.
const MAX_POINTS: f64 = 2048.0;
/// Most points of any grid.
const LARGEST_GRID: f64 = 65_536.0;
/// Entries out of a hundred whose ends may lie outside the automatic grid at each side.
const OUTSIDE_PERCENT: usize = 2;
/// Rows scored in one go: with 1,024 points they stay in a core's own cache while several queries pass.
const BLOCK_ROWS: usize = 64;
/// Queries that pass over a block together.
const BLOCK_QUERIES: usize = 8;
/// Numbers in a matrix from which one query is worth several cores.
const PARALLEL_FROM: usize = 1 << 19;

/// Even positions in cm-1 on which entries and queries are compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// First position.
    pub low_cm1: f64,
    /// Last position, met to within half a step.
    pub high_cm1: f64,
    /// Distance of neighbours.
    pub step_cm1: f64,
}

impl Grid {
    /// A grid that covers nearly all of these axes at the usual step of theirs, in at most 2,048 points.
    fn covering(axes: &[Arc<Axis>]) -> Option<Self> {
        let middle = |mut values: Vec<f64>, percent: usize| {
            values.sort_by(f64::total_cmp);
            values.get((values.len().saturating_sub(1)) * percent / 100).copied()
        };
        let low = middle(axes.iter().map(|a| a.low()).collect(), OUTSIDE_PERCENT)?;
        let high = middle(axes.iter().map(|a| -a.high()).collect(), OUTSIDE_PERCENT)?;
        let step = middle(axes.iter().map(|a| a.mean_step()).collect(), 50)?;
        let (low_cm1, high_cm1) = (low, -high);
        Some(Self { low_cm1, high_cm1, step_cm1: step.max((high_cm1 - low_cm1) / (MAX_POINTS - 1.0)) })
    }

    fn axis(self) -> Result<Axis, LibraryError> {
        let Self { low_cm1, high_cm1, step_cm1 } = self;
        let bad = LibraryError::BadGrid { low_cm1, high_cm1, step_cm1 };
        let steps = ((high_cm1 - low_cm1) / step_cm1).round();
        let fits = step_cm1 > 0.0 && (1.0..LARGEST_GRID).contains(&steps);
        if !fits {
            return Err(bad);
        }
        let last = low_cm1 + steps * step_cm1;
        Axis::even(AxisKind::RamanShift, low_cm1, last, steps as usize + 1).map_err(|_error| bad)
    }
}

/// What a row stands for.
#[derive(Debug, Clone)]
pub(super) struct Indexed {
    pub id: EntryId,
    pub name: Arc<str>,
    pub species: usize,
}

/// A library ready to be searched. It holds copies on its own grid: a change of the library needs a new index.
#[derive(Debug, Clone)]
pub struct Index {
    grid: Axis,
    levels: Rows,
    slopes: Rows,
    entries: Vec<Indexed>,
    species: Vec<Arc<str>>,
    skipped: Vec<(EntryId, String)>,
}

impl Index {
    /// Lays a library out on a grid chosen from its axes.
    pub fn new(library: &Library) -> Result<Self, LibraryError> {
        Self::build(library, None)
    }

    /// Lays a library out on a given grid.
    pub fn with_grid(library: &Library, grid: Grid) -> Result<Self, LibraryError> {
        Self::build(library, Some(grid))
    }

    fn build(library: &Library, grid: Option<Grid>) -> Result<Self, LibraryError> {
        let (mut entries, mut spectra, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
        let (mut species, mut places) = (Vec::new(), HashMap::new());
        for entry in library.entries() {
            match entry.spectrum.converted(&AxisKind::RamanShift) {
                Err(error) => skipped.push((entry.id, error.to_string())),
                Ok(spectrum) => {
                    let place = *places.entry(species_key(&entry.facts.group)).or_insert_with(|| {
                        species.push(Arc::from(entry.facts.group.trim()));
                        species.len() - 1
                    });
                    let name = Arc::from(entry.facts.name.as_str());
                    entries.push(Indexed { id: entry.id, name, species: place });
                    spectra.push(spectrum);
                }
            }
        }
        let axes: Vec<Arc<Axis>> = spectra.iter().map(|s| Arc::clone(s.axis())).collect();
        let grid = grid.or_else(|| Grid::covering(&axes)).ok_or(LibraryError::NothingToSearch)?.axis()?;
        if spectra.is_empty() {
            return Err(LibraryError::NothingToSearch);
        }
        let laid: Vec<[(usize, Option<Unit>); 2]> = spectra
            .par_iter()
            .map(|spectrum| {
                let (start, y) = on_grid(spectrum, &grid);
                [(start, unit(&y, None)), (start + SLOPE_EDGE, unit(&slope(&y), None))]
            })
            .collect();
        let (levels, slopes): (Vec<_>, Vec<_>) = laid.into_iter().map(<(_, _)>::from).unzip();
        Ok(Self {
            levels: Rows::new(grid.len(), levels.into_iter()),
            slopes: Rows::new(grid.len(), slopes.into_iter()),
            grid,
            entries,
            species,
            skipped,
        })
    }

    /// Positions on which everything is compared.
    #[must_use]
    pub fn grid(&self) -> &Axis {
        &self.grid
    }

    /// Number of entries that can be found.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Never true; an index without entries cannot be made.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Entries that are not over Raman shift and have no laser wavelength to convert with, and why not.
    #[must_use]
    pub fn skipped(&self) -> &[(EntryId, String)] {
        &self.skipped
    }

    /// Ranks the species of the library by their likeness to a spectrum.
    pub fn search(&self, spectrum: &Spectrum, options: &SearchOptions) -> Result<Ranking, LibraryError> {
        let query = Query::new(spectrum, &self.grid, options)?;
        let rows = self.rows(options.metric);
        let mut scores = vec![f64::NAN; rows.len()];
        if rows.len() * rows.points() < PARALLEL_FROM {
            score(&query, rows, 0..rows.len(), &mut scores);
        } else {
            scores.par_chunks_mut(BLOCK_ROWS).enumerate().for_each(|(block, part)| {
                let first = block * BLOCK_ROWS;
                score(&query, rows, first..first + part.len(), part);
            });
        }
        Ok(rank::ranking(self, query, &scores, options))
    }

    /// Searches for many spectra on all cores; each has its own answer, in their order.
    #[must_use]
    pub fn search_all(
        &self,
        spectra: &[Spectrum],
        options: &SearchOptions,
    ) -> Vec<Result<Ranking, LibraryError>> {
        spectra.par_chunks(BLOCK_QUERIES).flat_map_iter(|group| self.search_group(group, options)).collect()
    }

    fn search_group(
        &self,
        group: &[Spectrum],
        options: &SearchOptions,
    ) -> Vec<Result<Ranking, LibraryError>> {
        let rows = self.rows(options.metric);
        let mut queries: Vec<_> = group
            .iter()
            .map(|spectrum| {
                Query::new(spectrum, &self.grid, options).map(|query| (query, vec![f64::NAN; rows.len()]))
            })
            .collect();
        for first in (0..rows.len()).step_by(BLOCK_ROWS) {
            let block = first..(first + BLOCK_ROWS).min(rows.len());
            for (query, scores) in queries.iter_mut().flatten() {
                score(query, rows, block.clone(), &mut scores[block.clone()]);
            }
        }
        queries
            .into_iter()
            .map(|query| query.map(|(query, scores)| rank::ranking(self, query, &scores, options)))
            .collect()
    }

    pub(super) fn rows(&self, metric: Metric) -> &Rows {
        match metric {
            Metric::Derivative => &self.slopes,
            Metric::Cosine | Metric::Pearson | Metric::Sad => &self.levels,
        }
    }

    pub(super) fn levels(&self) -> &Rows {
        &self.levels
    }

    pub(super) fn entries(&self) -> &[Indexed] {
        &self.entries
    }

    pub(super) fn species(&self) -> &[Arc<str>] {
        &self.species
    }
}

fn score(query: &Query, rows: &Rows, range: Range<usize>, scores: &mut [f64]) {
    for (index, score) in range.zip(scores) {
        *score = query.score(rows, index);
    }
}

/// The part of a spectrum that lies on the grid: where it starts, and its values there.
pub(super) fn on_grid(spectrum: &Spectrum, grid: &Axis) -> (usize, Vec<f64>) {
    let axis = spectrum.axis();
    // A grid point that misses the end by rounding is inside.
    let slack = 1e-10 * (axis.high() - axis.low());
    let range = grid.range(axis.low() - slack, axis.high() + slack);
    // Binning keeps lines that fall between the points of a coarser grid.
    let finer = axis.mean_step() < 0.75 * grid.mean_step();
    let how = if finer { Interpolation::Area } else { Interpolation::Linear };
    let y = resample(axis, spectrum.y(), grid, how, 0.0);
    let part = y.get(range.clone()).unwrap_or_default();
    (range.start, part.iter().map(|v| f64::from(*v)).collect())
}
