//! Lanes, and the end of the pool.

use std::convert::Infallible;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::{finish, jobs};
use crate::jobs::{Failure, GRACE, Handle, Lane, Ticket};

#[test]
fn long_work_does_not_hold_up_quick_work() {
    let (jobs, bell) = jobs();
    let (release, held) = sync_channel::<()>(0);
    let held = Arc::new(Mutex::new(held));
    let long: Vec<Handle<Infallible, ()>> = (0..10)
        .map(|_| {
            let held = Arc::clone(&held);
            jobs.submit("long", Lane::Long, move |_| {
                held.lock().unwrap().recv().ok();
                Ok(())
            })
        })
        .collect();
    let mut quick: Handle<Infallible, &str> = jobs.submit("quick", Lane::Quick, |_| Ok("served"));
    assert_eq!(finish(&bell, &mut quick).1, Ok("served"));
    assert_eq!(jobs.list().len(), 10);
    drop(release);
    for mut handle in long {
        assert_eq!(finish(&bell, &mut handle).1, Ok(()));
    }
}

#[test]
fn quick_data_parallelism_has_threads_of_its_own() {
    let (jobs, bell) = jobs();
    let names = |lane| {
        let mut handle: Handle<Infallible, Vec<String>> = jobs.submit("names", lane, |ticket| {
            let name = |_| thread::current().name().unwrap_or_default().to_owned();
            Ok(ticket.wide(|| (0..50).into_par_iter().map(name).collect()))
        });
        finish(&bell, &mut handle).1.unwrap()
    };
    assert!(names(Lane::Quick).iter().all(|name| name.starts_with("unravel-wide")));
    assert!(names(Lane::Long).iter().all(|name| !name.starts_with("unravel-wide")));
}

#[test]
fn jobs_that_use_all_cores_inside_each_other_come_to_an_end() {
    let (jobs, bell) = jobs();
    let sum = |ticket: &Ticket<Infallible>| {
        let inner = |i: u64| (0..50_u64).into_par_iter().map(|k| i * k).sum::<u64>();
        Ok(ticket.wide(|| (0..50_u64).into_par_iter().map(inner).sum::<u64>()))
    };
    let handles: Vec<_> =
        (0..40).map(|i| jobs.submit("sum", if i % 3 == 0 { Lane::Long } else { Lane::Quick }, sum)).collect();
    for mut handle in handles {
        assert_eq!(finish(&bell, &mut handle).1, Ok(1225 * 1225));
    }
}

#[test]
fn dropping_the_pool_cancels_what_runs_and_what_waits() {
    let (jobs, _bell) = jobs();
    let (begun, begins) = sync_channel(10);
    let handles: Vec<Handle<Infallible, ()>> = (0..10)
        .map(|_| {
            let begun = begun.clone();
            jobs.submit("patient", Lane::Long, move |ticket| {
                begun.send(()).unwrap();
                loop {
                    ticket.go_on()?;
                    thread::yield_now();
                }
            })
        })
        .collect();
    begins.recv().unwrap();
    let before = Instant::now();
    drop(jobs);
    assert!(before.elapsed() < GRACE, "the threads were not told");
    for mut handle in handles {
        assert_eq!(handle.ended(), Some(Err(Failure::Cancelled)));
    }
}

#[test]
fn dropping_the_pool_does_not_wait_for_work_that_never_listens() {
    let (mut jobs, _bell) = jobs();
    jobs.grace = Duration::from_millis(20);
    let (begun, begins) = sync_channel(0);
    let (release, held) = sync_channel::<()>(0);
    let _deaf: Handle<Infallible, ()> = jobs.submit("deaf", Lane::Long, move |_| {
        begun.send(()).unwrap();
        held.recv().ok();
        Ok(())
    });
    begins.recv().unwrap();
    drop(jobs);
    drop(release);
}
