//! Independent pieces of work shared out over threads, in order.
//!
//! Plain threads, not the common pool of data parallelism: a method runs for seconds, and a pool's thread that waits for
//! parts of one method would take up another method in between and come back late.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

use super::super::panics;

/// Holds the crew back until the first piece of work has prepared what all need.
#[derive(Default)]
pub(super) struct Gate {
    open: Mutex<bool>,
    changed: Condvar,
}

impl Gate {
    /// Lets the others begin.
    pub fn open(&self) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    fn pass(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.changed.wait_while(open, |open| !*open).unwrap_or_else(PoisonError::into_inner));
    }
}

/// Opens the gate when the first piece of work is left in whatever way.
struct Opens<'a>(&'a Gate);

impl Drop for Opens<'_> {
    fn drop(&mut self) {
        self.0.open();
    }
}

/// Calls `work` with each number below `count` from up to `threads` threads, this one among them; each takes the next
/// number. Number 0 runs alone until it opens the gate or ends.
pub(super) fn crew(threads: usize, count: usize, work: impl Fn(usize, &Gate) + Sync) {
    let gate = Gate::default();
    let next = AtomicUsize::new(1);
    let rest = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return;
            }
            work(index, &gate);
        }
    };
    thread::scope(|scope| {
        for i in 1..threads.min(count) {
            let name = format!("unravel-crew-{}", i + 1);
            // A thread that cannot be had is done without.
            let _thread = thread::Builder::new().name(name).spawn_scoped(scope, || {
                panics::quiet();
                gate.pass();
                rest();
            });
        }
        if count > 0 {
            let opens = Opens(&gate);
            work(0, &gate);
            drop(opens);
            rest();
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use super::*;

    #[test]
    fn every_number_is_worked_on_once() {
        for (threads, count) in [(1, 5), (4, 100), (8, 3), (3, 0)] {
            let seen: Vec<AtomicUsize> = (0..count).map(|_| AtomicUsize::new(0)).collect();
            crew(threads, count, |i, _| {
                seen[i].fetch_add(1, Ordering::SeqCst);
            });
            assert!(seen.iter().all(|n| n.load(Ordering::SeqCst) == 1));
        }
    }

    #[test]
    fn the_first_works_alone_until_it_opens_the_gate() {
        let begun = AtomicUsize::new(0);
        let (told, tell) = sync_channel(10);
        let tell = Mutex::new(tell);
        crew(3, 5, |i, gate| {
            if i == 0 {
                assert_eq!(begun.load(Ordering::SeqCst), 0);
                gate.open();
                // Only another thread can say so while this one waits.
                tell.lock().unwrap().recv().unwrap();
            }
            begun.fetch_add(1, Ordering::SeqCst);
            told.send(i).unwrap();
        });
        assert_eq!(begun.load(Ordering::SeqCst), 5);
    }

    #[test]
    fn a_first_that_panics_lets_the_others_go() {
        let begun = AtomicUsize::new(0);
        let ended = panics::caught(|| {
            crew(2, 4, |i, _| {
                assert_ne!(i, 0, "the first fails");
                begun.fetch_add(1, Ordering::SeqCst);
            });
        });
        assert!(ended.is_err());
        assert_eq!(begun.load(Ordering::SeqCst), 3);
    }
}
