//! The sets of a CARS data folder: spectra, their Raman spectra, where known their backgrounds.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::BenchError;
use super::npz::{self, Array};
use crate::spectrum::{Axis, AxisKind};

/// Sets made by a generator whose intensity is half of `|chi|^2`.
const HALVED: &[&str] = &["specnet", "lut-", "vector-", "gan-"];
/// Step and first position of the peers' sets in cm-1.
const PEERS_CM1: (f64, f64) = (0.1, 1.9999);

/// Spectra on one even grid, with what is known about them.
#[derive(Debug, Clone)]
pub struct Set {
    /// `synth/mix`, `noise/0.010`, `real/amdc`.
    pub name: String,
    pub grid: Arc<Axis>,
    /// `|chi|^2`, factors of the generator taken off.
    pub cars: Vec<Vec<f64>>,
    /// `Im chi_R`.
    pub raman: Vec<Vec<f64>>,
    /// `chi_NR`, where it is known.
    pub background: Option<Vec<Vec<f64>>>,
    /// Whether `raman` is another computation in arbitrary units, so that only shapes compare.
    pub shapes_only: bool,
    /// Predictions that peers published, by the name of their method.
    pub published: Vec<(String, Vec<Vec<f64>>)>,
}

/// The folder with the sets: the one given or `cars` in it.
pub fn folder(data: &Path) -> Result<PathBuf, BenchError> {
    let holds =
        |at: &Path| ["synth", "vector_valid", "lut300", "real"].iter().any(|name| at.join(name).is_dir());
    [data.join("cars"), data.to_path_buf()].into_iter().find(|at| holds(at)).ok_or_else(|| {
        BenchError::data(
            data,
            "no CARS data: neither it nor its folder cars holds synth, vector_valid, lut300 or real",
        )
    })
}

/// Every set of the folder, in the order of the specification's table.
pub fn all(folder: &Path) -> Result<Vec<Set>, BenchError> {
    let mut sets = Vec::new();
    for path in files(&folder.join("synth"), ".npz")? {
        sets.extend(archive(&path)?);
    }
    for path in files(&folder.join("vector_valid"), "_cars.csv")? {
        sets.push(table(&path, "vector_valid", PEERS_CM1)?);
    }
    for path in files(&folder.join("lut300"), "_cars.csv")? {
        sets.push(table(&path, "lut300", (0.0, 1.0 / 639.0))?);
    }
    for path in files(&folder.join("real"), ".csv")? {
        sets.extend(measured(&path)?);
    }
    sets.sort_by_key(|set| (order(&set.name), set.name.clone()));
    Ok(sets)
}

fn order(name: &str) -> usize {
    const FIRST: &[&str] =
        &["synth/mix", "synth/specnet", "synth/lut", "synth/vector", "synth/crimson", "synth/weak"];
    const FOLDERS: &[&str] = &["synth/", "noise/", "vector_valid/", "lut300/", "real/"];
    let at = |list: &[&str]| list.iter().position(|start| name.starts_with(start));
    at(FIRST).or_else(|| at(FOLDERS).map(|k| FIRST.len() + k)).unwrap_or(usize::MAX)
}

fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, BenchError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).map_err(|e| BenchError::data(folder, e.to_string()))?;
    let mut found: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    found.retain(|path| path.to_string_lossy().ends_with(ending));
    found.sort();
    Ok(found)
}

fn stem<'a>(path: &'a Path, ending: &str) -> std::borrow::Cow<'a, str> {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    name.strip_suffix(ending).map(|stem| stem.to_owned().into()).unwrap_or(name)
}

/// One archive: a set, or one a level of noise.
fn archive(path: &Path) -> Result<Vec<Set>, BenchError> {
    let arrays = npz::read(path)?;
    let array = |name: &str| -> Result<&Array, BenchError> {
        arrays.get(name).ok_or_else(|| BenchError::data(path, format!("there is no array '{name}' in it")))
    };
    let rows = |array: &Array, factor: f64| -> Vec<Vec<f64>> {
        array.rows().map(|row| row.iter().map(|v| v * factor).collect()).collect()
    };
    let (name, axis) = (stem(path, ".npz"), array("axis")?);
    let factor = if HALVED.iter().any(|start| name.starts_with(start)) { 2.0 } else { 1.0 };
    let (cars, raman) = (rows(array("cars")?, factor), rows(array("im")?, 1.0));
    let background = arrays.get("nrb").map(|nrb| rows(nrb, 1.0));
    let grid = grid(path, &axis.values)?;
    let set = |name: String, cars: Vec<Vec<f64>>| -> Result<Set, BenchError> {
        checked(
            path,
            Set {
                name,
                grid: Arc::clone(&grid),
                cars,
                raman: raman.clone(),
                background: background.clone(),
                shapes_only: false,
                published: Vec::new(),
            },
        )
    };
    match arrays.get("levels") {
        None => Ok(vec![set(format!("synth/{name}"), cars)?]),
        Some(levels) => {
            let each = raman.len().max(1);
            let levels = levels.values.iter().zip(cars.chunks(each));
            levels.map(|(level, cars)| set(format!("noise/{level:.3}"), cars.to_vec())).collect()
        }
    }
}

/// The grid of positions; those of peers are cm-1, others are numbers from 0 to 1.
fn grid(path: &Path, values: &[f64]) -> Result<Arc<Axis>, BenchError> {
    let wide = values.last().is_some_and(|last| *last > 10.0);
    let kind = if wide { AxisKind::RamanShift } else { AxisKind::Other("Position".to_owned()) };
    let (Some(first), Some(last)) = (values.first(), values.last()) else {
        return Err(BenchError::data(path, "its axis is empty"));
    };
    // Positions are stored in single precision.
    Axis::even(kind, *first, *last, values.len())
        .map(Arc::new)
        .map_err(|e| BenchError::data(path, e.to_string()))
}

/// A peers' table beside its answers and predictions.
fn table(path: &Path, folder: &str, (first, step): (f64, f64)) -> Result<Set, BenchError> {
    let case = stem(path, "_cars.csv");
    let beside = |ending: &str| path.with_file_name(format!("{case}{ending}"));
    let cars = rows(path, 2.0)?;
    let raman = rows(&beside("_raman.csv"), 1.0)?;
    let mut published = Vec::new();
    for (ending, name) in
        [("_specnet_pred640.csv", "specnet (published)"), ("_vector_pred.csv", "vector (published)")]
    {
        if beside(ending).is_file() {
            published.push((name.to_owned(), rows(&beside(ending), 1.0)?));
        }
    }
    let points = cars.first().map_or(0, Vec::len);
    let values: Vec<f64> = (0..points).map(|i| first + step * i as f64).collect();
    checked(
        path,
        Set {
            name: format!("{folder}/{case}"),
            grid: grid(path, &values)?,
            cars,
            raman,
            background: None,
            shapes_only: false,
            published,
        },
    )
}

/// Numbers without a header, one spectrum a row.
fn rows(path: &Path, factor: f64) -> Result<Vec<Vec<f64>>, BenchError> {
    let text = std::fs::read_to_string(path).map_err(|e| BenchError::data(path, e.to_string()))?;
    let row = |(k, line): (usize, &str)| -> Result<Vec<f64>, BenchError> {
        let cell = |cell: &str| {
            let wrong = || BenchError::data(path, format!("line {}: '{}' is no number", k + 1, cell.trim()));
            cell.trim().parse::<f64>().map(|v| v * factor).map_err(|_no_number| wrong())
        };
        line.split(',').map(cell).collect()
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(row).collect()
}

/// A measured spectrum with the published retrieval: as measured, and with its slow error divided out.
fn measured(path: &Path) -> Result<Vec<Set>, BenchError> {
    let (header, lines) = super::super::tables::read(path)?;
    let column = |name: &str| -> Result<Vec<f64>, BenchError> {
        let wrong = |what: String| BenchError::data(path, what);
        let at = header
            .iter()
            .position(|h| h == name)
            .ok_or_else(|| wrong(format!("there is no column '{name}'")))?;
        let cell = |(k, line): (usize, &Vec<String>)| {
            let text = line.get(at).map(String::as_str).unwrap_or_default();
            text.parse::<f64>().map_err(|_no_number| wrong(format!("line {}: '{text}' is no number", k + 2)))
        };
        lines.iter().enumerate().map(cell).collect()
    };
    let positions = column("wavenumber_cm1")?;
    let grid = grid(path, &positions)?;
    let truth = column("im_chi3_mem")?;
    let set = |column_name: &str, ending: &str| -> Result<Set, BenchError> {
        checked(
            path,
            Set {
                name: format!("real/{}{ending}", stem(path, ".csv")),
                grid: Arc::clone(&grid),
                cars: vec![column(column_name)?],
                raman: vec![truth.clone()],
                background: None,
                shapes_only: true,
                published: Vec::new(),
            },
        )
    };
    Ok(vec![set("cars_raw", "")?, set("cars_corrected", "-corrected")?])
}

fn checked(path: &Path, set: Set) -> Result<Set, BenchError> {
    let points = set.grid.len();
    let uneven =
        |rows: &[Vec<f64>]| rows.len() != set.cars.len() || rows.iter().any(|row| row.len() != points);
    if set.cars.is_empty() || uneven(&set.cars) || uneven(&set.raman) {
        let problem = format!(
            "{} CARS and {} Raman spectra that do not all have the {points} points of the axis",
            set.cars.len(),
            set.raman.len()
        );
        return Err(BenchError::data(path, problem));
    }
    let background =
        set.background.filter(|rows| rows.len() == set.cars.len() && rows.iter().all(|r| r.len() == points));
    Ok(Set { background, ..set })
}
