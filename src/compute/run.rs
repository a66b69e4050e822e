//! Running a job on the device, and once more on the CPU where the device fails.

use std::ops::ControlFlow;

use burn::tensor::Device;

use super::guard::caught;
use super::owner::{Compute, Place};
use super::{Stage, Stop, Wish, cpu_name};

/// What a job runs on, for as long as it runs. Tensors and models of an older generation are not used on it.
#[derive(Debug, Clone)]
pub struct Turn {
    /// The device; `.clone().autodiff()` trains.
    pub device: Device,
    /// Its name.
    pub name: String,
    /// Whether it is a GPU.
    pub gpu: bool,
    /// Number of the device among those of this program; see [`super::Status::generation`].
    pub generation: u64,
}

/// What a job gave, and what it ran on.
#[derive(Debug, Clone, PartialEq)]
pub struct Ran<T> {
    /// Its result.
    pub value: T,
    /// Name of the device that computed it.
    pub device: String,
    /// Generation of that device.
    pub generation: u64,
    /// Says so where the GPU failed and the CPU did it again.
    pub notice: Option<String>,
}

impl Compute {
    /// Runs a job on the device, which is chosen first if nobody did. Reads results with burn's `try_` functions and
    /// passes their errors on by `?`. A panic, a lost device or too little memory on a GPU is no failure of the job: it
    /// runs once more, from its start, on the CPU. While a GPU is still being prepared, jobs that need not have it run on
    /// the CPU. Waits for another job that has the GPU: call it from a worker.
    pub fn run<T, E>(&self, mut job: impl FnMut(&Turn) -> Result<T, Stop<E>>) -> Result<Ran<T>, Stop<E>> {
        let mut failed = None;
        if !self.cpu_at_once() {
            let mut owner = self.owner();
            let heard_by_nobody = |_: &str| ControlFlow::Continue(());
            self.decide(&mut owner, &heard_by_nobody).map_err(|error| Stop::Device(error.to_string()))?;
            if let Place::Gpu(opened) = &owner.place {
                let turn = Turn {
                    device: opened.device.clone(),
                    name: opened.name.clone(),
                    gpu: true,
                    generation: self.status().generation,
                };
                match attempt(&turn, &mut job) {
                    Err(Stop::Device(why)) => {
                        self.examine(&mut owner);
                        failed = Some((turn.name, why));
                    }
                    Err(stop) => return Err(stop),
                    Ok(value) => return Ok(ran(turn, value, None)),
                }
            }
        }
        let generation = self.status().generation;
        let turn = Turn { device: Device::flex(), name: cpu_name(), gpu: false, generation };
        match (attempt(&turn, &mut job), failed) {
            (Ok(value), None) => Ok(ran(turn, value, None)),
            (Ok(value), Some((gpu, why))) => {
                let notice = format!("{gpu} failed ({why}); this was done again on the CPU");
                Ok(ran(turn, value, Some(notice)))
            }
            (Err(Stop::Device(on_cpu)), Some((gpu, on_gpu))) => {
                Err(Stop::Device(format!("this failed on {gpu} ({on_gpu}) and on the CPU ({on_cpu})")))
            }
            (Err(Stop::Device(why)), None) => Err(Stop::Device(format!("this failed on the CPU ({why})"))),
            (Err(stop), _) => Err(stop),
        }
    }

    fn cpu_at_once(&self) -> bool {
        let status = self.status();
        match status.stage {
            Stage::Ready => !status.gpu,
            Stage::Preparing(_) => status.wish == Wish::Auto,
            Stage::Undecided => status.wish == Wish::Cpu,
        }
    }
}

fn attempt<T, E>(turn: &Turn, job: &mut impl FnMut(&Turn) -> Result<T, Stop<E>>) -> Result<T, Stop<E>> {
    caught(|| job(turn)).unwrap_or_else(|why| Err(Stop::Device(why)))
}

fn ran<T>(turn: Turn, value: T, notice: Option<String>) -> Ran<T> {
    Ran { value, device: turn.name, generation: turn.generation, notice }
}
