//! What can go wrong while preparing a spectrum: which step, which parameter, what was found and expected.

use thiserror::Error;

use crate::spectrum::SpectrumError;

/// Every way in which a step or a pipeline can refuse.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ProcessError {
    /// A pipeline names a step that does not exist.
    #[error("there is no step '{found}'{suggestion}; the steps are {known}")]
    UnknownStep {
        /// The name given.
        found: String,
        /// `, did you mean 'x'?` or nothing.
        suggestion: String,
        /// All names.
        known: String,
    },
    /// A step is given a parameter it does not have.
    #[error("{step} has no parameter '{found}'{suggestion}; {usage}")]
    UnknownParameter {
        /// The step.
        step: &'static str,
        /// The name given.
        found: String,
        /// `, did you mean 'x'?` or nothing.
        suggestion: String,
        /// The step's parameters with units and ranges.
        usage: String,
    },
    /// A parameter has a value the step cannot use.
    #[error("{step}: {parameter} is {found}, expected {expected}; {usage}")]
    BadValue {
        /// The step.
        step: &'static str,
        /// The parameter.
        parameter: &'static str,
        /// The value given.
        found: String,
        /// What it should be.
        expected: String,
        /// The step's parameters with units and ranges.
        usage: String,
    },
    /// The text or JSON form cannot be read at all.
    #[error("the pipeline cannot be read {place}: found {found}, expected {expected}")]
    Syntax {
        /// Where: `at character 12`.
        place: String,
        /// What stands there.
        found: String,
        /// What should stand there.
        expected: String,
    },
    /// The laser wavelength is needed and nobody states it.
    #[error(
        "{step} needs the laser wavelength, and neither the step nor the spectrum's file states one: \
         give it in nm, for example {step}:laser=785"
    )]
    NeedsLaser {
        /// The step.
        step: &'static str,
    },
    /// The axis measures something the step cannot work on.
    #[error("{step} needs an axis of {expected}, and this one is {found}: {advice}")]
    WrongAxis {
        /// The step.
        step: &'static str,
        /// What the axis is.
        found: String,
        /// What it should be.
        expected: String,
        /// What the user can do.
        advice: String,
    },
    /// A wanted range misses the axis.
    #[error("{step}: the range {low} to {high} {problem}; the spectrum covers {axis_low} to {axis_high}")]
    Range {
        /// The step.
        step: &'static str,
        /// Low end wanted.
        low: f64,
        /// High end wanted.
        high: f64,
        /// Why it cannot be used.
        problem: &'static str,
        /// Low end of the axis.
        axis_low: f64,
        /// High end of the axis.
        axis_high: f64,
    },
    /// The spectrum has too few points for the step.
    #[error("{step} needs at least {needed} points for {why}, and the spectrum has {found}")]
    TooShort {
        /// The step.
        step: &'static str,
        /// Points it has.
        found: usize,
        /// Points needed.
        needed: usize,
        /// Which parameter asks for them.
        why: &'static str,
    },
    /// A spectrum to be used by the step was not given.
    #[error("{step}: the spectrum '{name}' is not at hand; at hand are {known}")]
    NoReference {
        /// The step.
        step: &'static str,
        /// Name wanted.
        name: String,
        /// Names at hand.
        known: String,
    },
    /// The intensities have no scale, or leave no solution.
    #[error("{step}: {problem}")]
    Numbers {
        /// The step.
        step: &'static str,
        /// What is wrong with them.
        problem: String,
    },
    /// A step gave a number too large for a spectrum, or none at all.
    #[error("{step}: point {index} became {value}, which is no finite intensity")]
    NotFinite {
        /// The step.
        step: &'static str,
        /// Position in the row, counted from 0.
        index: usize,
        /// The value.
        value: f64,
    },
    /// The new axis or spectrum breaks a rule of spectra.
    #[error("{step}: {source}")]
    Spectrum {
        /// The step.
        step: &'static str,
        /// Which rule.
        source: SpectrumError,
    },
    /// A baseline was asked of a step that estimates none.
    #[error("{step} estimates no baseline")]
    NoBaseline {
        /// The step.
        step: &'static str,
    },
    /// The result does not fit in memory.
    #[error("the result of {rows} rows of {points} points does not fit in memory")]
    TooLarge {
        /// Rows.
        rows: usize,
        /// Points each.
        points: usize,
    },
    /// The caller asked to stop.
    #[error("cancelled after {done} of {total} spectra")]
    Cancelled {
        /// Spectra finished.
        done: usize,
        /// Spectra to do.
        total: usize,
    },
}
