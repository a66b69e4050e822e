//! Horiba LabSpec text: `#Key=<tab>value` lines (absent when the user switched them off), then two columns, or one
//! spectrum a row behind its coordinates with the axis in a first row that begins with one empty cell a coordinate.

use crate::spectrum::{AxisKind, Metadata, Positions};

use super::vendor::{Block, Columns, Rows, Style, block, columns, dates, facts};
use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff, text};

/// LabSpec text.
pub const FORMAT: Format =
    Format { id: "labspec_txt", name: "Horiba LabSpec text", extensions: &["txt"], sniff, read };

/// Coordinates a row can carry: x, y, z and time.
const MOST_COORDINATES: usize = 4;
/// Cells that an axis row holds at least, so that a table with an empty first cell is not taken for one.
const FEWEST_AXIS_CELLS: usize = 5;

fn sniff(head: &Head) -> Sniff {
    let Some(text) = head.text() else { return Sniff::No };
    let mut filled = text::lines(text).filter(|l| !l.trim().is_empty());
    let Some(first) = filled.next() else { return Sniff::No };
    if first.starts_with('#') {
        let keyed = |l: &str| l.starts_with('#') && (l.contains("=\t") || l.starts_with("#AxisType["));
        return (keyed(first) || filled.take(100).any(keyed)).into();
    }
    // Without header the empty cells before the axis are all there is to see. The last cell may be cut by the head.
    let axis = first.trim_start_matches('\t');
    let empty = first.len() - axis.len();
    if !(1..=MOST_COORDINATES).contains(&empty) {
        return Sniff::No;
    }
    let style = Style::of('\t', [axis].into_iter());
    let mut cells: Vec<f64> = style.cells(axis.trim_end()).map(|c| style.number(c)).collect();
    cells.pop();
    let monotone = cells.is_sorted_by(|a, b| a < b) || cells.is_sorted_by(|a, b| a > b);
    (cells.len() >= FEWEST_AXIS_CELLS && monotone).into()
}

/// What the `#` lines say.
#[derive(Debug, Default)]
struct Header {
    meta: Metadata,
    /// `#AxisType[n]` and `#AxisUnit[n]`: 0 intensity, 1 spectral, from 2 the coordinates.
    axes: Vec<(String, String)>,
    acquired: bool,
    spectral: Option<AxisKind>,
}

impl Header {
    fn add(&mut self, line: &str) {
        let Some((key, value)) = line.trim_start_matches('#').split_once('=') else { return };
        let (key, value) = (key.trim(), value.trim());
        if let Some(index) = axis_index(key) {
            if self.axes.len() <= index {
                self.axes.resize(index + 1, Default::default());
            }
            if let Some(axis) = self.axes.get_mut(index) {
                let part = if key.starts_with("AxisType") { &mut axis.0 } else { &mut axis.1 };
                value.clone_into(part);
            }
            return;
        }
        let lower = key.to_lowercase();
        let name = lower.split('(').next().unwrap_or_default().trim();
        let meta = &mut self.meta;
        let text = (!value.is_empty()).then(|| value.to_owned());
        match name {
            "title" => meta.title = text,
            "sample" => meta.sample = text,
            "instrument" => meta.instrument = text,
            "acq. time" | "exposition" | "exposure" | "exposure time" | "acquisition time" => {
                meta.integration_time_s = facts::whole_number(value).filter(|v| *v > 0.0);
            }
            "accumulations" | "accumulation" => meta.accumulations = facts::count(value),
            "laser" => {
                meta.laser_nm = facts::laser_nm(value);
                meta.push(key, value);
            }
            "acquired" => {
                self.acquired = true;
                meta.date = dates::iso(value, dates::Order::DayFirst).or(text);
            }
            // The date of saving stands in for the date of measuring in old files.
            "date" if !self.acquired => {
                meta.date = dates::iso(value, dates::Order::DayFirst).or(text);
                meta.push(key, value);
            }
            _ => {
                if name == "spectro" {
                    self.spectral =
                        lower.split_once('(').map(|(_, unit)| kind_of(unit.trim_end_matches(')')));
                }
                meta.push(key, value);
            }
        }
    }

    fn finish(&mut self, input: &Input) {
        if let Some((_, unit)) = self.axes.first().filter(|(_, unit)| !unit.is_empty()) {
            self.meta.intensity_unit = Some(unit.clone());
        }
        if let Some((_, unit)) = self.axes.get(1).filter(|(_, unit)| !unit.is_empty()) {
            self.spectral = Some(kind_of(unit));
        }
        self.meta.title.get_or_insert_with(|| input.file_stem().to_owned());
    }

    /// Old headers and header-less files name no unit; LabSpec shows Raman shifts unless told otherwise.
    fn kind(&self) -> AxisKind {
        self.spectral.clone().unwrap_or(AxisKind::RamanShift)
    }
}

/// `n` of `AxisType[n]` or `AxisUnit[n]`.
fn axis_index(key: &str) -> Option<usize> {
    let rest = key.strip_prefix("AxisType[").or_else(|| key.strip_prefix("AxisUnit["))?;
    rest.strip_suffix(']')?.parse().ok().filter(|n| *n < 2 + MOST_COORDINATES)
}

fn kind_of(unit: &str) -> AxisKind {
    match unit.trim().to_lowercase().as_str() {
        "nm" => AxisKind::Wavelength,
        "ev" => AxisKind::Energy,
        "pixel" | "pix" | "px" => AxisKind::Pixel,
        "1/cm abs" | "1/cm abs." | "cm-1 abs" => AxisKind::Wavenumber,
        _ => AxisKind::RamanShift,
    }
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let text = input.text()?;
    let mut header = Header::default();
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut last = 0;
    for (index, line) in text::lines(&text.text).enumerate() {
        last = index + 1;
        if lines.is_empty() && line.starts_with('#') {
            header.add(line);
        } else if !line.trim().is_empty() {
            lines.push((index + 1, line));
        }
    }
    header.finish(input);
    let Some((number, first)) = lines.first().copied() else {
        return Err(input.malformed(Place::Line(last), "the header is not followed by numbers"));
    };
    let style = Style::guess(lines.iter().map(|(_, line)| *line));
    let is_empty = |cell: &&str| cell.trim().is_empty();
    let cells = style.cells(first.trim_end()).count();
    let empty = style.cells(first).take_while(is_empty).count();
    let next = lines.get(1).map_or(0, |(_, line)| style.cells(line.trim_end()).count());
    if empty > 0 && empty < cells {
        return series(input, header, style, &lines, (empty, empty));
    }
    // Editors that trim lines take the empty cells before the axis with them.
    if cells >= FEWEST_AXIS_CELLS && (cells + 1..=cells + MOST_COORDINATES).contains(&next) {
        return series(input, header, style, &lines, (0, next - cells));
    }
    if cells < 2 {
        let problem = format!("found `{}`, expected a position and an intensity", clip(first));
        return Err(input.malformed(Place::Line(number), problem));
    }
    table(input, header, style, &lines, cells)
}

/// Two columns, or a position and several intensities.
fn table(
    input: &Input,
    header: Header,
    style: Style,
    lines: &[(usize, &str)],
    width: usize,
) -> Result<Decoded, FormatError> {
    let columns = Columns::read(style, width, lines.iter().map(|(_, line)| *line));
    let stop = lines.get(columns.rows).copied();
    if let (0, Some((number, line))) = (columns.rows, stop) {
        return Err(input.malformed(Place::Line(number), format!("found `{}`, expected numbers", clip(line))));
    }
    let intensities: Vec<&[f64]> = columns.cells.iter().skip(1).map(Vec::as_slice).collect();
    let block = Block::from_columns(header.kind(), columns.get(0).to_vec(), &intensities);
    let mut decoded = block.decode(input, header.meta, Rows::default())?;
    if let Some((number, line)) = stop {
        decoded
            .warn(format!("Line {number} (`{}`) holds no numbers; nothing behind it was read.", clip(line)));
    }
    Ok(decoded)
}

/// The axis in the first row behind `skip` empty cells, then one spectrum a row behind its coordinates.
fn series(
    input: &Input,
    header: Header,
    style: Style,
    lines: &[(usize, &str)],
    (skip, coordinates): (usize, usize),
) -> Result<Decoded, FormatError> {
    let Some(((axis_line, first), rows)) = lines.split_first().map(|((n, l), rest)| ((*n, *l), rest)) else {
        return Err(input.malformed(Place::Whole, "there are no numbers"));
    };
    let place = Place::Line(axis_line);
    if coordinates > MOST_COORDINATES {
        let problem = format!("{coordinates} empty cells before the axis, expected 1 to {MOST_COORDINATES}");
        return Err(input.malformed(place, problem));
    }
    let mut axis = Vec::new();
    for cell in style.cells(first.trim_end()).skip(skip) {
        let value = columns::number(cell, style.comma).ok_or_else(|| {
            input.malformed(place, format!("axis value {} is `{}`, not a number", axis.len() + 1, clip(cell)))
        })?;
        axis.push(value);
    }
    input.allowed(place, (axis.len() as u64).saturating_mul(rows.len() as u64), 4)?;
    let mut values = Vec::with_capacity(axis.len().saturating_mul(rows.len()).min(input.bytes.len()));
    let mut places: Vec<Vec<f64>> = vec![Vec::with_capacity(rows.len()); coordinates];
    let mut broken: Vec<usize> = Vec::new();
    for (number, line) in rows {
        let mut cells = style.cells(line);
        let start = values.len();
        let at: Vec<f64> = cells.by_ref().take(coordinates).map(|c| style.number(c)).collect();
        values.extend(cells.take(axis.len()).map(|c| style.number(c) as f32));
        if values.len() - start < axis.len() || at.len() < coordinates {
            values.truncate(start);
            broken.push(*number);
            continue;
        }
        for (list, value) in places.iter_mut().zip(at) {
            list.push(value);
        }
    }
    let points = axis.len();
    if values.is_empty() {
        let problem = format!("no row of {points} intensities follows the axis");
        return Err(input.malformed(place, problem));
    }
    let kind = header.kind();
    let mut rows = Rows::default();
    locate(&header, places, &mut rows);
    rows.shape = block::arrange_grid(input, &mut rows.positions, &mut values)?;
    let mut decoded = Block { kind, axis, values }.decode(input, header.meta, rows)?;
    if let Some(number) = broken.first() {
        let count = broken.len();
        decoded.warn(format!(
            "{count} rows (the first in line {number}) hold fewer than {points} intensities and were left out."
        ));
    }
    Ok(decoded)
}

/// Gives the coordinate columns their meaning.
fn locate(header: &Header, places: Vec<Vec<f64>>, rows: &mut Rows) {
    let count = places.len();
    let mut positions = Positions { length_unit: "um".into(), time_unit: "s".into(), ..Positions::default() };
    for (index, list) in places.into_iter().enumerate() {
        let (name, unit) = header.axes.get(index + 2).cloned().unwrap_or_default();
        let unit = unit.replace(['\u{b5}', '\u{3bc}'], "u");
        let complete = list.iter().all(|v| v.is_finite());
        let target = match name.to_lowercase().as_str() {
            _ if !complete => None,
            "x" | "xa" => Some(&mut positions.x),
            "y" | "ya" => Some(&mut positions.y),
            "z" | "za" | "depth" => Some(&mut positions.z),
            "t" | "time" => {
                if !unit.is_empty() {
                    positions.time_unit.clone_from(&unit);
                }
                positions.time = list;
                continue;
            }
            "" => Some(unnamed(&mut positions, index, count, &list)),
            _ => None,
        };
        let Some(target) = target else {
            label(rows, &name, &unit, &list);
            continue;
        };
        *target = list;
        if !unit.is_empty() {
            positions.length_unit = unit;
        }
    }
    rows.positions = positions;
}

/// Old headers do not say what a coordinate is: two are x and y; one is the time when it counts up from 0 or more,
/// otherwise a depth.
fn unnamed<'a>(positions: &'a mut Positions, index: usize, count: usize, list: &[f64]) -> &'a mut Vec<f64> {
    match (count, index) {
        (1, _) if list.is_sorted() && list.first().is_some_and(|v| *v >= 0.0) => &mut positions.time,
        (1, _) | (_, 2) => &mut positions.z,
        (_, 0) => &mut positions.x,
        (_, 1) => &mut positions.y,
        _ => &mut positions.time,
    }
}

/// Coordinates without a field of their own (point numbers, temperatures) name the rows.
fn label(rows: &mut Rows, name: &str, unit: &str, list: &[f64]) {
    let name = if name == "Points" { "Point" } else { name };
    let of = |value: &f64| format!("{name} {value} {unit}").trim().to_owned();
    if rows.labels.is_empty() {
        rows.labels = list.iter().map(of).collect();
    } else {
        for (label, value) in rows.labels.iter_mut().zip(list) {
            *label = format!("{label}, {}", of(value));
        }
    }
}

/// Text for an error message, not longer than a glance.
fn clip(text: &str) -> String {
    text.trim().chars().take(30).collect()
}
