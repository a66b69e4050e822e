//! Waking the window: at once for results, at most ten times a second for progress.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::panics;

/// Called from any thread when something changed, so that the window can paint again.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Least time between two calls for progress.
pub const PAUSE: Duration = Duration::from_millis(100);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    Nothing,
    Progress,
    Closing,
}

/// Calls the window back.
pub(super) struct Waker {
    wake: Wake,
    due: Mutex<Due>,
    changed: Condvar,
}

impl Waker {
    pub fn new(wake: Wake) -> Self {
        Self { wake, due: Mutex::new(Due::Nothing), changed: Condvar::new() }
    }

    /// Something ended, or a result is ready. Call it without holding a lock.
    pub fn now(&self) {
        // A window that cannot be woken is no reason to lose the result.
        let _shown_at_the_next_frame = panics::caught(|| (self.wake)());
    }

    /// Something went on a little.
    pub fn soon(&self) {
        let mut due = self.due();
        if *due == Due::Nothing {
            *due = Due::Progress;
            self.changed.notify_all();
        }
    }

    /// Ends [`Self::run`].
    pub fn close(&self) {
        *self.due() = Due::Closing;
        self.changed.notify_all();
    }

    /// Passes progress on until closed; sleeps while there is none. The last change is never left untold.
    pub fn run(&self) {
        loop {
            let mut due = self.wait(self.due());
            if *due == Due::Closing {
                return;
            }
            *due = Due::Nothing;
            drop(due);
            self.now();
            let rest = self.changed.wait_timeout_while(self.due(), PAUSE, |due| *due != Due::Closing);
            drop(rest.unwrap_or_else(PoisonError::into_inner));
        }
    }

    fn wait<'a>(&'a self, due: MutexGuard<'a, Due>) -> MutexGuard<'a, Due> {
        self.changed.wait_while(due, |due| *due == Due::Nothing).unwrap_or_else(PoisonError::into_inner)
    }

    fn due(&self) -> MutexGuard<'_, Due> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
