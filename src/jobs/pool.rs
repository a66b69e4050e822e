//! The threads and their queues.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::handle::End;
use super::job::{Job, JobId, JobView, Lane, Live};
use super::waker::{Wake, Waker};
use super::{Failure, Handle, Ticket, panics};

/// How long dropping [`Jobs`] waits for work to notice that it is cancelled. Work that does not is left behind, and ends
/// with the program.
pub const GRACE: Duration = Duration::from_secs(2);

/// Workers of the quick lane at most: what they do is mostly reading files, and that shares one disk.
const MOST_QUICK: usize = 4;
/// Workers of the long lane: one comparison may run while a map is worked through.
const LONG: usize = 2;

/// A job that waits, with the work and the way to its result inside.
struct Task {
    id: JobId,
    run: Box<dyn FnOnce() + Send>,
}

/// What waits for the workers. Not bounded: a job is a few hundred bytes, and what it works on exists already.
#[derive(Default)]
struct Queues {
    quick: VecDeque<Task>,
    long: VecDeque<Task>,
    patient: VecDeque<Task>,
    closing: bool,
}

impl Queues {
    fn of(&mut self, lane: Lane) -> &mut VecDeque<Task> {
        match lane {
            Lane::Quick => &mut self.quick,
            Lane::Long => &mut self.long,
            Lane::Patient => &mut self.patient,
        }
    }
}

/// What workers, tickets and handles share.
pub(super) struct Shared {
    pub waker: Waker,
    queues: Mutex<Queues>,
    /// Something was queued, or the end has come.
    queued: Condvar,
    /// Jobs queued or running, in the order of their submission.
    live: Mutex<BTreeMap<JobId, Arc<dyn Live>>>,
    next: AtomicU64,
    /// Threads that have not ended.
    alive: Mutex<usize>,
    died: Condvar,
    wide: OnceLock<Option<rayon::ThreadPool>>,
    cores: usize,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    /// Threads worth using for one job.
    pub fn cores(&self) -> usize {
        self.cores
    }

    /// Runs `work` with the data parallelism of the quick lane.
    pub fn wide<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        let pool = self.wide.get_or_init(|| {
            let builder = rayon::ThreadPoolBuilder::new().num_threads(self.cores);
            builder
                .thread_name(|i| format!("unravel-wide-{}", i + 1))
                .start_handler(|_| panics::quiet())
                .build()
                .ok()
        });
        match pool {
            Some(pool) => pool.install(work),
            // Too many threads for the system: the common ones do it.
            None => work(),
        }
    }

    pub fn cancel(&self, id: JobId) {
        let Some(job) = lock(&self.live).get(&id).map(Arc::clone) else { return };
        job.cancel();
        let mut queues = lock(&self.queues);
        let waiting = [Lane::Quick, Lane::Long, Lane::Patient].into_iter().find_map(|lane| {
            let queue = queues.of(lane);
            let at = queue.iter().position(|task| task.id == id)?;
            queue.remove(at)
        });
        drop(queues);
        match waiting {
            // A cancelled task ends at once.
            Some(task) => (task.run)(),
            None => self.waker.now(),
        }
    }

    fn ids(&self) -> Vec<JobId> {
        lock(&self.live).keys().copied().collect()
    }

    /// The life of a worker.
    fn work(&self, lane: Lane) {
        loop {
            let none = |queues: &mut Queues| !queues.closing && queues.of(lane).is_empty();
            let mut queues =
                self.queued.wait_while(lock(&self.queues), none).unwrap_or_else(PoisonError::into_inner);
            let Some(task) = queues.of(lane).pop_front() else { return };
            drop(queues);
            (task.run)();
        }
    }
}

/// Background work: a fixed number of threads, a queue, and a list of what runs.
pub struct Jobs {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
    /// [`GRACE`], less in tests.
    pub(super) grace: Duration,
}

impl Jobs {
    /// Starts the threads: as many quick ones as there are cores, from two to four, two long ones, a patient one, and one
    /// that wakes the window. Fails where the system gives no threads.
    pub fn new(wake: Wake) -> Result<Self, Failure> {
        panics::watch();
        let cores = thread::available_parallelism().map_or(2, usize::from);
        let shared = Arc::new(Shared {
            waker: Waker::new(wake),
            queues: Mutex::default(),
            queued: Condvar::new(),
            live: Mutex::default(),
            next: AtomicU64::new(1),
            alive: Mutex::new(0),
            died: Condvar::new(),
            wide: OnceLock::new(),
            cores,
        });
        let mut jobs = Self { shared, threads: Vec::new(), grace: GRACE };
        jobs.start("unravel-waker", |shared| shared.waker.run())?;
        for i in 1..=cores.clamp(2, MOST_QUICK) {
            jobs.start(&format!("unravel-quick-{i}"), |shared| shared.work(Lane::Quick))?;
        }
        for i in 1..=LONG {
            jobs.start(&format!("unravel-long-{i}"), |shared| shared.work(Lane::Long))?;
        }
        // One training after the other: each takes all cores.
        jobs.start("unravel-patient", |shared| shared.work(Lane::Patient))?;
        Ok(jobs)
    }

    fn start(&mut self, name: &str, life: impl FnOnce(&Shared) + Send + 'static) -> Result<(), Failure> {
        let shared = Arc::clone(&self.shared);
        *lock(&shared.alive) += 1;
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || {
            panics::quiet();
            life(&shared);
            *lock(&shared.alive) -= 1;
            shared.died.notify_all();
        });
        match thread {
            Ok(thread) => {
                self.threads.push(thread);
                Ok(())
            }
            Err(error) => {
                *lock(&self.shared.alive) -= 1;
                Err(Failure::Refused(format!(
                    "the system gives no thread for background work ({error}): close other programs and start again"
                )))
            }
        }
    }

    /// Queues work under a title for people. A panic in it becomes its failure.
    pub fn submit<P, T>(
        &self,
        title: impl Into<String>,
        lane: Lane,
        work: impl FnOnce(&Ticket<P>) -> Result<T, Failure> + Send + 'static,
    ) -> Handle<P, T>
    where
        P: Send + 'static,
        T: Send + 'static,
    {
        let id = JobId(self.shared.next.fetch_add(1, Ordering::Relaxed));
        let job = Arc::new(Job::new(id, title.into(), lane));
        let end = Arc::new(Mutex::new(End::Open));
        let handle =
            Handle { job: Arc::clone(&job), end: Arc::clone(&end), shared: Arc::clone(&self.shared) };
        let live: Arc<dyn Live> = Arc::<Job<P>>::clone(&job);
        lock(&self.shared.live).insert(id, live);
        let ticket = Ticket { job, shared: Arc::clone(&self.shared) };
        let run = Box::new(move || {
            // Dropping work that was never begun is inside as well: it is not ours, and may panic.
            let result = panics::caught(|| {
                ticket.go_on()?;
                ticket.job.begin();
                ticket.shared.waker.soon();
                work(&ticket)
            });
            *lock(&end) = End::Ready(result.flatten());
            ticket.job.end();
            lock(&ticket.shared.live).remove(&id);
            ticket.shared.waker.now();
        });
        lock(&self.shared.queues).of(lane).push_back(Task { id, run });
        self.shared.queued.notify_all();
        self.shared.waker.now();
        handle
    }

    /// Jobs queued and running, in the order of their submission.
    #[must_use]
    pub fn list(&self) -> Vec<JobView> {
        lock(&self.shared.live).values().map(|job| job.view()).collect()
    }

    /// Asks a job to stop; one that has not begun ends at once.
    pub fn cancel(&self, id: JobId) {
        self.shared.cancel(id);
    }

    /// Asks all jobs to stop.
    pub fn cancel_all(&self) {
        for id in self.shared.ids() {
            self.shared.cancel(id);
        }
    }

    /// Threads that this has started, data parallelism apart.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.threads.len()
    }
}

impl Drop for Jobs {
    /// Cancels everything and waits for the threads, for [`GRACE`] at most.
    fn drop(&mut self) {
        lock(&self.shared.queues).closing = true;
        self.cancel_all();
        self.shared.queued.notify_all();
        self.shared.waker.close();
        let alive = lock(&self.shared.alive);
        let waited = self.shared.died.wait_timeout_while(alive, self.grace, |alive| *alive > 0);
        let left = *waited.unwrap_or_else(PoisonError::into_inner).0;
        if left == 0 {
            for thread in self.threads.drain(..) {
                let _ended = thread.join();
            }
        }
    }
}
