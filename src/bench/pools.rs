//! The data of `bench unmix`: a label table cut by `splits.csv` into what may be stored and what is mixed.

use std::path::PathBuf;
use std::sync::Arc;

use super::BenchError;

use crate::library::{LEAST_COVERAGE, Library, Onto, check_splits, species_key};
use crate::spectrum::{Axis, AxisKind};

/// The split that may be stored in a library and trained on.
pub const KNOWN: &str = "known";
/// The split of whole substances that no library holds.
pub const UNKNOWN: &str = "unknown";

/// A pure spectrum of unit norm.
#[derive(Debug, Clone)]
pub struct Pure {
    /// What it is.
    pub species: String,
    /// Its curve over the common axis.
    pub curve: Arc<[f32]>,
}

/// What is stored, what is mixed, and the axis of both.
#[derive(Debug, Clone)]
pub struct Pools {
    /// The common axis.
    pub axis: Arc<Axis>,
    /// The `known` rows, resampled to the axis, unit norm.
    pub library: Library,
    /// The rows of the asked set, sorted by species.
    pub mixed: Vec<Pure>,
    /// Rows of both that cover too little of the axis or have no positive value.
    pub left_out: usize,
}

/// Where the rows come from and over which axis they are compared.
#[derive(Debug, Clone)]
pub struct PoolOptions {
    /// Folder with `labels.csv` and arrays, or one of its files.
    pub library: PathBuf,
    /// Table with the columns `row` and `split`.
    pub splits: PathBuf,
    /// The split that is mixed.
    pub set: String,
    /// Common axis: first, last, points.
    pub axis: (f64, f64, usize),
}

/// Loads both pools.
pub fn load_pools(options: &PoolOptions) -> Result<Pools, BenchError> {
    let (low, high, points) = options.axis;
    let axis = Axis::even(AxisKind::RamanShift, low, high, points)
        .map_err(|e| BenchError::Asked(format!("the common axis is not usable: {e}")))?;
    check_splits(&options.library, &options.splits, &[&options.set, KNOWN])?;
    let axis = Arc::new(axis);
    let load = |split: &str| {
        Library::load_split(&options.library, &options.splits, split).map(|loaded| loaded.library.onto(&axis))
    };
    let Onto { library, mut left_out } = load(KNOWN)?;
    let mut mixed = if options.set == KNOWN {
        pures(&library)
    } else {
        let rows = load(&options.set)?;
        left_out += rows.left_out;
        pures(&rows.library)
    };
    mixed.sort_by_cached_key(|pure| species_key(&pure.species));
    let species = mixed.chunk_by(|a, b| species_key(&a.species) == species_key(&b.species)).count();
    if species < 2 {
        let problem = format!(
            "the set \"{}\" has spectra of {species} species that cover {:.0} % of {low} to {high} cm-1; mixtures \
             need two",
            options.set,
            100.0 * LEAST_COVERAGE
        );
        return Err(BenchError::data(&options.splits, problem));
    }
    Ok(Pools { axis, library, mixed, left_out })
}

fn pures(library: &Library) -> Vec<Pure> {
    let pure = |entry: &crate::library::Entry| Pure {
        species: entry.facts.group.clone(),
        curve: Arc::from(entry.spectrum.y()),
    };
    library.entries().iter().map(pure).collect()
}
