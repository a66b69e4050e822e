//! Why no mixtures can be made.

use thiserror::Error;

/// What is wrong with the pure spectra or the recipe.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SynthError {
    /// Sizes that do not belong together.
    #[error(
        "pure spectra: {values} values and {groups} species numbers do not make rows of {points} points each"
    )]
    Shape {
        /// Values found.
        values: usize,
        /// Species numbers found.
        groups: usize,
        /// Points on the axis.
        points: usize,
    },
    /// The axis does not rise.
    #[error("the axis of the pure spectra must rise from point to point; point {index} does not")]
    Axis {
        /// First point, counted from 0, that is not finite or not above the one before.
        index: usize,
    },
    /// A value is not a number.
    #[error("pure spectrum {row} holds a value that is no finite number")]
    NotFinite {
        /// Row, counted from 0.
        row: usize,
    },
    /// A row cannot be scaled.
    #[error("pure spectrum {row} is zero everywhere (or nowhere positive) on this axis; leave it out")]
    Empty {
        /// Row, counted from 0.
        row: usize,
    },
    /// A row number beyond the end.
    #[error("row {row} was asked for, but there are {rows} pure spectra")]
    NoRow {
        /// Row asked for.
        row: usize,
        /// Rows there are.
        rows: usize,
    },
    /// Fewer different things than a mixture needs.
    #[error("mixtures of {needed} {what} were asked for, but there are {found}")]
    TooFew {
        /// Components wanted.
        needed: usize,
        /// `species` or `spectra`.
        what: &'static str,
        /// How many there are.
        found: usize,
    },
    /// A recipe's setting out of range.
    #[error("recipe: {setting} is {found}; it must be {expected}")]
    Setting {
        /// Name of the setting.
        setting: &'static str,
        /// What it is.
        found: String,
        /// What it may be.
        expected: &'static str,
    },
}
