//! What the window holds of a job.

use std::sync::{Arc, Mutex, PoisonError};

use super::job::{Job, Run};
use super::pool::Shared;
use super::{Failure, JobId};

/// The result of a job, once.
pub(super) enum End<T> {
    /// Not there yet.
    Open,
    /// Ready.
    Ready(Result<T, Failure>),
    /// Handed over.
    Taken,
}

/// The window's side of a job that hands over parts `P` and ends with `T`. None of its functions waits. Letting go of it
/// cancels the job: nobody could see its result.
pub struct Handle<P, T> {
    pub(super) job: Arc<Job<P>>,
    pub(super) end: Arc<Mutex<End<T>>>,
    pub(super) shared: Arc<Shared>,
}

impl<P, T> Handle<P, T> {
    /// Name of the job.
    #[must_use]
    pub fn id(&self) -> JobId {
        self.job.id
    }

    /// How far it is.
    #[must_use]
    pub fn run(&self) -> Run {
        self.job.run().clone()
    }

    /// The parts that came since the last call, in order.
    pub fn take(&self) -> impl Iterator<Item = P> + use<P, T> {
        self.job.outbox.take().into_iter()
    }

    /// The result, once, after all parts were taken; `None` before that and afterwards.
    pub fn ended(&mut self) -> Option<Result<T, Failure>> {
        let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        // Nothing is put into the outbox once the end is there.
        match std::mem::replace(&mut *end, End::Taken) {
            End::Ready(result) if self.job.outbox.is_empty() => Some(result),
            End::Taken => None,
            other => {
                *end = other;
                None
            }
        }
    }

    /// Asks the job to stop. What it has done is still handed over.
    pub fn cancel(&self) {
        self.shared.cancel(self.job.id);
    }
}

impl<P, T> Drop for Handle<P, T> {
    fn drop(&mut self) {
        self.job.outbox.close();
        self.shared.cancel(self.job.id);
    }
}
