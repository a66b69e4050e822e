//! Waiting for jobs as a window does: look, and look again when woken.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::jobs::{Failure, Handle, Jobs, Wake};

/// Longer than any machine takes, so that a test that would hang fails instead.
const PATIENCE: Duration = Duration::from_mins(1);

#[derive(Default)]
pub(in crate::jobs) struct Bell {
    rings: Mutex<usize>,
    rung: Condvar,
}

impl Bell {
    pub fn rings(&self) -> usize {
        *self.rings.lock().unwrap()
    }

    pub fn ring(&self) {
        *self.rings.lock().unwrap() += 1;
        self.rung.notify_all();
    }

    /// Looks at every ring until there is something to see.
    pub fn wait<T>(&self, mut look: impl FnMut() -> Option<T>) -> T {
        loop {
            let before = self.rings();
            if let Some(seen) = look() {
                return seen;
            }
            let rings = self.rings.lock().unwrap();
            let waited = self.rung.wait_timeout_while(rings, PATIENCE, |rings| *rings == before).unwrap();
            assert!(!waited.1.timed_out(), "nobody rang");
        }
    }
}

pub(in crate::jobs) fn jobs() -> (Jobs, Arc<Bell>) {
    let bell = Arc::new(Bell::default());
    let rung = Arc::clone(&bell);
    let wake: Wake = Arc::new(move || rung.ring());
    (Jobs::new(wake).unwrap(), bell)
}

/// All parts and the end of a job.
pub(in crate::jobs) fn finish<P, T>(bell: &Bell, handle: &mut Handle<P, T>) -> (Vec<P>, Result<T, Failure>) {
    let mut parts = Vec::new();
    let end = bell.wait(|| {
        parts.extend(handle.take());
        handle.ended()
    });
    (parts, end)
}
