//! The main header: 512 bytes since version 0x4B, 256 before.

use super::super::{FormatError, Input, Place, dates};
use super::raw::{Order, Raw, printable};

/// 16-bit intensities.
pub(super) const SHORT_Y: u8 = 0x01;
/// Several subfiles.
pub(in super::super) const MULTI: u8 = 0x04;
/// z values are ordered but not even.
pub(in super::super) const ORDERED_Z: u8 = 0x10;
/// Axis labels stand in text.
pub(in super::super) const LABELS: u8 = 0x20;
/// Every subfile has its own x values.
pub(in super::super) const OWN_X: u8 = 0x40;
/// x values are stored.
pub(in super::super) const STORED_X: u8 = 0x80;

/// Length of the new header.
pub(in super::super) const NEW_LEN: u64 = 512;
/// Where the first subheader of an old file starts.
const OLD_BODY: u64 = 224;

/// What both headers say, under one set of names.
#[derive(Debug, Clone)]
pub(super) struct Header {
    pub order: Order,
    pub flags: u8,
    pub experiment: u8,
    /// -128 means floats.
    pub exponent: i16,
    /// Points of each subfile, when they share an axis.
    pub points: u32,
    /// Offset of the subfile directory, 0 for none.
    pub directory: u64,
    pub first: f64,
    pub last: f64,
    /// `None`: as many as the file holds (old multifiles do not say).
    pub subfiles: Option<u32>,
    pub x_code: u8,
    pub y_code: u8,
    pub z_code: u8,
    pub w_code: u8,
    pub date: Option<String>,
    pub resolution: String,
    pub instrument: String,
    pub comment: String,
    pub method: String,
    /// x, y and z label.
    pub labels: [String; 3],
    /// Offset of the log block, 0 for none.
    pub log: u64,
    pub z_step: f32,
    pub planes: u32,
    /// Where the body starts.
    pub body: u64,
}

impl Header {
    pub(super) fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// Label of the x axis where it counts: flagged, or the unit code says nothing.
    pub(super) fn x_label(&self) -> &str {
        if self.has(LABELS) || matches!(self.x_code, 0 | 15) { &self.labels[0] } else { "" }
    }

    /// Reads the header that the version byte announces.
    pub(super) fn read(input: &Input) -> Result<Self, FormatError> {
        match input.bytes.get(1) {
            Some(0x4B) => Self::read_new(&Raw::new(input, Order::Little)),
            Some(0x4C) => Self::read_new(&Raw::new(input, Order::Big)),
            Some(0x4D) => Self::read_old(&Raw::new(input, Order::Old)),
            Some(other) => Err(input.malformed(
                Place::Byte(1),
                format!(
                    "version byte 0x{other:02X}, expected 0x4B, 0x4C or 0x4D; other programs (EPR, EDAX) use the \
                     same extension for their own formats: export as text from there"
                ),
            )),
            None => Err(input.malformed(Place::Byte(0), "the file ends before the version byte")),
        }
    }

    fn read_new(raw: &Raw) -> Result<Self, FormatError> {
        raw.slice(0, NEW_LEN, "the SPC header")?;
        let flags = raw.u8(0, "flags")?;
        let own = flags & OWN_X != 0;
        let count = raw.u32(4, "point count")?;
        let date = raw.u32(32, "date")?;
        Ok(Self {
            order: raw.order(),
            flags,
            experiment: raw.u8(2, "experiment")?,
            exponent: i16::from(raw.u8(3, "exponent")?.cast_signed()),
            points: if own { 0 } else { count },
            directory: if own { u64::from(count) } else { 0 },
            first: raw.f64(8, "first x")?,
            last: raw.f64(16, "last x")?,
            subfiles: Some(raw.u32(24, "subfile count")?),
            x_code: raw.u8(28, "x unit")?,
            y_code: raw.u8(29, "y unit")?,
            z_code: raw.u8(30, "z unit")?,
            w_code: raw.u8(324, "w unit")?,
            date: date_text(date >> 20, (date >> 16) & 15, (date >> 11) & 31, (date >> 6) & 31, date & 63),
            resolution: raw.text(36, 9, "resolution")?,
            instrument: raw.text(45, 9, "instrument")?,
            comment: raw.text(88, 130, "comment")?,
            method: raw.text(264, 48, "method")?,
            labels: labels(raw.slice(218, 30, "labels")?),
            log: u64::from(raw.u32(248, "log offset")?),
            z_step: raw.f32(312, "z step")?,
            planes: raw.u32(316, "w planes")?,
            body: NEW_LEN,
        })
    }

    fn read_old(raw: &Raw) -> Result<Self, FormatError> {
        raw.slice(0, OLD_BODY + 32, "the old SPC header")?;
        let flags = raw.u8(0, "flags")?;
        let points = raw.f32(4, "point count")?;
        if !(1.0..=16_777_216.0).contains(&points) || points.fract() != 0.0 {
            return Err(raw
                .input
                .malformed(Place::Byte(4), format!("the point count is {points}, expected a whole number")));
        }
        let year = raw.u16(18, "year")?;
        let part = |offset| raw.u8(offset, "date").map(u32::from);
        Ok(Self {
            order: Order::Old,
            flags,
            experiment: 0,
            exponent: raw.i16(2, "exponent")?,
            points: points as u32,
            directory: 0,
            first: f64::from(raw.f32(8, "first x")?),
            last: f64::from(raw.f32(12, "last x")?),
            subfiles: if flags & MULTI != 0 { None } else { Some(1) },
            x_code: raw.u8(16, "x unit")?,
            y_code: raw.u8(17, "y unit")?,
            z_code: (year >> 12) as u8,
            w_code: 0,
            date: date_text(u32::from(year & 0xFFF), part(20)?, part(21)?, part(22)?, part(23)?),
            resolution: raw.text(24, 8, "resolution")?,
            instrument: String::new(),
            comment: raw.text(64, 130, "comment")?,
            method: String::new(),
            labels: labels(raw.slice(194, 30, "labels")?),
            log: 0,
            z_step: 0.0,
            planes: 0,
            body: OLD_BODY,
        })
    }
}

/// Three NUL-separated texts; what does not look like text counts as empty.
fn labels(bytes: &[u8]) -> [String; 3] {
    let mut parts =
        bytes.split(|b| *b == 0).map(|part| printable(super::super::text::lossy(part).trim().to_owned()));
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

/// ISO 8601, or nothing when the fields hold no date. `LabSpec` and `LabCalc` count years from 1900.
fn date_text(year: u32, month: u32, day: u32, hour: u32, minute: u32) -> Option<String> {
    let year = if (70..200).contains(&year) { year + 1900 } else { year };
    let sane = (1970..2200).contains(&year) && hour < 24 && minute < 60;
    sane.then(|| dates::day(year, month, day).map(|day| format!("{day}T{hour:02}:{minute:02}:00"))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_count_from_1900_where_the_year_is_short() {
        assert_eq!(date_text(117, 3, 27, 14, 22).unwrap(), "2017-03-27T14:22:00");
        assert_eq!(date_text(1997, 3, 9, 8, 34).unwrap(), "1997-03-09T08:34:00");
        assert_eq!(date_text(0, 0, 0, 0, 0), None);
        assert_eq!(date_text(1359, 13, 1, 0, 0), None);
    }
}
