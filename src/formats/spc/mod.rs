//! Galactic SPC: version 0x4B (little-endian), 0x4C (the same, big-endian) and 0x4D (`LabCalc`), single and
//! multifiles, even, stored and per-subfile x.
//!
//! `header` reads both main headers into one form, `body` the subfiles, `notes` texts and log block, `items` makes
//! spectra of it. The version byte is no real magic, so the sniffer asks whether the whole header makes sense.

mod body;
mod codes;
mod header;
mod items;
pub(super) mod layout;
mod notes;
mod raw;

use super::{Decoded, Format, FormatError, Head, Input, Limits, Place, Sniff};
use header::Header;
use raw::Raw;

/// Galactic SPC.
pub const FORMAT: Format = Format { id: "spc", name: "Galactic SPC", extensions: &["spc"], sniff, read };

/// Compound documents (Microsoft OLE2).
const OLE2: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];

fn sniff(head: &Head) -> Sniff {
    let named = head.extension == "spc";
    if plausible(head, named) {
        return Sniff::Sure;
    }
    // A damaged or foreign file of that name: nobody else will say more about it.
    if named
        && (head.starts_with(OLE2) || head.text().is_none() || has_version(head.bytes) && head.file_len < 512)
    {
        Sniff::Maybe
    } else {
        Sniff::No
    }
}

fn has_version(bytes: &[u8]) -> bool {
    matches!(bytes.get(1), Some(0x4B..=0x4D))
}

/// True when every field that can be checked holds what an SPC header may hold. Under another name than `.spc` the
/// file must also be long enough for what the header announces.
fn plausible(head: &Head, named: bool) -> bool {
    if !has_version(head.bytes) || head.starts_with(b"PK\x03\x04") {
        return false;
    }
    let input = Input { name: "", bytes: head.bytes, limits: Limits::default(), format: FORMAT.name };
    let Ok(header) = Header::read(&input) else { return false };
    let points_ok = header.points > 0 || header.has(header::OWN_X);
    let x_ok = header.first.is_finite()
        && header.last.is_finite()
        && header.first.abs() < 1e12
        && header.last.abs() < 1e12
        && (header.first.to_bits() != header.last.to_bits() || header.has(header::OWN_X | header::STORED_X));
    let codes_ok = codes::known_unit(header.x_code) && codes::known_ordinate(header.y_code);
    let exponent_ok = header.exponent == -128 || (-64..=64).contains(&header.exponent);
    let count_ok = header.subfiles != Some(0);
    let width = if header.has(header::SHORT_Y) { 2 } else { 4 };
    let room = head.file_len.saturating_sub(header.body + 32);
    let fits = u64::from(header.points).saturating_mul(width) <= room;
    points_ok && x_ok && codes_ok && exponent_ok && count_ok && (fits || named)
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    if input.bytes.starts_with(OLE2) {
        return Err(input.unsupported(
            "this is a Shimadzu UVProbe file (a compound document), not a Galactic SPC; export it as text or \
             JCAMP-DX from UVProbe",
        ));
    }
    let header = Header::read(input)?;
    if !header.first.is_finite() || !header.last.is_finite() {
        return Err(input.malformed(
            Place::Byte(8),
            format!("the axis runs from {} to {}, expected finite numbers", header.first, header.last),
        ));
    }
    if header.points == 0 && !header.has(header::OWN_X) {
        return Err(input.malformed(Place::Byte(4), "header says 0 points, expected at least 2"));
    }
    let raw = Raw::new(input, header.order);
    let mut body = body::read(&raw, &header)?;
    let meta = notes::metadata(input, &header, &mut body.warnings);
    items::build(input, &header, body, meta)
}

#[cfg(test)]
mod tests;
