//! JCAMP-DX 4.24 in AFFN: `XYDATA` over an even axis, `XYPOINTS` over an uneven one, a link file for several curves.
//!
//! YFACTOR is 1 and ordinates are shortest decimals, so intensities come back bit for bit. Uneven positions do too;
//! even ones come back within a millionth of a step, since the format stores only first, last and count.

use super::super::jcamp::is_structural;
use super::curve::Curve;
use super::{Written, shortest};
use crate::spectrum::{Axis, AxisKind, Metadata};

/// Longest line (JCAMP-DX 4.24, section 3).
const LINE: usize = 80;
/// How far a position may lie from even spacing, in steps, to be written as first, last and count.
const EVEN: f64 = 1e-6;

/// One block, or a link block around many.
pub(super) fn write(curves: &[Curve]) -> Written {
    let mut out = Out::default();
    if let [one] = curves {
        block(&mut out, one, None);
    } else {
        out.record("TITLE", &format!("{} spectra", curves.len()));
        out.record("JCAMP-DX", "4.24");
        out.record("DATA TYPE", "LINK");
        out.record("BLOCKS", &curves.len().to_string());
        out.record("ORIGIN", &origin());
        out.record("OWNER", "");
        for (index, curve) in curves.iter().enumerate() {
            block(&mut out, curve, Some(index + 1));
        }
        out.record("END", "");
    }
    Written { bytes: out.text.into_bytes(), warnings: Vec::new() }
}

fn origin() -> String {
    format!("Unravel {}", env!("CARGO_PKG_VERSION"))
}

fn block(out: &mut Out, curve: &Curve, number: Option<usize>) {
    let (axis, meta) = (curve.axis(), curve.meta());
    let extra = |key: &str| meta.get(key).map(str::to_owned);
    out.record("TITLE", meta.title.as_deref().unwrap_or_default());
    out.record("JCAMP-DX", "4.24");
    out.record("DATA TYPE", &data_type(axis, extra("DATA TYPE")));
    if let Some(number) = number {
        out.record("BLOCK_ID", &number.to_string());
    }
    out.record("ORIGIN", &extra("ORIGIN").unwrap_or_else(origin));
    out.record("OWNER", &extra("OWNER").unwrap_or_default());
    notes(out, &meta);
    let (x, y) = (axis.values(), curve.y());
    out.record("XUNITS", units(axis));
    out.record("YUNITS", meta.intensity_unit.as_deref().unwrap_or("ARBITRARY UNITS"));
    let (low, high) = y.iter().fold((f32::MAX, f32::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
    let even = axis.is_even(EVEN);
    out.record("FIRSTX", &number_text(axis.first()));
    out.record("LASTX", &number_text(axis.last()));
    if even {
        out.record("DELTAX", &number_text((axis.last() - axis.first()) / (axis.len() - 1) as f64));
    }
    for (label, value) in [("MINX", axis.low()), ("MAXX", axis.high())] {
        out.record(label, &number_text(value));
    }
    for (label, value) in [("MINY", low), ("MAXY", high), ("FIRSTY", y.first().copied().unwrap_or_default())]
    {
        out.record(label, &number_text(value));
    }
    out.record("XFACTOR", "1");
    out.record("YFACTOR", "1");
    out.record("NPOINTS", &x.len().to_string());
    if even {
        out.record("XYDATA", "(X++(Y..Y))");
        stepped(out, x, y);
    } else {
        out.record("XYPOINTS", "(XY..XY)");
        for (x, y) in x.iter().zip(y) {
            out.line(&format!("{}, {}", number_text(*x), number_text(*y)));
        }
    }
    out.record("END", "");
}

/// Lines of an abscissa and as many ordinates as fit.
fn stepped(out: &mut Out, x: &[f64], y: &[f32]) {
    let mut line = String::new();
    for (x, y) in x.iter().zip(y) {
        let value = number_text(*y);
        if !line.is_empty() && line.len() + 1 + value.len() > LINE {
            out.line(&line);
            line.clear();
        }
        if line.is_empty() {
            line.push_str(&number_text(*x));
        }
        line.push(' ');
        line.push_str(&value);
    }
    out.line(&line);
}

/// A number as AFFN: an exponent always carries its sign, without which `E` would be a packed digit.
fn number_text<T: std::fmt::Display + std::fmt::LowerExp + Into<f64> + Copy>(value: T) -> String {
    match shortest(value).split_once('e') {
        Some((digits, exponent)) if exponent.starts_with('-') => format!("{digits}E{exponent}"),
        Some((digits, exponent)) => format!("{digits}E+{exponent}"),
        None => shortest(value),
    }
}

fn data_type(axis: &Axis, said: Option<String>) -> String {
    let said = said.filter(|s| !s.eq_ignore_ascii_case("LINK"));
    match (axis.kind(), said) {
        // A wavenumber axis under the name of Raman would be read as a Raman shift.
        (AxisKind::Wavenumber, Some(said)) if !said.to_lowercase().contains("raman") => said,
        (AxisKind::Wavenumber, _) => "INFRARED SPECTRUM".into(),
        (AxisKind::Other(_), None) => "SIMPLE GRAPH".into(),
        (AxisKind::Wavelength | AxisKind::Energy | AxisKind::Pixel | AxisKind::Other(_), Some(said)) => said,
        _ => "RAMAN SPECTRUM".into(),
    }
}

fn units(axis: &Axis) -> &str {
    match axis.kind() {
        AxisKind::RamanShift | AxisKind::Wavenumber => "1/CM",
        AxisKind::Wavelength => "NANOMETERS",
        AxisKind::Energy => "ELECTRON VOLTS (EV)",
        AxisKind::Pixel => "PIXEL",
        AxisKind::Other(label) if label.trim().is_empty() => "ARBITRARY UNITS",
        AxisKind::Other(label) => label,
    }
}

fn notes(out: &mut Out, meta: &Metadata) {
    if let Some(date) = &meta.date {
        out.record("LONGDATE", &standard_date(date));
    }
    let number = |v: f64| v.to_string();
    let fields = [
        ("SPECTROMETER/DATA SYSTEM", meta.instrument.clone()),
        ("SAMPLE DESCRIPTION", meta.sample.clone()),
        ("$LASER WAVELENGTH (NM)", meta.laser_nm.map(number)),
        ("$INTEGRATION TIME (S)", meta.integration_time_s.map(number)),
        ("$ACCUMULATIONS", meta.accumulations.map(|v| v.to_string())),
        ("$UNRAVEL SOURCE", meta.source_file.clone()),
    ];
    for (label, value) in fields {
        if let Some(value) = value {
            out.record(label, &value);
        }
    }
    for (key, value) in meta.extra.iter().filter(|(key, _)| !is_structural(key)) {
        let label: String = key.chars().map(|c| if c == '=' || c.is_control() { ' ' } else { c }).collect();
        // Labels of a data type keep their point; all others are ours to name.
        let private = if label.starts_with('.') { "" } else { "$" };
        out.record(&format!("{private}{label}"), value);
    }
    for line in &meta.history {
        out.record("$UNRAVEL HISTORY", line);
    }
}

/// `2017-03-27T14:22:00` in the standard's form `2017/03/27 14:22:00`; anything else as it is.
fn standard_date(date: &str) -> String {
    let form = |c: (usize, u8)| match c.0 {
        4 | 7 => c.1 == b'-',
        10 => c.1 == b'T',
        13 | 16 => c.1 == b':',
        _ => c.1.is_ascii_digit(),
    };
    if date.len() == 19 && date.bytes().enumerate().all(form) {
        date.replace('-', "/").replace('T', " ")
    } else {
        date.to_owned()
    }
}

#[derive(Default)]
struct Out {
    text: String,
}

impl Out {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push_str("\r\n");
    }

    /// `##LABEL= value`, wrapped at blanks so that no line is longer than [`LINE`] where words allow it.
    fn record(&mut self, label: &str, value: &str) {
        // `$$` would start a comment, and a line may not begin with `##`.
        let value = value.replace(['\r', '\n', '\0'], " ").replace("$$", "$ $");
        let mut line = format!("##{label}=");
        for word in value.trim().split(' ') {
            let fits = line.chars().count() + 1 + word.chars().count() <= LINE;
            let may_start_line = !word.is_empty() && !word.starts_with("##");
            if !fits && may_start_line && !line.ends_with(' ') && !line.ends_with('=') {
                self.line(&line);
                line.clear();
            } else {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.line(line.trim_end());
    }
}
