//! Which measured spectra the default library is made from, and under which names.

use std::path::Path;

use super::formula;
use crate::formats::Place;
use crate::library::{Entry, Layout, Library, LibraryError, LoadOptions, RowFilter};
use crate::spectrum::{Axis, Spectrum, SpectrumError};

/// Open Specy records that are used, with what they are.
const OPENSPECY_NAMES: &str = include_str!("../../../assets/library/openspecy_names.csv");
/// Folders in the data folder, and what their records are called in a table's source field.
const RRUFF: (&str, &str) = ("rruff", "RRUFF");
const OPENSPECY: (&str, &str) = ("library_openspecy", "Open Specy");

/// One substance with the records that could stand for it, best first.
#[derive(Debug)]
pub(super) struct Task {
    pub name: String,
    pub formula: String,
    pub class: String,
    pub group: String,
    pub origin: &'static str,
    /// Whether the records must pass the quality rule; RRUFF's representatives were chosen by hand.
    pub judged: bool,
    pub candidates: Vec<Candidate>,
}

/// One measured spectrum and its citation.
#[derive(Debug)]
pub(super) struct Candidate {
    pub source: String,
    pub laser_nm: Option<f64>,
    pub spectrum: Spectrum,
}

/// Every substance of the data folder, in a fixed order.
pub(super) fn tasks(data: &Path) -> Result<Vec<Task>, LibraryError> {
    let representative = RowFilter { table: None, column: "representative".into(), value: "1".into() };
    let native = LoadOptions { layout: Layout::Native, ..LoadOptions::default() };
    let chosen = LoadOptions { rows: Some(representative), ..native.clone() };
    let rruff = Library::load(&data.join(RRUFF.0), &chosen)?.library;
    let mut tasks: Vec<Task> = rruff.entries().iter().map(rruff_task).collect();
    tasks.extend(openspecy(&Library::load(&data.join(OPENSPECY.0), &native)?.library)?);
    Ok(tasks)
}

fn rruff_task(entry: &Entry) -> Task {
    let name = entry.facts.group.clone();
    let sample = entry.spectrum.meta.get("sample").unwrap_or("without a sample number");
    Task {
        formula: formula::from_rruff(&entry.facts.formula),
        class: "mineral".into(),
        group: name.clone(),
        name,
        origin: RRUFF.1,
        judged: false,
        candidates: vec![Candidate {
            source: format!("{} {sample}, fitted lines", RRUFF.1),
            laser_nm: entry.spectrum.meta.laser_nm,
            spectrum: entry.spectrum.clone(),
        }],
    }
}

fn openspecy(library: &Library) -> Result<Vec<Task>, LibraryError> {
    let mut tasks: Vec<Task> = Vec::new();
    for (i, line) in OPENSPECY_NAMES.lines().enumerate() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let bad = |problem: String| LibraryError::Malformed {
            file: "openspecy_names.csv".into(),
            what: "table of record names",
            place: Place::Line(i + 1),
            problem,
        };
        let fields: Vec<&str> = line.split(';').map(str::trim).collect();
        let [id, name, formula, class, group, low] = fields[..] else {
            return Err(bad("expected spectrum_id;name;formula;class;group;low".into()));
        };
        let entry = library
            .entries()
            .iter()
            .find(|entry| entry.spectrum.meta.get("spectrum_id") == Some(id))
            .ok_or_else(|| bad(format!("the collection has no record {id}")))?;
        let organization = &entry.facts.source;
        let spectrum = match low.parse() {
            Ok(low) => above(&entry.spectrum, low)?,
            Err(_) => entry.spectrum.clone(),
        };
        let candidate = Candidate {
            source: format!("{} {id} ({organization}), fitted lines", OPENSPECY.1),
            laser_nm: None,
            spectrum,
        };
        match tasks.last_mut() {
            Some(task) if task.name == name => task.candidates.push(candidate),
            _ => tasks.push(Task {
                name: name.into(),
                formula: formula.into(),
                class: class.into(),
                group: group.into(),
                origin: OPENSPECY.1,
                judged: true,
                candidates: vec![candidate],
            }),
        }
    }
    Ok(tasks)
}

/// The part of a spectrum at and above `low_cm1`.
fn above(spectrum: &Spectrum, low_cm1: f64) -> Result<Spectrum, LibraryError> {
    let range = spectrum.axis().range(low_cm1, f64::MAX);
    let named = |source: SpectrumError| LibraryError::NotFitted {
        name: spectrum.meta.display_name().to_owned(),
        why: source.to_string(),
    };
    let axis =
        Axis::new(spectrum.axis().kind().clone(), spectrum.x()[range.clone()].to_vec()).map_err(named)?;
    Spectrum::new(axis, &spectrum.y()[range], spectrum.meta.clone()).map_err(named)
}
