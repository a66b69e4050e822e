//! Who does the work: every core of a CPU with a pool of one thread each, or one GPU.
//!
//! On a CPU each core takes its share of a batch through a replica of the network; operations on one core need no
//! agreement, so cores never wait for each other within a step. Results are put together in the order of the shares: the
//! same number of threads gives the same bytes.

use std::ops::Range;

use burn::tensor::Device;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::TrainError;

/// Threads, and the device that they feed.
#[derive(Debug)]
pub struct Crew {
    device: Device,
    gpu: bool,
    pools: Vec<ThreadPool>,
    /// Makes the next batch meanwhile.
    aside: ThreadPool,
}

impl Crew {
    /// Every one of so many threads of a CPU.
    pub fn of_cpu(device: Device, threads: usize) -> Result<Self, TrainError> {
        Self::new(device, threads, false)
    }

    /// One thread that feeds a GPU.
    pub fn of_gpu(device: Device) -> Result<Self, TrainError> {
        Self::new(device, 1, true)
    }

    fn new(device: Device, threads: usize, gpu: bool) -> Result<Self, TrainError> {
        let pool = |name: String| {
            ThreadPoolBuilder::new()
                .num_threads(1)
                .thread_name(move |_| name.clone())
                .build()
                .map_err(|e| TrainError::Asked(format!("{threads} threads cannot be started: {e}")))
        };
        let pools = (0..threads.max(1)).map(|i| pool(format!("train {i}"))).collect::<Result<_, _>>()?;
        Ok(Self { device: device.inner(), gpu, pools, aside: pool("samples".into())? })
    }

    /// Where the networks run, without gradients.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// How many of `count` samples pass the network at once: as many as asked for, or what suits the device when that
    /// is 0. One sample keeps its numbers in the cache of a core; a GPU is idle with less than it can hold.
    pub fn portion(&self, asked: usize, count: usize) -> usize {
        match asked {
            0 if self.gpu => count.max(1),
            0 => 1,
            asked => asked,
        }
    }

    /// Nearly equal shares of `0..count`, one a thread, in order; trailing ones may be empty.
    pub fn shares(&self, count: usize) -> Vec<Range<usize>> {
        let (all, n) = (self.pools.len(), count);
        (0..all).map(|i| i * n / all..(i + 1) * n / all).filter(|share| !share.is_empty()).collect()
    }

    /// Does each piece of work on a thread of its own (at most as many as there are threads) and `meanwhile` on
    /// another.
    pub fn together<I: Send, T: Send, M: Send>(
        &self,
        work: Vec<I>,
        each: impl Fn(I) -> T + Sync,
        meanwhile: impl FnOnce() -> M + Send,
    ) -> (Vec<T>, M) {
        let mut done: Vec<Option<T>> = work.iter().map(|_| None).collect();
        let mut other = None;
        self.aside.in_place_scope(|scope| {
            let other = &mut other;
            scope.spawn(move |_| *other = Some(meanwhile()));
            spread(&self.pools, &mut done, &mut work.into_iter(), &each);
        });
        match (done.into_iter().collect::<Option<Vec<T>>>(), other) {
            (Some(done), Some(other)) => (done, other),
            // A scope ends only when its work is done or has panicked, and then it panics itself.
            _ => unreachable!("a scope ended before its work"),
        }
    }

    /// Does one piece of work on the first thread.
    pub fn alone<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        match self.pools.first() {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }
}

fn spread<I: Send, T: Send>(
    pools: &[ThreadPool],
    done: &mut [Option<T>],
    work: &mut std::vec::IntoIter<I>,
    each: &(impl Fn(I) -> T + Sync),
) {
    let Some((pool, pools)) = pools.split_first() else { return };
    let (Some((slot, done)), Some(item)) = (done.split_first_mut(), work.next()) else { return };
    pool.in_place_scope(|scope| {
        scope.spawn(move |_| *slot = Some(each(item)));
        spread(pools, done, work, each);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_cover_everything_once_and_in_order() {
        let crew = Crew::of_cpu(Device::flex(), 3).unwrap();
        for count in [0, 1, 2, 3, 8, 100] {
            let all: Vec<usize> = crew.shares(count).into_iter().flatten().collect();
            assert_eq!(all, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn work_runs_side_by_side_and_comes_back_in_order() {
        let crew = Crew::of_cpu(Device::flex(), 3).unwrap();
        let barrier = std::sync::Barrier::new(4);
        let (names, other) = crew.together(
            vec![0, 1, 2],
            |i| {
                // Passed only when all four are there.
                barrier.wait();
                (i, std::thread::current().name().unwrap().to_owned())
            },
            || {
                barrier.wait();
                "made"
            },
        );
        assert_eq!(other, "made");
        let expected = [0, 1, 2].map(|i| (i, format!("train {i}")));
        assert_eq!(names, expected);
    }
}
