//! What a recovery method is.

use rayon::prelude::*;

use super::super::{Diagnostic, MethodError, MethodInfo, ModelUsed, Resolved, Settings, Watch};
use super::Measured;

/// A way to take a CARS spectrum apart.
pub trait Recovery: Send + Sync {
    /// Its description; `needs_library` is false.
    fn info(&self) -> &'static MethodInfo;

    /// Takes one spectrum apart. One spectrum runs on one core.
    fn split(
        &self,
        measured: &Measured,
        settings: &Resolved,
        watch: &dyn Watch,
    ) -> Result<Parts, MethodError>;

    /// Takes many spectra of one grid apart, in their order; a network may take them in batches.
    fn split_many(
        &self,
        measured: &[Measured],
        settings: &Resolved,
        watch: &dyn Watch,
    ) -> Vec<Result<Parts, MethodError>> {
        measured.par_iter().map(|one| watch.go_on().and_then(|()| self.split(one, settings, watch))).collect()
    }

    /// The trained network that these settings choose; `None` for methods without one.
    fn model(&self, _settings: &Settings) -> Result<Option<ModelUsed>, MethodError> {
        Ok(None)
    }

    /// Stable machine name.
    fn id(&self) -> &'static str {
        self.info().id
    }

    /// Name for people.
    fn name(&self) -> &'static str {
        self.info().name
    }
}

/// What a method finds, on the grid of the [`Measured`] spectrum it was given.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parts {
    /// `Im chi_R`, not normalised: in units of the square root of the intensities.
    pub raman: Vec<f64>,
    /// `chi_NR`, an amplitude in the same units.
    pub background: Vec<f64>,
    /// Sentences for the user.
    pub notes: Vec<String>,
    /// Named numbers for experts and benchmarks.
    pub diagnostics: Vec<Diagnostic>,
    /// What it ran on; `CPU, 1 thread` where it says nothing.
    pub device: Option<String>,
}
