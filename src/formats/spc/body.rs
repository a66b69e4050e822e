//! The subfiles: where each one lies, how its numbers are stored, and what to do when the file ends early.

use crate::spectrum::evenly;

use super::super::{FormatError, Place};
use super::header::{Header, OWN_X, SHORT_Y, STORED_X};
use super::raw::{Order, Ordinates, Raw};

const SUBHEADER: u64 = 32;
const DIRECTORY_ENTRY: u64 = 12;

/// What a subheader says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sub {
    exponent: i16,
    pub z: f32,
    pub z_next: f32,
    points: u32,
    pub scans: u32,
    pub w: f32,
}

/// The numbers of all subfiles.
#[derive(Debug)]
pub(super) enum Curves {
    /// One axis, intensities row after row.
    Shared { x: Vec<f64>, values: Vec<f32> },
    /// An axis for each.
    Own(Vec<(Vec<f64>, Vec<f32>)>),
}

/// The whole body.
#[derive(Debug)]
pub(super) struct Body {
    pub subs: Vec<Sub>,
    pub curves: Curves,
    pub warnings: Vec<String>,
}

/// Reads every subfile that is whole.
pub(super) fn read(raw: &Raw, header: &Header) -> Result<Body, FormatError> {
    if header.has(OWN_X) { read_own(raw, header) } else { read_shared(raw, header) }
}

fn subheader(raw: &Raw, at: u64) -> Result<Sub, FormatError> {
    raw.slice(at, SUBHEADER, "a subheader")?;
    Ok(Sub {
        exponent: i16::from(raw.u8(at + 1, "exponent")?.cast_signed()),
        z: raw.f32(at + 4, "z")?,
        z_next: raw.f32(at + 8, "next z")?,
        points: raw.u32(at + 16, "points")?,
        scans: raw.u32(at + 20, "scans")?,
        w: raw.f32(at + 24, "w")?,
    })
}

/// How the intensities of a subfile are stored. A single file obeys its main header, a multifile each subheader.
fn form(header: &Header, sub: &Sub, by_header: bool) -> Ordinates {
    let exponent = if by_header { header.exponent } else { sub.exponent };
    match exponent {
        -128 => Ordinates::Float,
        _ if header.has(SHORT_Y) => Ordinates::Short(exponent),
        _ => Ordinates::Long(exponent),
    }
}

/// True where the main header says "float" and all subheaders of a multifile were left zero, which is also a true
/// exponent: a file that mixes both forms fills its subheaders.
fn blank_subheaders(raw: &Raw, header: &Header, at: u64, count: u64) -> bool {
    let stride = SUBHEADER + u64::from(header.points) * 4;
    let exponent = |i: u64| at.checked_add(i.checked_mul(stride)?)?.checked_add(1);
    header.exponent == -128
        && (0..count).all(|i| exponent(i).is_some_and(|at| raw.u8(at, "exponent").is_ok_and(|e| e == 0)))
}

fn read_shared(raw: &Raw, header: &Header) -> Result<Body, FormatError> {
    let points = u64::from(header.points);
    let mut at = header.body;
    let x = if header.has(STORED_X) {
        let x = raw.positions(at, points).map_err(|error| lying_points(raw, header, error))?;
        at += points * 4;
        x
    } else {
        let shortest = raw.len().saturating_sub(at) / if header.has(SHORT_Y) { 2 } else { 4 };
        if points > shortest {
            return Err(lying_points(raw, header, too_short(raw, shortest)));
        }
        even(raw, header, points)?
    };
    let width = if header.has(SHORT_Y) { 2 } else { 4 };
    let room = raw.len().saturating_sub(at) / (SUBHEADER + points.max(1) * width);
    let wanted = header.subfiles.map_or(room.max(1), u64::from).max(1);
    let by_header = header.subfiles == Some(1) || blank_subheaders(raw, header, at, wanted.min(room));
    if wanted > room && wanted.saturating_mul(SUBHEADER + points * width) > raw.input.limits.file_bytes {
        return Err(lying_subfiles(raw, wanted, room));
    }
    let rows = raw.input.allowed(Place::Byte(24), wanted.min(room), points.saturating_mul(4))?;
    let mut warnings = Vec::new();
    let mut values = Vec::with_capacity(rows.saturating_mul(header.points as usize));
    let mut subs = Vec::with_capacity(rows);
    for index in 0..wanted {
        let whole = subheader(raw, at).and_then(|sub| {
            let start = at + SUBHEADER;
            let form = form(header, &sub, by_header);
            raw.ordinates(start, points, form, &mut values)?;
            at = start + points * form.width();
            Ok(sub)
        });
        match whole {
            Ok(sub) => subs.push(sub),
            Err(error) => {
                warnings.push(short(raw, header, index, wanted, at, error)?);
                break;
            }
        }
    }
    if header.subfiles.is_none() && at < raw.len() && warnings.is_empty() {
        let left = raw.len() - at;
        warnings.push(format!("{left} bytes after the last whole subfile were left out."));
    }
    Ok(Body { subs, curves: Curves::Shared { x, values }, warnings })
}

fn too_short(raw: &Raw, room: u64) -> FormatError {
    raw.input.malformed(Place::Byte(4), format!("file has room for {room} points"))
}

/// The error for a point count that the file cannot hold.
fn lying_points(raw: &Raw, header: &Header, cause: FormatError) -> FormatError {
    if !matches!(cause, FormatError::Malformed { .. }) {
        return cause;
    }
    let room = raw.len().saturating_sub(header.body) / 4;
    raw.input.malformed(
        Place::Byte(4),
        format!("header says {} points, the file of {} bytes has room for {room}", header.points, raw.len()),
    )
}

/// The error for a subfile count that the file cannot hold.
fn lying_subfiles(raw: &Raw, wanted: u64, room: u64) -> FormatError {
    raw.input.malformed(
        Place::Byte(24),
        format!("header says {wanted} subfiles, the file of {} bytes has room for {room}", raw.len()),
    )
}

fn even(raw: &Raw, header: &Header, points: u64) -> Result<Vec<f64>, FormatError> {
    let count = raw.input.allowed(Place::Byte(4), points, 8)?;
    Ok(evenly(header.first, header.last, count))
}

/// A file that ends early: the warning under which its whole subfiles are given, or the error.
fn short(
    raw: &Raw,
    header: &Header,
    found: u64,
    wanted: u64,
    at: u64,
    cause: FormatError,
) -> Result<String, FormatError> {
    if found == 0 || !matches!(cause, FormatError::Malformed { .. }) {
        return Err(cause);
    }
    // A log block inside the file means that the file is whole and the count is wrong.
    let whole_file = header.log > 0 && header.log < raw.len() && header.order != Order::Old;
    if whole_file {
        return Err(lying_subfiles(raw, wanted, found));
    }
    Ok(format!("The file ends early, in the subfile at byte {at}: {found} of {wanted} spectra were stored."))
}

/// Offsets of the subfiles by the directory; `None` where there is none or it cannot be true.
fn directory(raw: &Raw, header: &Header, count: u64) -> Option<Vec<(u64, u64)>> {
    let length = count.checked_mul(DIRECTORY_ENTRY)?;
    if header.directory < header.body {
        return None;
    }
    raw.slice(header.directory, length, "the directory").ok()?;
    let entry = |i: u64| {
        let at = header.directory + i * DIRECTORY_ENTRY;
        let position = u64::from(raw.u32(at, "position").ok()?);
        let size = u64::from(raw.u32(at + 4, "size").ok()?);
        let fits = position >= header.body && position.checked_add(size)? <= raw.len() && size > SUBHEADER;
        fits.then_some((position, size))
    };
    (0..count).map(entry).collect()
}

fn read_own(raw: &Raw, header: &Header) -> Result<Body, FormatError> {
    let wanted = header.subfiles.map_or(1, u64::from).max(1);
    let room = raw.len().saturating_sub(header.body) / SUBHEADER;
    if wanted > room {
        return Err(lying_subfiles(raw, wanted, room));
    }
    let mut warnings = Vec::new();
    let listed = directory(raw, header, wanted);
    if listed.is_none() && header.directory > 0 {
        warnings.push("The subfile directory is damaged; the subfiles were read one after the other.".into());
    }
    let (mut subs, mut curves) = (Vec::new(), Vec::new());
    let mut next = header.body;
    // Directory entries may overlap in a hostile file: what they add up to is bounded by the memory limit.
    let mut total = 0_u64;
    for index in 0..wanted {
        let entry = listed.as_ref().and_then(|l| l.get(index as usize)).copied();
        let at = entry.map_or(next, |e| e.0);
        let one = subheader(raw, at).and_then(|sub| {
            let start = at + SUBHEADER;
            let points = match (sub.points, entry) {
                (0, Some((_, size))) => (size - SUBHEADER) / if header.has(SHORT_Y) { 6 } else { 8 },
                (points, _) => u64::from(points),
            };
            total = total.saturating_add(points);
            raw.input.allowed(Place::Byte(at), total, 12)?;
            let x = raw.positions(start, points)?;
            let start = start + points * 4;
            let form = form(header, &sub, wanted == 1);
            let mut y = Vec::with_capacity(x.len());
            raw.ordinates(start, points, form, &mut y)?;
            next = start + points * form.width();
            Ok((sub, (x, y)))
        });
        match one {
            Ok((sub, curve)) => {
                subs.push(sub);
                curves.push(curve);
            }
            Err(error) => {
                warnings.push(short(raw, header, index, wanted, at, error)?);
                break;
            }
        }
    }
    Ok(Body { subs, curves: Curves::Own(curves), warnings })
}
