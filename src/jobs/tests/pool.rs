//! What a job may do and what becomes of it.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::{finish, jobs};
use crate::jobs::{Failure, Handle, Lane, PAUSE, ROOM, Run, Ticket};

/// Waits for its cancel as patient work does.
fn until_cancelled<P: Send>(ticket: &Ticket<P>) -> Result<(), Failure> {
    loop {
        ticket.go_on()?;
        thread::yield_now();
    }
}

#[test]
fn parts_come_in_order_and_the_result_after_them() {
    let (jobs, bell) = jobs();
    let mut handle = jobs.submit("counting", Lane::Quick, |ticket| {
        (0..500).try_for_each(|i| ticket.give(i))?;
        Ok("done")
    });
    let (parts, end) = finish(&bell, &mut handle);
    assert_eq!(parts, (0..500).collect::<Vec<_>>());
    assert_eq!(end, Ok("done"));
    assert_eq!(handle.ended(), None, "the result is handed over once");
    assert_eq!((handle.run(), jobs.list()), (Run::Ended, vec![]));
}

#[test]
fn work_waits_while_its_parts_are_not_taken() {
    let (jobs, bell) = jobs();
    let given = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&given);
    let mut handle = jobs.submit("too fast", Lane::Quick, move |ticket| {
        for i in 0..3 * ROOM {
            ticket.give(i)?;
            counted.fetch_add(1, Ordering::SeqCst);
        }
        Ok(())
    });
    while given.load(Ordering::SeqCst) < ROOM {
        thread::yield_now();
    }
    assert_eq!(handle.take().count(), ROOM);
    let (parts, end) = finish(&bell, &mut handle);
    assert_eq!((parts.len(), end), (2 * ROOM, Ok(())));
}

#[test]
fn a_panic_is_the_failure_of_its_job_and_the_worker_lives() {
    let (jobs, bell) = jobs();
    // More than there are workers, so that every one of them has met a panic.
    let broken: Vec<Handle<Infallible, ()>> = (0..20)
        .map(|i| jobs.submit("broken", Lane::Quick, move |_| panic!("the lamp went out {i} times")))
        .collect();
    for (i, mut handle) in broken.into_iter().enumerate() {
        let (_, end) = finish(&bell, &mut handle);
        let Err(Failure::Panicked { message, place }) = &end else { panic!("{end:?}") };
        assert_eq!(*message, format!("the lamp went out {i} times"));
        assert!(place.as_ref().unwrap().contains("tests/pool.rs:"), "{place:?}");
        let words = end.unwrap_err().to_string();
        assert!(words.contains("the lamp went out") && words.contains("everything else stands"), "{words}");
    }
    let mut sound: Handle<Infallible, i32> = jobs.submit("sound", Lane::Quick, |_| Ok(1));
    assert_eq!(finish(&bell, &mut sound).1, Ok(1));
}

#[test]
fn a_panic_in_data_parallelism_is_told_with_its_place() {
    let (jobs, bell) = jobs();
    for lane in [Lane::Quick, Lane::Long] {
        let mut handle: Handle<Infallible, usize> = jobs.submit("broken", lane, |ticket| {
            let check = |i: usize| if i == 77 { panic!("row {i} is torn") } else { i };
            Ok(ticket.wide(|| (0..100).into_par_iter().map(check).sum()))
        });
        match finish(&bell, &mut handle).1 {
            Err(Failure::Panicked { message, place: Some(place) }) => {
                assert_eq!(message, "row 77 is torn");
                assert!(place.contains("tests/pool.rs:"), "{place}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn running_work_is_cancelled_and_keeps_what_it_has_done() {
    let (jobs, bell) = jobs();
    let (blocked, at_last) = sync_channel(1);
    let mut handle = jobs.submit("endless", Lane::Long, move |ticket| {
        for i in 0.. {
            if i == ROOM {
                blocked.send(()).unwrap();
            }
            // The part after the last one that fits waits for room until the cancel comes.
            ticket.give(i)?;
            ticket.go_on()?;
        }
        Ok(())
    });
    at_last.recv().unwrap();
    jobs.cancel(handle.id());
    let (parts, end) = finish(&bell, &mut handle);
    assert_eq!(parts, (0..=ROOM).collect::<Vec<_>>());
    assert_eq!(end, Err(Failure::Cancelled));
}

#[test]
fn queued_work_that_is_cancelled_ends_at_once_and_never_runs() {
    let (jobs, bell) = jobs();
    let busy: Vec<Handle<Infallible, ()>> =
        (0..8).map(|_| jobs.submit("busy", Lane::Long, until_cancelled)).collect();
    let ran = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&ran);
    let mut waiting: Handle<Infallible, ()> = jobs.submit("waiting", Lane::Long, move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        Ok(())
    });
    assert_eq!(waiting.run(), Run::Queued);
    waiting.cancel();
    assert_eq!(waiting.ended(), Some(Err(Failure::Cancelled)));
    jobs.cancel_all();
    for mut handle in busy {
        assert_eq!(finish(&bell, &mut handle).1, Err(Failure::Cancelled));
    }
    assert_eq!(ran.load(Ordering::SeqCst), 0);
    assert!(jobs.list().is_empty());
}

#[test]
fn letting_go_of_a_handle_cancels_its_job() {
    let (jobs, bell) = jobs();
    let handle: Handle<usize, ()> = jobs.submit("nobody looks", Lane::Quick, |ticket| {
        for i in 0.. {
            ticket.give(i)?;
        }
        Ok(())
    });
    drop(handle);
    bell.wait(|| jobs.list().is_empty().then_some(()));
}

#[test]
fn progress_never_falls_and_never_leaves_zero_to_one() {
    let (jobs, bell) = jobs();
    let (step, steps) = sync_channel::<Option<f32>>(0);
    let (seen, look) = sync_channel(0);
    let mut handle: Handle<Infallible, ()> = jobs.submit("steps", Lane::Quick, move |ticket| {
        for fraction in steps {
            ticket.progress(fraction, format!("{fraction:?}"));
            seen.send(()).unwrap();
        }
        Ok(())
    });
    let told = [None, Some(0.1), Some(0.5), Some(0.3), Some(f32::NAN), None, Some(2.0), Some(-1.0)];
    let shown: Vec<Option<f32>> = told
        .into_iter()
        .map(|fraction| {
            step.send(fraction).unwrap();
            look.recv().unwrap();
            match jobs.list().as_slice() {
                [one] => match &one.run {
                    Run::Running { fraction: shown, words, since } => {
                        assert_eq!((one.title.as_str(), words), ("steps", &format!("{fraction:?}")));
                        assert!(since.elapsed() < Duration::from_mins(1));
                        *shown
                    }
                    other => panic!("{other:?}"),
                },
                other => panic!("{other:?}"),
            }
        })
        .collect();
    drop(step);
    let held = Some(0.5);
    assert_eq!(shown, [None, Some(0.1), held, held, held, held, Some(1.0), Some(1.0)]);
    assert_eq!(finish(&bell, &mut handle).1, Ok(()));
}

#[test]
fn progress_wakes_ten_times_a_second_and_the_last_change_is_told() {
    let (jobs, bell) = jobs();
    let started = Instant::now();
    let mut handle: Handle<Infallible, ()> = jobs.submit("chatter", Lane::Quick, |ticket| {
        (0..=20_000).for_each(|i| ticket.progress(None, i.to_string()));
        until_cancelled(ticket)
    });
    let words = || match handle.run() {
        Run::Running { words, .. } => words,
        _ => String::new(),
    };
    bell.wait(|| (words() == "20000").then_some(()));
    let due = started.elapsed().as_millis() / PAUSE.as_millis();
    // One for the submission, one for the first progress, one for a pause that has just begun.
    assert!(bell.rings() as u128 <= due + 3, "{} rings in {due} pauses", bell.rings());
    handle.cancel();
    assert_eq!(finish(&bell, &mut handle).1, Err(Failure::Cancelled));
}

#[test]
fn a_thousand_jobs_run_on_a_handful_of_threads() {
    let (jobs, bell) = jobs();
    let used = Arc::new(Mutex::new(BTreeSet::new()));
    let handles: Vec<Handle<Infallible, usize>> = (0..1000)
        .map(|i| {
            let used = Arc::clone(&used);
            let lane = if i % 2 == 0 { Lane::Quick } else { Lane::Long };
            jobs.submit(format!("job {i}"), lane, move |_| {
                used.lock().unwrap().insert(thread::current().name().unwrap_or_default().to_owned());
                Ok(i)
            })
        })
        .collect();
    for (i, mut handle) in handles.into_iter().enumerate() {
        assert_eq!(finish(&bell, &mut handle).1, Ok(i));
    }
    let used = used.lock().unwrap();
    assert!(used.len() <= 6 && used.iter().all(|name| name.starts_with("unravel-")), "{used:?}");
    assert!(jobs.threads() <= 8);
}

#[test]
fn the_list_tells_jobs_in_the_order_they_came() {
    let (jobs, bell) = jobs();
    let handles: Vec<Handle<Infallible, ()>> =
        (0..9).map(|i| jobs.submit(format!("job {i}"), Lane::Long, until_cancelled)).collect();
    bell.wait(|| {
        let running = |run: &Run| matches!(run, Run::Running { .. });
        (jobs.list().iter().filter(|job| running(&job.run)).count() == 2).then_some(())
    });
    let list = jobs.list();
    let titles: Vec<&str> = list.iter().map(|job| job.title.as_str()).collect();
    assert_eq!(titles, (0..9).map(|i| format!("job {i}")).collect::<Vec<_>>());
    assert_eq!(list.iter().filter(|job| job.run == Run::Queued).count(), 7);
    jobs.cancel_all();
    assert!(jobs.list().iter().all(|job| job.cancelled));
    drop(handles);
}
