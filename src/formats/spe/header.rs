//! The 4100-byte header that both versions share, and the axis calibration of version 2.

use crate::formats::bytes::Bytes;
use crate::formats::dates::iso_date;
use crate::formats::settle::polynomial;
use crate::formats::{FormatError, Input, Place};
use crate::spectrum::{AxisKind, Metadata};

use super::{Layout, Pixel, Region};

/// What the header says, unchecked against the file's size.
#[derive(Debug, Clone)]
pub(super) struct Header {
    pub version: f32,
    pub pixel: Pixel,
    pub width: u64,
    pub height: u64,
    pub frames: i32,
    /// Where the XML of version 3 starts.
    pub footer: u64,
}

impl Header {
    pub(super) fn read(input: &Input, bytes: Bytes) -> Result<Self, FormatError> {
        bytes.slice(0, super::DATA_START, "the header")?;
        let version = bytes.f32(1992, "version")?;
        if !(1.0..4.0).contains(&version) {
            let problem = format!("version {version} was found, 1.x to 3.x were expected");
            return Err(input.malformed(Place::Byte(1992), problem));
        }
        let code = bytes.i16(108, "number type")?;
        let pixel = Pixel::from_code(code).ok_or_else(|| {
            input.malformed(
                Place::Byte(108),
                format!("number type {code} was found, one of 0, 1, 2, 3, 5, 6, 8 was expected"),
            )
        })?;
        Ok(Self {
            version,
            pixel,
            width: bytes.u16(42, "width")?.into(),
            height: bytes.u16(656, "height")?.into(),
            frames: bytes.i32(1446, "number of frames")?,
            footer: bytes.u64(678, "position of the XML footer")?,
        })
    }

    /// Version 2: one region, axis from a polynomial or plain pixels.
    pub(super) fn layout(&self, input: &Input, bytes: Bytes) -> Result<Layout, FormatError> {
        let (width, height) = (self.width, self.height);
        if width < 2 || height == 0 {
            let problem = format!("the frame is {width} x {height} pixels; at least 2 x 1 were expected");
            return Err(input.malformed(Place::Byte(42), problem));
        }
        let frames = u64::try_from(self.frames).unwrap_or(0);
        if frames == 0 {
            let problem = format!("{} frames were declared, at least 1 was expected", self.frames);
            return Err(input.malformed(Place::Byte(1446), problem));
        }
        let stride = width * height * self.pixel.size();
        let calibration = Calibration::read(bytes)?;
        let (kind, x) = calibration.axis(width);
        let region = Region { width, height, stride, kind, x };
        let mut meta = metadata(bytes)?;
        meta.laser_nm = calibration.laser_nm;
        Ok(Layout { pixel: self.pixel, frames, stride, regions: vec![region], stamp: None, meta })
    }
}

struct Calibration {
    valid: bool,
    unit: u8,
    label: String,
    coefficients: Vec<f64>,
    laser_nm: Option<f64>,
}

impl Calibration {
    fn read(bytes: Bytes) -> Result<Self, FormatError> {
        let order = u64::from(bytes.u8(3101, "polynomial order")?.min(5));
        let laser = bytes.f64(3311, "laser position")?;
        Ok(Self {
            valid: bytes.u8(3098, "calibration flag")? != 0,
            unit: bytes.u8(3100, "calibration unit")?,
            label: bytes.string(3018, 40, "axis label")?,
            coefficients: bytes.f64s(3263, order + 1, "polynomial")?,
            laser_nm: (100.0..20_000.0).contains(&laser).then_some(laser),
        })
    }

    /// Positions of pixels counted from 1.
    fn axis(&self, width: u64) -> (AxisKind, Vec<f64>) {
        let pixels = (1..=width).map(|p| p as f64);
        let usable = self.valid
            && self.coefficients.iter().all(|c| c.is_finite())
            && self.coefficients.iter().skip(1).any(|c| c.abs() > 0.0);
        if !usable {
            return (AxisKind::Pixel, pixels.collect());
        }
        let kind = match self.unit {
            5 => AxisKind::Wavenumber,
            6 => AxisKind::RamanShift,
            1 => AxisKind::Pixel,
            2 | 3 => AxisKind::Other(self.label.clone()),
            // 4 is nm; writers that leave the unit open mean nm too.
            _ => AxisKind::Wavelength,
        };
        (kind, pixels.map(|p| polynomial(&self.coefficients, p)).collect())
    }
}

fn metadata(bytes: Bytes) -> Result<Metadata, FormatError> {
    let mut meta = Metadata { intensity_unit: Some("counts".into()), ..Metadata::default() };
    let exposure = f64::from(bytes.f32(10, "exposure")?);
    // A 32-bit decimal such as 0.1 should read 0.1, not 0.10000000149.
    let exposure = (exposure * 1e6).round() / 1e6;
    meta.integration_time_s = (exposure.is_finite() && exposure > 0.0).then_some(exposure);
    let accumulations = bytes.i32(668, "accumulations")?;
    meta.accumulations = u32::try_from(accumulations).ok().filter(|n| *n > 0);
    let (date, time) = (bytes.string(20, 10, "date")?, bytes.string(172, 7, "time")?);
    meta.date = date_time(&date, &time);
    for number in 0..5 {
        let comment = bytes.string(200 + 80 * number, 80, "comment")?;
        meta.push(format!("Comment {}", number + 1), comment);
    }
    meta.push("Detector temperature (°C)", nonzero(bytes.f32(36, "temperature")?));
    meta.push("Centre wavelength (nm)", nonzero(bytes.f32(72, "centre wavelength")?));
    meta.push("Gain", nonzero(f32::from(bytes.u16(198, "gain")?)));
    Ok(meta)
}

fn nonzero(value: f32) -> String {
    if value.is_finite() && value.abs() > 0.0 { value.to_string() } else { String::new() }
}

/// `21Dec2006` and `144116` as ISO 8601; as written when of another form.
fn date_time(date: &str, time: &str) -> Option<String> {
    let digits = time.bytes().all(|b| b.is_ascii_digit());
    let clock = match (time.get(..2), time.get(2..4), time.get(4..6)) {
        (Some(hour), Some(minute), Some(second)) if digits => format!("{hour}:{minute}:{second}"),
        _ => String::new(),
    };
    let whole = iso_date(&format!("{date} {clock}")).or_else(|| iso_date(date));
    (!date.is_empty()).then(|| whole.unwrap_or_else(|| date.to_owned()))
}
