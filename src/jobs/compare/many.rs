//! The same comparison over many spectra, or the rows of a map, as one job.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use super::super::{Failure, Handle, Jobs, Lane, Spectra, Ticket};
use super::crew::crew;
use super::plan::{Eye, Plan};
use super::{CompareEnd, CompareJob, MethodDone};

impl Jobs {
    /// Runs all methods of a comparison on each of many spectra, as many spectra at once as there are cores. Results come
    /// as they are found, not in the order of the spectra; at most [`super::super::ROOM`] wait to be taken. A cancel keeps
    /// what is done.
    pub fn compare_many(&self, spectra: Spectra, job: CompareJob) -> Handle<MethodDone, CompareEnd> {
        let title = format!("Unmixing {} spectra", spectra.len());
        self.submit(title, Lane::Long, move |ticket| work(ticket, &spectra, &Plan::new(job)))
    }
}

/// What was done so far.
#[derive(Default)]
struct Tally {
    end: CompareEnd,
    /// Runs of one method on one spectrum.
    runs: usize,
    /// Spectra that all methods are done with.
    spectra: usize,
}

pub(super) fn work(
    ticket: &Ticket<MethodDone>,
    spectra: &Spectra,
    plan: &Plan,
) -> Result<CompareEnd, Failure> {
    let (count, methods) = (spectra.len(), plan.chosen.len());
    let tally = Mutex::new(Tally::default());
    let stopped = AtomicBool::new(false);
    ticket.progress(Some(0.0), format!("0 of {count} spectra"));
    crew(ticket.shared.cores(), count, |index, gate| {
        if stopped.load(Ordering::Relaxed) {
            return;
        }
        let missing = || Failure::Refused(format!("the set has no spectrum {}", index + 1));
        let ready = spectra.get(index).ok_or_else(missing).and_then(|spectrum| plan.ready(&spectrum));
        for (place, chosen) in plan.chosen.iter().enumerate() {
            let eye = Eye { ticket, gate, tell: &|_, _| {} };
            let result = plan.run(chosen, &ready, &eye);
            if result.as_ref().err() == Some(&Failure::Cancelled) {
                stopped.store(true, Ordering::Relaxed);
                return;
            }
            let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
            tally.end.count(&result);
            tally.runs += 1;
            tally.spectra += usize::from(place + 1 == methods);
            let fraction = tally.runs as f32 / (count * methods).max(1) as f32;
            // Inside the lock, so that the words never count backwards.
            ticket.progress(Some(fraction), format!("{} of {count} spectra", tally.spectra));
            drop(tally);
            let done = MethodDone { spectrum: index, place, method: chosen.id.clone(), result };
            if ticket.give(done).is_err() {
                stopped.store(true, Ordering::Relaxed);
                return;
            }
        }
    });
    if stopped.into_inner() {
        return Err(Failure::Cancelled);
    }
    Ok(tally.into_inner().unwrap_or_else(PoisonError::into_inner).end)
}
