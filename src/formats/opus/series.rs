//! OPUS time series (rapid scan, TRS): runs of values, each followed by its own facts.

use crate::spectrum::{AxisKind, Metadata, Positions, SpectrumSet};

use super::super::bytes::Bytes;
use super::super::settle::{Curves, prepare_rows};
use super::super::{FormatError, Input, Place};
use super::Curve;
use super::directory::Block;

/// Offset of the end time (s) in the facts behind each run.
const TIME: u64 = 144;

/// Adds a series block as one set.
pub fn add(
    input: &Input,
    block: &Block,
    curve: &Curve,
    kind: AxisKind,
    meta: Metadata,
    curves: &mut Curves,
) -> Result<(), FormatError> {
    let bytes = Bytes::new(input);
    let mut head = [0_u64; 5];
    for (field, offset) in head.iter_mut().zip([0, 4, 8, 12, 16]) {
        let found = bytes.i32(block.offset + offset, "the series header")?;
        *field = u64::try_from(found).map_err(|_negative| {
            input.malformed(Place::Byte(block.offset + offset), format!("{found} in the series header"))
        })?;
    }
    let [_, planned, first, run, facts] = head;
    let end = block.offset.saturating_add(block.size).min(bytes.len());
    let stride = run + facts;
    let start = block.offset + first;
    if run < curve.points as u64 * 4 || stride == 0 {
        return Err(input.malformed(
            Place::Byte(block.offset),
            format!("each spectrum of the series has {run} bytes, expected {} points", curve.points),
        ));
    }
    // The facts behind the last run may be missing.
    let room = (end.saturating_sub(start) + facts) / stride;
    let rows = planned.min(room);
    if rows == 0 {
        return Err(input.malformed(Place::Byte(start), "the series holds no whole spectrum"));
    }
    if rows < planned {
        curves.warn(format!("{rows} of {planned} spectra of the series are stored in the file."));
    }
    let wanted = input.allowed(Place::Byte(start), rows.saturating_mul(curve.points as u64), 4)?;
    let mut values = Vec::with_capacity(wanted);
    let mut times = Vec::new();
    for row in 0..rows {
        let at = start + row * stride;
        values.extend(curve.values_at(input, at)?);
        if facts >= TIME + 8
            && let Ok(time) = bytes.f64(at + run + TIME, "the time of a spectrum")
            && time.is_finite()
        {
            times.push(time);
        }
    }
    let mut warnings = Vec::new();
    let axis = prepare_rows(input, kind, curve.x(), &mut values, &mut warnings)?;
    let rows = usize::try_from(rows).unwrap_or(usize::MAX);
    let mut positions = Positions { time_unit: "s".into(), ..Positions::default() };
    if times.len() == rows {
        positions.time = times;
    }
    let set = SpectrumSet::new(axis, values, rows, meta)
        .and_then(|set| set.with_positions(positions))
        .map_err(input.spectrum_error())?;
    curves.add_set(set);
    for warning in warnings {
        curves.warn(warning);
    }
    Ok(())
}
