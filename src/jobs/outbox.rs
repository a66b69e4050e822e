//! Partial results on their way from the work to the window: few at a time, so that memory stays bounded.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Partial results that wait for the window; work that has more waits with them. An answer of a method is about 100 kB.
pub const ROOM: usize = 64;

/// Who takes what is put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taker {
    /// Comes each frame.
    Listening,
    /// Wants an end: nothing waits for room any more. What is still put in is what the work had in hand.
    Hurried,
    /// Never comes again.
    Gone,
}

/// What became of something put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Put {
    /// It is the first to be taken.
    First,
    /// Others wait before it.
    Behind,
    /// Nobody wants it.
    Lost,
}

struct Inner<P> {
    waiting: VecDeque<P>,
    taker: Taker,
}

/// A bounded queue with back pressure.
pub(super) struct Outbox<P> {
    inner: Mutex<Inner<P>>,
    changed: Condvar,
}

impl<P> Outbox<P> {
    pub fn new() -> Self {
        let inner = Inner { waiting: VecDeque::new(), taker: Taker::Listening };
        Self { inner: Mutex::new(inner), changed: Condvar::new() }
    }

    /// Puts one in, once there is room.
    pub fn put(&self, one: P) -> Put {
        let full = |inner: &mut Inner<P>| inner.taker == Taker::Listening && inner.waiting.len() >= ROOM;
        let mut inner = self.changed.wait_while(self.lock(), full).unwrap_or_else(PoisonError::into_inner);
        if inner.taker == Taker::Gone {
            return Put::Lost;
        }
        inner.waiting.push_back(one);
        if inner.waiting.len() == 1 { Put::First } else { Put::Behind }
    }

    /// Takes everything out.
    pub fn take(&self) -> VecDeque<P> {
        let taken = std::mem::take(&mut self.lock().waiting);
        self.changed.notify_all();
        taken
    }

    pub fn is_empty(&self) -> bool {
        self.lock().waiting.is_empty()
    }

    /// Nobody waits for room from now on.
    pub fn hurry(&self) {
        let mut inner = self.lock();
        if inner.taker == Taker::Listening {
            inner.taker = Taker::Hurried;
        }
        drop(inner);
        self.changed.notify_all();
    }

    /// Nothing is taken from now on.
    pub fn close(&self) {
        let mut inner = self.lock();
        inner.taker = Taker::Gone;
        let unwanted = std::mem::take(&mut inner.waiting);
        drop(inner);
        self.changed.notify_all();
        drop(unwanted);
    }

    fn lock(&self) -> MutexGuard<'_, Inner<P>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
