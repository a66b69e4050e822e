//! A comparison made ready: the way of a spectrum to a method, the same as on the command line.

use std::sync::Arc;

use crate::methods::{Method, MethodError, Outcome, References, Request, Settings, Watch, find, prepare};
use crate::spectrum::Spectrum;

use super::super::{Failure, Ticket, panics};
use super::crew::Gate;
use super::{CompareEnd, CompareJob, MethodDone};

/// A method that was asked for, if there is one of its id.
pub(super) struct Chosen {
    pub id: String,
    pub method: Result<&'static dyn Method, Failure>,
    pub settings: Settings,
}

/// A mixture in the form that methods take, and what was done to it in sentences.
pub(super) type Ready = Result<(Spectrum, Vec<String>), Failure>;

/// Everything that is the same for all spectra.
pub(super) struct Plan {
    pub chosen: Vec<Chosen>,
    job: CompareJob,
    /// Where the library has data, in cm-1.
    covered: Option<(f64, f64)>,
}

impl Plan {
    pub fn new(job: CompareJob) -> Self {
        let chosen = |(id, settings): &(String, Settings)| Chosen {
            id: id.clone(),
            method: find(id).map_err(Failure::from),
            settings: settings.clone(),
        };
        let methods = job.methods.iter().map(chosen).collect();
        Self::of(methods, job)
    }

    /// A plan with these methods in place of those that the job names.
    pub fn of(chosen: Vec<Chosen>, job: CompareJob) -> Self {
        let covered = References::covered(&job.library);
        Self { chosen, job, covered }
    }

    /// Places of the methods, quickest first.
    pub fn order(&self) -> Vec<usize> {
        self.job.paces.order(self.chosen.iter().map(|c| c.id.as_str()))
    }

    /// Brings a spectrum to the form that methods take.
    pub fn ready(&self, spectrum: &Spectrum) -> Ready {
        let prepared = || {
            let mixture = self.job.pipeline.run(spectrum, &self.job.references)?;
            Ok(prepare(&mixture, self.job.range, self.covered)?)
        };
        panics::caught(prepared).flatten()
    }

    /// One method on one mixture. A panic in it is its own failure only.
    pub fn run(&self, chosen: &Chosen, ready: &Ready, watch: &dyn Watch) -> Result<Arc<Outcome>, Failure> {
        watch.go_on()?;
        let (mixture, notes) = ready.as_ref().map_err(Clone::clone)?;
        let method = chosen.method.clone()?;
        let ran = panics::caught(|| {
            let (references, missing) =
                self.job.cache.lend(method.info(), &self.job.library, mixture.axis())?;
            let request = Request::new(mixture, references.as_deref())
                .with_components(self.job.components)
                .with_fixed(&self.job.fixed)
                .with_excluded(&self.job.excluded)
                .with_settings(chosen.settings.clone());
            let mut outcome = method.run(&request, watch)?;
            outcome.notes.extend(missing);
            Ok::<_, MethodError>(outcome)
        });
        let mut outcome = ran??;
        self.job.paces.note(&chosen.id, outcome.elapsed_ms);
        outcome.notes.splice(0..0, notes.iter().cloned());
        Ok(Arc::new(outcome))
    }
}

/// Watches one run of a method.
pub(super) struct Eye<'a> {
    pub ticket: &'a Ticket<MethodDone>,
    pub gate: &'a Gate,
    /// How far this run is, and what it does.
    pub tell: &'a (dyn Fn(f32, &str) + Sync),
}

impl Watch for Eye<'_> {
    fn progress(&self, done: f32, what: &str) {
        // Methods begin with the library; once past it, the others find it prepared.
        if done > 0.0 {
            self.gate.open();
        }
        (self.tell)(done, what);
    }

    fn cancelled(&self) -> bool {
        self.ticket.cancelled()
    }
}

impl CompareEnd {
    /// Counts one result.
    pub(super) fn count(&mut self, result: &Result<Arc<Outcome>, Failure>) {
        match result {
            Ok(_) => self.answered += 1,
            Err(_) => self.failed += 1,
        }
    }
}
