//! Andor SIF: a header of text lines (with stray binary) whose layout changes with every version of Solis, then
//! 32-bit floats.
//!
//! ```text
//! acquisition line, detector, file name, user text | version-dependent lines | calibration, laser
//! | three labels | frame and subimage sizes | time stamps | frame 0: subimage 0 rows, ... | frame 1 ...
//! ```
//! The version-dependent lines are not counted but jumped over: the labels and sizes behind them can be told by their
//! own form, and the calibration stands at a fixed distance before them.

mod header;

use crate::spectrum::AxisKind;

use self::header::{Header, Subimage};
use super::bytes::Bytes;
use super::settle::{Grid, polynomial};
use super::spe::row_positions;
use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff};

/// Andor SIF.
pub const FORMAT: Format = Format { id: "sif", name: "Andor SIF", extensions: &["sif"], sniff, read };

const MAGIC: &[u8] = b"Andor Technology Multi-Channel File";

fn sniff(head: &Head) -> Sniff {
    head.starts_with(MAGIC).into()
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let bytes = Bytes::new(input);
    let header = Header::read(input, bytes)?;
    let per_frame = header.subimages.iter().fold(0, |sum: u64, s| sum.saturating_add(s.pixels()));
    let needed = per_frame.saturating_mul(header.frames).saturating_mul(4);
    let room = bytes.len().saturating_sub(header.data);
    if needed > room {
        let whole = room / per_frame.saturating_mul(4).max(1);
        return Err(input.malformed(
            Place::Byte(header.data),
            format!(
                "{} frames of {per_frame} numbers need {needed} bytes but {room} follow ({whole} whole frames)",
                header.frames
            ),
        ));
    }
    let copies = header.subimages.len().saturating_add(header.calibrations.len());
    input.allowed_copies(Place::Whole, copies, &header.meta)?;
    let mut decoded = Decoded::default();
    let mut offset = header.data;
    let cycle = header.frame_time_s.filter(|_| header.frames > 1);
    let times: Vec<f64> =
        cycle.map(|s| (0..header.frames).map(|f| f as f64 * s).collect()).unwrap_or_default();
    for (number, subimage) in header.subimages.iter().enumerate() {
        let values = rows(input, bytes, &header, subimage, offset, per_frame)?;
        offset = offset.saturating_add(subimage.pixels().saturating_mul(4));
        let mut meta = header.meta.clone();
        if header.subimages.len() > 1 {
            meta.title = Some(format!("{} track {}", input.file_stem(), number + 1));
        }
        let own = header.calibrations.len() as u64 == header.frames && header.frames > 1;
        if !own {
            let (kind, x) = axis(header.calibrations.first(), subimage.width);
            let positions = row_positions(header.frames, subimage.height, &times);
            let grid = Grid { x, values, meta, positions, ..Grid::default() };
            decoded.items.push(grid.finish(input, kind, &mut decoded.warnings)?);
            continue;
        }
        let frame_len = usize::try_from(subimage.pixels()).unwrap_or(usize::MAX);
        let frames = values.chunks_exact(frame_len).zip(&header.calibrations).enumerate();
        for (frame, (values, calibration)) in frames {
            let (kind, x) = axis(Some(calibration), subimage.width);
            let mut meta = meta.clone();
            meta.title = Some(format!("{} frame {}", input.file_stem(), frame + 1));
            let positions = row_positions(1, subimage.height, &[]);
            let grid = Grid { x, values: values.to_vec(), meta, positions, ..Grid::default() };
            decoded.items.push(grid.finish(input, kind, &mut decoded.warnings)?);
        }
    }
    Ok(decoded)
}

/// The rows of one subimage through all frames. The caller has checked that all frames lie inside the file.
fn rows(
    input: &Input,
    bytes: Bytes,
    header: &Header,
    subimage: &Subimage,
    start: u64,
    per_frame: u64,
) -> Result<Vec<f32>, FormatError> {
    let total = subimage.pixels().saturating_mul(header.frames);
    let mut values = Vec::with_capacity(input.allowed(Place::Byte(start), total, 4)?);
    for frame in 0..header.frames {
        let at = start.saturating_add(frame.saturating_mul(per_frame).saturating_mul(4));
        let length = subimage.pixels().saturating_mul(4);
        let block = bytes.slice(at, length, &format!("frame {}", frame + 1))?;
        values.extend(block.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)));
    }
    Ok(values)
}

/// Wavelengths from the polynomial over pixels counted from 1; plain pixels without a usable one. Whatever the label
/// says the polynomial gives nm; a Raman axis is made from it and the laser line.
fn axis(calibration: Option<&Vec<f64>>, width: u64) -> (AxisKind, Vec<f64>) {
    let pixels = (1..=width).map(|p| p as f64);
    let Some(coefficients) = calibration else { return (AxisKind::Pixel, pixels.collect()) };
    let is =
        |index: usize, value: f64| (coefficients.get(index).copied().unwrap_or(0.0) - value).abs() <= 0.0;
    let identity = is(0, 0.0) && is(1, 1.0) && (2..coefficients.len()).all(|i| is(i, 0.0));
    let kind = if identity { AxisKind::Pixel } else { AxisKind::Wavelength };
    (kind, pixels.map(|p| polynomial(coefficients, p)).collect())
}

#[cfg(test)]
mod tests;
