//! The WDF1 header block: counts, flags, clocks, laser, title.

use crate::spectrum::Metadata;

use super::super::bytes::Bytes;
use super::super::{FormatError, Input, Place, dates};
use super::blocks::Blocks;

/// Bytes of the header block without its head.
const CONTENT: u64 = 496;

/// The header's fields that matter.
#[derive(Debug)]
pub struct Header {
    /// Bit flags (1: an axis per spectrum).
    pub flags: u64,
    /// Points of each spectrum, at least 2.
    pub points: u64,
    /// Spectra the DATA block was made for.
    pub capacity: u64,
    /// Spectra really taken.
    pub collected: u64,
    /// Position lists that ORGN should hold.
    pub origins: u32,
    accumulations: u32,
    application: String,
    version: [u16; 4],
    scan: u32,
    measurement: u32,
    start: u64,
    end: u64,
    intensity_unit: u32,
    laser_cm1: f32,
    user: String,
    title: String,
}

impl Header {
    /// Reads the header and checks its counts.
    pub fn read(input: &Input, blocks: &Blocks) -> Result<Self, FormatError> {
        let block = blocks.need(input, *b"WDF1")?;
        if block.length < CONTENT {
            return Err(input.malformed(
                Place::Byte(0),
                format!("the header has {} bytes, expected {}", block.length + 16, CONTENT + 16),
            ));
        }
        let bytes = Bytes::new(input);
        let mut version = [0; 4];
        for (field, offset) in version.iter_mut().zip([120, 122, 124, 126]) {
            *field = bytes.u16(offset, "the version")?;
        }
        let points = bytes.u32(60, "the number of points")?;
        if points < 2 {
            return Err(
                input.malformed(Place::Byte(60), format!("{points} points a spectrum, expected at least 2"))
            );
        }
        Ok(Self {
            flags: bytes.u64(16, "the flags")?,
            points: u64::from(points),
            capacity: bytes.u64(64, "the capacity")?,
            collected: bytes.u64(72, "the number of spectra")?,
            origins: bytes.u32(92, "the number of position lists")?,
            accumulations: bytes.u32(80, "the accumulations")?,
            application: bytes.string(96, 24, "the application")?,
            version,
            scan: bytes.u32(128, "the scan type")?,
            measurement: bytes.u32(132, "the measurement type")?,
            start: bytes.u64(136, "the start time")?,
            end: bytes.u64(144, "the end time")?,
            intensity_unit: bytes.u32(152, "the intensity unit")?,
            laser_cm1: bytes.f32(156, "the laser line")?,
            user: bytes.string(208, 32, "the user")?,
            title: bytes.string(240, 160, "the title")?,
        })
    }

    /// Start of the measurement as a FILETIME.
    pub fn start(&self) -> u64 {
        self.start
    }

    /// What the header says about the measurement.
    pub fn metadata(&self) -> Metadata {
        let laser_nm = 1e7 / f64::from(self.laser_cm1);
        let mut meta = Metadata {
            title: Some(self.title.clone()).filter(|t| !t.is_empty()),
            laser_nm: Some(laser_nm).filter(|nm| (100.0..=20_000.0).contains(nm)),
            accumulations: Some(self.accumulations).filter(|n| *n > 0),
            date: dates::from_filetime(self.start),
            // 0 is arbitrary; other kinds (a position unit) would be nonsense for intensities and are left out.
            intensity_unit: matches!(self.intensity_unit, 0 | 6 | 7 | 17 | 18)
                .then(|| unit_name(self.intensity_unit).to_owned()),
            ..Metadata::default()
        };
        let measurement = ["unspecified", "single", "series", "map"];
        let of = |names: &[&'static str], code: u32| names.get(code as usize).copied().unwrap_or("unknown");
        meta.push("Measurement type", of(&measurement, self.measurement));
        let scan = [
            "unspecified",
            "static",
            "continuous",
            "step and repeat",
            "filter scan",
            "filter image",
            "StreamLine",
            "StreamLine HR",
            "point",
        ];
        meta.push("Scan type", of(&scan, self.scan & 0xff));
        for (bit, name) in
            [(0x100, "multitrack stitched"), (0x200, "multitrack discrete"), (0x400, "line focus")]
        {
            if self.scan & bit != 0 {
                meta.push("Scan mode", name);
            }
        }
        meta.push("User", self.user.as_str());
        if !self.application.is_empty() {
            let [major, minor, patch, build] = self.version;
            meta.push("Application", format!("{} {major}.{minor}.{patch}.{build}", self.application));
        }
        if let Some(end) = dates::from_filetime(self.end) {
            meta.push("End", end);
        }
        for (bit, name) in [(4, "cosmic ray removal"), (0x10, "detector saturated")] {
            if self.flags & bit != 0 {
                meta.push("Flag", name);
            }
        }
        meta
    }
}

/// Name of a unit code.
pub fn unit_name(code: u32) -> &'static str {
    match code {
        0 => "a.u.",
        1 | 2 => "cm-1",
        3 => "nm",
        4 => "eV",
        5 => "um",
        6 => "counts",
        7 => "electrons",
        8 => "mm",
        9 => "m",
        10 => "K",
        11 => "Pa",
        12 => "s",
        13 => "ms",
        14 => "h",
        15 => "d",
        16 => "pixel",
        17 => "intensity",
        18 => "relative intensity",
        19 => "deg",
        20 => "rad",
        21 => "C",
        22 => "F",
        23 => "K/min",
        24 => "FILETIME",
        25 => "us",
        26 => "V",
        27 => "A",
        28 => "mA",
        _ => "unknown unit",
    }
}
