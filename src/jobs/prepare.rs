//! Running a pipeline over maps and series.

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::process::{Pipeline, Progress, References, SetOutcome};
use crate::spectrum::SpectrumSet;

use super::{Handle, Jobs, Lane, Ticket};

/// Numbers from which a pipeline is long work: some seconds with the slowest baselines.
const LONG_FROM: usize = 1 << 20;

fn lane(numbers: usize) -> Lane {
    if numbers < LONG_FROM { Lane::Quick } else { Lane::Long }
}

impl Jobs {
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
