//! What methods run on: the CPU from the first frame, for networks a GPU once a job has found it good.

use std::convert::Infallible;
use std::ops::ControlFlow;

use crate::app::app::App;
use crate::compute::{Compute, ComputeError, Status, cpu_name};
use crate::jobs::{Failure, Handle, Lane};
use crate::methods::probes;

/// What is known of the device, and the job that prepares it.
pub struct Device {
    /// What methods run on, for people.
    pub words: String,
    known: Status,
    preparing: Option<Handle<Infallible, ()>>,
}

impl Device {
    /// As it is before anything was asked.
    pub fn new() -> Self {
        let known = Compute::shared().status();
        Self { words: words(&known), known, preparing: None }
    }
}

/// What methods run on.
fn words(status: &Status) -> String {
    if status.gpu { format!("{}; networks on {}", cpu_name(), status.name) } else { status.name.clone() }
}

impl App {
    /// Looks for a GPU and lets it compute what networks compute, beside the CPU, on a worker: compiling takes its time.
    pub(in crate::app) fn prepare_device(&mut self) {
        let title = "Preparing the device for networks";
        self.work.device.preparing = Some(self.jobs.submit(title, Lane::Long, |ticket| {
            let told = |what: &str| {
                ticket.progress(None, what);
                if ticket.cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            match Compute::shared().prepare(probes(), &told) {
                Ok(_) => Ok(()),
                Err(ComputeError::Stopped) => Err(Failure::Cancelled),
                Err(error) => Err(Failure::Refused(error.to_string())),
            }
        }));
    }

    /// Names the device as it is now, whoever changed it, and says why a GPU that is there is not used.
    pub(in crate::app) fn take_device(&mut self) {
        let device = &mut self.work.device;
        if let Some(end) = device.preparing.as_mut().and_then(Handle::ended) {
            device.preparing = None;
            if let Err(failure @ (Failure::Refused(_) | Failure::Panicked { .. })) = end {
                self.notices.error(failure.to_string());
            }
        }
        let status = Compute::shared().status();
        if status.fallback != device.known.fallback
            && let Some(why) = &status.fallback
        {
            self.notices.warning(why.clone(), Vec::new());
        }
        if status.generation != device.known.generation {
            device.words = words(&status);
        }
        device.known = status;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_status_bar_names_the_cpu_and_beside_it_a_gpu_that_is_used() {
        let mut status = Compute::shared().status();
        status.name = cpu_name();
        status.gpu = false;
        assert_eq!(words(&status), cpu_name());
        let gpu = Status {
            name: "Pretence 9000 (Vulkan)".to_owned(),
            gpu: true,
            warm_up: Some(Duration::ZERO),
            ..status
        };
        let said = words(&gpu);
        assert!(said.starts_with("CPU, ") && said.contains("networks on Pretence 9000 (Vulkan)"), "{said}");
    }
}
