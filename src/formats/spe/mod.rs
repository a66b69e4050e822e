//! Princeton Instruments SPE: WinView/WinSpec 2.x (binary header) and LightField 3.0 (XML footer).
//!
//! ```text
//! 4100 bytes header | frame 0: region 0 rows, region 1 rows, ..., per-frame values | frame 1 ... | XML (3.0)
//! ```

mod footer;
mod header;

use crate::spectrum::{AxisKind, Metadata, Positions};

use self::header::Header;
use super::bytes::Bytes;
use super::settle::Grid;
use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff};

/// Princeton Instruments SPE.
pub const FORMAT: Format =
    Format { id: "spe", name: "Princeton Instruments SPE", extensions: &["spe"], sniff, read };

/// Bytes before the first frame.
const DATA_START: u64 = 4100;

/// How one number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pixel {
    F32,
    I32,
    I16,
    U16,
    U32,
    F64,
    U8,
}

impl Pixel {
    fn from_code(code: i16) -> Option<Self> {
        Some(match code {
            0 => Self::F32,
            1 => Self::I32,
            2 => Self::I16,
            3 => Self::U16,
            5 => Self::F64,
            6 => Self::U8,
            8 => Self::U32,
            _ => return None,
        })
    }

    fn size(self) -> u64 {
        match self {
            Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::F32 | Self::I32 | Self::U32 => 4,
            Self::F64 => 8,
        }
    }

    fn append(self, bytes: &[u8], out: &mut Vec<f32>) {
        match self {
            Self::U8 => out.extend(bytes.iter().map(|b| f32::from(*b))),
            Self::I16 => out.extend(bytes.as_chunks().0.iter().map(|b| f32::from(i16::from_le_bytes(*b)))),
            Self::U16 => out.extend(bytes.as_chunks().0.iter().map(|b| f32::from(u16::from_le_bytes(*b)))),
            Self::F32 => out.extend(bytes.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b))),
            Self::I32 => out.extend(bytes.as_chunks().0.iter().map(|b| i32::from_le_bytes(*b) as f32)),
            Self::U32 => out.extend(bytes.as_chunks().0.iter().map(|b| u32::from_le_bytes(*b) as f32)),
            Self::F64 => out.extend(bytes.as_chunks().0.iter().map(|b| f64::from_le_bytes(*b) as f32)),
        }
    }
}

/// A rectangle of the detector inside each frame.
#[derive(Debug, Clone)]
struct Region {
    width: u64,
    height: u64,
    /// Bytes from the start of this region to the start of the next.
    stride: u64,
    kind: AxisKind,
    x: Vec<f64>,
}

/// Everything needed to cut the data block into rows.
#[derive(Debug, Clone)]
struct Layout {
    pixel: Pixel,
    frames: u64,
    /// Bytes from the start of one frame to the start of the next.
    stride: u64,
    regions: Vec<Region>,
    /// Where each frame carries a 64-bit time stamp, counted from the frame's first byte, and its ticks a second.
    stamp: Option<(u64, f64)>,
    meta: Metadata,
}

fn sniff(head: &Head) -> Sniff {
    let field = |at: usize, length: usize| head.bytes.get(at..at.checked_add(length)?);
    let version = field(1992, 4).and_then(|b| b.try_into().ok()).map(f32::from_le_bytes);
    let code = field(108, 2).and_then(|b| b.try_into().ok()).map(i16::from_le_bytes);
    let (Some(version), Some(code)) = (version, code) else { return Sniff::No };
    if head.file_len < DATA_START || !(1.0..4.0).contains(&version) || Pixel::from_code(code).is_none() {
        return Sniff::No;
    }
    // WinView's own mark; some early writers left it out.
    let marked = field(2996, 4) == Some(&[0x67, 0x45, 0x23, 0x01]) || field(4098, 2) == Some(b"UU");
    match (marked, head.extension == "spe") {
        (true, _) => Sniff::Sure,
        (false, true) => Sniff::Maybe,
        (false, false) => Sniff::No,
    }
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let bytes = Bytes::new(input);
    let header = Header::read(input, bytes)?;
    let layout = if header.version >= 3.0 {
        footer::layout(input, bytes, &header)?
    } else {
        header.layout(input, bytes)?
    };
    let needed = layout.frames.saturating_mul(layout.stride);
    let room = bytes.len().saturating_sub(DATA_START);
    // The last frame may lack the bytes that only separate frames.
    let rows_end =
        layout.regions.iter().fold(0_u64, |sum, r| sum.saturating_add(r.stride)).min(layout.stride);
    if needed.saturating_sub(layout.stride - rows_end) > room {
        let frames = layout.frames;
        return Err(input.malformed(
            Place::Byte(DATA_START),
            format!(
                "{frames} frames of {} bytes need {needed} bytes but the file has room for {room}",
                layout.stride
            ),
        ));
    }
    let mut decoded = Decoded::default();
    let mut offset = DATA_START;
    let many = layout.regions.len() > 1;
    let times = frame_times(bytes, &layout);
    for (number, region) in layout.regions.iter().enumerate() {
        let values = rows(input, bytes, &layout, region, offset)?;
        offset = offset.saturating_add(region.stride);
        let mut meta = layout.meta.clone();
        if many {
            meta.title = Some(format!("{} region {}", input.file_stem(), number + 1));
        }
        let positions = row_positions(layout.frames, region.height, &times);
        let grid = Grid { x: region.x.clone(), values, meta, positions, ..Grid::default() };
        let item = grid.finish(input, region.kind.clone(), &mut decoded.warnings)?;
        decoded.items.push(item);
    }
    Ok(decoded)
}

/// The rows of one region through all frames. The caller has checked that all frames lie inside the file.
fn rows(
    input: &Input,
    bytes: Bytes,
    layout: &Layout,
    region: &Region,
    start: u64,
) -> Result<Vec<f32>, FormatError> {
    let per_frame = region.width.saturating_mul(region.height);
    let total = per_frame.saturating_mul(layout.frames);
    let total = input.allowed(Place::Byte(start), total, size_of::<f32>() as u64)?;
    let mut values = Vec::with_capacity(total);
    for frame in 0..layout.frames {
        let at = start.saturating_add(frame.saturating_mul(layout.stride));
        let length = per_frame.saturating_mul(layout.pixel.size());
        layout.pixel.append(bytes.slice(at, length, &format!("frame {}", frame + 1))?, &mut values);
    }
    Ok(values)
}

/// Seconds of each frame since the first; empty when the file does not say or the last stamp was cut off.
fn frame_times(bytes: Bytes, layout: &Layout) -> Vec<f64> {
    let Some((offset, ticks_per_second)) = layout.stamp.filter(|_| layout.frames > 1) else {
        return Vec::new();
    };
    let stamp = |frame: u64| {
        let at = DATA_START.saturating_add(frame.saturating_mul(layout.stride)).saturating_add(offset);
        bytes.i64(at, "time stamp").ok()
    };
    let Some(first) = stamp(0) else { return Vec::new() };
    let since = |ticks: i64| ticks.saturating_sub(first) as f64 / ticks_per_second;
    (0..layout.frames).map(|frame| stamp(frame).map(since)).collect::<Option<_>>().unwrap_or_default()
}

/// Detector rows counted from 1 (images) and frame times (several frames), both only where they tell something.
/// `times` has one entry a frame, or none at all.
pub(super) fn row_positions(frames: u64, height: u64, times: &[f64]) -> Positions {
    let mut positions = Positions::default();
    if height > 1 {
        positions.y = (0..frames).flat_map(|_| (1..=height).map(|row| row as f64)).collect();
        positions.length_unit = "pixel".into();
    }
    if frames > 1 && times.len() as u64 == frames {
        positions.time = times.iter().flat_map(|time| (0..height).map(|_| *time)).collect();
        positions.time_unit = "s".into();
    }
    positions
}

#[cfg(test)]
mod tests;
