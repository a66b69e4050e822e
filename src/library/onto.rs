//! A library over one common axis with unit norm, whole or cut by a table of splits: what is trained on and scored.

use std::path::Path;
use std::sync::Arc;

use crate::spectrum::resample::{Interpolation, resample};
use crate::spectrum::{Axis, Spectrum, metrics};

use super::load::labels::Labels;
use super::{Library, LibraryError, LoadOptions, Loaded, RowFilter};

/// Rows below this share of the axis are left out: zeros that nobody measured are no spectrum.
pub const LEAST_COVERAGE: f64 = 0.9;

/// A library over a common axis.
#[derive(Debug, Clone)]
pub struct Onto {
    /// The entries, resampled to the axis, unit norm.
    pub library: Library,
    /// Entries that cover too little of the axis or have no positive value.
    pub left_out: usize,
}

impl Library {
    /// The rows of one split of a label table.
    pub fn load_split(path: &Path, splits: &Path, split: &str) -> Result<Loaded, LibraryError> {
        check_splits(path, splits, &[split])?;
        let rows =
            RowFilter { table: Some(splits.to_owned()), column: "split".into(), value: split.to_owned() };
        Self::load(path, &LoadOptions { rows: Some(rows), ..LoadOptions::default() })
    }

    /// The entries over the axis with unit norm.
    #[must_use]
    pub fn onto(&self, axis: &Arc<Axis>) -> Onto {
        let mut library = Self::new(self.name.as_str());
        for entry in self.entries() {
            if let Some(spectrum) = on_axis(&entry.spectrum, axis) {
                library.add(entry.facts.clone(), spectrum);
            }
        }
        Onto { left_out: self.len() - library.len(), library }
    }
}

/// The table of splits must speak of every row of the label table, and know every asked split.
pub fn check_splits(library: &Path, splits: &Path, wanted: &[&str]) -> Result<(), LibraryError> {
    let wrong = |file: &Path, problem: String| {
        Err(LibraryError::NothingFound { file: file.display().to_string(), problem })
    };
    let folder = if library.is_dir() { Some(library) } else { library.parent() };
    let labels = folder.unwrap_or(Path::new("")).join("labels.csv");
    if !labels.is_file() {
        let problem =
            "no labels.csv here or beside it; a split needs a folder with labels.csv and a .npy array";
        return wrong(library, problem.to_owned());
    }
    let limits = LoadOptions::default().limits;
    let (rows, lines) = (Labels::read(&labels, limits)?.len(), Labels::read(splits, limits)?);
    if !lines.has("split") {
        return wrong(
            splits,
            format!("there is no column \"split\"; there are {}", lines.names().join(", ")),
        );
    }
    if lines.len() != rows {
        let problem = format!("{} rows are split, but {} has {rows}", lines.len(), labels.display());
        return wrong(splits, problem);
    }
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for line in 0..lines.len() {
        let name = lines.text(line, &["split"]);
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    for wanted in wanted {
        if !counts.iter().any(|(name, _)| name == wanted) {
            let there: Vec<String> = counts.iter().map(|(name, n)| format!("{name} ({n} rows)")).collect();
            let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
            return wrong(splits, format!("the set \"{wanted}\" has no row; the sets are: {there}"));
        }
    }
    Ok(())
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
