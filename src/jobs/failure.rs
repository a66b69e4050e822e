//! Why a job ended without a result.

use thiserror::Error;

use crate::library::LibraryError;
use crate::methods::MethodError;
use crate::process::ProcessError;

/// Why a job, or one part of it, has no result.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Failure {
    /// It was no longer wanted.
    #[error("cancelled")]
    Cancelled,
    /// It could not be done; the sentence says why and what to do.
    #[error("{0}")]
    Refused(String),
    /// A fault in the program; nothing else was touched by it.
    #[error(
        "a fault in Unravel ended this ({message}{}); everything else stands: please report it with these words",
        place.as_ref().map(|place| format!(", {place}")).unwrap_or_default()
    )]
    Panicked {
        /// What the fault said.
        message: String,
        /// File and line in the program, where known.
        place: Option<String>,
    },
}

impl From<MethodError> for Failure {
    fn from(error: MethodError) -> Self {
        match error {
            MethodError::Cancelled => Self::Cancelled,
            other => Self::Refused(other.to_string()),
        }
    }
}

impl From<ProcessError> for Failure {
    fn from(error: ProcessError) -> Self {
        match error {
            ProcessError::Cancelled { .. } => Self::Cancelled,
            other => Self::Refused(other.to_string()),
        }
    }
}

impl From<LibraryError> for Failure {
    fn from(error: LibraryError) -> Self {
        match error {
            LibraryError::Cancelled => Self::Cancelled,
            other => Self::Refused(other.to_string()),
        }
    }
}
