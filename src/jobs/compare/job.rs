//! What a comparison is asked and what it answers.

use std::sync::Arc;

use crate::library::Library;
use crate::methods::{Components, Outcome, ReferenceCache, Settings};
use crate::process::{Pipeline, References};

use super::super::Failure;
use super::Paces;

/// Everything that is the same for all spectra of a comparison.
#[derive(Debug, Clone)]
pub struct CompareJob {
    /// Ids of the methods with the settings that differ from their defaults. A method may stand here twice.
    pub methods: Vec<(String, Settings)>,
    /// How many components.
    pub components: Components,
    /// Species that are part of every answer wherever a positive amount of them fits.
    pub fixed: Vec<String>,
    /// Species that no answer may hold.
    pub excluded: Vec<String>,
    /// Range of interest in cm-1.
    pub range: Option<(f64, f64)>,
    /// Steps done first; none as a rule, where the spectra are prepared already.
    pub pipeline: Pipeline,
    /// Spectra that the steps ask for.
    pub references: References,
    /// What the methods compare with.
    pub library: Arc<Library>,
    /// Libraries prepared for the axes of earlier comparisons.
    pub cache: Arc<ReferenceCache>,
    /// How long methods took before: the quickest goes first.
    pub paces: Arc<Paces>,
}

impl CompareJob {
    /// A comparison with default settings, steps left out, everything automatic.
    #[must_use]
    pub fn new(methods: Vec<(String, Settings)>, library: Arc<Library>) -> Self {
        Self {
            methods,
            components: Components::Auto,
            fixed: Vec::new(),
            excluded: Vec::new(),
            range: None,
            pipeline: Pipeline::default(),
            references: References::none(),
            library,
            cache: Arc::default(),
            paces: Arc::default(),
        }
    }
}

/// One method has finished with one spectrum.
#[derive(Debug, Clone)]
pub struct MethodDone {
    /// Number of the spectrum, from 0; 0 where there is one only.
    pub spectrum: usize,
    /// Place of the method in [`CompareJob::methods`].
    pub place: usize,
    /// Its id.
    pub method: String,
    /// Its answer, or why there is none. All answers to one spectrum stand on one axis.
    pub result: Result<Arc<Outcome>, Failure>,
}

/// The account of a comparison that was not cancelled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CompareEnd {
    /// Answers.
    pub answered: usize,
    /// Methods without an answer, over all spectra.
    pub failed: usize,
}
