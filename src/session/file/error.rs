//! Why a session could not be kept or read.

use thiserror::Error;

use crate::formats::Place;
use crate::library::LibraryError;

/// What went wrong with a file of a session.
#[derive(Debug, Error)]
pub enum FileError {
    /// The system refused to read.
    #[error("{file}: cannot be read: {source}")]
    Io {
        /// The file or folder.
        file: String,
        /// The system's own words.
        source: std::io::Error,
    },
    /// The system refused to write.
    #[error(
        "{file}: was not saved: {problem}; what was there before is as it was; free some space or save in another place"
    )]
    NotSaved {
        /// The file or folder.
        file: String,
        /// The system's own words.
        problem: String,
    },
    /// Something else than a session.
    #[error("{file}: this is not an Unravel session (byte 0: {found}); a session file ends in .unravel")]
    NotASession {
        /// The file.
        file: String,
        /// What stands at its start.
        found: String,
    },
    /// Written by a later version of the program.
    #[error(
        "{file}: this session was made by a newer version of Unravel (byte 8: version {found}, this program reads up \
         to {known}); update the program to open it"
    )]
    Newer {
        /// The file.
        file: String,
        /// Version it states.
        found: u32,
        /// Newest version known here.
        known: u32,
    },
    /// The content breaks the rules of a session file.
    #[error("{file}: session file, {place}: {problem}")]
    Malformed {
        /// The file.
        file: String,
        /// Where.
        place: Place,
        /// What was found and what was expected.
        problem: String,
    },
    /// Reading would need more memory than the limit allows; refused before allocating.
    #[error("{file}: session file, {place}: needs {wanted} bytes, more than the limit of {limit}")]
    TooLarge {
        /// The file.
        file: String,
        /// Where the size was declared.
        place: Place,
        /// Bytes needed.
        wanted: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// A library inside the session, or one to be put there.
    #[error("a library of the session: {0}")]
    Library(#[from] LibraryError),
}
