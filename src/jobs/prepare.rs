//! Running a pipeline over spectra, maps and series.

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::process::{Pipeline, Progress, References, SetOutcome};
use crate::spectrum::{Spectrum, SpectrumSet};

use super::{Failure, Handle, Jobs, Lane, Ticket};

/// Numbers from which a pipeline is long work: some seconds with the slowest baselines.
const LONG_FROM: usize = 1 << 20;

fn lane(numbers: usize) -> Lane {
    if numbers < LONG_FROM { Lane::Quick } else { Lane::Long }
}

impl Jobs {
    /// Runs a pipeline over one spectrum or many; results stand in the order of the input, each with its own error. A
    /// cancel changes nothing anywhere: there is no result.
    pub fn prepare(
        &self,
        spectra: Vec<Arc<Spectrum>>,
        pipeline: Pipeline,
        references: References,
    ) -> Handle<Infallible, Vec<Result<Spectrum, Failure>>> {
        let title = match spectra.as_slice() {
            [one] => format!("Preparing {}", one.meta.display_name()),
            many => format!("Preparing {} spectra", many.len()),
        };
        let lane = lane(spectra.iter().map(|s| s.len()).sum());
        self.submit(title, lane, move |ticket| {
            // Copies share their numbers.
            let list: Vec<Spectrum> = spectra.iter().map(|s| Spectrum::clone(s)).collect();
            let watch = |progress: Progress| told(ticket, progress);
            let results = ticket.wide(|| pipeline.run_all(&list, &references, &watch))?;
            Ok(results.into_iter().map(|result| result.map_err(Failure::from)).collect())
        })
    }

    /// Runs a pipeline over every row of a map or series. A cancel changes nothing anywhere: there is no result.
    pub fn prepare_set(
        &self,
        set: Arc<SpectrumSet>,
        pipeline: Pipeline,
        references: References,
    ) -> Handle<Infallible, SetOutcome> {
        let title = format!("Preparing {}", set.meta.display_name());
        self.submit(title, lane(set.values().len()), move |ticket| {
            let watch = |progress: Progress| told(ticket, progress);
            Ok(ticket.wide(|| pipeline.run_set(&set, &references, &watch))?)
        })
    }
}

fn told(ticket: &Ticket<Infallible>, progress: Progress) -> ControlFlow<()> {
    let Progress { done, total } = progress;
    ticket.progress(Some(done as f32 / total.max(1) as f32), format!("{done} of {total} spectra"));
    if ticket.cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}
