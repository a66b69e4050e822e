//! Comparisons on a small library of known lines, with the real methods and with some that misbehave.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use crate::jobs::tests::{Bell, finish, jobs};
use crate::jobs::{Failure, Handle, Jobs, Lane, Run, Spectra};
use crate::library::{Facts, Library};
use crate::methods::{
    Method, MethodError, MethodInfo, Outcome, ReferenceCache, References, Request, Settings, Unwatched,
    Watch, find, methods, prepare,
};
use crate::process::References as StepReferences;
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum, SpectrumSet};

use super::plan::{Chosen, Plan};
use super::{CompareEnd, CompareJob, MethodDone, many, one};

const POINTS: usize = 400;
const LINES: [(&str, [f64; 3]); 4] = [
    ("Calcite", [282.0, 712.0, 1086.0]),
    ("Quartz", [206.0, 464.0, 808.0]),
    ("Gypsum", [415.0, 620.0, 1008.0]),
    ("Anatase", [396.0, 515.0, 639.0]),
];

fn curve(lines: [f64; 3]) -> Vec<f32> {
    let line = |x: f64, k: usize| libm::exp(-((x - lines[k]) / 8.0).powi(2)) / (k + 1) as f64;
    axis().values().iter().map(|x| (0..3).map(|k| line(*x, k)).sum::<f64>() as f32).collect()
}

fn axis() -> Arc<Axis> {
    Arc::new(Axis::even(AxisKind::RamanShift, 150.0, 1347.0, POINTS).unwrap())
}

fn library() -> Arc<Library> {
    let mut library = Library::new("lines");
    for (name, lines) in LINES {
        let meta = Metadata::titled(name);
        library.add(Facts::named(name), Spectrum::new(axis(), curve(lines), meta).unwrap());
    }
    Arc::new(library)
}

/// Calcite and quartz on a slope, with a ripple in place of noise.
fn mixture(quartz: f32) -> Spectrum {
    let (a, b) = (curve(LINES[0].1), curve(LINES[1].1));
    let ripple = |i: usize| f32::from((i * 7919 % 13) as u8) * 0.3;
    let y: Vec<f32> =
        (0..POINTS).map(|i| 100.0 * a[i] + quartz * b[i] + 50.0 + 0.1 * i as f32 + ripple(i)).collect();
    Spectrum::new(axis(), y, Metadata::titled("mixture")).unwrap()
}

fn job(ids: &[&str]) -> CompareJob {
    let methods = ids.iter().map(|id| ((*id).to_owned(), Settings::default())).collect();
    CompareJob::new(methods, library())
}

/// An outcome without what differs from run to run.
fn timeless(outcome: &Outcome) -> Outcome {
    Outcome { elapsed_ms: 0.0, ..outcome.clone() }
}

#[test]
fn all_methods_answer_as_the_command_line_does() {
    let (jobs, bell) = jobs();
    let ids: Vec<&str> = methods().iter().map(|m| m.id()).collect();
    let asked =
        CompareJob { pipeline: "despike".parse().unwrap(), range: Some((180.0, 1300.0)), ..job(&ids) };
    let raw = mixture(40.0);
    let mut handle = jobs.compare(Arc::new(raw.clone()), asked.clone());
    let (mut done, end) = finish(&bell, &mut handle);
    assert_eq!(end, Ok(CompareEnd { answered: ids.len(), failed: 0 }));
    done.sort_by_key(|d| d.place);
    // The way of `unravel unmix`, written out.
    let steps = asked.pipeline.run(&raw, &StepReferences::none()).unwrap();
    let covered = References::covered(&asked.library);
    let (prepared, notes) = prepare(&steps, asked.range, covered).unwrap();
    let references = ReferenceCache::default().get(&asked.library, prepared.axis()).unwrap();
    for (id, done) in ids.iter().zip(&done) {
        let request = Request::new(&prepared, Some(&references));
        let mut direct = find(id).unwrap().run(&request, &Unwatched).unwrap();
        direct.notes.splice(0..0, notes.clone());
        assert_eq!((done.method.as_str(), done.spectrum), (*id, 0));
        assert_eq!(timeless(done.result.as_ref().unwrap()), timeless(&direct), "{id}");
        assert!(asked.paces.ms(id).is_some());
    }
}

#[test]
fn a_refusal_is_the_sentence_of_its_method() {
    let (jobs, bell) = jobs();
    let mut asked = job(&["nnls", "nosuch", "fcls"]);
    asked.methods[2].1 = Settings::default().with("lambda", "much");
    let mut handle = jobs.compare(Arc::new(mixture(40.0)), asked);
    let (mut done, end) = finish(&bell, &mut handle);
    done.sort_by_key(|d| d.place);
    assert_eq!(end, Ok(CompareEnd { answered: 1, failed: 2 }));
    assert!(done[0].result.is_ok());
    assert!(done[1].result.as_ref().unwrap_err().to_string().contains("no method 'nosuch'"));
    assert!(done[2].result.as_ref().unwrap_err().to_string().contains("lambda"));
    // What keeps the spectrum from all methods is said by each of them.
    let beyond = CompareJob { range: Some((3000.0, 3500.0)), ..job(&["nnls", "nnomp"]) };
    let mut handle = jobs.compare(Arc::new(mixture(40.0)), beyond);
    let (done, end) = finish(&bell, &mut handle);
    assert_eq!(end, Ok(CompareEnd { answered: 0, failed: 2 }));
    assert!(done.iter().all(|d| d.result.as_ref().unwrap_err().to_string().contains("3000")));
}

/// A method whose behaviour a test gives.
struct Toy(MethodInfo, fn(&dyn Watch) -> Result<(), MethodError>);

impl Method for Toy {
    fn info(&self) -> &'static MethodInfo {
        // Tests are few and short.
        Box::leak(Box::new(self.0))
    }

    fn run(&self, request: &Request, watch: &dyn Watch) -> Result<Outcome, MethodError> {
        self.1(watch)?;
        find("nnls")?.run(request, &Unwatched)
    }
}

fn toy(id: &'static str, work: fn(&dyn Watch) -> Result<(), MethodError>) -> Chosen {
    let info =
        MethodInfo { id, name: id, about: "A toy.", needs_library: true, network: false, settings: &[] };
    let method: &'static Toy = Box::leak(Box::new(Toy(info, work)));
    Chosen { id: id.to_owned(), method: Ok(method), settings: Settings::default() }
}

fn sound(watch: &dyn Watch) -> Result<(), MethodError> {
    watch.go_on()
}

fn broken(_: &dyn Watch) -> Result<(), MethodError> {
    panic!("the matrix fell over")
}

/// Says that it has begun, then waits for a cancel.
fn patient(watch: &dyn Watch) -> Result<(), MethodError> {
    watch.progress(0.5, "waiting");
    loop {
        watch.go_on()?;
        std::thread::yield_now();
    }
}

/// Runs methods of the test's own on one mixture.
fn compare(jobs: &Jobs, chosen: Vec<Chosen>) -> Handle<MethodDone, CompareEnd> {
    let plan = Plan::of(chosen, job(&[]));
    jobs.submit("toys", Lane::Long, move |ticket| one::work(ticket, &mixture(40.0), &plan))
}

#[test]
fn a_panic_in_one_method_is_its_own_failure_only() {
    let (jobs, bell) = jobs();
    let chosen = vec![toy("a", broken), toy("b", sound), toy("c", broken)];
    let (mut done, end) = finish(&bell, &mut compare(&jobs, chosen));
    done.sort_by_key(|d| d.place);
    assert_eq!(end, Ok(CompareEnd { answered: 1, failed: 2 }));
    for place in [0, 2] {
        match &done[place].result {
            Err(Failure::Panicked { message, place }) => {
                assert_eq!(message, "the matrix fell over");
                assert!(place.as_ref().unwrap().contains("compare/tests.rs:"), "{place:?}");
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(done[1].result.is_ok());
}

#[test]
fn a_cancel_inside_a_method_keeps_the_answers_before_it() {
    let (jobs, bell) = jobs();
    let chosen = vec![toy("a", sound), toy("b", patient), toy("c", patient), toy("d", patient)];
    let mut handle = compare(&jobs, chosen);
    let mut done: Vec<MethodDone> = Vec::new();
    bell.wait(|| {
        done.extend(handle.take());
        let waits = |run: Run| matches!(run, Run::Running { words, .. } if words.ends_with("waiting"));
        (!done.is_empty() && waits(handle.run())).then_some(())
    });
    handle.cancel();
    let (rest, end) = finish(&bell, &mut handle);
    assert_eq!(end, Err(Failure::Cancelled));
    assert_eq!((done.len(), done[0].method.as_str(), done[0].result.is_ok()), (1, "a", true));
    let cancelled = |d: &MethodDone| d.result.as_ref().err() == Some(&Failure::Cancelled);
    assert!(rest.len() == 3 && rest.iter().all(cancelled), "each method says what became of it");
}

#[test]
fn progress_of_a_comparison_rises_to_the_end() {
    let (jobs, bell) = jobs();
    let mut handle = compare(&jobs, vec![toy("a", sound), toy("b", sound), toy("c", sound)]);
    let mut seen = Vec::new();
    let end = bell.wait(|| {
        let _done = handle.take().count();
        if let Run::Running { fraction, .. } = handle.run() {
            seen.extend(fraction);
        }
        handle.ended()
    });
    assert_eq!(end, Ok(CompareEnd { answered: 3, failed: 0 }));
    assert!(seen.is_sorted() && seen.iter().all(|f| (0.0..=1.0).contains(f)), "{seen:?}");
}

#[test]
fn the_quickest_known_method_goes_first_and_the_unknown_last() {
    let asked = job(&["evidence", "nnls", "nnomp", "fcls"]);
    for (id, ms) in [("evidence", 90.0), ("nnomp", 2.0), ("fcls", 30.0)] {
        asked.paces.note(id, ms);
    }
    assert_eq!(Plan::new(asked).order(), [2, 3, 0, 1]);
    assert_eq!(Plan::new(job(&["evidence", "nnls", "nnomp"])).order(), [0, 1, 2]);
}

/// A map of mixtures with more and more quartz.
fn map(rows: usize) -> Arc<SpectrumSet> {
    let block = (0..rows).flat_map(|i| mixture(5.0 * i as f32).y().to_vec()).collect();
    Arc::new(SpectrumSet::new(axis(), block, rows, Metadata::titled("map")).unwrap())
}

#[test]
fn many_spectra_give_what_each_gives_alone() {
    let (jobs, bell) = jobs();
    let set = map(12);
    let asked = job(&["nnls", "nosuch"]);
    let mut whole = jobs.compare_many(Spectra::Set(Arc::clone(&set)), asked.clone());
    let (mut done, end) = finish(&bell, &mut whole);
    assert_eq!(end, Ok(CompareEnd { answered: 12, failed: 12 }));
    done.sort_by_key(|d| (d.spectrum, d.place));
    assert!(done.iter().map(|d| (d.spectrum, d.place)).eq((0..12).flat_map(|i| [(i, 0), (i, 1)])));
    let each = (0..12).map(|i| Arc::new(set.spectrum(i).unwrap())).collect();
    let some = Spectra::Rows(Arc::clone(&set), vec![7, 3, 99]);
    let (mut apart, _) = finish(&bell, &mut jobs.compare_many(Spectra::Each(each), asked.clone()));
    apart.sort_by_key(|d| (d.spectrum, d.place));
    let outcome = |d: &MethodDone| timeless(d.result.as_ref().unwrap());
    for (a, b) in done.iter().zip(&apart).filter(|(a, _)| a.place == 0) {
        assert_eq!(outcome(a), outcome(b));
    }
    let (mut rows, end) = finish(&bell, &mut jobs.compare_many(some, job(&["nnls"])));
    rows.sort_by_key(|d| d.spectrum);
    assert_eq!(end, Ok(CompareEnd { answered: 2, failed: 1 }));
    assert_eq!((outcome(&rows[0]), outcome(&rows[1])), (outcome(&done[14]), outcome(&done[6])));
    assert!(rows[2].result.as_ref().unwrap_err().to_string().contains("no spectrum 3"));
}

/// What stops `stepped`: it takes one step for each message.
static STEPS: Mutex<Option<Receiver<()>>> = Mutex::new(None);

fn stepped(watch: &dyn Watch) -> Result<(), MethodError> {
    let steps = STEPS.lock().unwrap();
    // Once the sender is gone, every run asks whether to go on.
    if steps.as_ref().unwrap().recv().is_err() {
        drop(steps);
        return patient(watch);
    }
    Ok(())
}

#[test]
fn a_cancel_among_many_spectra_keeps_what_is_done() {
    let (jobs, bell): (Jobs, Arc<Bell>) = jobs();
    let (step, steps): (SyncSender<()>, _) = sync_channel(100);
    *STEPS.lock().unwrap() = Some(steps);
    let plan = Plan::of(vec![toy("stepped", stepped)], job(&[]));
    let spectra = Spectra::Set(map(40));
    let mut handle: Handle<MethodDone, CompareEnd> =
        jobs.submit("many", Lane::Long, move |ticket| many::work(ticket, &spectra, &plan));
    (0..9).for_each(|_| step.send(()).unwrap());
    drop(step);
    let mut done: Vec<MethodDone> = Vec::new();
    bell.wait(|| {
        done.extend(handle.take());
        (done.len() == 9).then_some(())
    });
    handle.cancel();
    let (rest, end) = finish(&bell, &mut handle);
    assert!(rest.is_empty() && end == Err(Failure::Cancelled));
    assert!(done.iter().all(|d| d.result.is_ok()));
    assert_eq!(handle.run(), Run::Ended);
}

#[test]
fn nothing_to_compare_ends_at_once() {
    let (jobs, bell) = jobs();
    let mut none = jobs.compare(Arc::new(mixture(1.0)), job(&[]));
    assert_eq!(finish(&bell, &mut none).1, Ok(CompareEnd::default()));
    let mut none = jobs.compare_many(Spectra::Each(Vec::new()), job(&["nnls"]));
    assert_eq!(finish(&bell, &mut none).1, Ok(CompareEnd::default()));
}
