//! The bytes of a packed file to a library. Every size is checked against the file's own length before it is used.

use std::path::Path;
use std::sync::Arc;

use crate::formats::{Limits, Place};
use crate::spectrum::{Axis, Spectrum};

use super::super::{Entry, Library, LibraryError};
use super::stored::StoredIndex;
use super::{HEADER_BYTES, HEADER_CHECKED_BYTES, MAGIC, VERSION, WHAT};

/// Ids beyond this would leave no room for further entries; JSON readers elsewhere stop being exact here too.
const MAX_ID: u64 = 1 << 53;

impl Library {
    /// Reads a packed library from disk.
    pub fn load_packed(path: &Path, limits: Limits) -> Result<Self, LibraryError> {
        let file = path.display().to_string();
        let bytes = super::super::load::read_file(path, &file, limits)?;
        Self::from_packed(&file, &bytes)
    }

    /// Reads the content of a packed library; `file` names it in errors.
    pub fn from_packed(file: &str, bytes: &[u8]) -> Result<Self, LibraryError> {
        let parts = Parts::split(file, bytes)?;
        let index = parts.index()?;
        let axes = parts.axes(&index)?;
        let mut entries = Vec::with_capacity(index.entries.len());
        let mut rest = parts.intensities;
        for stored in index.entries {
            let place = parts.intensities_at + 4 * (parts.intensities.len() - rest.len()) as u64;
            let problem = |problem: String| parts.malformed(place, problem);
            let axis = usize::try_from(stored.axis).ok().and_then(|axis| axes.get(axis));
            let Some(axis) = axis else {
                let id = stored.id;
                return Err(problem(format!("entry {id} uses axis {} of {}", stored.axis, axes.len())));
            };
            let Some((row, after)) = rest.split_at_checked(axis.len()) else {
                let (id, points, left) = (stored.id, axis.len(), rest.len());
                return Err(problem(format!(
                    "entry {id} needs {points} intensities but {left} are left in the file"
                )));
            };
            rest = after;
            let row: Arc<[f32]> = row.iter().map(|b| f32::from_le_bytes(*b)).collect();
            let spectrum = Spectrum::new(Arc::clone(axis), row, stored.meta)
                .map_err(|error| problem(format!("entry {}: {error}", stored.id)))?;
            entries.push(Entry { id: stored.id, facts: stored.facts, spectrum });
        }
        if !rest.is_empty() {
            let place = parts.intensities_at + 4 * (parts.intensities.len() - rest.len()) as u64;
            return Err(parts.malformed(place, format!("{} intensities belong to no entry", rest.len())));
        }
        let next_id = index.next_id;
        if next_id > MAX_ID {
            return Err(parts.malformed(HEADER_BYTES as u64, format!("the next id {next_id} is too large")));
        }
        Self::from_parts(index.name, entries, next_id).map_err(|place| {
            parts.malformed(
                HEADER_BYTES as u64,
                format!("the id of entry number {place} is not above the one before and below {next_id}"),
            )
        })
    }
}

/// The three blocks behind a header that was found right.
struct Parts<'a> {
    file: &'a str,
    json: &'a [u8],
    positions_at: u64,
    positions: &'a [[u8; 8]],
    intensities_at: u64,
    intensities: &'a [[u8; 4]],
}

impl<'a> Parts<'a> {
    fn split(file: &'a str, bytes: &'a [u8]) -> Result<Self, LibraryError> {
        let malformed = |byte: u64, problem: String| malformed(file, byte, problem);
        let magic = bytes.get(..MAGIC.len().min(bytes.len())).unwrap_or_default();
        if magic != MAGIC.get(..magic.len()).unwrap_or_default() || magic.is_empty() {
            return Err(malformed(0, "this is not a packed Unravel library (wrong first bytes)".into()));
        }
        let Some((header, body)) = bytes.split_at_checked(HEADER_BYTES) else {
            return Err(malformed(
                bytes.len() as u64,
                format!("the file ends inside its {HEADER_BYTES}-byte header"),
            ));
        };
        let version = u32_at(header, 8);
        if version > VERSION {
            return Err(LibraryError::Newer { file: file.to_owned(), found: version, known: VERSION });
        }
        if version == 0 {
            return Err(malformed(8, "version 0 does not exist".into()));
        }
        let checked = header.get(..HEADER_CHECKED_BYTES).unwrap_or_default();
        if crc32fast::hash(checked) != u32_at(header, HEADER_CHECKED_BYTES) {
            return Err(malformed(44, "the header was altered (its checksum does not match)".into()));
        }
        let [json, positions, intensities] = [16, 24, 32].map(|at| u64_at(header, at));
        let wanted = positions
            .checked_mul(8)
            .zip(intensities.checked_mul(4))
            .and_then(|(p, i)| json.checked_add(p)?.checked_add(i));
        if wanted != Some(body.len() as u64) {
            let wanted = wanted.map_or_else(|| "more than 2^64".to_owned(), |bytes| bytes.to_string());
            return Err(malformed(
                16,
                format!("the header promises {wanted} bytes of content but {} follow it", body.len()),
            ));
        }
        if crc32fast::hash(body) != u32_at(header, 12) {
            return Err(malformed(
                12,
                "the content was altered or damaged (its checksum does not match)".into(),
            ));
        }
        // Both fit: their sum with the third part is the body's own length.
        let (json, behind) = body.split_at_checked(json as usize).unwrap_or_default();
        let (positions, intensities) = behind.split_at_checked(8 * positions as usize).unwrap_or_default();
        let positions_at = (HEADER_BYTES + json.len()) as u64;
        Ok(Self {
            file,
            json,
            positions_at,
            positions: positions.as_chunks().0,
            intensities_at: positions_at + positions.len() as u64,
            intensities: intensities.as_chunks().0,
        })
    }

    fn index(&self) -> Result<StoredIndex, LibraryError> {
        let start = HEADER_BYTES as u64;
        let json = std::str::from_utf8(self.json).map_err(|error| {
            self.malformed(start + error.valid_up_to() as u64, "the index is not UTF-8 text".into())
        })?;
        serde_json::from_str(json).map_err(|error| {
            // The index is written as one line, so its column is its byte.
            let at = if error.line() == 1 { error.column().saturating_sub(1) as u64 } else { 0 };
            self.malformed(start + at, format!("the index cannot be read: {error}"))
        })
    }

    fn axes(&self, index: &StoredIndex) -> Result<Vec<Arc<Axis>>, LibraryError> {
        let mut axes = Vec::with_capacity(index.axes.len());
        let mut rest = self.positions;
        for (number, stored) in index.axes.iter().enumerate() {
            let at = self.positions_at + 8 * (self.positions.len() - rest.len()) as u64;
            let split = usize::try_from(stored.points).ok().and_then(|points| rest.split_at_checked(points));
            let Some((values, after)) = split else {
                let problem =
                    format!("axis {number} needs {} positions but {} are left", stored.points, rest.len());
                return Err(self.malformed(at, problem));
            };
            rest = after;
            let values = values.iter().map(|b| f64::from_le_bytes(*b)).collect();
            let axis = Axis::new(stored.kind.clone(), values)
                .map_err(|error| self.malformed(at, format!("axis {number}: {error}")))?;
            axes.push(Arc::new(axis));
        }
        if rest.is_empty() {
            return Ok(axes);
        }
        Err(self.malformed(self.positions_at, format!("{} positions belong to no axis", rest.len())))
    }

    fn malformed(&self, byte: u64, problem: String) -> LibraryError {
        malformed(self.file, byte, problem)
    }
}

fn malformed(file: &str, byte: u64, problem: String) -> LibraryError {
    LibraryError::Malformed { file: file.to_owned(), what: WHAT, place: Place::Byte(byte), problem }
}

fn u32_at(header: &[u8], at: usize) -> u32 {
    header.get(at..).and_then(|b| b.first_chunk()).map_or(0, |b| u32::from_le_bytes(*b))
}

fn u64_at(header: &[u8], at: usize) -> u64 {
    header.get(at..).and_then(|b| b.first_chunk()).map_or(0, |b| u64::from_le_bytes(*b))
}
