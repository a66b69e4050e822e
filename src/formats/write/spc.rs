//! Galactic SPC, new little-endian format, 32-bit floats.
//!
//! An even axis is stored as first and last (64-bit) and comes back within a millionth of a step; an uneven one is
//! stored as 32-bit floats, about seven digits. Curves over one axis make an ordinary multifile, over several axes
//! one in which every subfile has its own. Titles and other metadata go into the comment and the log block.

use super::super::spc::layout;
use super::curve::Curve;
use super::{Item, Written};
use crate::spectrum::{Axis, AxisKind, Metadata};

/// How far a position may lie from even spacing, in steps, to be stored as first and last.
const EVEN: f64 = 1e-6;
/// Rounding of stored positions, in steps, from which on the user is told.
const NOTICEABLE: f64 = 1e-3;
/// Rounding of stored positions, in steps, from which on neighbours may fall together.
const LOST: f64 = 0.5;

/// The bytes of one file.
pub(super) fn write(items: &[Item], curves: &[Curve]) -> Result<Written, String> {
    let Some(first) = curves.first() else { return Err("there is no spectrum to write".into()) };
    let axis = first.axis();
    if let Some(other) = curves.iter().find(|c| c.axis().kind() != axis.kind()) {
        return Err(format!(
            "the spectra have axes of different kinds ({} and {}); convert them first",
            axis.kind().label(),
            other.axis().kind().label()
        ));
    }
    let count = u32::try_from(curves.len()).map_err(|_many| "SPC counts subfiles in 32 bits".to_owned())?;
    let shared = curves.iter().all(|c| c.axis() == axis);
    let stored = !shared || !axis.is_even(EVEN);
    let mut file = File { bytes: vec![0; layout::NEW_LEN as usize], warnings: Vec::new() };
    let meta = common_meta(items, first);
    let (z_code, z) = positions(items, curves.len());
    if matches!(items, [Item::Set(set)] if !set.positions.x.is_empty() || !set.positions.y.is_empty()) {
        file.warnings.push("SPC has no place for map positions; a CSV table keeps them.".into());
    }
    let mut flags = 0;
    if curves.len() > 1 {
        flags |= layout::MULTI | layout::ORDERED_Z;
    }
    if stored {
        flags |= layout::STORED_X;
        let rounding = curves.iter().map(|c| rounding(c.axis())).fold(0.0, f64::max);
        if rounding >= LOST {
            return Err("the positions are too close together (or too large) for the 32-bit floats of SPC; write CSV \
                        or JCAMP-DX instead"
                .into());
        }
        if rounding > NOTICEABLE {
            file.warnings.push(format!(
                "SPC stores uneven positions as 32-bit floats; some moved by {rounding:.3} of a step."
            ));
        }
    }
    if !shared {
        flags |= layout::OWN_X;
    }
    file.header(flags, axis, &meta, count, z_code);
    if shared {
        file.put(4, &(axis.len() as u32).to_le_bytes());
        if stored {
            file.positions(axis);
        }
    }
    let mut directory = Vec::new();
    for (index, curve) in curves.iter().enumerate() {
        let start = file.bytes.len();
        let here = z.get(index).copied().unwrap_or_default();
        let next = z.get(index + 1).copied().unwrap_or(here);
        file.subfile(index, curve, !shared, (here, next));
        directory.push((start as u32, (file.bytes.len() - start) as u32, here));
        if file.bytes.len() > u32::MAX as usize {
            return Err("the file would be larger than the 4 GiB that SPC offsets reach".into());
        }
    }
    if !shared {
        let at = file.bytes.len() as u32;
        file.put(4, &at.to_le_bytes());
        for (position, size, z) in directory {
            file.bytes.extend(position.to_le_bytes());
            file.bytes.extend(size.to_le_bytes());
            file.bytes.extend(z.to_le_bytes());
        }
    }
    let titles: Vec<String> = match (items, curves.len()) {
        ([Item::Set(set)], _) => set.labels.clone(),
        (_, 1) => Vec::new(),
        _ => curves.iter().enumerate().map(|(i, c)| name(i, c)).collect(),
    };
    file.log(&meta, &titles);
    Ok(Written { bytes: file.bytes, warnings: file.warnings })
}

/// A name for a subfile, never blank.
fn name(index: usize, curve: &Curve) -> String {
    let name = one_line(curve.meta().display_name());
    if name.trim().is_empty() { format!("spectrum {}", index + 1) } else { name }
}

/// What all curves of the file share: the set's own metadata, or what the first curve says.
fn common_meta(items: &[Item], first: &Curve) -> Metadata {
    match items {
        [Item::Set(set)] => set.meta.clone(),
        [_] => first.meta().into_owned(),
        _ => {
            let mut meta = first.meta().into_owned();
            meta.title = Some(format!("{} spectra", items.len()));
            meta
        }
    }
}

/// Unit code and z of every subfile: time or depth of a series, else the number of the component.
fn positions(items: &[Item], count: usize) -> (u8, Vec<f32>) {
    if let [Item::Set(set)] = items {
        let lists =
            [(&set.positions.time, &set.positions.time_unit), (&set.positions.z, &set.positions.length_unit)];
        for (list, unit) in lists {
            if let (Some(code), false) = (layout::unit_code(unit), list.is_empty()) {
                return (code, list.iter().map(|v| *v as f32).collect());
            }
        }
    }
    (0, (0..count).map(|i| if count > 1 { (i + 1) as f32 } else { 0.0 }).collect())
}

/// Largest change by storing as 32-bit floats, in mean steps.
fn rounding(axis: &Axis) -> f64 {
    let worst = axis.values().iter().map(|v| (f64::from(*v as f32) - v).abs()).fold(0.0, f64::max);
    let steps = worst / axis.mean_step();
    if steps.is_finite() { steps } else { f64::INFINITY }
}

struct File {
    bytes: Vec<u8>,
    warnings: Vec<String>,
}

impl File {
    /// Overwrites bytes of the header.
    fn put(&mut self, at: usize, value: &[u8]) {
        if let Some(place) = self.bytes.get_mut(at..at + value.len()) {
            place.copy_from_slice(value);
        }
    }

    /// Text into a field of `width` bytes with at least one NUL behind it; true when it fitted.
    fn text(&mut self, at: usize, width: usize, text: &str) -> bool {
        let mut end = text.len().min(width - 1);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        self.put(at, text.as_bytes().get(..end).unwrap_or_default());
        end == text.len()
    }

    fn header(&mut self, flags: u8, axis: &Axis, meta: &Metadata, count: u32, z_code: u8) {
        let x_code = match axis.kind() {
            AxisKind::RamanShift => 13,
            AxisKind::Wavenumber => 1,
            AxisKind::Wavelength => 3,
            AxisKind::Energy => 14,
            AxisKind::Pixel => 22,
            // Codes of the other kinds would be read back as those.
            AxisKind::Other(label) => {
                layout::unit_code(label).filter(|c| !matches!(c, 1 | 3 | 13 | 14 | 16 | 17 | 22)).unwrap_or(0)
            }
        };
        let unit = meta.intensity_unit.as_deref().unwrap_or_default();
        let y_code = layout::ordinate_code(unit);
        let label = match axis.kind() {
            AxisKind::Other(label) if x_code == 0 => label.as_str(),
            _ => "",
        };
        let y_label = if y_code.is_none() { unit } else { "" };
        let named = !label.is_empty() || !y_label.is_empty();
        let raman = *axis.kind() == AxisKind::RamanShift;
        self.put(
            0,
            &[flags | if named { layout::LABELS } else { 0 }, 0x4B, if raman { 11 } else { 0 }, 0x80],
        );
        self.put(8, &axis.first().to_le_bytes());
        self.put(16, &axis.last().to_le_bytes());
        self.put(24, &count.to_le_bytes());
        self.put(28, &[x_code, y_code.unwrap_or(0), z_code]);
        self.put(32, &meta.date.as_deref().and_then(packed_date).unwrap_or(0).to_le_bytes());
        self.text(45, 9, meta.instrument.as_deref().unwrap_or_default());
        self.text(88, 130, &one_line(meta.title.as_deref().unwrap_or_default()));
        if named {
            let (x, y) = (one_line(label), one_line(y_label));
            if x.len() + y.len() + 3 > 30 {
                self.warnings.push("The axis labels are longer than SPC allows and were cut.".into());
            }
            self.text(218, 30, &format!("{x}\0{y}\0"));
        }
    }

    fn positions(&mut self, axis: &Axis) {
        self.bytes.extend(axis.values().iter().flat_map(|v| (*v as f32).to_le_bytes()));
    }

    fn subfile(&mut self, index: usize, curve: &Curve, own_x: bool, (z, next): (f32, f32)) {
        let scans = curve.meta().accumulations.unwrap_or(0);
        // Flags, then the exponent that means floats.
        self.bytes.extend([0, 0x80]);
        self.bytes.extend((index.min(usize::from(u16::MAX)) as u16).to_le_bytes());
        self.bytes.extend(z.to_le_bytes());
        self.bytes.extend(next.to_le_bytes());
        self.bytes.extend(0_f32.to_le_bytes());
        self.bytes.extend((if own_x { curve.axis().len() as u32 } else { 0 }).to_le_bytes());
        self.bytes.extend(scans.to_le_bytes());
        self.bytes.extend([0; 8]);
        if own_x {
            self.positions(curve.axis());
        }
        self.bytes.extend(curve.y().iter().flat_map(|v| v.to_le_bytes()));
    }

    /// `key = value` lines from which our reader restores what the header has no place for.
    fn log(&mut self, meta: &Metadata, titles: &[String]) {
        let mut text = String::new();
        let mut line = |key: &str, value: &str| {
            // Readers split lines at every `=`, and some refuse the whole file over a second one.
            let (key, value) = (one_line(key).replace('=', " "), one_line(value).replace('=', ":"));
            if !value.trim().is_empty() {
                for part in [key.trim(), " = ", value.trim(), "\r\n"] {
                    text.push_str(part);
                }
            }
        };
        let number = |v: Option<f64>| v.map(|v| v.to_string()).unwrap_or_default();
        line(layout::LOG_TITLE, meta.title.as_deref().unwrap_or_default());
        line(layout::LOG_INSTRUMENT, meta.instrument.as_deref().unwrap_or_default());
        line(layout::LOG_DATE, meta.date.as_deref().unwrap_or_default());
        line(layout::LOG_SOURCE, meta.source_file.as_deref().unwrap_or_default());
        line("SAMPLE", meta.sample.as_deref().unwrap_or_default());
        line("LASER (NM)", &number(meta.laser_nm));
        line("ACQ. TIME (S)", &number(meta.integration_time_s));
        line("ACCUMULATIONS", &meta.accumulations.map(|v| v.to_string()).unwrap_or_default());
        for (index, title) in titles.iter().enumerate() {
            line(&format!("{} {}", layout::LOG_SUBFILE, index + 1), title);
        }
        for (key, value) in meta.extra.iter().filter(|(k, _)| !k.eq_ignore_ascii_case("experiment")) {
            line(key, value);
        }
        for step in &meta.history {
            line(layout::LOG_HISTORY, step);
        }
        if text.is_empty() {
            return;
        }
        let at = self.bytes.len() as u32;
        self.put(248, &at.to_le_bytes());
        text.push('\0');
        let size = layout::LOG_HEADER + text.len() as u32;
        for field in [size, size.next_multiple_of(4096), layout::LOG_HEADER, 0, 0] {
            self.bytes.extend(field.to_le_bytes());
        }
        self.bytes.resize(at as usize + layout::LOG_HEADER as usize, 0);
        self.bytes.extend(text.as_bytes());
    }
}

fn one_line(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ")
}

/// The date of the header, from the ISO form: minute, hour, day, month and year from the low bits up.
fn packed_date(date: &str) -> Option<u32> {
    let part = |range: std::ops::Range<usize>| date.get(range)?.parse::<u32>().ok();
    let (year, month, day) = (part(0..4)?, part(5..7)?, part(8..10)?);
    let (hour, minute) = (part(11..13).unwrap_or(0), part(14..16).unwrap_or(0));
    let sane =
        year < 4096 && (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60;
    sane.then_some(year << 20 | month << 16 | day << 11 | hour << 6 | minute)
}
