//! Thermo OMNIC spectra (.spa) and spectral groups (.spg): a title, a table of 16-byte keys, and the records the keys
//! point to. Each spectrum has a header record (key 2: points, axis) and an intensity record (key 3) with the same
//! spectrum number. Time series (.srs) are recognised and refused with a sentence.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::spectrum::{AxisKind, Metadata, evenly};

use super::bytes::Bytes;
use super::settle::Curves;
use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff, dates};

/// Thermo OMNIC.
pub const FORMAT: Format =
    Format { id: "omnic", name: "Thermo OMNIC", extensions: &["spa", "spg", "srs"], sniff, read };

const DATA_FILE: &[u8] = b"Spectral Data File";
const SERIES_FILE: &[u8] = b"Spectral Exte File";
/// Offset of the number of keys.
const COUNT: u64 = 294;
/// Offset of the key table.
const TABLE: u64 = 304;
/// Bytes of one key.
const KEY: u64 = 16;
/// Longest text kept.
const TEXT_BYTES: u64 = 16 << 10;

fn sniff(head: &Head) -> Sniff {
    (head.starts_with(DATA_FILE) || head.starts_with(SERIES_FILE)).into()
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    if input.bytes.starts_with(SERIES_FILE) {
        return Err(input.unsupported(
            "an OMNIC time series (.srs) is not read; split it in OMNIC into spectra (.spa) or a group (.spg)",
        ));
    }
    let records = Records::read(input)?;
    let mut curves = Curves::new(input);
    let mut left_out = Vec::new();
    let mut taken = 0_u64;
    for header in records.in_time(input) {
        let spectrum = Spectrum::read(input, header, records.intensities(header));
        let spectrum = match spectrum {
            Ok(spectrum) => spectrum,
            Err(error) => {
                left_out.push(error);
                continue;
            }
        };
        // Records do not overlap in honest files; without this a small file could ask for any amount of memory.
        taken = taken.saturating_add(spectrum.intensities.len() as u64 * 4);
        if taken > Bytes::new(input).len() {
            return Err(input.malformed(Place::Byte(header.offset), "the records of the key table overlap"));
        }
        let meta = spectrum.metadata(input, &records, header);
        let kind = spectrum.axis_kind(&meta, &mut curves);
        let x = evenly(spectrum.first, spectrum.last, spectrum.intensities.len());
        curves.add(kind, x, spectrum.intensities, meta)?;
    }
    let all = records.headers.len();
    if left_out.len() < all {
        if records.cut_off > 0 {
            curves.warn(format!(
                "{} records lie beyond the end of the file, which was cut short.",
                records.cut_off
            ));
        }
        for error in &left_out {
            curves.warn(format!("One of {all} spectra was left out: {error}."));
        }
        return Ok(curves.finish());
    }
    Err(left_out.into_iter().next().unwrap_or_else(|| {
        let problem = "the key table names no spectrum header (key 2)";
        input.malformed(Place::Byte(TABLE), problem)
    }))
}

/// One key: what it is, where it points, which spectrum it belongs to.
#[derive(Debug, Clone, Copy)]
struct Record {
    key: u8,
    offset: u64,
    length: u64,
    number: u16,
    /// Which of the headers with this number it is.
    turn: usize,
}

/// The key table, sorted by use.
#[derive(Debug, Default)]
struct Records {
    headers: Vec<Record>,
    intensities: BTreeMap<u16, Vec<Record>>,
    titles: BTreeMap<u16, Record>,
    comments: BTreeMap<u16, Record>,
    /// Records that do not lie inside the file.
    cut_off: usize,
    histories: BTreeMap<u16, Record>,
}

impl Records {
    fn read(input: &Input) -> Result<Self, FormatError> {
        let bytes = Bytes::new(input);
        let count = bytes.u16(COUNT, "the number of keys")?;
        let mut records = Self::default();
        let mut seen: BTreeMap<u16, usize> = BTreeMap::new();
        for at in (0..u64::from(count)).map(|k| TABLE + k * KEY) {
            bytes.slice(at, KEY, "a key")?;
            let mut record = Record {
                key: bytes.u8(at, "a key")?,
                offset: bytes.u32(at + 2, "a key")?.into(),
                length: bytes.u32(at + 6, "a key")?.into(),
                number: bytes.u16(at + 10, "a key")?,
                turn: 0,
            };
            if record.offset + record.length > bytes.len() {
                records.cut_off += 1;
            }
            match record.key {
                2 => {
                    let turns = seen.entry(record.number).or_default();
                    record.turn = *turns;
                    *turns += 1;
                    records.headers.push(record);
                }
                3 => records.intensities.entry(record.number).or_default().push(record),
                4 => drop(records.comments.entry(record.number).or_insert(record)),
                27 => drop(records.histories.entry(record.number).or_insert(record)),
                107 => drop(records.titles.entry(record.number).or_insert(record)),
                _ => {}
            }
        }
        Ok(records)
    }

    /// Time of one spectrum of a group, seconds since 1899-12-31, stored behind its 256 characters of title.
    fn time(&self, input: &Input, header: &Record) -> Option<u32> {
        let record = self.titles.get(&header.number).filter(|r| r.length >= 260)?;
        Bytes::new(input).u32(record.offset + 256, "a time").ok()
    }

    /// The headers in the order in which the spectra were taken, where each has a time (OMNIC adds spectra to a group
    /// in any order and shows them by time); otherwise as they stand.
    fn in_time(&self, input: &Input) -> Vec<&Record> {
        let mut timed: Vec<(Option<u32>, &Record)> =
            self.headers.iter().map(|h| (self.time(input, h), h)).collect();
        if timed.iter().all(|(time, _)| time.is_some_and(|t| t > 0)) {
            timed.sort_by_key(|(time, _)| *time);
        }
        timed.into_iter().map(|(_, header)| header).collect()
    }

    /// The intensity record of a header: the same number, and the same turn where a number comes more than once.
    fn intensities(&self, header: &Record) -> Option<Record> {
        self.intensities.get(&header.number)?.get(header.turn).copied()
    }
}

/// One spectrum's numbers and header fields.
struct Spectrum {
    x_code: u8,
    y_code: u8,
    first: f64,
    last: f64,
    scans: u32,
    background_scans: u32,
    time_s: f64,
    reference_cm1: f32,
    excitation_cm1: f32,
    intensities: Vec<f32>,
}

impl Spectrum {
    fn read(input: &Input, header: &Record, data: Option<Record>) -> Result<Self, FormatError> {
        let bytes = Bytes::new(input);
        let at = header.offset;
        bytes.slice(at, 100, "a spectrum header")?;
        let points = bytes.u32(at + 4, "the number of points")?;
        let Some(data) = data else {
            let problem = format!("spectrum {} has a header but no intensities (key 3)", header.number + 1);
            return Err(input.malformed(Place::Byte(at), problem));
        };
        let room = data.length / 4;
        if u64::from(points) > room {
            let problem = format!("the header says {points} points, the intensity record holds {room}");
            return Err(input.malformed(Place::Byte(at + 4), problem));
        }
        Ok(Self {
            x_code: bytes.u8(at + 8, "the axis code")?,
            y_code: bytes.u8(at + 12, "the intensity code")?,
            first: bytes.f32(at + 16, "the first position")?.into(),
            last: bytes.f32(at + 20, "the last position")?.into(),
            scans: bytes.u32(at + 36, "the scans")?,
            background_scans: bytes.u32(at + 52, "the background scans")?,
            time_s: f64::from(bytes.u32(at + 68, "the collection time")?) / 100.0,
            reference_cm1: bytes.f32(at + 80, "the reference laser")?,
            excitation_cm1: bytes.f32(at + 96, "the Raman laser")?,
            intensities: bytes.f32s(data.offset, points.into(), "the intensity record")?,
        })
    }

    fn axis_kind(&self, meta: &Metadata, curves: &mut Curves) -> AxisKind {
        match self.x_code {
            1 => AxisKind::Wavenumber,
            2 => {
                curves.warn(format!(
                    "{}: the axis counts data points; this is an interferogram, not a spectrum.",
                    meta.display_name()
                ));
                AxisKind::Other("points".into())
            }
            3 => AxisKind::Wavelength,
            4 => AxisKind::Other("um".into()),
            32 => AxisKind::RamanShift,
            other => {
                curves.warn(format!("{}: axis code {other} is not known.", meta.display_name()));
                AxisKind::Other(String::new())
            }
        }
    }

    fn metadata(&self, input: &Input, records: &Records, header: &Record) -> Metadata {
        let bytes = Bytes::new(input);
        let text = |record: &Record| {
            let rest = bytes.len().saturating_sub(record.offset);
            let length = record.length.min(rest).min(TEXT_BYTES);
            bytes.string(record.offset, length, "a text").unwrap_or_default()
        };
        let named = |text: String| Some(text).filter(|t| !t.is_empty());
        // A group's spectra have a title and a time of their own: 256 characters, then seconds.
        let own = records.titles.get(&header.number);
        let own_title = own.and_then(|r| named(bytes.string(r.offset, r.length.min(256), "a title").ok()?));
        let time = records.time(input, header).or_else(|| bytes.u32(296, "the time").ok());
        let laser_nm = 1e7 / f64::from(self.excitation_cm1);
        let mut meta = Metadata {
            title: own_title.or_else(|| named(bytes.string(30, 256, "the title").ok()?)),
            laser_nm: Some(laser_nm).filter(|nm| (100.0..=20_000.0).contains(nm)),
            accumulations: Some(self.scans).filter(|n| *n > 0),
            date: time.and_then(dates::from_1899),
            intensity_unit: intensity_unit(self.y_code).map(str::to_owned),
            ..Metadata::default()
        };
        if self.background_scans > 0 {
            meta.push("Background scans", self.background_scans.to_string());
        }
        if self.time_s > 0.0 {
            meta.push("Collection time (s)", self.time_s.to_string());
        }
        if self.reference_cm1.is_finite() && self.reference_cm1 > 0.0 {
            meta.push("Reference laser (cm-1)", self.reference_cm1.to_string());
        }
        if let Some(record) = records.comments.get(&header.number) {
            meta.push("Comment", text(record));
        }
        if let Some(record) = records.histories.get(&header.number) {
            meta.push("Processing", text(record));
        }
        meta
    }
}

fn intensity_unit(code: u8) -> Option<&'static str> {
    Some(match code {
        11 => "% reflectance",
        12 => "log(1/R)",
        15 => "single beam",
        16 => "% transmittance",
        17 => "absorbance",
        20 => "Kubelka-Munk",
        21 => "reflectance",
        22 => "V",
        26 => "photoacoustic",
        31 => "Raman intensity",
        _ => return None,
    })
}
