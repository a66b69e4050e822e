//! One piece of work as the status bar sees it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::outbox::Outbox;

/// Names a job for as long as the program runs; later jobs have higher ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub(super) u64);

/// Which workers do it. Each lane has its own, so that long work never stands in the way of quick work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Someone waits for it: a file drop, a search, a preview.
    Quick,
    /// Minutes are in order: methods over a map, a pipeline over a map.
    Long,
    /// Nobody waits for it: a training goes on for many minutes while everything else is used.
    Patient,
}

/// How far a job has come.
#[derive(Debug, Clone, PartialEq)]
pub enum Run {
    /// It waits for a worker.
    Queued,
    /// A worker is at it.
    Running {
        /// When it began.
        since: Instant,
        /// From 0 to 1, never falling; `None` while the end is not known.
        fraction: Option<f32>,
        /// What is being done, for people.
        words: String,
    },
    /// It is over; its handle has the result.
    Ended,
}

/// A job in the status bar.
#[derive(Debug, Clone, PartialEq)]
pub struct JobView {
    /// Its name for [`super::Jobs::cancel`].
    pub id: JobId,
    /// Its name for people.
    pub title: String,
    /// Whose turn it is.
    pub lane: Lane,
    /// How far it is.
    pub run: Run,
    /// True once it was asked to stop and has not done so yet.
    pub cancelled: bool,
}

/// What the work, the window and the status bar share.
pub(super) struct Job<P> {
    pub id: JobId,
    pub outbox: Outbox<P>,
    title: String,
    lane: Lane,
    cancelled: AtomicBool,
    run: Mutex<Run>,
}

/// A job whatever it hands over.
pub(super) trait Live: Send + Sync {
    fn view(&self) -> JobView;

    /// Asks it to stop.
    fn cancel(&self);
}

impl<P> Job<P> {
    pub fn new(id: JobId, title: String, lane: Lane) -> Self {
        let (outbox, cancelled, run) = (Outbox::new(), AtomicBool::new(false), Mutex::new(Run::Queued));
        Self { id, outbox, title, lane, cancelled, run }
    }

    pub fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    pub fn lane(&self) -> Lane {
        self.lane
    }

    pub fn begin(&self) {
        *self.run() = Run::Running { since: Instant::now(), fraction: None, words: String::new() };
    }

    pub fn end(&self) {
        *self.run() = Run::Ended;
    }

    /// Notes progress; a fraction below the last one counts as the last one.
    pub fn progress(&self, new: Option<f32>, what: String) {
        if let Run::Running { fraction, words, .. } = &mut *self.run() {
            let new = new.filter(|f| f.is_finite()).map(|f| f.clamp(0.0, 1.0));
            *fraction = match (*fraction, new) {
                (Some(old), Some(new)) => Some(old.max(new)),
                (old, new) => new.or(old),
            };
            *words = what;
        }
    }

    pub fn run(&self) -> MutexGuard<'_, Run> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P: Send> Live for Job<P> {
    fn view(&self) -> JobView {
        let (id, title, lane) = (self.id, self.title.clone(), self.lane);
        JobView { id, title, lane, run: self.run().clone(), cancelled: self.cancelled() }
    }

    fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.outbox.hurry();
    }
}
