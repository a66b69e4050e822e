//! Panics of workers: caught, kept quiet, and told with their place.
//!
//! The place of a panic is known to the hook only, and the hook runs on the thread that panicked, which for data
//! parallelism is not the one that catches. So the hook notes the last few panics of all threads.

use std::any::Any;
use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, Once, PoisonError};
use std::thread::{self, ThreadId};

use super::Failure;

/// Panics remembered until someone catches them: more than threads of one pool fail together.
const REMEMBERED: usize = 64;

struct Seen {
    thread: ThreadId,
    message: String,
    place: String,
}

static SEEN: Mutex<VecDeque<Seen>> = Mutex::new(VecDeque::new());

thread_local! {
    /// True on threads whose panics are caught and shown as failures, so that nothing needs to be printed.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Notes panics from now on. Other hooks go on working for threads that are not ours.
pub(super) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let message = info.payload_as_str().unwrap_or_default().to_owned();
            let place = info.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
            let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
            if seen.len() >= REMEMBERED {
                seen.pop_front();
            }
            seen.push_back(Seen { thread: thread::current().id(), message, place });
            drop(seen);
            if !QUIET.get() {
                before(info);
            }
        }));
    });
}

/// Panics of this thread are caught from now on and need not be printed.
pub(super) fn quiet() {
    QUIET.set(true);
}

/// Runs `work`; a panic in it becomes a failure. What it had half changed must not be looked at again.
pub(super) fn caught<R>(work: impl FnOnce() -> R) -> Result<R, Failure> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        let said = said(&*payload);
        let place = place(said);
        let message = if said.is_empty() { "it gave no reason".to_owned() } else { said.to_owned() };
        Failure::Panicked { message, place }
    })
}

fn said(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or_default()
}

/// Where it happened: by this thread if it panicked itself, else by the thread that said the same.
fn place(message: &str) -> Option<String> {
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    let own = thread::current().id();
    let at = seen
        .iter()
        .rposition(|s| s.thread == own && s.message == message)
        .or_else(|| seen.iter().rposition(|s| s.message == message))?;
    seen.remove(at).map(|s| s.place).filter(|place| !place.is_empty())
}
