//! What a command can be refused for.

use thiserror::Error;

/// A command that cannot be carried out; the document is as it was.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SessionError {
    /// The thing it names is gone.
    #[error("{what} is not in the session any more; nothing was changed")]
    Gone {
        /// For people.
        what: String,
    },
    /// The values make no sense.
    #[error("{what}: {problem}; nothing was changed")]
    Refused {
        /// What was asked.
        what: String,
        /// Why not.
        problem: String,
    },
}
