//! What can be wrong with an axis, a spectrum or a comparison of two.

use thiserror::Error;

/// Every way in which a spectrum cannot be made or used.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SpectrumError {
    /// Fewer than the two points a spectrum needs.
    #[error("a spectrum needs at least 2 points, found {found}")]
    TooFewPoints {
        /// Points found.
        found: usize,
    },
    /// An axis value is NaN or infinite.
    #[error("axis value {index} is not a finite number ({value})")]
    AxisNotFinite {
        /// Position in the axis, counted from 0.
        index: usize,
        /// The value itself.
        value: f64,
    },
    /// The axis goes up and down.
    #[error("the axis is not sorted: it turns at point {index} ({value})")]
    AxisNotSorted {
        /// Position where the direction changes.
        index: usize,
        /// Value there.
        value: f64,
    },
    /// First and last axis value are the same.
    #[error("the axis is constant ({value})")]
    AxisConstant {
        /// The constant.
        value: f64,
    },
    /// Intensities and axis differ in length.
    #[error("the axis has {axis} points but there are {intensities} intensities")]
    LengthMismatch {
        /// Points of the axis.
        axis: usize,
        /// Intensities given.
        intensities: usize,
    },
    /// An intensity is NaN or infinite.
    #[error("intensity {index} is not a finite number ({value})")]
    IntensityNotFinite {
        /// Position in the row.
        index: usize,
        /// The value itself.
        value: f32,
    },
    /// A conversion needs the laser wavelength and none is known.
    #[error("the laser wavelength is not known; give it in nm (for example 532, 633, 785 or 1064)")]
    LaserUnknown,
    /// A laser wavelength that no laser has.
    #[error("{laser_nm} nm is not a usable laser wavelength (expected 100 to 20000 nm)")]
    LaserImplausible {
        /// What was given.
        laser_nm: f64,
    },
    /// The axis kind has no such conversion.
    #[error("an axis of {from} cannot be converted to {to}: {why}")]
    NotConvertible {
        /// Kind the axis has.
        from: String,
        /// Kind wanted.
        to: String,
        /// The reason.
        why: String,
    },
    /// Two spectra share no range.
    #[error("the two axes do not overlap: {a_first} to {a_last} and {b_first} to {b_last}")]
    NoOverlap {
        /// First axis, low end.
        a_first: f64,
        /// First axis, high end.
        a_last: f64,
        /// Second axis, low end.
        b_first: f64,
        /// Second axis, high end.
        b_last: f64,
    },
    /// A set's rows do not fill its declared shape.
    #[error("{rows} rows were declared but the data holds {values} values over {points} points")]
    SetShape {
        /// Rows declared.
        rows: usize,
        /// Values given.
        values: usize,
        /// Points of the axis.
        points: usize,
    },
    /// A position list of a set has another length than the set.
    #[error("the set has {rows} rows but {positions} {which} positions")]
    SetPositions {
        /// Rows of the set.
        rows: usize,
        /// Positions given.
        positions: usize,
        /// Which list.
        which: &'static str,
    },
}
