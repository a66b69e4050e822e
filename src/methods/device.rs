//! Networks on whatever device there is.

use std::ops::ControlFlow;

use super::{MethodError, MethodInfo, Watch, probes};
use crate::compute::{Compute, Ran, Stage, Stop, Turn};

/// Does a method's work on the device of [`crate::compute`]; where that fails, on the CPU.
pub(super) fn on_some_device<T>(
    info: &'static MethodInfo,
    watch: &dyn Watch,
    work: impl Fn(&Turn) -> Result<T, Stop<MethodError>>,
) -> Result<Ran<T>, MethodError> {
    let compute = Compute::shared();
    ready(info, compute, watch)?;
    compute.run(work).map_err(|stop| match stop {
        Stop::Job(error) => error,
        Stop::Device(why) => MethodError::numbers(info, why),
    })
}

/// Refuses numbers that are not finite: a GPU's are tried again on the CPU.
pub(super) fn finite(
    info: &'static MethodInfo,
    turn: &Turn,
    values: &[f32],
) -> Result<(), Stop<MethodError>> {
    if values.iter().all(|v| v.is_finite()) {
        return Ok(());
    }
    let problem = "the network gave numbers that are not finite";
    Err(if turn.gpu {
        Stop::Device(problem.to_owned())
    } else {
        Stop::Job(MethodError::numbers(info, problem))
    })
}

/// Lets the device be chosen once, with our own probes. While somebody else prepares it, the CPU does the work.
fn ready(info: &'static MethodInfo, compute: &Compute, watch: &dyn Watch) -> Result<(), MethodError> {
    if compute.status().stage != Stage::Undecided {
        return Ok(());
    }
    let told = |what: &str| {
        watch.progress(0.0, what);
        if watch.cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let prepared = compute.prepare(probes(), &told);
    watch.go_on()?;
    prepared.map(|_| ()).map_err(|e| MethodError::numbers(info, e))
}
