//! What can go wrong before a solver starts. A solver that started always ends in a `Solution`.

use thiserror::Error;

/// Every way in which a solver can refuse its input.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SolverError {
    /// A dictionary without rows or without points.
    #[error(
        "a dictionary needs at least one spectrum with at least one point, found {count} spectra of {length} points"
    )]
    Empty {
        /// Rows given.
        count: usize,
        /// Points per row.
        length: usize,
    },
    /// The values do not fill whole rows.
    #[error("{found} values do not make whole spectra of {length} points")]
    Ragged {
        /// Values given.
        found: usize,
        /// Points per row.
        length: usize,
    },
    /// A value is NaN or infinite, or so large that its square sum overflows.
    #[error("{what} holds {value} at point {point}: every value must be a finite number")]
    NotFinite {
        /// `spectrum 12 of the dictionary` or `the spectrum`.
        what: String,
        /// Zero-based point.
        point: usize,
        /// What stands there.
        value: f32,
    },
    /// A spectrum or target belongs to another dictionary.
    #[error("{what}: found {found}, the dictionary needs {expected}")]
    Mismatch {
        /// What was counted.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there must be.
        expected: usize,
    },
    /// A setting is outside its range.
    #[error("{setting} is {found}, expected {expected}")]
    BadSetting {
        /// The setting.
        setting: &'static str,
        /// The value given.
        found: f64,
        /// What it should be.
        expected: &'static str,
    },
}
