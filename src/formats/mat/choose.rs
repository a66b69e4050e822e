//! Which of a file's variables are positions and which are intensities.
//!
//! In each scope (the file itself, each struct, each cell array): the best-named vector that fits something else in
//! the scope is the axis; vectors of its length are spectra, matrices with one side of its length are sets. Without
//! an axis, a matrix whose first column (or row) runs steadily up or down carries its own.

use crate::formats::cells::{axis_kind, laser_nm};
use crate::formats::settle::{Grid, assumed_shift, share_axes};
use crate::formats::{Decoded, FormatError, Input, Place};
use crate::spectrum::{AxisKind, Metadata};

use super::{Matrix, Value};

/// Names that mean an axis though they do not say of what.
const AXIS_NAMES: [&str; 18] = [
    "x",
    "xdata",
    "xaxis",
    "xax",
    "xs",
    "xvals",
    "xvalues",
    "axis",
    "axisscale",
    "wn",
    "w",
    "nu",
    "v",
    "freq",
    "frequency",
    "f",
    "cm",
    "abscissa",
];
/// Names that are never an axis, however steady the values.
const INTENSITY_NAMES: [&str; 12] = [
    "y",
    "ydata",
    "intensity",
    "intensities",
    "data",
    "spectrum",
    "spectra",
    "spec",
    "counts",
    "signal",
    "z",
    "int",
];
/// Most axes weighed against each other, and most variables looked at in one scope. Files made to be slow have more.
const CANDIDATES: usize = 64;
const VARIABLES: usize = 10_000;
/// Longest path of names, in characters.
const PATH: usize = 200;
/// Most variables listed in an error.
const LISTED: usize = 12;

pub(super) fn spectra(input: &Input, variables: Vec<(String, Value)>) -> Result<Decoded, FormatError> {
    let mut scopes = Vec::new();
    collect(String::new(), variables, &mut scopes);
    let mut decoded = Decoded::default();
    // A struct of spectra may use the axis that stands beside it.
    let all = scopes.iter().flat_map(|scope| scope.numbers.iter());
    let outer: Vec<&(String, Matrix)> = all.filter(|(n, m)| named(n, m)).take(CANDIDATES).collect();
    for scope in &scopes {
        scope.spectra(input, &outer, &mut decoded)?;
    }
    if decoded.items.is_empty() {
        let all: Vec<String> = scopes
            .iter()
            .flat_map(|s| s.numbers.iter().map(|(name, m)| format!("{}{name} {:?}", s.prefix(), m.dims)))
            .collect();
        let shown = all.get(..all.len().min(LISTED)).unwrap_or_default().join(", ");
        let shown = if shown.is_empty() { "none".to_owned() } else { shown };
        return Err(input.malformed(
            Place::Whole,
            format!(
                "no axis with intensities of its length was found; expected two vectors of equal length, or a matrix \
                 with positions in its first column. Numeric variables: {shown}"
            ),
        ));
    }
    share_axes(&mut decoded.items);
    Ok(decoded)
}

/// Variables that stand together.
#[derive(Debug, Default)]
struct Scope {
    path: String,
    numbers: Vec<(String, Matrix)>,
    texts: Vec<(String, String)>,
}

/// Sorts the tree into scopes, outer ones first.
fn collect(path: String, variables: Vec<(String, Value)>, scopes: &mut Vec<Scope>) {
    let mut scope = Scope { path, ..Scope::default() };
    let mut inner = Vec::new();
    for (name, value) in variables.into_iter().take(VARIABLES) {
        match value {
            Value::Numbers(matrix) => scope.numbers.push((name, matrix)),
            Value::Text(text) => scope.texts.push((name, text)),
            Value::Fields(fields) => inner.push((name, fields)),
            Value::List(list) => {
                let numbered = list.into_iter().enumerate();
                inner.push((name, numbered.map(|(i, value)| (format!("{{{}}}", i + 1), value)).collect()));
            }
            Value::Other => {}
        }
    }
    let prefix = scope.prefix();
    scopes.push(scope);
    for (name, fields) in inner {
        let path = format!("{prefix}{name}").chars().take(PATH).collect();
        collect(path, fields, scopes);
    }
}

/// A vector called like an axis.
fn named(name: &str, matrix: &Matrix) -> bool {
    matrix.vector().is_some() && matrix.steady() && name_score(name) >= 2
}

/// 3 says what it measures, 2 says that it is an axis, 1 is neutral, 0 is an intensity.
fn name_score(name: &str) -> u32 {
    let plain = name.to_lowercase().replace(|c: char| !c.is_alphabetic(), "");
    if INTENSITY_NAMES.contains(&plain.as_str()) {
        0
    } else if kind_of(name).is_some() {
        3
    } else if AXIS_NAMES.contains(&plain.as_str()) {
        2
    } else {
        1
    }
}

/// `RamanShift`, `wave_number`, `lambda_nm`, `wn`: words that variables are made of.
fn kind_of(name: &str) -> Option<AxisKind> {
    let mut words = String::new();
    let mut previous = ' ';
    for c in name.chars() {
        if c.is_uppercase() && previous.is_lowercase() {
            words.push(' ');
        }
        words.push(c);
        previous = c;
    }
    let plain: String = name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    let known = match plain.as_str() {
        "wn" | "wavenum" | "wavenums" | "wvn" | "cm1" | "ramanshifts" | "rshift" => {
            Some(AxisKind::RamanShift)
        }
        "wl" | "wvl" | "wavelen" | "lam" => Some(AxisKind::Wavelength),
        _ => None,
    };
    known.or_else(|| axis_kind(&words.replace('_', " "))).or_else(|| axis_kind(&plain))
}

impl Matrix {
    /// Length, when only one side is longer than 1.
    fn vector(&self) -> Option<usize> {
        let mut long = self.dims.iter().filter(|d| **d != 1);
        match (long.next(), long.next()) {
            (Some(length), None) if *length >= 2 => Some(*length),
            _ => None,
        }
    }

    /// Finite, sorted either way, and not constant.
    fn steady(&self) -> bool {
        steady(&self.data)
    }

    /// Rows and columns with all further sides counted as columns.
    fn sides(&self) -> Option<(usize, usize)> {
        let rows = *self.dims.first()?;
        (rows > 0).then(|| (rows, self.data.len() / rows))
    }

    fn row(&self, row: usize, rows: usize) -> Vec<f64> {
        self.data.iter().skip(row).step_by(rows.max(1)).copied().collect()
    }
}

fn steady(values: &[f64]) -> bool {
    let sorted = values.is_sorted() || values.is_sorted_by(|a, b| a >= b);
    sorted && values.iter().all(|v| v.is_finite()) && values.first() != values.last()
}

/// How a matrix lies against an axis.
enum Fit {
    /// Each column is a spectrum.
    Columns,
    /// Each row is a spectrum; with the sides of the map that the rows make.
    Rows,
}

impl Scope {
    fn prefix(&self) -> String {
        if self.path.is_empty() { String::new() } else { format!("{}.", self.path) }
    }

    fn spectra(
        &self,
        input: &Input,
        outer: &[&(String, Matrix)],
        decoded: &mut Decoded,
    ) -> Result<(), FormatError> {
        let own = self.axis();
        let lent = || outer.iter().find(|(_, m)| self.has_partner(m)).copied();
        let Some((axis_name, axis)) = own.or_else(lent) else { return self.carry_own_axes(input, decoded) };
        let points = axis.data.len();
        let kind = kind_of(axis_name).unwrap_or_else(|| assumed_shift(decoded));
        for (name, matrix) in &self.numbers {
            if std::ptr::eq(matrix, axis) || named(name, matrix) && matrix.vector() == Some(points) {
                continue;
            }
            if matrix.vector() == Some(points) {
                self.push(input, name, kind.clone(), &axis.data, &matrix.data, None, decoded)?;
                continue;
            }
            match matrix.fit(axis) {
                Some(Fit::Columns) => {
                    self.push(input, name, kind.clone(), &axis.data, &matrix.data, None, decoded)?;
                }
                Some(Fit::Rows) => {
                    input.allowed(Place::Whole, matrix.data.len() as u64, 8)?;
                    let rows = matrix.data.len() / points;
                    let turned: Vec<f64> = (0..rows).flat_map(|row| matrix.row(row, rows)).collect();
                    let shape = match matrix.dims[..] {
                        [width, height, _] => Some((width, height)),
                        _ => None,
                    };
                    self.push(input, name, kind.clone(), &axis.data, &turned, shape, decoded)?;
                }
                None => {}
            }
        }
        Ok(())
    }

    /// The vector most likely to be the axis: it fits something, its name says so, it comes first.
    fn axis(&self) -> Option<&(String, Matrix)> {
        let candidates = self.numbers.iter().filter(|(name, matrix)| {
            matrix.vector().is_some() && name_score(name) > 0 && matrix.steady() && self.has_partner(matrix)
        });
        let mut best: Option<(&(String, Matrix), u32)> = None;
        for candidate in candidates.take(CANDIDATES) {
            let score = name_score(&candidate.0);
            if best.is_none_or(|(_, b)| score > b) {
                best = Some((candidate, score));
            }
        }
        best.map(|(candidate, _)| candidate)
    }

    /// True when a variable could be intensities over this axis.
    fn has_partner(&self, axis: &Matrix) -> bool {
        self.numbers.iter().any(|(name, matrix)| {
            let length_fits = matrix.vector() == axis.vector() || matrix.fit(axis).is_some();
            length_fits && !std::ptr::eq(matrix, axis) && !named(name, matrix)
        })
    }

    /// Matrices whose first column or row is steady.
    fn carry_own_axes(&self, input: &Input, decoded: &mut Decoded) -> Result<(), FormatError> {
        for (name, matrix) in &self.numbers {
            let Some((rows, columns)) = matrix.sides().filter(|_| matrix.vector().is_none()) else {
                continue;
            };
            let column = matrix.data.get(..rows).unwrap_or_default();
            let row = matrix.row(0, rows);
            let kind = |decoded: &mut Decoded| kind_of(name).unwrap_or_else(|| assumed_shift(decoded));
            if rows >= columns && columns >= 2 && steady(column) {
                let kind = kind(decoded);
                let rest = matrix.data.get(rows..).unwrap_or_default();
                self.push(input, name, kind, column, rest, None, decoded)?;
            } else if columns > rows && rows >= 2 && steady(&row) {
                let kind = kind(decoded);
                let turned: Vec<f64> = (1..rows).flat_map(|r| matrix.row(r, rows)).collect();
                self.push(input, name, kind, &row, &turned, None, decoded)?;
            }
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "one private call for three layouts of the same thing")]
    fn push(
        &self,
        input: &Input,
        name: &str,
        kind: AxisKind,
        x: &[f64],
        values: &[f64],
        shape: Option<(usize, usize)>,
        decoded: &mut Decoded,
    ) -> Result<(), FormatError> {
        input.allowed(Place::Whole, values.len() as u64, 4)?;
        let values: Vec<f32> = values.iter().map(|v| *v as f32).collect();
        let grid = Grid { x: x.to_vec(), values, meta: self.metadata(name), shape, ..Grid::default() };
        decoded.items.push(grid.finish(input, kind, &mut decoded.warnings)?);
        Ok(())
    }

    fn metadata(&self, variable: &str) -> Metadata {
        let mut meta = Metadata::default();
        for (key, text) in &self.texts {
            match key.to_lowercase().as_str() {
                "title" | "name" | "label" => {
                    meta.title = Some(text.clone()).filter(|t| !t.trim().is_empty());
                }
                "sample" | "samplename" | "sample_name" => meta.sample = Some(text.clone()),
                "date" | "datetime" | "timestamp" => meta.date = Some(text.clone()),
                "instrument" | "spectrometer" => meta.instrument = Some(text.clone()),
                _ => meta.push(key.as_str(), text.as_str()),
            }
        }
        let numbers: Vec<(String, String)> = self
            .numbers
            .iter()
            .filter(|(_, matrix)| matrix.data.len() == 1)
            .map(|(key, matrix)| (key.clone(), matrix.data.first().copied().unwrap_or_default().to_string()))
            .collect();
        let pairs = numbers.iter().chain(&self.texts);
        meta.laser_nm = laser_nm(pairs.map(|(k, v)| (k.as_str(), v.as_str())));
        for (key, value) in numbers {
            meta.push(key, value);
        }
        let several = self.numbers.iter().filter(|(_, matrix)| matrix.data.len() > 1).count() > 2;
        if several || !self.path.is_empty() {
            meta.push("Variable", format!("{}{variable}", self.prefix()));
        }
        if several && meta.title.is_none() {
            meta.title = Some(format!("{}{variable}", self.prefix()));
        }
        meta
    }
}

impl Matrix {
    fn fit(&self, axis: &Self) -> Option<Fit> {
        let points = axis.vector()?;
        if self.vector().is_some() || self.data.is_empty() {
            return None;
        }
        let rows = self.dims.first().copied()?;
        let last = self.dims.last().copied()?;
        match (rows == points, last == points) {
            // A square matrix: spectra lie as the axis does.
            (true, true) if axis.dims.first() == Some(&1) => Some(Fit::Rows),
            (true, _) => Some(Fit::Columns),
            (false, true) => Some(Fit::Rows),
            (false, false) => None,
        }
    }
}

/// Number of spectra in an item, for the tests.
#[cfg(test)]
pub(super) fn lengths(decoded: &Decoded) -> Vec<usize> {
    decoded.items.iter().map(crate::formats::Item::len).collect()
}
