//! One data block: its scaling records, its table, and the curve that both make.

use super::super::cells::declared_kind;
use super::super::settle::Settler;
use super::super::{FormatError, Input, Place};
use super::asdf::{self, Start};
use super::pairs;
use super::records::{Block, Document, Record, without_comment};
use crate::spectrum::{Axis, AxisKind};

/// What a table needs to become a curve.
#[derive(Debug, Clone)]
pub(super) struct Scale {
    pub x_factor: f64,
    pub y_factor: f64,
    pub first: Option<f64>,
    pub last: Option<f64>,
    pub step: Option<f64>,
    /// What NPOINTS says; empty when it says nothing, more than one where it is repeated.
    pub points: Vec<u64>,
    pub decimal_comma: bool,
}

/// What is common to the tables of one file.
pub(super) struct Reading<'a> {
    pub input: &'a Input<'a>,
    pub document: &'a Document<'a>,
    pub warnings: Vec<String>,
    pub settler: Settler,
    /// Points that tables may still expand to.
    pub budget: usize,
}

/// A curve before it gets its metadata.
pub(super) type Curve = (Axis, Vec<f32>);

impl Scale {
    pub(super) fn of(input: &Input, block: &Block, warnings: &mut Vec<String>) -> Result<Self, FormatError> {
        const MARKED: [&str; 9] =
            ["FIRSTX", "LASTX", "FIRSTY", "MINX", "MAXX", "MINY", "MAXY", "DELTAX", "YFACTOR"];
        let number = |name: &str| -> Result<Option<f64>, FormatError> {
            let Some(record) = block.get(name) else { return Ok(None) };
            let token = record.value.split([' ', '\t', ';']).next().unwrap_or(record.value);
            match pairs::number(token) {
                Some(value) if value.is_finite() => Ok(Some(value)),
                _ => Err(input.malformed(
                    Place::Line(record.line),
                    format!("{} is '{}', expected a number", record.label, record.value),
                )),
            }
        };
        let factor = |name| number(name).map(|f| f.filter(|f| *f != 0.0).unwrap_or(1.0));
        let repeated = |name: &str| -> Vec<u64> {
            let all = block.records.iter().filter(|r| r.name == name);
            all.filter_map(|r| pairs::number(r.value)).filter(|n| *n >= 1.0).map(|n| n as u64).collect()
        };
        // What is not needed by every table is left out with a word when it cannot be read.
        let mut optional = |name: &str| {
            number(name).unwrap_or_else(|error| {
                warnings.push(format!("{error}; the record was left out."));
                None
            })
        };
        Ok(Self {
            x_factor: factor("XFACTOR")?,
            y_factor: factor("YFACTOR")?,
            first: optional("FIRSTX"),
            last: optional("LASTX"),
            step: optional("DELTAX").filter(|s| *s != 0.0),
            points: match optional("NPOINTS") {
                Some(_) => repeated("NPOINTS"),
                None => Vec::new(),
            },
            decimal_comma: MARKED.iter().any(|n| block.get(n).is_some_and(|r| has_decimal_comma(r.value))),
        })
    }
}

impl Scale {
    /// The header says this number of points, or none.
    fn fits(&self, found: usize) -> bool {
        self.points.is_empty() || self.points.contains(&(found as u64))
    }
}

/// `176,36`: digits, one comma, digits, and no point.
fn has_decimal_comma(value: &str) -> bool {
    let mut parts = value.trim().trim_start_matches(['+', '-']).split(',');
    let digits = |p: Option<&str>| p.is_some_and(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
    let (whole, fraction) = (parts.next(), parts.next());
    let fraction = fraction.map(|f| f.split(['e', 'E']).next().unwrap_or(f));
    digits(whole) && digits(fraction) && parts.next().is_none()
}

/// Kind of the positions: `1/CM` is a Raman shift where the data type says Raman.
pub(super) fn axis_kind(units: &str, data_type: &str) -> AxisKind {
    declared_kind(units, data_type.to_lowercase().contains("raman"))
}

/// The step between points that the starts of the lines give, as written. A line's abscissa belongs to its first
/// ordinate; writers differ in whether that is the check value or the first new point.
fn step_of_lines(starts: &[Start]) -> Option<f64> {
    let (first, last) = (starts.first()?, starts.last()?);
    let with = |check: bool| {
        let at = |start: &Start| start.index as f64 - f64::from(u8::from(check && start.check));
        let span = at(last) - at(first);
        let step = (last.x - first.x) / span;
        let miss = |start: &Start| ((at(start) - at(first)) * step - (start.x - first.x)).abs();
        (span > 0.0).then(|| (step, starts.iter().map(miss).fold(0.0, f64::max)))
    };
    let (check, new) = (with(true), with(false));
    let better = if check?.1 <= new?.1 { check } else { new };
    better.map(|(step, _)| step)
}

impl Reading<'_> {
    /// Reads the table of `record`, whose form its value names.
    pub(super) fn table(
        &mut self,
        record: &Record,
        scale: &Scale,
        kind: AxisKind,
        ended: bool,
    ) -> Result<Curve, FormatError> {
        let form: String = record.value.chars().filter(|c| !c.is_whitespace()).collect();
        let stepped = form.contains("++") || form.is_empty() && record.name == "XYDATA";
        let (x, y) = if stepped {
            self.stepped(record, scale, ended)?
        } else {
            self.paired(record, scale, &form, ended)?
        };
        self.settler.pairs(kind, x, y).map_err(self.input.spectrum_error())
    }

    fn paired(
        &mut self,
        record: &Record,
        scale: &Scale,
        form: &str,
        ended: bool,
    ) -> Result<(Vec<f64>, Vec<f32>), FormatError> {
        let wide = !form.is_empty() && !form.to_ascii_uppercase().starts_with("(XY..XY");
        let comma = scale.decimal_comma || self.four_part_lines(record);
        let read = |comma| pairs::decode(self.input, self.document.body(record), comma, wide);
        let (mut x, mut y) = read(comma)?;
        if !scale.fits(x.len()) {
            // The header may be written otherwise than the table; the number of points tells.
            if let Some(other) = read(!comma).ok().filter(|(x, _)| scale.fits(x.len())) {
                (x, y) = other;
            }
        }
        self.count(record, scale, x.len(), ended)?;
        for x in &mut x {
            *x *= scale.x_factor;
        }
        Ok((x, y.into_iter().map(|y| (y * scale.y_factor) as f32).collect()))
    }

    /// `176,36, 32822,795` in the first lines: decimal commas that the header does not show.
    fn four_part_lines(&self, record: &Record) -> bool {
        let mut lines =
            self.document.body(record).map(|(_, l)| without_comment(l).trim()).filter(|l| !l.is_empty());
        let shown =
            |l: &str| l.split_once(", ").is_some_and(|(x, y)| has_decimal_comma(x) && !y.contains(", "));
        lines.next().is_some_and(shown) && lines.next().is_none_or(shown)
    }

    /// Compares the number of points with what the header says: a table that was cut off is an error.
    fn count(
        &mut self,
        record: &Record,
        scale: &Scale,
        found: usize,
        ended: bool,
    ) -> Result<(), FormatError> {
        let Some(said) = scale.points.last().filter(|_| !scale.fits(found)) else { return Ok(()) };
        let share = found as f64 / *said as f64;
        if share < 0.5 || !ended && share < 0.95 {
            let why = if ended { "" } else { ", and the block has no ##END=" };
            return Err(self.input.malformed(
                Place::Line(record.line),
                format!("the table holds {found} points, NPOINTS says {said}{why}"),
            ));
        }
        self.warnings
            .push(format!("The table at line {} holds {found} points, NPOINTS says {said}.", record.line));
        Ok(())
    }

    fn stepped(
        &mut self,
        record: &Record,
        scale: &Scale,
        ended: bool,
    ) -> Result<(Vec<f64>, Vec<f32>), FormatError> {
        let table = self.decode(record, scale)?;
        let found = table.y.len();
        let fits = scale.fits(found);
        if let Some(&(line, value, expected)) = table.failed_checks.first() {
            let failed = table.failed_checks.len();
            let what = format!("the check value is {value}, but the ordinate before it is {expected}");
            if !fits || failed > 1 + table.starts.len() / 4 {
                return Err(self.input.malformed(
                    Place::Line(line),
                    format!("{what}: the table is damaged ({failed} such lines, {found} points)"),
                ));
            }
            self.warnings.push(format!(
                "A check failed in {failed} lines of the table; at line {line} {what}. Values near it may be wrong."
            ));
        }
        self.count(record, scale, found, ended)?;
        let x = self.positions(record, scale, &table, fits)?;
        Ok((x, table.y.into_iter().map(|y| (y * scale.y_factor) as f32).collect()))
    }

    /// Decodes the table. A line that holds only a check value ends the difference form by the letter; some writers
    /// repeat the check on the next line, and then only that reading gives as many points as the header says.
    fn decode(&mut self, record: &Record, scale: &Scale) -> Result<asdf::Table, FormatError> {
        let (input, document) = (self.input, self.document);
        // A point in the numbers of the table outweighs commas in the header.
        let comma = scale.decimal_comma
            && !document.body(record).take(20).any(|(_, line)| without_comment(line).contains('.'));
        let mut read =
            |comma, chained| asdf::decode(input, document.body(record), comma, chained, &mut self.budget);
        let table = read(comma, false)?;
        if scale.fits(table.y.len()) || table.lone_checks == 0 && comma == scale.decimal_comma {
            return Ok(table);
        }
        let fitting = |table: Result<asdf::Table, FormatError>| table.ok().filter(|t| scale.fits(t.y.len()));
        if let Some(chained) = fitting(read(comma, true)) {
            return Ok(chained);
        }
        Ok(fitting(read(!comma, false)).unwrap_or(table))
    }

    /// Positions by FIRSTX and LASTX, or by the abscissae of the lines where those are missing or do not fit.
    fn positions(
        &mut self,
        record: &Record,
        scale: &Scale,
        table: &asdf::Table,
        fits: bool,
    ) -> Result<Vec<f64>, FormatError> {
        let found = table.y.len();
        let by_lines = step_of_lines(&table.starts).map(|step| step * scale.x_factor);
        let missing = |what: &str| {
            self.input.malformed(
                Place::Line(record.line),
                format!("the block has no {what}, which its table needs"),
            )
        };
        let first = match (scale.first, scale.last, table.starts.first()) {
            (Some(first), ..) => first,
            // Without both ends the lines must say it; one missing end means a damaged header.
            (None, None, Some(start)) => start.x * scale.x_factor,
            (None, ..) => return Err(missing("##FIRSTX=")),
        };
        let spread = |last: f64| (last - first) / found.saturating_sub(1).max(1) as f64;
        let said =
            |last: f64| scale.points.last().map(|n| (last - first) / n.saturating_sub(1).max(1) as f64);
        // Of the steps that the header gives in one way or other, the one that the lines confirm.
        let confirmed = |lines: f64| {
            let all = [scale.step, scale.last.map(spread), scale.last.and_then(said)];
            let miss = |step: &f64| (step - lines).abs();
            let near = all.into_iter().flatten().filter(|s| miss(s) <= lines.abs() / found.max(2) as f64);
            near.min_by(|a, b| miss(a).total_cmp(&miss(b)))
        };
        let step = match scale.last {
            Some(last) if fits => spread(last),
            last => by_lines
                .map(|lines| confirmed(lines).unwrap_or(lines))
                .or(scale.step)
                .or(last.map(spread))
                .ok_or_else(|| missing("##LASTX="))?,
        };
        if scale.first.is_none() {
            self.warnings.push("FIRSTX is missing; positions were taken from the lines of the table.".into());
        }
        // A line's abscissa belongs to its first ordinate, which in difference form repeats the point before.
        let off = |start: &&Start| {
            let (index, x) = (start.index as f64, start.x * scale.x_factor);
            let written = scale.x_factor.abs().max(x.abs() * 1e-5);
            let miss = |i: f64| (first + step * i - x).abs();
            miss(index).min(miss(index - 1.0)) > 1.01 * step.abs() + written
        };
        let wrong = table.starts.iter().filter(off).count();
        if wrong > 0 {
            self.warnings.push(format!(
                "{wrong} lines of the table at line {} name other positions than FIRSTX and LASTX give.",
                record.line
            ));
        }
        let mut x: Vec<f64> = (0..found).map(|i| first + step * i as f64).collect();
        if let (Some(end), Some(last), true) = (x.last_mut(), scale.last, fits && found > 1) {
            *end = last;
        }
        Ok(x)
    }
}
