//! A library from a folder with `labels.csv` and `.npy` arrays. Two layouts: a grid (`NAME.npy.gz` with
//! `NAME_axis.csv`, a row a spectrum) and native pairs (two columns; `offset` and `n` say which rows).

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::formats::{Limits, Place};
use crate::spectrum::{Axis, AxisKind, Spectrum, SpectrumError};

use super::super::{Library, LibraryError};
use super::array::Array;
use super::labels::Labels;
use super::{Layout, LoadOptions, Loaded, io_error, read_file, stem, with_defaults};

const LABELS: &str = "labels.csv";
const SUFFIXES: [&str; 2] = [".npy.gz", ".npy"];
const OFFSETS: &[&str] = &["native_offset", "offset"];

/// The folder of a label table when `path` is one, or is one of its files.
pub(super) fn folder_of(path: &Path) -> Option<&Path> {
    let name = path.file_name()?.to_str().unwrap_or_default();
    let folder = if path.is_dir() {
        path
    } else if name == LABELS || array_stem(name).is_some() {
        path.parent()?
    } else {
        return None;
    };
    (folder.join(LABELS).is_file() && !arrays(folder).ok()?.is_empty()).then_some(folder)
}

fn array_stem(name: &str) -> Option<&str> {
    SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix))
}

/// Arrays of a folder with their stems, in the order of their names.
fn arrays(folder: &Path) -> Result<Vec<(String, PathBuf)>, LibraryError> {
    let file = folder.display().to_string();
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(io_error(&file))? {
        let path = entry.map_err(io_error(&file))?.path();
        let stem = path.file_name().and_then(|name| array_stem(name.to_str()?)).map(str::to_owned);
        found.extend(stem.map(|stem| (stem, path)));
    }
    found.sort();
    Ok(found)
}

/// An array and how its rows are to be understood.
enum Source {
    Grid(Array, Axis),
    Native(Array),
}

pub(super) fn load(folder: &Path, options: &LoadOptions) -> Result<Loaded, LibraryError> {
    let labels = Labels::read(&folder.join(LABELS), options.limits)?;
    let mask = match &options.rows {
        None => vec![true; labels.len()],
        Some(filter) => {
            let other = filter.table.as_ref().map(|path| Labels::read(path, options.limits)).transpose()?;
            other.as_ref().unwrap_or(&labels).mask(&filter.column, &filter.value, labels.len())?
        }
    };
    let mut loaded = Loaded { library: Library::new(stem(folder)), warnings: Vec::new() };
    let source = choose(folder, &labels, options)?;
    let mut cut = Cut { labels: &labels, mask: &mask, options, bad: 0, absent: 0, first: None };
    match source {
        Source::Grid(array, axis) => cut.grid(array, &axis, &mut loaded.library)?,
        Source::Native(array) => cut.native(array, &mut loaded.library)?,
    }
    if cut.absent > 0 {
        let absent = cut.absent;
        loaded.warnings.push(format!(
            "{}: {absent} rows were left out because the array with the original sampling does not hold them.",
            labels.file()
        ));
    }
    if let Some(first) = cut.first {
        let bad = cut.bad;
        loaded.warnings.push(format!("{}: {bad} rows were left out; the first: {first}.", labels.file()));
    }
    if loaded.library.is_empty() {
        let (file, problem) =
            (folder.display().to_string(), "no row of its label table gave a spectrum".into());
        return Err(LibraryError::NothingFound { file, problem });
    }
    Ok(loaded)
}

/// The array in the wanted layout, else the one that is there.
fn choose(folder: &Path, labels: &Labels, options: &LoadOptions) -> Result<Source, LibraryError> {
    let (mut grid, mut native, mut others) = (None, None, Vec::new());
    let pairs = labels.has("n") && OFFSETS.iter().any(|column| labels.has(column));
    for (name, path) in arrays(folder)? {
        let axis = folder.join(format!("{name}_axis.csv"));
        if axis.is_file() {
            grid = grid.or(Some((path, axis)));
        } else if pairs && Array::open(&path)?.columns == 2 {
            native = native.or(Some(path));
        } else {
            others.push(name);
        }
    }
    let (grid, native) = match options.layout {
        Layout::Native if native.is_some() => (None, native),
        _ => (grid, native),
    };
    match (grid, native) {
        (Some((path, axis)), _) => {
            let axis = read_axis(&axis, options.limits)?;
            Ok(Source::Grid(Array::open(&path)?, axis))
        }
        (None, Some(path)) => Ok(Source::Native(Array::open(&path)?)),
        (None, None) => Err(LibraryError::NothingFound {
            file: folder.display().to_string(),
            problem: format!(
                "no array can be placed on an axis ({}): NAME.npy.gz needs NAME_axis.csv beside it, or two columns \
                 and the columns offset and n in labels.csv",
                others.join(", ")
            ),
        }),
    }
}

/// Positions in the first column of a CSV file. A header that names a wavelength makes it one.
fn read_axis(path: &Path, limits: Limits) -> Result<Axis, LibraryError> {
    let file = path.display().to_string();
    let bytes = read_file(path, &file, limits)?;
    let text = String::from_utf8_lossy(&bytes);
    let malformed = |place: Place, problem: String| {
        let (file, what) = (file.clone(), "axis of a label table");
        LibraryError::Malformed { file, what, place, problem }
    };
    let (mut kind, mut values) = (AxisKind::RamanShift, Vec::new());
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let cell = line.split(',').next().unwrap_or_default().trim().trim_start_matches('\u{feff}');
        match cell.parse::<f64>() {
            Ok(value) => values.push(value),
            Err(_) if index == 0 => {
                let header = cell.to_lowercase();
                if header.contains("wavelength") || header.ends_with("nm") {
                    kind = AxisKind::Wavelength;
                }
            }
            Err(_) => return Err(malformed(Place::Line(index + 1), format!("\"{cell}\" is not a number"))),
        }
    }
    Axis::new(kind, values).map_err(|error| malformed(Place::Whole, error.to_string()))
}

/// Cuts arrays into entries and counts what could not be used.
struct Cut<'a> {
    labels: &'a Labels,
    mask: &'a [bool],
    options: &'a LoadOptions,
    bad: usize,
    absent: usize,
    first: Option<String>,
}

impl Cut<'_> {
    fn wanted(&self) -> impl Iterator<Item = usize> + use<'_> {
        self.mask.iter().enumerate().filter(|(_, wanted)| **wanted).map(|(line, _)| line)
    }

    fn grid(&mut self, array: Array, axis: &Axis, library: &mut Library) -> Result<(), LibraryError> {
        if (array.rows, array.columns) != (self.labels.len(), axis.len()) {
            let (rows, columns) = (array.rows, array.columns);
            let (lines, points) = (self.labels.len(), axis.len());
            return Err(self.labels.malformed(
                usize::MAX,
                format!("there are {lines} labels and {points} positions for an array of {rows} x {columns}"),
            ));
        }
        let values = array.read(self.options.limits)?;
        // Entries measured over the same part of the grid share its axis.
        let mut axes: HashMap<(usize, usize), Arc<Axis>> = HashMap::new();
        for line in self.wanted().collect::<Vec<_>>() {
            let low = self.labels.number(line, &["lo_cm1"]).unwrap_or(f64::NEG_INFINITY);
            let high = self.labels.number(line, &["hi_cm1"]).unwrap_or(f64::INFINITY);
            // Outside its measured range the array holds zeros that nobody measured.
            let range = axis.range(low, high);
            let part = if let Some(part) = axes.get(&(range.start, range.end)) {
                Ok(Arc::clone(part))
            } else {
                let positions = axis.values().get(range.clone()).unwrap_or_default().to_vec();
                Axis::new(axis.kind().clone(), positions).map(Arc::new)
            };
            let start = line * axis.len() + range.start;
            let row = values.get(start..start + range.len()).unwrap_or_default();
            let spectrum = part.and_then(|part| {
                axes.insert((range.start, range.end), Arc::clone(&part));
                Spectrum::new(part, row, self.labels.metadata(line))
            });
            self.take(line, spectrum, library);
        }
        Ok(())
    }

    fn native(&mut self, array: Array, library: &mut Library) -> Result<(), LibraryError> {
        let rows = array.rows;
        let values = array.read(self.options.limits)?;
        let pairs = values.as_chunks::<2>().0;
        for line in self.wanted().collect::<Vec<_>>() {
            let Some(offset) = self.labels.number(line, OFFSETS) else {
                return Err(self.labels.malformed(line, "the offset is not a number"));
            };
            if offset < 0.0 {
                self.absent += 1;
                continue;
            }
            let n = self.labels.number(line, &["n"]).unwrap_or(0.0);
            let range = offset as usize..(offset as usize).saturating_add(n as usize);
            let Some(pairs) = pairs.get(range) else {
                let problem = format!("pairs {offset} to {} are beyond the array's {rows}", offset + n);
                return Err(self.labels.malformed(line, problem));
            };
            let positions = pairs.iter().map(|pair| f64::from(pair[0])).collect();
            let row: Vec<f32> = pairs.iter().map(|pair| pair[1]).collect();
            let spectrum = Axis::new(AxisKind::RamanShift, positions)
                .and_then(|axis| Spectrum::new(axis, row, self.labels.metadata(line)));
            self.take(line, spectrum, library);
        }
        Ok(())
    }

    fn take(&mut self, line: usize, spectrum: Result<Spectrum, SpectrumError>, library: &mut Library) {
        match spectrum {
            Ok(spectrum) => {
                library.add(with_defaults(self.labels.facts(line), &self.options.defaults), spectrum);
            }
            Err(error) => {
                self.bad += 1;
                self.first.get_or_insert_with(|| format!("row {line}: {error}"));
            }
        }
    }
}
