//! Why a method refuses: what was found, what it needs, what the user can do.

use std::fmt::Display;

use thiserror::Error;

use super::MethodInfo;
use crate::spectrum::SpectrumError;

/// Every way in which a method cannot do what it was asked.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum MethodError {
    /// No method has this id.
    #[error("there is no method '{found}'{suggestion}; the methods are {known}")]
    UnknownMethod {
        /// The id given.
        found: String,
        /// ` (did you mean 'x'?)` or nothing.
        suggestion: String,
        /// All ids.
        known: String,
    },
    /// No model of this id was trained here.
    #[error(
        "there is no trained model '{found}' on this machine (there are: {known}); it was deleted, or trained elsewhere: \
         train it again"
    )]
    NoTrainedModel {
        /// The id given.
        found: String,
        /// Ids of those that are there.
        known: String,
    },
    /// The method has no such setting.
    #[error("{method} has no setting '{found}'{suggestion}; {usage}")]
    UnknownSetting {
        /// The method.
        method: &'static str,
        /// The name given.
        found: String,
        /// ` (did you mean 'x'?)` or nothing.
        suggestion: String,
        /// The settings there are.
        usage: String,
    },
    /// A setting has a value the method cannot use.
    #[error("{method}: {setting} is {found}, expected {expected}")]
    BadSetting {
        /// The method.
        method: &'static str,
        /// The setting.
        setting: &'static str,
        /// The value given.
        found: String,
        /// What it should be.
        expected: String,
    },
    /// The method compares with a library and got none.
    #[error("{method} needs a reference library, and none was given")]
    NeedsLibrary {
        /// The method.
        method: &'static str,
    },
    /// The library holds nothing at all.
    #[error("the library '{library}' holds no entries")]
    EmptyLibrary {
        /// Its name.
        library: String,
    },
    /// No entry of the library has enough data where the spectrum was measured.
    #[error(
        "no entry of the library '{library}' covers enough of {low_cm1:.0} to {high_cm1:.0} cm-1; its entries lie within \
         {library_low_cm1:.0} to {library_high_cm1:.0} cm-1: choose another range or another library"
    )]
    NoCoverage {
        /// Name of the library.
        library: String,
        /// Low end of the spectrum.
        low_cm1: f64,
        /// High end of the spectrum.
        high_cm1: f64,
        /// Lowest position of any entry.
        library_low_cm1: f64,
        /// Highest position of any entry.
        library_high_cm1: f64,
    },
    /// No entry of the library can be brought to Raman shift.
    #[error("no entry of the library '{library}' can be used; the first one: {why}")]
    NoUsableEntry {
        /// Name of the library.
        library: String,
        /// Why the first entry cannot.
        why: String,
    },
    /// The references were prepared for another axis.
    #[error(
        "the references were prepared for {reference_points} points from {reference_low:.1} to {reference_high:.1} cm-1, \
         but the spectrum has {points} points from {low:.1} to {high:.1}: prepare them for its axis"
    )]
    AxisMismatch {
        /// Points of the references.
        reference_points: usize,
        /// Their low end.
        reference_low: f64,
        /// Their high end.
        reference_high: f64,
        /// Points of the spectrum.
        points: usize,
        /// Its low end.
        low: f64,
        /// Its high end.
        high: f64,
    },
    /// The axis is no Raman shift and cannot become one.
    #[error("this axis is {found}, and methods compare over Raman shift: {advice}")]
    NoRamanShift {
        /// What the axis is.
        found: String,
        /// What the user can do.
        advice: String,
    },
    /// Too few points to tell anything.
    #[error(
        "{found} points between {low_cm1:.1} and {high_cm1:.1} cm-1 are too few: at least {needed} are needed"
    )]
    TooFewPoints {
        /// Points there are.
        found: usize,
        /// Points needed.
        needed: usize,
        /// Low end looked at.
        low_cm1: f64,
        /// High end looked at.
        high_cm1: f64,
    },
    /// A CARS spectrum, or what was measured beside it, cannot be used.
    #[error("{what}: {problem}")]
    Measurement {
        /// What was measured: `the reference`.
        what: String,
        /// What is wrong with it and what the user can do.
        problem: String,
    },
    /// All intensities are the same.
    #[error("the spectrum is flat: all {points} intensities are {value}")]
    Flat {
        /// Number of points.
        points: usize,
        /// The intensity.
        value: f32,
    },
    /// A range that is none, or that misses the spectrum.
    #[error(
        "the range {low_cm1} to {high_cm1} cm-1 {problem}; the spectrum covers {axis_low:.1} to {axis_high:.1}"
    )]
    Range {
        /// Low end wanted.
        low_cm1: f64,
        /// High end wanted.
        high_cm1: f64,
        /// Why it cannot be used.
        problem: &'static str,
        /// Low end of the spectrum.
        axis_low: f64,
        /// High end of the spectrum.
        axis_high: f64,
    },
    /// A number of components that cannot be found.
    #[error("{asked} components were asked for; {reason}")]
    Components {
        /// Number asked for.
        asked: usize,
        /// What is possible.
        reason: String,
    },
    /// No entry of the library is of this species.
    #[error(
        "the library '{library}' has no species '{found}' among the {species} that can be compared here{suggestion}: give \
         the name as the library writes it"
    )]
    UnknownSpecies {
        /// Name of the library.
        library: String,
        /// The name given.
        found: String,
        /// ` (did you mean 'x'?)` or nothing.
        suggestion: String,
        /// Number of species there are.
        species: usize,
    },
    /// A species shall be part of the answer, and no spectrum of it can be used.
    #[error("'{species}' cannot be fixed: none of its spectra can be used here; {entry}: {why}")]
    FixedNotHere {
        /// The species.
        species: String,
        /// The first of its entries.
        entry: String,
        /// Why it cannot be used.
        why: String,
    },
    /// A species shall be in the answer and shall not.
    #[error("'{species}' is both fixed and excluded: choose one of the two")]
    FixedAndExcluded {
        /// The species.
        species: String,
    },
    /// Every species is excluded.
    #[error(
        "all {species} species of the library '{library}' on this range are excluded: leave at least one"
    )]
    NothingLeft {
        /// Name of the library.
        library: String,
        /// Number of species there are.
        species: usize,
    },
    /// The numbers leave no answer.
    #[error("{method}: {problem}")]
    Numbers {
        /// The method.
        method: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// A file with a trained network cannot be used.
    #[error("{file}: {problem}")]
    Model {
        /// The file.
        file: String,
        /// What is wrong and what was expected.
        problem: String,
    },
    /// The spectrum lies where the network was not trained.
    #[error(
        "the network was trained on {model_low_cm1:.0} to {model_high_cm1:.0} cm-1, and the spectrum from {low_cm1:.0} to \
         {high_cm1:.0} cm-1 has {found} points there; at least {needed} are needed: choose another range or another method"
    )]
    OutsideModel {
        /// Low end of what the network knows.
        model_low_cm1: f64,
        /// High end of it.
        model_high_cm1: f64,
        /// Low end of the spectrum.
        low_cm1: f64,
        /// High end of it.
        high_cm1: f64,
        /// Points in both.
        found: usize,
        /// Points needed.
        needed: usize,
    },
    /// Species are fixed or excluded where there is no library to find them in.
    #[error("{species} cannot be fixed or excluded without a reference library, and none was given")]
    WishesNeedLibrary {
        /// The first of them.
        species: String,
    },
    /// A table or summary cannot be written to memory.
    #[error("the {what} of the results cannot be written: {why}")]
    Written {
        /// `table` or `summary`.
        what: &'static str,
        /// What went wrong.
        why: String,
    },
    /// An axis or spectrum breaks a rule of spectra.
    #[error(transparent)]
    Spectrum(#[from] SpectrumError),
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl MethodError {
    /// The numbers leave this method no answer, in the words of whoever found out.
    pub(super) fn numbers(info: &'static MethodInfo, problem: impl Display) -> Self {
        Self::Numbers { method: info.name, problem: problem.to_string() }
    }
}
