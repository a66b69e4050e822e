//! One mixed spectrum, any set of methods: every answer as soon as it is there.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::spectrum::Spectrum;

use super::super::{Failure, Handle, Jobs, Lane, Ticket};
use super::crew::crew;
use super::plan::{Eye, Plan};
use super::{CompareEnd, CompareJob, MethodDone};

impl Jobs {
    /// Runs all methods of a comparison on one spectrum, on all cores, quickest first where that is known. Each method
    /// hands over one [`MethodDone`] as soon as it has finished, also one that was cancelled or failed.
    pub fn compare(&self, mixture: Arc<Spectrum>, job: CompareJob) -> Handle<MethodDone, CompareEnd> {
        let title = match job.methods.len() {
            1 => format!("Unmixing {}", mixture.meta.display_name()),
            n => format!("Comparing {n} methods on {}", mixture.meta.display_name()),
        };
        self.submit(title, Lane::Long, move |ticket| work(ticket, &mixture, &Plan::new(job)))
    }
}

pub(super) fn work(
    ticket: &Ticket<MethodDone>,
    mixture: &Spectrum,
    plan: &Plan,
) -> Result<CompareEnd, Failure> {
    ticket.progress(Some(0.0), "preparing the spectrum");
    let ready = plan.ready(mixture);
    let order = plan.order();
    let end = Mutex::new(CompareEnd::default());
    let stopped = AtomicBool::new(false);
    let parts = Mutex::new(vec![0.0_f32; order.len()]);
    let told = |at: usize, done: f32, words: String| {
        let mut parts = parts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(part) = parts.get_mut(at) {
            *part = part.max(done.clamp(0.0, 1.0));
        }
        let all = parts.iter().sum::<f32>() / parts.len().max(1) as f32;
        drop(parts);
        ticket.progress(Some(all), words);
    };
    crew(ticket.shared.cores(), order.len(), |at, gate| {
        let Some((place, chosen)) = order.get(at).and_then(|p| Some((*p, plan.chosen.get(*p)?))) else {
            return;
        };
        let name = chosen.method.as_ref().map_or(chosen.id.as_str(), |m| m.name());
        let tell = |done: f32, what: &str| told(at, done, format!("{name}: {what}"));
        let result = plan.run(chosen, &ready, &Eye { ticket, gate, tell: &tell });
        tell(1.0, "done");
        end.lock().unwrap_or_else(PoisonError::into_inner).count(&result);
        let cancelled = result.as_ref().err() == Some(&Failure::Cancelled);
        let given = ticket.give(MethodDone { spectrum: 0, place, method: chosen.id.clone(), result });
        if cancelled || given.is_err() {
            stopped.store(true, Ordering::Relaxed);
        }
    });
    if stopped.into_inner() {
        return Err(Failure::Cancelled);
    }
    Ok(end.into_inner().unwrap_or_else(PoisonError::into_inner))
}
