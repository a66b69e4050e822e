//! From the columns of a table to spectra.

use std::sync::Arc;

use crate::formats::cells::{self, curve, tidy};
use crate::formats::settle::{assumed_shift, share_axes, sorting};
use crate::formats::{Decoded, FormatError, Input, Item, Place};
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum, SpectrumSet};

use super::body::Numbers;
use super::columns::{Roles, restarts, roles};
use super::header::Header;

/// Up to so many named columns are curves of their own; more, or nameless ones, are a series.
const MOST_CURVES: usize = 32;

/// One table and where it stands, for errors.
pub struct Table<'a> {
    /// The file.
    pub input: &'a Input<'a>,
    /// Line of the first row.
    pub place: Place,
    /// What stands around the rows.
    pub header: Header,
}

impl Table<'_> {
    /// Turns the rows into spectra and adds them to `decoded`.
    pub fn append(&self, numbers: Numbers, decoded: &mut Decoded) -> Result<(), FormatError> {
        match (roles(&numbers, &self.header), numbers) {
            (Roles::Shared { axis: 0, .. }, Numbers::Pair { x, y }) => self.append_pair(x, y, decoded),
            (Roles::Pairs(pairs), numbers) => self.append_pairs(&numbers, pairs, decoded),
            (Roles::Shared { axis, curves, others }, numbers) => {
                for (column, what) in others {
                    let name = self.header.name(column);
                    let name = if name.is_empty() { String::new() } else { format!(" ({name})") };
                    decoded
                        .warn(format!("Column {}{name} {what}; it was not read as a spectrum.", column + 1));
                }
                match curves.as_slice() {
                    [one] if numbers.width() == 2 => {
                        let y = numbers.column(*one).iter().map(|v| *v as f32).collect();
                        self.append_pair(numbers.column(axis), y, decoded)
                    }
                    _ => self.append_shared(&numbers, axis, &curves, decoded),
                }
            }
        }
    }

    /// Infrared software writes plain wavenumbers beside these quantities.
    fn infrared(&self) -> bool {
        let words = ["absorb", "transmi", "reflect"];
        let named = |n: &String| words.iter().any(|word| cells::normalised(n).contains(word));
        self.header.names.iter().any(named)
    }

    /// What the axis in `column` measures; says so when that had to be assumed.
    fn kind(&self, column: usize, infrared: bool, decoded: &mut Decoded) -> AxisKind {
        let header = &self.header;
        let name = cells::normalised(header.name(column));
        let kind = header.axis_of(column).or_else(|| header.axis.clone());
        match kind {
            Some(AxisKind::RamanShift) if !(name.contains("raman") || name.contains("shift")) => {
                if infrared {
                    AxisKind::Wavenumber
                } else {
                    AxisKind::RamanShift
                }
            }
            Some(kind) => kind,
            None if says_nothing(&name) => assumed_shift(decoded),
            None => AxisKind::Other(header.name(column).trim_start_matches('#').trim().to_owned()),
        }
    }

    /// Metadata of the curve in `column`, the `number`th of `count`.
    fn meta(&self, column: usize, number: usize, count: usize) -> Metadata {
        let mut meta = self.header.meta.clone();
        meta.intensity_unit = meta.intensity_unit.or_else(|| self.header.unit(column));
        let base = meta.title.clone().unwrap_or_else(|| self.input.file_stem().to_owned());
        let name = self.header.name(column);
        meta.title = Some(match (count, name.is_empty()) {
            (1, _) => base,
            (_, false) => name.to_owned(),
            (_, true) => format!("{base} [{number}]"),
        });
        meta
    }

    fn append_pair(&self, x: Vec<f64>, y: Vec<f32>, decoded: &mut Decoded) -> Result<(), FormatError> {
        let axis_column = usize::from(self.header.axis_of(0).is_none() && self.header.axis_of(1).is_some());
        let kind = self.kind(axis_column, self.infrared(), decoded);
        let meta = self.meta(1 - axis_column, 1, 1);
        let pieces = restarts(&x);
        if pieces.len() > 1 {
            return self.append_pieces(&x, &y, &pieces, &kind, &meta, decoded);
        }
        let spectrum = curve(self.input, self.place, kind, x, y, meta, &mut decoded.warnings)?;
        doubt_wavelengths(&spectrum, &mut decoded.warnings);
        decoded.items.push(Item::Spectrum(spectrum));
        Ok(())
    }

    /// Several spectra one below the other; the positions start again with each.
    fn append_pieces(
        &self,
        x: &[f64],
        y: &[f32],
        pieces: &[std::ops::Range<usize>],
        kind: &AxisKind,
        meta: &Metadata,
        decoded: &mut Decoded,
    ) -> Result<(), FormatError> {
        let total = pieces.len();
        let mut pieces = pieces.to_vec();
        let longest = pieces.iter().map(std::ops::Range::len).max().unwrap_or(0);
        if pieces.last().is_some_and(|last| last.len() < longest && last.len() * 2 < longest) {
            pieces.pop();
            decoded.warn(format!(
                "The last of {total} spectra ends early (the file may be cut short); it was left out."
            ));
        }
        let parts = |p: &std::ops::Range<usize>| Some((x.get(p.clone())?, y.get(p.clone())?));
        let first = pieces.first().and_then(parts).map_or(&[][..], |(x, _)| x);
        let finite = y.iter().all(|v| v.is_finite()) && x.iter().all(|v| v.is_finite());
        if finite && pieces.iter().filter_map(parts).all(|(x, _)| x == first) {
            let axis = Axis::new(kind.clone(), first.to_vec()).map_err(self.input.spectrum_error())?;
            let values: Vec<f32> = pieces.iter().filter_map(parts).flat_map(|(_, y)| y).copied().collect();
            let set = SpectrumSet::new(axis, values, pieces.len(), meta.clone());
            decoded.items.push(Item::Set(set.map_err(self.input.spectrum_error())?));
            return Ok(());
        }
        self.input.allowed_copies(self.place, pieces.len(), meta)?;
        for (i, (x, y)) in pieces.iter().filter_map(parts).enumerate() {
            let mut meta = meta.clone();
            meta.title = meta.title.map(|title| format!("{title} [{}]", i + 1));
            let (x, y) = (x.to_vec(), y.to_vec());
            let spectrum = curve(self.input, self.place, kind.clone(), x, y, meta, &mut decoded.warnings)?;
            decoded.items.push(Item::Spectrum(spectrum));
        }
        Ok(())
    }

    fn append_pairs(
        &self,
        numbers: &Numbers,
        pairs: usize,
        decoded: &mut Decoded,
    ) -> Result<(), FormatError> {
        self.input.allowed_copies(self.place, pairs, &self.header.meta)?;
        let infrared = self.infrared();
        // Asked before any curve adds warnings: each kind looks through those that are there.
        let kinds: Vec<AxisKind> = (0..pairs).map(|pair| self.kind(2 * pair, infrared, decoded)).collect();
        let before = decoded.items.len();
        let mut missing = 0;
        for (pair, kind) in kinds.into_iter().enumerate() {
            let (axis, column) = (2 * pair, 2 * pair + 1);
            let (mut x, mut y) = (numbers.column(axis), numbers.column(column));
            // Shorter pairs end in empty cells; those are no gaps.
            let rows = x
                .iter()
                .zip(&y)
                .rposition(|(x, y)| x.is_finite() || y.is_finite())
                .map_or(0, |last| last + 1);
            x.truncate(rows);
            y.truncate(rows);
            if rows < 2 && pairs > 1 {
                missing += 1;
                continue;
            }
            let meta = self.meta(column, pair + 1, pairs);
            let y = y.iter().map(|v| *v as f32).collect();
            let spectrum = curve(self.input, self.place, kind, x, y, meta, &mut decoded.warnings)?;
            decoded.items.push(Item::Spectrum(spectrum));
        }
        if missing > 0 {
            decoded
                .warn(format!("{missing} of {pairs} pairs of columns hold no spectrum; they were left out."));
        }
        share_axes(decoded.items.get_mut(before..).unwrap_or_default());
        Ok(())
    }

    fn append_shared(
        &self,
        numbers: &Numbers,
        axis_column: usize,
        curves: &[usize],
        decoded: &mut Decoded,
    ) -> Result<(), FormatError> {
        let kind = self.kind(axis_column, self.infrared(), decoded);
        let x = numbers.column(axis_column);
        let Numbers::Grid { width, values } = numbers else {
            return Err(self.input.malformed(self.place, "the table has no column of intensities"));
        };
        let rows: Vec<&[f64]> = values.chunks_exact((*width).max(1)).collect();
        let value = |row: usize, column: usize| {
            rows.get(row).and_then(|r| r.get(column)).map_or(f32::NAN, |v| *v as f32)
        };
        let filled = |column: &usize| (0..rows.len()).any(|row| value(row, *column).is_finite());
        let curves: Vec<usize> = curves.iter().copied().filter(filled).collect();
        if curves.is_empty() {
            return Err(self
                .input
                .malformed(self.place, "the table has an axis but no column of intensities"));
        }
        let empty = |row: usize| curves.iter().all(|column| !value(row, *column).is_finite());
        // Rows without anything are left out of all curves alike: `keep` carries row numbers through the sorting.
        let (mut shared_x, mut keep): (Vec<f64>, Vec<f32>) =
            (x.clone(), (0..rows.len()).map(|row| if empty(row) { f32::NAN } else { 0.0 }).collect());
        let complete = (0..rows.len())
            .filter(|row| x.get(*row).is_some_and(|v| v.is_finite()) && !empty(*row))
            .all(|row| curves.iter().all(|column| value(row, *column).is_finite()));
        let order = sorted_rows(&shared_x, &keep);
        tidy(&mut shared_x, &mut keep, &mut decoded.warnings);
        if shared_x.len() < 2 {
            let found = shared_x.len();
            return Err(self.input.malformed(
                self.place,
                format!("a spectrum needs at least 2 rows of numbers, found {found}"),
            ));
        }
        let axis = Axis::new(kind.clone(), shared_x).map_err(|e| {
            self.input.malformed(self.place, format!("column {} is no axis: {e}", axis_column + 1))
        })?;
        let axis = Arc::new(axis);
        let named = curves.iter().all(|column| !self.header.name(*column).is_empty());
        if complete && curves.len() > 1 && (curves.len() > MOST_CURVES || !named) {
            let wanted = (curves.len() as u64).saturating_mul(axis.len() as u64);
            self.input.allowed(self.place, wanted, 4)?;
            let values = curves.iter().flat_map(|c| order.iter().map(|row| value(*row, *c))).collect();
            let labels = if named {
                curves.iter().map(|c| self.header.name(*c).to_owned()).collect()
            } else {
                Vec::new()
            };
            let meta = self.meta(axis_column, 1, 1);
            let meta = Metadata { intensity_unit: self.header.unit(curves[0]), ..meta };
            let set =
                SpectrumSet::new(axis, values, curves.len(), meta).map_err(self.input.spectrum_error())?;
            decoded.items.push(Item::Set(set.with_labels(labels)));
            return Ok(());
        }
        self.input.allowed_copies(self.place, curves.len(), &self.header.meta)?;
        let mut short: Vec<String> = Vec::new();
        for (number, column) in curves.iter().enumerate() {
            let meta = self.meta(*column, number + 1, curves.len());
            let y: Vec<f32> = order.iter().map(|row| value(*row, *column)).collect();
            let points = y.iter().filter(|v| v.is_finite()).count();
            if points == y.len() {
                let spectrum =
                    Spectrum::new(Arc::clone(&axis), y, meta).map_err(self.input.spectrum_error())?;
                decoded.items.push(Item::Spectrum(spectrum));
                continue;
            }
            let title = meta.title.clone().unwrap_or_default();
            short.push(format!("{title}: {points} of {}", y.len()));
            if points < 2 {
                continue;
            }
            let mut unsaid = Vec::new();
            let spectrum =
                curve(self.input, self.place, kind.clone(), axis.values().to_vec(), y, meta, &mut unsaid)?;
            decoded.items.push(Item::Spectrum(spectrum));
        }
        if !short.is_empty() {
            let more = short.len().saturating_sub(5);
            short.truncate(5);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            decoded.warn(format!(
                "Rows without a value were left out of some columns ({}{more}).",
                short.join(", ")
            ));
        }
        if decoded.items.is_empty() {
            return Err(self.input.malformed(self.place, "no column holds at least 2 intensities"));
        }
        Ok(())
    }
}

/// Row numbers in the order in which [`tidy`] leaves the rows.
fn sorted_rows(x: &[f64], keep: &[f32]) -> Vec<usize> {
    let rows: Vec<usize> = (0..x.len()).filter(|i| x[*i].is_finite() && keep[*i].is_finite()).collect();
    let positions: Vec<f64> = rows.iter().map(|i| x[*i]).collect();
    match sorting(&positions) {
        Some(order) => order.iter().map(|i| rows[*i]).collect(),
        None => rows,
    }
}

/// A name that stands for no quantity: nothing, `x`, `x1`, `A`, `Column 1`, a number.
fn says_nothing(name: &str) -> bool {
    let name = name.trim_start_matches(['#', '%', ' ']);
    let letters: String = name.chars().filter(|c| c.is_alphabetic()).collect();
    letters.chars().count() <= 1
        || ["col", "column", "var", "unnamed", "index", "data", "axis", "xaxis", "xdata"]
            .contains(&letters.as_str())
}

/// Wavelengths on both sides of the laser line are no Stokes spectrum: the label may be wrong.
fn doubt_wavelengths(spectrum: &Spectrum, warnings: &mut Vec<String>) {
    let axis = spectrum.axis();
    let Some(laser) = spectrum.meta.laser_nm.filter(|_| *axis.kind() == AxisKind::Wavelength) else { return };
    if axis.low() + 100.0 < laser && laser + 100.0 < axis.high() {
        warnings.push(format!(
            "The wavelengths reach from {} to {} nm, far to both sides of the laser at {laser} nm; the axis may be labelled wrongly.",
            axis.low(),
            axis.high()
        ));
    }
}
