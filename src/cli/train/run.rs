//! Loads the data, begins or goes on, trains, writes the model.

use std::time::Instant;

use super::super::output::say;
use super::super::{Ended, Usage};
use super::args::{CarsArgs, NetworkArg, TrainArgs};
use super::begin::{asked, blame, check_minutes, crew, on_device};
use super::cars;
use super::family::Family;
use super::follow::{Followed, follow, say_end};
use super::live::Live;
use super::outlook::outlook;
use super::plan;
use crate::compute::{Stop, Turn};
use crate::nets::{GuidedConfig, SeparatorConfig};
use crate::train::{Plan, Task as _, TrainError, Trainer, export, first_network, load_material};

pub fn run(args: &TrainArgs) -> Result<Ended, Usage> {
    match args.network {
        NetworkArg::Guided => run_family::<GuidedConfig>(args),
        NetworkArg::Rampinn => cars::run(args),
        NetworkArg::Ramixnet => super::ramixnet::run(args),
        _ => run_family::<SeparatorConfig>(args),
    }
}

fn run_family<F: Family>(args: &TrainArgs) -> Result<Ended, Usage> {
    let begun = Instant::now();
    if args.ramix != super::ramixnet::RamixArgs::default() {
        return Err(Usage(
            "--pure, --version and --plain are for ramixnet; other networks take --data".into(),
        ));
    }
    check_minutes(args)?;
    if args.cars != CarsArgs::default() {
        return Err(Usage("--mixture, --loss and --smooth are those of rampinn".into()));
    }
    let plan = asked(args, plan::new::<F>, plan::resumed)?;
    on_device(args, |turn| train(args, &plan, turn, begun))
}

/// Trains on one device from the newest checkpoint on. Where a GPU fails this is called again with the CPU, and goes on
/// from what was saved.
fn train<F: Family>(
    args: &TrainArgs,
    plan: &Plan<F>,
    turn: &Turn,
    begun: Instant,
) -> Result<(), Stop<TrainError>> {
    let (crew, device_name) = crew(args, turn).map_err(Stop::Job)?;
    let material = load_material(&plan.data, plan.seed).map_err(Stop::Job)?;
    for warning in &material.warnings {
        eprintln!("unravel: {warning}");
    }
    let task = F::job(plan, &material).map_err(Stop::Job)?;
    let net = first_network(plan, crew.device()).map_err(blame)?;
    let stored = serde_json::to_value(plan).map_err(|e| Stop::Job(TrainError::Asked(e.to_string())))?;
    let trainer =
        Trainer::new(&task, net, &crew, plan.course.clone(), stored, &args.out, plan.seed).map_err(blame)?;
    let (input, known) = F::opening(&task);
    let network = plan.network.name();
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
    if let Some(known) = known {
        say!("{known}");
    }
    let Followed { trainer, weights, speed } = follow(args, trainer, begun, Live::new())?;
    let course = trainer.course();
    let calibration = F::calibration(&task, plan, &weights, &crew).map_err(blame)?;
    let card = export(&args.out, &weights, plan, course, &material, (&device_name, input), calibration);
    let card = card.map_err(Stop::Job)?;
    let whole = course.samples as f64 / course.seconds.max(1e-9);
    let goal = args.goal.or_else(|| plan.network.goal_db());
    say!("{}", outlook(course, &task.sets(), goal, Some(speed.unwrap_or(whole))));
    say_end(args, course, &card.weights, speed);
    Ok(())
}
