//! The table beside an array: one line a spectrum, columns found by their names.

use std::collections::HashMap;
use std::path::Path;

use crate::formats::{Limits, Place};
use crate::spectrum::Metadata;

use super::super::{Facts, LibraryError};
use super::read_file;

const WHAT: &str = "label table";

/// Columns that say where a spectrum stands, not what it is.
const STRUCTURE: &[&str] = &[
    "row",
    "n",
    "offset",
    "native_offset",
    "lo_cm1",
    "hi_cm1",
    "step_cm1",
    "max_intensity",
    "grid_coverage",
    "representative",
];
const SPECIES: &[&str] = &["mineral", "species", "substance", "name", "title"];
const SPECIMEN: &[&str] = &["sample", "rruff_id", "spectrum_id"];
const FORMULA: &[&str] = &["ideal_chemistry", "formula", "chemistry"];
const SOURCE: &[&str] = &["source", "organization", "organisation"];
const LICENCE: &[&str] = &["licence", "license"];
const KIND: &[&str] = &["kind", "type", "group", "class"];
const NOTES: &[&str] = &["notes", "info", "reference"];
const LASER: &[&str] = &["laser_nm", "laser"];
const FILE: &[&str] = &["file", "rruff_file"];

/// A CSV table with a header line, kept as text.
pub struct Labels {
    file: String,
    columns: HashMap<String, usize>,
    header: csv::StringRecord,
    lines: Vec<csv::StringRecord>,
}

impl Labels {
    pub fn read(path: &Path, limits: Limits) -> Result<Self, LibraryError> {
        let file = path.display().to_string();
        let bytes = read_file(path, &file, limits)?;
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text);
        let problem = |error: &csv::Error| {
            let place = error.position().map_or(Place::Whole, |at| Place::Line(at.line() as usize));
            malformed(&file, place, error.to_string())
        };
        let header = reader.headers().map_err(|e| problem(&e))?.clone();
        let lines = reader.records().collect::<Result<Vec<_>, _>>().map_err(|e| problem(&e))?;
        let mut columns = HashMap::new();
        for (place, name) in header.iter().enumerate() {
            columns.entry(name.to_lowercase()).or_insert(place);
        }
        Ok(Self { file, columns, header, lines })
    }

    pub fn file(&self) -> &str {
        &self.file
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Columns as the table writes them.
    pub fn names(&self) -> Vec<&str> {
        self.header.iter().collect()
    }

    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// What stands in the first of these columns that the table has and that is not blank here.
    pub fn text(&self, line: usize, names: &[&str]) -> &str {
        let Some(record) = self.lines.get(line) else { return "" };
        let cells = names.iter().filter_map(|name| record.get(*self.columns.get(*name)?));
        cells.map(str::trim).find(|cell| !cell.is_empty()).unwrap_or_default()
    }

    pub fn number(&self, line: usize, names: &[&str]) -> Option<f64> {
        self.text(line, names).parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// An error about one line of this table.
    pub fn malformed(&self, line: usize, problem: impl Into<String>) -> LibraryError {
        let at = self.lines.get(line).and_then(csv::StringRecord::position);
        malformed(&self.file, at.map_or(Place::Whole, |at| Place::Line(at.line() as usize)), problem.into())
    }

    /// For each of `rows` lines of a main table, whether `column` of this one holds `value`. Lines are matched by the
    /// `row` column where there is one.
    pub fn mask(&self, column: &str, value: &str, rows: usize) -> Result<Vec<bool>, LibraryError> {
        let column = column.to_lowercase();
        if !self.has(&column) {
            let problem = format!("there is no column \"{column}\"; there are {}", self.names().join(", "));
            return Err(malformed(&self.file, Place::Line(1), problem));
        }
        let mut mask = vec![false; rows];
        for line in 0..self.len() {
            let row = if self.has("row") {
                let text = self.text(line, &["row"]);
                text.parse()
                    .map_err(|_error| self.malformed(line, format!("\"{text}\" is not a row number")))?
            } else {
                line
            };
            let Some(slot) = mask.get_mut(row) else {
                return Err(self.malformed(line, format!("row {row} is beyond the {rows} labelled rows")));
            };
            *slot = self.text(line, &[&column]) == value;
        }
        Ok(mask)
    }

    /// What a line says about its spectrum.
    pub fn facts(&self, line: usize) -> Facts {
        let text = |names: &[&str]| self.text(line, names).to_owned();
        let (named, specimen) = (text(SPECIES), text(SPECIMEN));
        let group = split_laser(&named).0.to_owned();
        Facts {
            name: if specimen.is_empty() { named } else { format!("{named} {specimen}") },
            group,
            formula: text(FORMULA),
            source: text(SOURCE),
            licence: text(LICENCE),
            kind: text(KIND),
            notes: text(NOTES),
        }
    }

    /// The measurement's metadata: the laser by name, every other telling column as it stands.
    pub fn metadata(&self, line: usize) -> Metadata {
        let named = self.text(line, SPECIES);
        let file = self.text(line, FILE);
        let mut meta = Metadata {
            title: (!named.is_empty()).then(|| named.to_owned()),
            source_file: (!file.is_empty()).then(|| file.to_owned()),
            laser_nm: self.number(line, LASER).or(split_laser(named).1),
            ..Metadata::default()
        };
        let told = [STRUCTURE, SPECIES, FORMULA, SOURCE, LICENCE, KIND, NOTES, LASER, FILE];
        let record = self.lines.get(line);
        for (name, cell) in self.header.iter().zip(record.into_iter().flatten()) {
            if !told.iter().any(|names| names.contains(&name.to_lowercase().as_str())) {
                meta.push(name, cell);
            }
        }
        meta
    }
}

/// A species and the laser that some tables write behind its name: `Styrene_785nm`.
fn split_laser(name: &str) -> (&str, Option<f64>) {
    let split = name.strip_suffix("nm").and_then(|rest| rest.rsplit_once('_'));
    match split.map(|(species, laser)| (species, laser.parse::<u32>())) {
        Some((species, Ok(laser @ 200..=1100))) if !species.is_empty() => (species, Some(laser.into())),
        _ => (name, None),
    }
}

fn malformed(file: &str, place: Place, problem: String) -> LibraryError {
    LibraryError::Malformed { file: file.to_owned(), what: WHAT, place, problem }
}
