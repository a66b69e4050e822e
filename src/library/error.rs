//! What can be wrong with a library, with adding to it, or with a question asked of it.

use thiserror::Error;

use crate::formats::{FormatError, Place};
use crate::spectrum::SpectrumError;

use super::EntryId;

/// Why a library could not be loaded, changed, saved or searched.
#[derive(Debug, Error)]
pub enum LibraryError {
    /// The system refused to read or write.
    #[error("{file}: {source}")]
    Io {
        /// The file or folder.
        file: String,
        /// The system's own words.
        source: std::io::Error,
    },
    /// A spectrum file of the library could not be read.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// A packed library, label table or array breaks its own rules.
    #[error("{file}: {what}, {place}: {problem}")]
    Malformed {
        /// The file.
        file: String,
        /// What it was taken for.
        what: &'static str,
        /// Where.
        place: Place,
        /// What was found and what was expected.
        problem: String,
    },
    /// A packed library written by a later version of the program.
    #[error(
        "{file}: packed library, byte 8: version {found} is newer than {known}, the newest this program reads; \
         update the program or save the library again with the older one"
    )]
    Newer {
        /// The file.
        file: String,
        /// Version it states.
        found: u32,
        /// Newest version known here.
        known: u32,
    },
    /// Loading would need more memory than the limit allows; refused before allocating.
    #[error("{file}: {what}, {place}: needs {wanted} bytes, more than the limit of {limit}")]
    TooLarge {
        /// The file.
        file: String,
        /// What it was taken for.
        what: &'static str,
        /// Where the size was declared.
        place: Place,
        /// Bytes needed.
        wanted: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// There is no library in what was given.
    #[error("{file}: {problem}")]
    NothingFound {
        /// File or folder.
        file: String,
        /// What was looked for.
        problem: String,
    },
    /// No line could be fitted to a spectrum.
    #[error("{name} was not fitted: {why}")]
    NotFitted {
        /// The substance.
        name: String,
        /// Why not.
        why: String,
    },
    /// The user asked to stop.
    #[error("cancelled; nothing was written")]
    Cancelled,
    /// No entry has this id.
    #[error("the library has no entry {id}; it may have been deleted")]
    UnknownEntry {
        /// The id asked for.
        id: EntryId,
    },
    /// No entry of the library can be searched.
    #[error("the library has no entry over a Raman shift axis, so there is nothing to search")]
    NothingToSearch,
    /// The search grid asked for makes no sense.
    #[error("the search grid {low_cm1} to {high_cm1} cm-1 in steps of {step_cm1} cm-1 is not usable")]
    BadGrid {
        /// Low end.
        low_cm1: f64,
        /// High end.
        high_cm1: f64,
        /// Step.
        step_cm1: f64,
    },
    /// A query is not over Raman shift and cannot be converted.
    #[error("\"{title}\" cannot be searched for: {source}")]
    NotRaman {
        /// Name of the query.
        title: String,
        /// Why it cannot be converted.
        source: SpectrumError,
    },
    /// A query has no structure in the searched range.
    #[error("\"{title}\" cannot be searched for: it is flat between {low_cm1:.0} and {high_cm1:.0} cm-1")]
    FlatQuery {
        /// Name of the query.
        title: String,
        /// Low end of the range looked at.
        low_cm1: f64,
        /// High end of the range looked at.
        high_cm1: f64,
    },
    /// A query lies outside the library's range, or outside all windows.
    #[error(
        "\"{title}\" ({low_cm1:.0} to {high_cm1:.0} cm-1) cannot be searched for: it shares too little range with \
         the library ({grid_low_cm1:.0} to {grid_high_cm1:.0} cm-1) and the chosen windows"
    )]
    OutsideGrid {
        /// Name of the query.
        title: String,
        /// Its low end.
        low_cm1: f64,
        /// Its high end.
        high_cm1: f64,
        /// Low end of the search grid.
        grid_low_cm1: f64,
        /// High end of the search grid.
        grid_high_cm1: f64,
    },
    /// A range window that selects nothing or weighs nothing.
    #[error(
        "the window {low_cm1} to {high_cm1} cm-1 with weight {weight} is not usable (low below high, weight above 0)"
    )]
    BadWindow {
        /// Low end.
        low_cm1: f64,
        /// High end.
        high_cm1: f64,
        /// Weight.
        weight: f32,
    },
}
