//! Loads the data, begins or goes on, trains, writes the model.

use std::time::Instant;

use burn::tensor::Device;

use super::super::output::say;
use super::super::{Ended, Usage};
use super::args::{DeviceArg, TrainArgs};
use super::live::Live;
use super::plan;
use crate::train::separator::{Plan, Separation, export, first_network, load_material, network_name};
use crate::train::{Checkpoint, Crew, Limits, Trainer};

pub fn run(args: &TrainArgs) -> Result<Ended, Usage> {
    let begun = Instant::now();
    if let Some(minutes) = args.limits.minutes.filter(|m| !(m.is_finite() && *m >= 0.0)) {
        return Err(Usage(format!("--minutes {minutes}: a number from 0 on is needed")));
    }
    let checkpoint = Checkpoint::newest(&args.out)?;
    let (plan, checkpoint) = match (checkpoint, args.resume) {
        (None, false) => (plan::new(args)?, None),
        (None, true) => {
            let out = args.out.display();
            return Err(Usage(format!(
                "{out}: there is no run to go on with; leave out --resume to begin one"
            )));
        }
        (Some(_), false) => {
            let out = args.out.display();
            return Err(Usage(format!(
                "{out}: there is a run already; go on with --resume or begin in another folder"
            )));
        }
        (Some(checkpoint), true) => {
            for broken in &checkpoint.broken {
                eprintln!("unravel: a checkpoint cannot be used, the one before it is: {broken}");
            }
            let stored = serde_json::from_value::<Plan>(checkpoint.manifest.settings.clone());
            let stored = stored.map_err(|e| Usage(format!("{}: its settings: {e}", args.out.display())))?;
            (plan::resumed(&stored, args)?, Some(checkpoint))
        }
    };
    std::fs::create_dir_all(&args.out).map_err(|e| Usage(format!("{}: {e}", args.out.display())))?;
    let (device, threads, device_name) = device(args)?;
    let material = load_material(&plan.data, plan.seed)?;
    for warning in &material.warnings {
        eprintln!("unravel: {warning}");
    }
    let task = Separation::new(&plan, &material)?;
    let crew = Crew::new(device, threads)?;
    let net = first_network(&plan, crew.device())?;
    let stored = serde_json::to_value(&plan)?;
    let mut trainer = Trainer::new(&task, net, &crew, plan.course.clone(), stored, &args.out, plan.seed)?;
    let input = task.input_si_snr_db();
    let network = network_name(&plan.network);
    say!("{network} {}: {} parameters, on {device_name}", plan.preset, trainer.parameters());
    say!(
        "{} spectra of {} species, {} held out for validation, {} left out; {} points from {} to {} cm-1; mean input \
         SI-SNR {input:.2} dB",
        material.trained.len(),
        material.species,
        material.held_out.len(),
        material.left_out,
        plan.data.points,
        plan.data.low_cm1,
        plan.data.high_cm1,
    );
    if let Some(checkpoint) = &checkpoint {
        trainer = trainer.resume(checkpoint)?;
        let course = trainer.course();
        say!("goes on after {} samples and {:.1} min", course.samples, course.seconds / 60.0);
    }
    let limits =
        Limits { minutes: args.limits.minutes, samples: args.limits.samples, steps: args.limits.steps };
    let mut live = Live::new();
    let trained = trainer.run(limits, begun, &mut |event| live.show(event));
    live.end();
    trained?;
    let card =
        export(&args.out, &trainer.average()?, &plan, trainer.course(), &material, (&device_name, input))?;
    let course = trainer.course();
    say!(
        "{} samples in {:.2} h{}; {} ({} bytes) and model.json are in {}",
        course.samples,
        course.seconds / 3600.0,
        live.speed(),
        card.weights.file,
        card.weights.bytes,
        args.out.display()
    );
    Ok(Ended::Good)
}

/// The device, the threads that feed it, and its name.
fn device(args: &TrainArgs) -> Result<(Device, usize, String), Usage> {
    if args.course.device == DeviceArg::Gpu {
        return Err(Usage(
            "--device gpu: no GPU is open to training yet; leave it out to train on the CPU".into(),
        ));
    }
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = args.course.threads.unwrap_or(cores).max(1);
    let noun = if threads == 1 { "thread" } else { "threads" };
    Ok((Device::flex(), threads, format!("the CPU, {threads} {noun}")))
}
