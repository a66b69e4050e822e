//! The data of `bench unmix`: a label table cut by `splits.csv` into what may be stored and what is mixed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::BenchError;

use crate::library::{Library, LoadOptions, RowFilter, species_key};
use crate::spectrum::resample::{Interpolation, resample};
use crate::spectrum::{Axis, AxisKind, Spectrum, metrics};

/// Rows below this share of the axis are left out: zeros that nobody measured are no spectrum.
const LEAST_COVERAGE: f64 = 0.9;
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
    check_splits(options)?;
    let axis = Arc::new(axis);
    let (library, mut left_out) = load_split(options, KNOWN, &axis)?;
    let mut mixed = if options.set == KNOWN {
        pures(&library)
    } else {
        let (rows, out) = load_split(options, &options.set, &axis)?;
        left_out += out;
        pures(&rows)
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

/// The table of splits must speak of every row of the label table, and know the asked set and `known`.
fn check_splits(options: &PoolOptions) -> Result<(), BenchError> {
    let folder =
        if options.library.is_dir() { Some(options.library.as_path()) } else { options.library.parent() };
    let labels = folder.unwrap_or(Path::new("")).join("labels.csv");
    if !labels.is_file() {
        let problem =
            "no labels.csv here or beside it; a split needs a folder with labels.csv and a .npy array";
        return Err(BenchError::data(&options.library, problem));
    }
    let (_, rows) = super::tables::read(&labels)?;
    let (header, lines) = super::tables::read(&options.splits)?;
    let Some(column) = header.iter().position(|name| name.eq_ignore_ascii_case("split")) else {
        let problem = format!("there is no column \"split\"; there are {}", header.join(", "));
        return Err(BenchError::data(&options.splits, problem));
    };
    if lines.len() != rows.len() {
        let problem = format!("{} rows are split, but {} has {}", lines.len(), labels.display(), rows.len());
        return Err(BenchError::data(&options.splits, problem));
    }
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for line in &lines {
        let name = line.get(column).map_or("", |cell| cell.trim());
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    for wanted in [options.set.as_str(), KNOWN] {
        if !counts.iter().any(|(name, _)| *name == wanted) {
            let there: Vec<String> = counts.iter().map(|(name, n)| format!("{name} ({n} rows)")).collect();
            let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
            let problem = format!("the set \"{wanted}\" has no row; the sets are: {there}");
            return Err(BenchError::data(&options.splits, problem));
        }
    }
    Ok(())
}

/// The rows of one split over the axis, unit norm, and how many were left out.
fn load_split(options: &PoolOptions, split: &str, axis: &Arc<Axis>) -> Result<(Library, usize), BenchError> {
    let filter =
        RowFilter { table: Some(options.splits.clone()), column: "split".into(), value: split.into() };
    let load = LoadOptions { rows: Some(filter), ..LoadOptions::default() };
    let loaded = Library::load(&options.library, &load)?.library;
    let mut kept = Library::new(split);
    for entry in loaded.entries() {
        if let Some(spectrum) = on_axis(&entry.spectrum, axis) {
            kept.add(entry.facts.clone(), spectrum);
        }
    }
    let left_out = loaded.len() - kept.len();
    Ok((kept, left_out))
}

/// The spectrum over the axis with unit norm; `None` when it covers too little or has no positive value.
fn on_axis(spectrum: &Spectrum, axis: &Arc<Axis>) -> Option<Spectrum> {
    let spectrum = spectrum.converted(axis.kind()).ok()?;
    let from = spectrum.axis();
    // Half a step of slack: a grid cut to its measured range may end just inside.
    let slack = 0.5 * axis.mean_step().abs();
    let inside = |x: &&f64| **x >= from.low() - slack && **x <= from.high() + slack;
    let covered = axis.values().iter().filter(inside).count();
    if (covered as f64) < LEAST_COVERAGE * axis.len() as f64 || !spectrum.y().iter().any(|v| *v > 0.0) {
        return None;
    }
    let mut curve = resample(from, spectrum.y(), axis, Interpolation::Linear, 0.0);
    let norm = metrics::norm(&curve);
    for v in &mut curve {
        *v = (f64::from(*v) / norm) as f32;
    }
    Spectrum::new(Arc::clone(axis), curve, spectrum.meta.clone()).ok()
}
