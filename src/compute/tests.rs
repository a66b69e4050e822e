//! Choosing and losing devices, with a GPU that only plays one: the CPU with gradients switched on, so that probes and
//! jobs can tell the two apart.

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use burn::tensor::{Device, Tensor};

use super::owner::{Missing, Opened, Opener};
use super::{Compute, ComputeError, Probe, Stage, Stop, Wish, cpu_name};

const NAME: &str = "Pretence 9000 (Vulkan)";

/// What happens to the GPU that only plays one.
#[derive(Clone, Default)]
struct Fate {
    lost: Arc<AtomicBool>,
    opened: Arc<AtomicUsize>,
}

impl Fate {
    /// Every opening gives a device in good health.
    fn opener(&self) -> Opener {
        let Self { lost, opened } = self.clone();
        Box::new(move || {
            lost.store(false, Ordering::SeqCst);
            opened.fetch_add(1, Ordering::SeqCst);
            let lost = Arc::clone(&lost);
            let dead = move || {
                if lost.load(Ordering::SeqCst) { Err("it was pulled out".to_owned()) } else { Ok(()) }
            };
            let device = Device::flex().autodiff();
            Ok(Opened { device, name: NAME.to_owned(), pulse: Box::new(dead) })
        })
    }

    fn compute(&self, wish: Wish) -> Compute {
        Compute::with_opener(wish, self.opener())
    }

    fn opened(&self) -> usize {
        self.opened.load(Ordering::SeqCst)
    }
}

fn missing(what: fn() -> Missing) -> Opener {
    Box::new(move || Err(what()))
}

fn go_on(_: &str) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// A probe that gives `on_gpu` there and 2 on the CPU.
fn probe(name: &str, on_gpu: fn() -> Result<Vec<f32>, String>) -> Probe {
    Probe::new(name, move |device: &Device| if device.is_autodiff() { on_gpu() } else { Ok(vec![2.0]) })
}

/// A job that adds two numbers on the device.
fn five(device: &Device) -> Result<Vec<f32>, Stop<String>> {
    let sum = Tensor::<1>::from_floats([2.0, 3.0], device).sum();
    Ok(sum.try_into_vec_as::<f32>()?)
}

#[test]
fn a_gpu_that_agrees_is_taken_and_named() {
    let fate = Fate::default();
    let compute = fate.compute(Wish::Auto);
    assert_eq!(compute.status().stage, Stage::Undecided);
    assert_eq!(compute.status().name, cpu_name());
    let heard = RefCell::new(Vec::new());
    let told = |what: &str| {
        heard.borrow_mut().push(what.to_owned());
        ControlFlow::Continue(())
    };
    let status = compute.prepare(vec![probe("forward pass", || Ok(vec![2.001]))], &told).unwrap();
    assert!(status.gpu && status.stage == Stage::Ready && status.fallback.is_none(), "{status:?}");
    assert!(status.warm_up.is_some());
    assert_eq!((status.name.as_str(), status.generation), (NAME, 1));
    let heard = heard.into_inner();
    assert_eq!(heard.len(), 3, "{heard:?}");
    assert!(heard[2].contains("forward pass, 2 of 2"), "{heard:?}");
    let ran = compute.run(|turn| five(&turn.device)).unwrap();
    assert_eq!((ran.value, ran.device.as_str(), ran.notice), (vec![5.0], NAME, None));
    assert_eq!(fate.opened(), 1);
}

#[test]
fn a_gpu_that_computes_something_else_is_left_alone_with_a_sentence() {
    let fate = Fate::default();
    let compute = fate.compute(Wish::Auto);
    let wrong = probe("training step", || Ok(vec![2.5]));
    let status = compute.prepare(vec![wrong], &go_on).unwrap();
    assert!(!status.gpu && status.stage == Stage::Ready, "{status:?}");
    assert_eq!(status.name, cpu_name());
    let why = status.fallback.unwrap();
    for part in [NAME, "'training step'", "2.5", "2.0", "25.00 %", "CPU"] {
        assert!(why.contains(part), "{part}: {why}");
    }
    let ran = compute.run(|turn| five(&turn.device)).unwrap();
    assert_eq!((ran.device, ran.notice), (cpu_name(), None));
}

#[test]
fn a_probe_that_panics_or_fails_on_the_gpu_is_a_disagreement() {
    for (broken, words) in [
        (probe("forward pass", || panic!("wgpu error: Validation")), "Validation"),
        (probe("forward pass", || Err("out of memory".to_owned())), "out of memory"),
        (probe("forward pass", || Ok(vec![f32::NAN])), "NaN"),
    ] {
        let status = Fate::default().compute(Wish::Auto).prepare(vec![broken], &go_on).unwrap();
        let why = status.fallback.unwrap();
        assert!(!status.gpu && why.contains(words), "{why}");
    }
}

#[test]
fn a_probe_that_comes_later_is_asked_before_the_next_job() {
    let fate = Fate::default();
    let compute = fate.compute(Wish::Auto);
    assert!(compute.prepare(Vec::new(), &go_on).unwrap().gpu);
    assert!(compute.prepare(vec![probe("forward pass", || Ok(vec![2.0]))], &go_on).unwrap().gpu);
    // Known by name: not asked again.
    assert!(compute.prepare(vec![probe("forward pass", || Ok(vec![0.0]))], &go_on).unwrap().gpu);
    let status = compute.prepare(vec![probe("training step", || Ok(vec![0.0]))], &go_on).unwrap();
    assert!(!status.gpu && status.fallback.is_some());
    assert_eq!((status.generation, fate.opened()), (2, 1));
}

#[test]
fn without_a_gpu_nothing_is_said_unless_one_was_asked_for() {
    let absent = || Missing::Absent("there is none".to_owned());
    let status = Compute::with_opener(Wish::Auto, missing(absent)).prepare(Vec::new(), &go_on).unwrap();
    assert!(!status.gpu && status.fallback.is_none() && status.stage == Stage::Ready);
    let asked = Compute::with_opener(Wish::Gpu, missing(absent));
    let error = asked.prepare(Vec::new(), &go_on).unwrap_err();
    assert_eq!(error, ComputeError::NoGpu("there is none".to_owned()));
    assert!(asked.run(|turn| five(&turn.device)).unwrap_err().to_string().contains("--device auto"));
    let faulty = || Missing::Faulty("X cannot be opened".to_owned());
    let status = Compute::with_opener(Wish::Auto, missing(faulty)).prepare(Vec::new(), &go_on).unwrap();
    assert!(status.fallback.unwrap().contains("X cannot be opened"));
}

#[test]
fn whoever_asks_for_the_cpu_gets_it_and_no_driver_is_touched() {
    let fate = Fate::default();
    let compute = fate.compute(Wish::Cpu);
    assert_eq!(compute.run(|turn| five(&turn.device)).unwrap().device, cpu_name());
    assert!(!compute.prepare(Vec::new(), &go_on).unwrap().gpu);
    assert_eq!(fate.opened(), 0);
    compute.set_wish(Wish::Gpu);
    assert_eq!(compute.run(|turn| five(&turn.device)).unwrap().device, NAME);
    compute.set_wish(Wish::Cpu);
    assert_eq!(compute.run(|turn| five(&turn.device)).unwrap().device, cpu_name());
}

#[test]
fn preparing_can_be_stopped_and_goes_on_later() {
    let fate = Fate::default();
    let compute = fate.compute(Wish::Gpu);
    let stop = |what: &str| {
        if what.contains("long means") { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    assert_eq!(compute.prepare(Vec::new(), &stop).unwrap_err(), ComputeError::Stopped);
    let status = compute.status();
    assert!(!status.gpu && status.stage == Stage::Undecided);
    assert!(compute.prepare(Vec::new(), &go_on).unwrap().gpu);
    assert_eq!(fate.opened(), 1);
}

#[test]
fn a_job_that_panics_on_the_gpu_is_done_again_on_the_cpu_and_says_so() {
    let fate = Fate::default();
    let compute = fate.compute(Wish::Auto);
    let tries = Cell::new(0);
    let ran = compute
        .run(|turn| {
            tries.set(tries.get() + 1);
            assert!(!turn.gpu, "wgpu error: lost");
            five(&turn.device)
        })
        .unwrap();
    assert_eq!((ran.value, ran.device, tries.get()), (vec![5.0], cpu_name(), 2));
    let notice = ran.notice.unwrap();
    assert!(
        notice.contains(NAME) && notice.contains("wgpu error: lost") && notice.contains("CPU"),
        "{notice}"
    );
    // The device is well: the next job has it.
    assert_eq!(compute.run(|turn| five(&turn.device)).unwrap().device, NAME);
    assert_eq!(fate.opened(), 1);
}

#[test]
fn a_job_for_which_the_memory_does_not_suffice_is_done_again_on_the_cpu() {
    let compute = Fate::default().compute(Wish::Gpu);
    let ran = compute
        .run(|turn| {
            if turn.gpu {
                return Err(Stop::Device("out of memory: 48 GB wanted".to_owned()));
            }
            five(&turn.device)
        })
        .unwrap();
    assert_eq!(ran.value, [5.0]);
    assert!(ran.notice.unwrap().contains("out of memory: 48 GB wanted"));
    assert!(compute.status().gpu, "the device itself is well");
}

#[test]
fn a_lost_gpu_is_opened_again_once_and_after_that_the_cpu_does_everything() {
    let fate = Fate::default();
    let compute = fate.compute(Wish::Gpu);
    let pulled_out = |generation: &mut Vec<u64>| {
        let ran = compute.run(|turn| {
            generation.push(turn.generation);
            if turn.gpu {
                fate.lost.store(true, Ordering::SeqCst);
                panic!("device lost");
            }
            five(&turn.device)
        });
        ran.unwrap()
    };
    let mut generations = Vec::new();
    assert!(pulled_out(&mut generations).notice.is_some());
    let status = compute.status();
    assert!(!status.gpu && status.fallback.unwrap().contains("opened again at next need"));
    let again = compute.run(|turn| five(&turn.device)).unwrap();
    assert_eq!((again.device.as_str(), fate.opened()), (NAME, 2));
    assert!(pulled_out(&mut generations).notice.is_some());
    assert!(compute.status().fallback.unwrap().contains("not for the first time"));
    let last = compute.run(|turn| five(&turn.device)).unwrap();
    assert_eq!((last.device, last.notice, fate.opened()), (cpu_name(), None, 2));
    assert!(generations.windows(2).all(|pair| pair[0] < pair[1]), "{generations:?}");
}

#[test]
fn what_fails_on_both_devices_says_both_and_what_is_the_jobs_own_fault_is_tried_once() {
    let compute = Fate::default().compute(Wish::Auto);
    let tries = Cell::new(0);
    let both = compute.run(|turn| -> Result<(), Stop<String>> {
        tries.set(tries.get() + 1);
        panic!("shapes differ on {}", if turn.gpu { "A" } else { "B" })
    });
    let said = both.unwrap_err().to_string();
    assert!(said.contains("shapes differ on A") && said.contains("shapes differ on B"), "{said}");
    assert_eq!(tries.get(), 2);
    let own = compute.run(|_| -> Result<(), Stop<&str>> {
        tries.set(tries.get() + 1);
        Err(Stop::Job("cancelled"))
    });
    assert_eq!((own.unwrap_err(), tries.get()), (Stop::Job("cancelled"), 3));
}

#[test]
fn while_a_gpu_is_prepared_others_work_on_the_cpu() {
    let compute = Fate::default().compute(Wish::Auto);
    let meanwhile = RefCell::new(None);
    let told = |_: &str| {
        if matches!(compute.status().stage, Stage::Preparing(_)) {
            // The turn is taken: this would wait for ever if it asked for it.
            *meanwhile.borrow_mut() = Some(compute.run(|turn| five(&turn.device)).unwrap());
        }
        ControlFlow::Continue(())
    };
    compute.prepare(Vec::new(), &told).unwrap();
    assert_eq!(meanwhile.into_inner().unwrap().device, cpu_name());
}

/// Takes minutes the first time: the driver compiles. Needs a driver that plays GPU, like Mesa's lavapipe:
/// `UNRAVEL_TEST_SOFTWARE_GPU=1 cargo test --release --lib compute -- --ignored --nocapture`
#[cfg(feature = "gpu")]
#[test]
#[ignore = "needs a software rasteriser and minutes"]
fn a_software_rasteriser_is_opened_tested_and_either_agrees_or_is_refused_with_numbers() {
    assert_eq!(
        std::env::var("UNRAVEL_TEST_SOFTWARE_GPU").as_deref(),
        Ok("1"),
        "run this with UNRAVEL_TEST_SOFTWARE_GPU=1"
    );
    let told = |what: &str| {
        println!("{what}");
        ControlFlow::Continue(())
    };
    let compute = Compute::new(Wish::Auto);
    let status = compute.prepare(Vec::new(), &told).unwrap();
    println!("{status:#?}");
    match status.fallback {
        None => assert!(status.gpu, "no adapter was found"),
        Some(why) => assert!(why.contains("the self-test 'long means' gave"), "{why}"),
    }
    assert_eq!(compute.run(|turn| five(&turn.device)).unwrap().value, [5.0]);
}
