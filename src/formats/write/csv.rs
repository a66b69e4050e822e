//! CSV: one curve, or a table with a shared axis. Positions run low to high, as other programs expect; a header
//! line remembers a descending original.

use std::sync::Arc;

use super::super::own_csv::{SPECTRUM_LINE, TABLE_LINE, escaped, header_lines};
use super::curve::Curve;
use super::{Item, Separator, WriteOptions, Written, shortest};
use crate::spectrum::resample::{Interpolation, resample};
use crate::spectrum::{Axis, AxisKind, AxisOrder, SpectrumSet};

/// One curve under its header.
pub(super) fn one(curve: &Curve, options: WriteOptions) -> Written {
    let axis = curve.axis();
    let mut out = Out::new(options);
    if options.metadata {
        out.line(SPECTRUM_LINE);
        axis_lines(&mut out, axis);
        for line in header_lines(&curve.meta()) {
            out.comment(&line);
        }
    }
    out.names(axis.kind(), std::iter::once("intensity".to_owned()));
    out.rows(axis, &[curve.y().into()]);
    Written { bytes: out.text.into_bytes(), warnings: Vec::new() }
}

/// All curves as columns over the axis of the first; others are resampled linearly, with empty cells outside.
pub(super) fn table(items: &[Item], curves: &[Curve], options: WriteOptions) -> Result<Written, String> {
    let Some(first) = curves.first() else { return Err("there is no spectrum to write".into()) };
    let axis = first.axis();
    let mut columns: Vec<Arc<[f32]>> = Vec::with_capacity(curves.len());
    let mut kept: Vec<&Curve> = Vec::with_capacity(curves.len());
    let (mut moved, mut cut) = (0, 0);
    for curve in curves {
        let (column, outside) = on_axis(curve, axis)?;
        if !is_spectrum(axis, &column) {
            continue;
        }
        kept.push(curve);
        moved += usize::from(outside.is_some());
        cut += usize::from(outside.is_some_and(|cells| cells > 0));
        columns.push(column);
    }
    let mut warnings = Vec::new();
    if moved > 0 {
        warnings.push(format!(
            "{moved} of {} spectra were resampled linearly to the axis of the first; {cut} of them do not cover it \
             and have empty cells there.",
            curves.len()
        ));
    }
    if kept.len() < curves.len() {
        warnings.push(format!(
            "{} of {} spectra were left out: fewer than 2 positions of the first one's axis lie within theirs; write one \
             file for each spectrum to keep them.",
            curves.len() - kept.len(),
            curves.len()
        ));
    }
    let mut out = Out::new(options);
    let set = match items {
        [Item::Set(set)] => Some(set),
        _ => None,
    };
    if options.metadata {
        out.line(TABLE_LINE);
        axis_lines(&mut out, axis);
        match set {
            Some(set) => series_lines(&mut out, set),
            None => {
                for (index, curve) in kept.iter().enumerate() {
                    for line in header_lines(&curve.meta()) {
                        out.comment(&format!("[{}] {line}", index + 1));
                    }
                }
            }
        }
    }
    let name = |(index, curve): (usize, &&Curve)| match set {
        Some(set) if set.labels.is_empty() => (index + 1).to_string(),
        Some(set) => set.labels.get(index).cloned().unwrap_or_default(),
        None => curve.meta().display_name().to_owned(),
    };
    out.names(axis.kind(), kept.iter().enumerate().map(name));
    out.rows(axis, &columns);
    Ok(Written { bytes: out.text.into_bytes(), warnings })
}

/// The head of a column of positions.
pub fn position_name(kind: &AxisKind) -> &'static str {
    match kind {
        AxisKind::RamanShift => "raman_shift_cm-1",
        AxisKind::Wavelength => "wavelength_nm",
        AxisKind::Wavenumber => "wavenumber_cm-1",
        AxisKind::Energy => "energy_eV",
        AxisKind::Pixel => "pixel",
        AxisKind::Other(_) => "position",
    }
}

/// True when numbers stand at two positions at least: with fewer a column is no spectrum to whoever reads the table.
fn is_spectrum(axis: &Axis, column: &[f32]) -> bool {
    let filled = |(_, y): &(&f64, &f32)| y.is_finite();
    let mut pairs = axis.values().iter().zip(column).filter(filled);
    let first = pairs.next();
    first.zip(pairs.next_back()).is_some_and(|((a, _), (b, _))| a.total_cmp(b).is_ne())
}

/// The curve over `axis`, and the number of points outside its range when it had to be resampled.
fn on_axis(curve: &Curve, axis: &Axis) -> Result<(Arc<[f32]>, Option<usize>), String> {
    let own = curve.axis();
    if own.kind() != axis.kind() {
        return Err(format!(
            "the spectra have axes of different kinds ({} and {}); convert them first",
            axis.kind().label(),
            own.kind().label()
        ));
    }
    if own == axis {
        return Ok((curve.y().into(), None));
    }
    if own.ascending() == axis.ascending() {
        return Ok((curve.y().iter().rev().copied().collect(), None));
    }
    let column = resample(own, curve.y(), axis, Interpolation::Linear, f32::NAN);
    let outside = column.iter().filter(|v| !v.is_finite()).count();
    Ok((column.into(), Some(outside)))
}

fn axis_lines(out: &mut Out, axis: &Axis) {
    match axis.kind() {
        AxisKind::Other(label) => out.comment(&format!("axis: other {}", escaped(label))),
        kind => out.comment(&format!("axis: {}", kind.id())),
    }
    if axis.order() == AxisOrder::Descending {
        out.comment("order: descending");
    }
}

fn series_lines(out: &mut Out, set: &SpectrumSet) {
    out.comment("rows: series");
    if !set.labels.is_empty() {
        out.comment("labels: yes");
    }
    if let Some(shape) = set.shape {
        out.comment(&format!("shape: {}x{}", shape.width, shape.height));
    }
    let positions = &set.positions;
    let units = [("length_unit", &positions.length_unit), ("time_unit", &positions.time_unit)];
    for (key, unit) in units.into_iter().filter(|(_, unit)| !unit.is_empty()) {
        out.comment(&format!("{key}: {}", escaped(unit)));
    }
    let lists = [("x", &positions.x), ("y", &positions.y), ("z", &positions.z), ("time", &positions.time)];
    for (key, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        let numbers: Vec<String> = list.iter().map(|v| shortest(*v)).collect();
        out.comment(&format!("{key}: {}", numbers.join(" ")));
    }
    for line in header_lines(&set.meta) {
        out.comment(&line);
    }
}

/// The text so far, and how cells are marked.
struct Out {
    text: String,
    separator: char,
    decimal_comma: bool,
}

impl Out {
    fn new(options: WriteOptions) -> Self {
        let decimal_comma = options.separator == Separator::SemicolonDecimalComma;
        Self { text: String::new(), separator: if decimal_comma { ';' } else { ',' }, decimal_comma }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn comment(&mut self, line: &str) {
        self.text.push_str("# ");
        self.line(line);
    }

    fn names(&mut self, kind: &AxisKind, columns: impl Iterator<Item = String>) {
        self.text.push_str(position_name(kind));
        for name in columns {
            self.text.push(self.separator);
            // One line for the names, whatever they hold.
            let name = name.replace(['\n', '\r', '\0'], " ");
            if name.contains([self.separator, '"']) || name.is_empty() || name.trim() != name {
                self.text.push('"');
                self.text.push_str(&name.replace('"', "\"\""));
                self.text.push('"');
            } else {
                self.text.push_str(&name);
            }
        }
        self.text.push('\n');
    }

    fn rows(&mut self, axis: &Axis, columns: &[Arc<[f32]>]) {
        let points = axis.len();
        for step in 0..points {
            let index = match axis.order() {
                AxisOrder::Ascending => step,
                AxisOrder::Descending => points - 1 - step,
            };
            self.number(&shortest(axis.values()[index]));
            for column in columns {
                self.text.push(self.separator);
                if let Some(value) = column.get(index).filter(|v| v.is_finite()) {
                    self.number(&shortest(*value));
                }
            }
            self.text.push('\n');
        }
    }

    fn number(&mut self, number: &str) {
        if self.decimal_comma {
            self.text.push_str(&number.replace('.', ","));
        } else {
            self.text.push_str(number);
        }
    }
}
