//! Speed of the networks on the CPU beside PyTorch, both in one run: `cargo bench --bench network`.
//!
//! For each network: training (forward, loss, gradients, one Adam step) in samples a second, and the forward pass of one
//! spectrum in ms. With `UNRAVEL_PYTHON` (an interpreter that has PyTorch) the peers of `benches/peers` run in turns with
//! ours, several rounds, and the last columns are ours over theirs by the best round of each: above 1 we are faster.
//! Arguments: names (`small unet`), none for all. `UNRAVEL_BENCH_SECONDS` is the time of one measurement, 8 if not given.

#![allow(missing_docs, reason = "a program")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a bench that cannot go on should say so and stop"
)]

use std::process::Command;
use std::time::Instant;

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor};
use rayon::{ThreadPool, ThreadPoolBuilder};
use unravel::nets::{Dropout, Separator, SeparatorConfig, Unet, UnetConfig, separation_loss};
use unravel::synth::Rng;

const POINTS: usize = 1024;
/// Rounds of ours and theirs.
const ROUNDS: usize = 3;

/// Training in samples a second and one forward pass in ms.
#[derive(Clone, Copy)]
struct Speed {
    train: f64,
    forward_ms: f64,
}

fn best(a: Option<Speed>, b: Speed) -> Speed {
    let Some(a) = a else { return b };
    Speed { train: a.train.max(b.train), forward_ms: a.forward_ms.min(b.forward_ms) }
}

/// Times gradients of every sample on one thread a core, added up, and a step of Adam.
fn measure<M: Module + Sync + Send + 'static>(
    net: M,
    batch: usize,
    seconds: f64,
    loss: impl Fn(&M, u64, &Device) -> Tensor<1> + Sync,
    forward: impl Fn(&M, &Device),
) -> Speed {
    let plain = Device::flex();
    let device = plain.clone().autodiff();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let one = |_| ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let pools: Vec<ThreadPool> = (0..threads).map(one).collect();
    forward(&net, &plain);
    let mut forward_ms = f64::INFINITY;
    let start = Instant::now();
    while start.elapsed().as_secs_f64() < seconds / 2.0 {
        let begun = Instant::now();
        forward(&net, &plain);
        forward_ms = forward_ms.min(1e3 * begun.elapsed().as_secs_f64());
    }
    let mut net = net.train();
    let mut adam = AdamConfig::new().init();
    let (mut samples, mut spent) = (0, 0.0);
    let mut warm = true;
    while spent < seconds {
        let begun = Instant::now();
        let parts: Vec<Vec<GradientsParams>> = std::thread::scope(|scope| {
            let work = pools.iter().enumerate().map(|(t, pool)| {
                let replica = net.clone().fork(&device);
                let (loss, device) = (&loss, &device);
                scope.spawn(move || {
                    let gradient = |k: usize| {
                        let loss = loss(&replica, k as u64, device) * (1.0 / batch as f64);
                        GradientsParams::from_grads(loss.backward(), &replica)
                    };
                    pool.install(|| (t..batch).step_by(threads).map(gradient).collect())
                })
            });
            let work: Vec<_> = work.collect();
            work.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let mut parts = parts.into_iter().flatten();
        let mut sum = parts.next().unwrap();
        for part in parts {
            let mut add = Add { to: &mut sum, from: part };
            net.visit(&mut add);
        }
        net = adam.step(1e-3, net, sum);
        // The first step finds its memory.
        if !std::mem::take(&mut warm) {
            spent += begun.elapsed().as_secs_f64();
            samples += batch;
        }
    }
    Speed { train: f64::from(u32::try_from(samples).unwrap()) / spent, forward_ms }
}

struct Add<'a> {
    to: &'a mut GradientsParams,
    from: GradientsParams,
}

impl burn::module::ModuleVisitor for Add<'_> {
    fn visit_float<const D: usize>(&mut self, param: &burn::module::Param<Tensor<D>>) {
        let (old, new) = (self.to.remove::<D>(param.id), self.from.remove::<D>(param.id));
        if let (Some(old), Some(new)) = (old, new) {
            self.to.register::<D>(param.id, old + new);
        }
    }
}

fn noise<const D: usize>(shape: [usize; D], seed: u64, device: &Device) -> Tensor<D> {
    let mut rng = Rng::new(seed, 0);
    let values: Vec<f32> = (0..shape.iter().product()).map(|_| rng.normal() as f32).collect();
    Tensor::<1>::from_floats(values.as_slice(), device).reshape(shape)
}

fn ours(name: &str, batch: usize, seconds: f64) -> Speed {
    let device = Device::flex();
    if name == "unet" {
        let config =
            UnetConfig { ends: (1, 1), widths: vec![32, 64, 128, 256], taps: 5, groups: 8, heads: 0 };
        let loss = |net: &Unet, k: u64, device: &Device| {
            let rest =
                net.forward(noise([1, POINTS, 1], k, device)) - noise([1, POINTS, 1], k + 1000, device);
            (rest.clone() * rest).mean()
        };
        let forward = |net: &Unet, device: &Device| {
            net.forward(noise([1, POINTS, 1], 1, device)).try_into_data().unwrap();
        };
        return measure(Unet::new(&config, 1, &device), batch, seconds, loss, forward);
    }
    let config = SeparatorConfig::named("rssnet", name).unwrap();
    let loss = |net: &Separator, k: u64, device: &Device| {
        let estimates = net.forward(noise([1, POINTS], k, device), &mut Dropout::none());
        separation_loss(estimates, noise([1, 2, POINTS], k + 1000, device))
    };
    let forward = |net: &Separator, device: &Device| {
        net.forward(noise([1, POINTS], 1, device), &mut Dropout::none()).try_into_data().unwrap();
    };
    measure(Separator::new(&config, 1, &device), batch, seconds, loss, forward)
}

fn theirs(python: &str, name: &str, batch: usize, seconds: f64) -> Speed {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).to_string();
    let (script, preset) =
        if name == "unet" { ("unet_torch.py", None) } else { ("rssnet_torch.py", Some(name)) };
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers").join(script);
    let mut command = Command::new(python);
    command.arg(script).args(["--threads", &threads, "--batch", &batch.to_string()]);
    command.args(["--seconds", &seconds.to_string()]);
    if let Some(preset) = preset {
        command.args(["--preset", preset]);
    }
    let output = command.output().unwrap_or_else(|e| panic!("{python} cannot be run: {e}"));
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().last().unwrap_or_default();
    let found: serde_json::Value = serde_json::from_str(line)
        .unwrap_or_else(|e| panic!("{python}: {e}: {line}\n{}", String::from_utf8_lossy(&output.stderr)));
    let number = |key: &str| found[key].as_f64().unwrap();
    Speed { train: number("train_samples_per_s"), forward_ms: number("forward_ms") }
}

fn main() {
    let names: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let seconds = std::env::var("UNRAVEL_BENCH_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(8.0);
    let python = std::env::var("UNRAVEL_PYTHON").ok();
    println!(
        "network   batch   train samples/s   forward ms   PyTorch: train   forward   ratio: train   forward"
    );
    for (name, batch) in [("tiny", 8), ("small", 8), ("medium", 4), ("paper", 2), ("unet", 8)] {
        if !(names.is_empty() || names.iter().any(|n| n == name)) {
            continue;
        }
        let (mut us, mut them) = (None, None);
        for _ in 0..ROUNDS {
            us = Some(best(us, ours(name, batch, seconds)));
            if let Some(python) = &python {
                them = Some(best(them, theirs(python, name, batch, seconds)));
            }
        }
        let us = us.unwrap();
        print!("{name:8} {batch:6} {:17.2} {:12.1}", us.train, us.forward_ms);
        match them {
            Some(them) => println!(
                " {:16.2} {:9.1} {:14.2} {:9.2}",
                them.train,
                them.forward_ms,
                us.train / them.train,
                them.forward_ms / us.forward_ms
            ),
            None => println!("   (no peer: UNRAVEL_PYTHON is not set)"),
        }
    }
}
