//! The bytes of a packed file to a library. Every size is checked against the file's own length before it is used.

use std::path::Path;
use std::sync::Arc;

use crate::formats::{Limits, Place};
use crate::spectrum::{Axis, Spectrum};

use super::super::{Entry, Library, LibraryError};
use super::stored::StoredIndex;
use super::{FRAME, FrameError, WHAT};

/// Ids beyond this would leave no room for further entries; JSON readers elsewhere stop being exact here too.
const MAX_ID: u64 = 1 << 53;
/// Byte at which the index begins.
const INDEX_AT: u64 = FRAME.header_bytes as u64;

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
            return Err(parts.malformed(INDEX_AT, format!("the next id {next_id} is too large")));
        }
        Self::from_parts(index.name, entries, next_id).map_err(|place| {
            parts.malformed(
                INDEX_AT,
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
        let blocks = FRAME.split(bytes, [1, 8, 4]).map_err(|error| match error {
            FrameError::Foreign => {
                malformed(file, 0, "this is not a packed Unravel library (wrong first bytes)".into())
            }
            FrameError::Newer(found) => {
                LibraryError::Newer { file: file.to_owned(), found, known: FRAME.version }
            }
            FrameError::Malformed(byte, problem) => malformed(file, byte, problem),
        });
        let [json, positions, intensities] = blocks?;
        let positions_at = (FRAME.header_bytes + json.len()) as u64;
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
        FRAME.index(self.json).map_err(|(byte, problem)| self.malformed(byte, problem))
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
