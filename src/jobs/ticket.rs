//! What work is given to talk to the window.

use std::sync::Arc;

use super::Failure;
use super::job::{Job, Lane};
use super::outbox::Put;
use super::pool::Shared;

/// The work's side of a job. May be used from several threads at once.
pub struct Ticket<P> {
    pub(super) job: Arc<Job<P>>,
    pub(super) shared: Arc<Shared>,
}

impl<P: Send> Ticket<P> {
    /// Says how far the work is: from 0 to 1 where that is known, and what is being done, for people. A fraction that
    /// falls is held at its highest.
    pub fn progress(&self, fraction: Option<f32>, words: impl Into<String>) {
        self.job.progress(fraction, words.into());
        self.shared.waker.soon();
    }

    /// True once nobody wants the result any more. Work asks often and then ends with [`Failure::Cancelled`].
    #[must_use]
    pub fn cancelled(&self) -> bool {
        self.job.cancelled()
    }

    /// A failure once nobody wants the result any more.
    pub fn go_on(&self) -> Result<(), Failure> {
        if self.cancelled() { Err(Failure::Cancelled) } else { Ok(()) }
    }

    /// Hands over a part of the result. Waits while [`super::ROOM`] parts are not yet taken; once cancelled it waits no
    /// more, and what was already done is still handed over. A failure says that the window let go of the job.
    pub fn give(&self, part: P) -> Result<(), Failure> {
        match self.job.outbox.put(part) {
            Put::First => self.shared.waker.now(),
            Put::Behind => {}
            Put::Lost => return Err(Failure::Cancelled),
        }
        Ok(())
    }

    /// Runs data parallelism of quick work on threads of its own: on the common ones it would come last, since those
    /// finish all parts of one task, which may be a long one, before they look at the next. Long work uses the common
    /// ones. Wrap the parallel part alone: a lock held around it may be asked for by another job's part.
    pub fn wide<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match self.job.lane() {
            Lane::Quick => self.shared.wide(work),
            Lane::Long | Lane::Patient => work(),
        }
    }
}
