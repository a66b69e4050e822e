//! What can go wrong before a benchmark has figures.

use thiserror::Error;

use crate::library::LibraryError;

/// Why a benchmark could not be run.
#[derive(Debug, Error)]
pub enum BenchError {
    /// A library or label table could not be loaded.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// A table of the data set breaks its own rules.
    #[error("{file}: {problem}")]
    Data {
        /// The file or folder.
        file: String,
        /// What was found and what is needed.
        problem: String,
    },
    /// The command asks for something that does not exist or makes no sense.
    #[error("{0}")]
    Asked(String),
    /// A method could not be prepared or refused a spectrum.
    #[error("{method}: {problem}")]
    Method {
        /// The method's id.
        method: String,
        /// Its own words.
        problem: String,
    },
}

impl BenchError {
    /// An error about one file or folder.
    pub(super) fn data(file: &std::path::Path, problem: impl Into<String>) -> Self {
        Self::Data { file: file.display().to_string(), problem: problem.into() }
    }
}
