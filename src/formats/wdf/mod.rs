//! Renishaw `WiRE` (.wdf): a chain of named blocks. The header says how many spectra of how many points, DATA holds
//! them in one run of 32-bit floats, XLST the axis they share, ORGN and WMAP where and when each was taken.
//!
//! ```text
//! WDF1 header | DATA n x points f32 | YLST | XLST points f32 | WXDA | ORGN | TEXT | WXDM | WMAP | ...
//! ```

mod blocks;
mod header;
mod origin;
mod properties;
#[cfg(test)]
mod tests;

use crate::spectrum::{AxisKind, Metadata, SpectrumSet};

use self::blocks::{Block, Blocks};
use self::header::Header;
use self::origin::Origin;
use super::bytes::Bytes;
use super::settle::{Curves, prepare_rows};
use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff};

/// Renishaw WDF.
pub const FORMAT: Format = Format { id: "wdf", name: "Renishaw WDF", extensions: &["wdf"], sniff, read };

/// Header flag: every spectrum has an x list of its own.
const FLAG_XYXY: u64 = 1;
/// Longest comment kept.
const COMMENT_BYTES: u64 = 64 << 10;

fn sniff(head: &Head) -> Sniff {
    head.starts_with(b"WDF1").into()
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let blocks = Blocks::walk(input)?;
    let header = Header::read(input, &blocks)?;
    let mut curves = Curves::new(input);
    let (kind, x) = axis(input, &blocks, &header, &mut curves)?;
    let data = blocks.need(input, *b"DATA")?;
    let rows = stored_rows(input, &header, data, &mut curves)?;
    if let Some(damage) = &blocks.damage {
        curves.warn(format!("{} ({}); what lies before it was read.", damage.problem, damage.place()));
    }
    let mut meta = metadata(input, &blocks, &header);
    let mut values =
        Bytes::new(input).f32s(data.start, rows.saturating_mul(header.points), "the block of spectra")?;
    let mut warnings = Vec::new();
    let origin = Origin::read(input, &blocks, &header, rows, &mut warnings);
    if rows == 1 {
        origin.describe_single(&mut meta);
        curves.add(kind, x, values, meta)?;
    } else {
        let axis = prepare_rows(input, kind, x, &mut values, &mut warnings)?;
        let arranged = origin.arrange(&mut values, axis.len(), &mut warnings);
        let rows = usize::try_from(rows).unwrap_or(usize::MAX);
        let set = SpectrumSet::new(axis, values, rows, meta)
            .and_then(|set| set.with_positions(arranged.positions))
            .map_err(input.spectrum_error())?
            .with_labels(arranged.labels);
        curves.add_set(match arranged.shape {
            Some(shape) => set.with_shape(shape.width, shape.height),
            None => set,
        });
    }
    for warning in warnings {
        curves.warn(warning);
    }
    Ok(curves.finish())
}

/// Kind and positions of the shared axis.
fn axis(
    input: &Input,
    blocks: &Blocks,
    header: &Header,
    curves: &mut Curves,
) -> Result<(AxisKind, Vec<f64>), FormatError> {
    let list = blocks.need(input, *b"XLST")?;
    let values = list.length.saturating_sub(8) / 4;
    if header.flags & FLAG_XYXY != 0 || values > header.points {
        return Err(input.unsupported(format!(
            "every spectrum has an axis of its own ({values} axis values for {} points); export it from WiRE as text \
             or SPC",
            header.points
        )));
    }
    if values < header.points {
        return Err(input.malformed(
            Place::Byte(list.start),
            format!("the axis (XLST) holds {values} values, the header says {} points", header.points),
        ));
    }
    let bytes = Bytes::new(input);
    let unit = bytes.u32(list.start + 4, "the axis unit")?;
    let x = bytes.f32s(list.start + 8, header.points, "the axis")?;
    let kind = match unit {
        1 => AxisKind::RamanShift,
        2 => AxisKind::Wavenumber,
        3 => AxisKind::Wavelength,
        4 => AxisKind::Energy,
        16 => AxisKind::Pixel,
        0 => {
            curves.warn("The file does not say what its axis measures.");
            AxisKind::Other(String::new())
        }
        other => AxisKind::Other(header::unit_name(other).to_owned()),
    };
    Ok((kind, x.into_iter().map(f64::from).collect()))
}

/// How many spectra are really there: at most as many as were collected, and no more than the block holds.
fn stored_rows(
    input: &Input,
    header: &Header,
    data: &Block,
    curves: &mut Curves,
) -> Result<u64, FormatError> {
    let Header { points, capacity, collected, .. } = *header;
    let room = data.length / points.saturating_mul(4).max(1);
    if collected == 0 {
        return Err(input.malformed(Place::Byte(72), "the header says that no spectrum was collected"));
    }
    let mut rows = collected;
    if collected > capacity {
        if capacity == 0 || capacity != room || data.length < data.declared {
            return Err(input.malformed(
                Place::Byte(72),
                format!("{collected} spectra collected, but the file was made for {capacity} and has room for {room}"),
            ));
        }
        curves.warn(format!(
            "The header says that {collected} spectra were collected, the file holds {capacity}; those were read."
        ));
        rows = capacity;
    } else if collected < capacity {
        curves.warn(format!("{collected} of {capacity} planned spectra were collected."));
    }
    if rows > room {
        if room == 0 {
            return Err(input.malformed(
                Place::Byte(data.start),
                format!(
                    "the spectra need {points} values each, the file has room for {} here",
                    data.length / 4
                ),
            ));
        }
        curves.warn(format!("{room} of {rows} spectra are whole in the file; the rest is cut off."));
        rows = room;
    }
    input.allowed(Place::Byte(data.start), rows.saturating_mul(points), 4)?;
    Ok(rows)
}

fn metadata(input: &Input, blocks: &Blocks, header: &Header) -> Metadata {
    let mut meta = header.metadata();
    if let Some(text) = blocks.get(*b"TEXT") {
        let length = text.length.min(COMMENT_BYTES);
        if let Ok(comment) = Bytes::new(input).string(text.start, length, "the comment") {
            meta.push("Comment", comment);
        }
    }
    properties::describe(input, blocks, &mut meta);
    meta
}
