//! From a new trainer to averaged weights: goes on where the run stood, trains to a limit, says what came of it.

use std::time::Instant;

use super::super::output::say;
use super::args::TrainArgs;
use super::begin::blame;
use super::live::Live;
use crate::compute::Stop;
use crate::nets::{Array, CardWeights};
use crate::train::{Checkpoint, Course, Limits, Task, TrainError, Trainer};

/// A training at one of its limits.
pub struct Followed<'a, T: Task> {
    pub trainer: Trainer<'a, T>,
    /// Averaged.
    pub weights: Vec<Array>,
    /// Samples a second in this run; nothing when it made no step.
    pub speed: Option<f64>,
}

/// Goes on from the newest checkpoint, if there is one, and trains until a limit is reached.
pub fn follow<'a, T: Task>(
    args: &TrainArgs,
    mut trainer: Trainer<'a, T>,
    begun: Instant,
    mut live: Live,
) -> Result<Followed<'a, T>, Stop<TrainError>>
where
    T::Net: Send,
{
    if let Some(checkpoint) = Checkpoint::newest(&args.out).map_err(Stop::Job)? {
        trainer = trainer.resume(&checkpoint).map_err(Stop::Job)?;
        let course = trainer.course();
        say!("goes on after {} samples and {:.1} min", course.samples, course.seconds / 60.0);
    }
    let limits =
        Limits { minutes: args.limits.minutes, samples: args.limits.samples, steps: args.limits.steps };
    let trained = trainer.run(limits, begun, &mut |event| live.show(event));
    live.end();
    trained.map_err(blame)?;
    let weights = trainer.average().map_err(blame)?;
    Ok(Followed { trainer, weights, speed: live.speed() })
}

/// Says how long it took, at which speed where that is given, and where the model is.
pub fn say_end(args: &TrainArgs, course: &Course, weights: &CardWeights, speed: Option<f64>) {
    let speed = speed.map_or(String::new(), |speed| format!(", {speed:.2} samples/s in this run"));
    say!(
        "{} samples in {:.2} h{speed}; {} ({} bytes) and model.json are in {}",
        course.samples,
        course.seconds / 3600.0,
        weights.file,
        weights.bytes,
        args.out.display()
    );
}
