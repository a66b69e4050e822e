//! What a training begins with: limits that make sense, the plan of its folder, a device and who works on it.

use serde::de::DeserializeOwned;

use super::super::device_args::all_probes;
use super::super::{Ended, Usage};
use super::args::TrainArgs;
use super::network::name;
use crate::compute::{Stop, Turn};
use crate::nets::WeightsError;
use crate::train::{Checkpoint, Crew, TrainError};

/// Refuses minutes that are no time.
pub fn check_minutes(args: &TrainArgs) -> Result<(), Usage> {
    match args.limits.minutes {
        Some(minutes) if !(minutes.is_finite() && minutes >= 0.0) => {
            Err(Usage(format!("--minutes {minutes}: a number from 0 on is needed")))
        }
        _ => Ok(()),
    }
}

/// What to train: a new plan for a folder without a run, or the plan of the run that is there.
pub fn asked<P: DeserializeOwned>(
    args: &TrainArgs,
    new: impl FnOnce(&TrainArgs) -> Result<P, Usage>,
    resumed: impl FnOnce(&P, &TrainArgs) -> Result<P, Usage>,
) -> Result<P, Usage> {
    let out = args.out.display();
    match (Checkpoint::newest(&args.out)?, args.resume) {
        (None, false) => new(args),
        (None, true) => {
            Err(Usage(format!("{out}: there is no run to go on with; leave out --resume to begin one")))
        }
        (Some(_), false) => Err(Usage(format!(
            "{out}: there is a run already; go on with --resume or begin in another folder"
        ))),
        (Some(checkpoint), true) => {
            for broken in &checkpoint.broken {
                eprintln!("unravel: a checkpoint cannot be used, the one before it is: {broken}");
            }
            let stored = serde_json::from_value::<P>(checkpoint.manifest.settings);
            let stored = stored.map_err(|e| {
                let network = name(args.network);
                Usage(format!("{out}: the run there is none of {network}, or its settings are damaged: {e}"))
            })?;
            resumed(&stored, args)
        }
    }
}

/// Trains in the folder of the run on the device that was chosen.
pub fn on_device(
    args: &TrainArgs,
    train: impl Fn(&Turn) -> Result<(), Stop<TrainError>>,
) -> Result<Ended, Usage> {
    std::fs::create_dir_all(&args.out).map_err(|e| Usage(format!("{}: {e}", args.out.display())))?;
    let compute = args.course.device.prepare(all_probes(), false)?;
    let ran = compute.run(train).map_err(|stop| match stop {
        Stop::Device(problem) => Usage(problem),
        Stop::Job(error) => Usage(error.to_string()),
    })?;
    if let Some(notice) = ran.notice {
        eprintln!("unravel: {notice}");
    }
    Ok(Ended::Good)
}

/// Whose fault an error is: what the device could not do may be tried on another one.
pub fn blame(error: TrainError) -> Stop<TrainError> {
    match error {
        TrainError::Stopped { .. } | TrainError::Weights(WeightsError::Device(_)) => {
            Stop::Device(error.to_string())
        }
        error => Stop::Job(error),
    }
}

/// Who does the work, and its name.
pub fn crew(args: &TrainArgs, turn: &Turn) -> Result<(Crew, String), TrainError> {
    if turn.gpu {
        return Ok((Crew::of_gpu(turn.device.clone())?, turn.name.clone()));
    }
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = args.course.threads.unwrap_or(cores).max(1);
    let name =
        if threads == cores { turn.name.clone() } else { format!("{}, {threads} of them used", turn.name) };
    Ok((Crew::of_cpu(turn.device.clone(), threads)?, name))
}
