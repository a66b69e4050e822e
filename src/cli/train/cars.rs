//! `unravel train rampinn`: makes its own spectra, so that its plan knows of no library.

use std::time::Instant;

use burn::tensor::Device;

use super::super::output::say;
use super::super::{Ended, Usage};
use super::args::{DataArgs, LossArg, MixtureArg, RoughArg, TrainArgs};
use super::begin::{asked, blame, check_minutes, crew, on_device};
use super::follow::{Followed, follow, say_end};
use super::live::{Live, Words};
use super::network::{of_preset, only_widths};
use super::outlook::outlook;
use super::plan::course;
use crate::compute::{Stop, Turn};
use crate::nets::{RampinnConfig, RampinnLoss, Smoothness};
use crate::train::rampinn::{CarsMixture, CarsPlan, POINTS, Recovery, export_cars, first_cars_network};
use crate::train::{LoopSettings, Task as _, TrainError, Trainer};

/// What the lines of the course tell.
const TOLD: &str = "raw PSNR in dB, then r in %:";

pub fn run(args: &TrainArgs) -> Result<Ended, Usage> {
    let begun = Instant::now();
    check_minutes(args)?;
    let plan = asked(args, new, resumed)?;
    on_device(args, |turn| train(args, &plan, turn, begun))
}

/// The plan of a new run.
fn new(args: &TrainArgs) -> Result<CarsPlan, Usage> {
    let name = args.sizes.preset.as_deref().unwrap_or("usual");
    let network = of_preset("rampinn", name, RampinnConfig::preset, &RampinnConfig::PRESETS)?;
    with_options(CarsPlan::new(network, name), args)
}

/// The stored plan with the options that a run may change: those of its course.
fn resumed(stored: &CarsPlan, args: &TrainArgs) -> Result<CarsPlan, Usage> {
    let plan = with_options(stored.clone(), args)?;
    let same_preset = args.sizes.preset.as_ref().is_none_or(|name| *name == stored.preset);
    let fixed = |plan: &CarsPlan| CarsPlan { course: LoopSettings::default(), ..plan.clone() };
    if !same_preset || fixed(&plan) != fixed(stored) {
        return Err(Usage(format!(
            "{}: this run has another network, another loss, other data or another seed than these options ask for; leave \
             them out to go on with it, or begin in another folder",
            args.out.display()
        )));
    }
    Ok(plan)
}

fn with_options(base: CarsPlan, args: &TrainArgs) -> Result<CarsPlan, Usage> {
    let known = DataArgs { validation: args.data.validation, ..DataArgs::default() };
    if args.data != known {
        let what =
            "rampinn makes its own spectra: of the options for data it takes --validation, and --mixture";
        return Err(Usage(what.into()));
    }
    only_widths("rampinn", &args.sizes)?;
    let widths = args.sizes.widths.clone().unwrap_or(base.network.widths);
    let network = RampinnConfig { widths, ..base.network };
    network.check().map_err(|problem| Usage(format!("this network cannot be built: {problem}")))?;
    let mut loss = match args.cars.loss {
        None => base.loss,
        Some(LossArg::Supervised) => RampinnLoss::supervised(),
        Some(LossArg::SelfSupervised) => RampinnLoss::self_supervised(),
        Some(LossArg::Data) => RampinnLoss::data_only(),
        Some(LossArg::Decibels) => RampinnLoss::decibels(),
    };
    match args.cars.smooth {
        None => {}
        Some(RoughArg::First) => loss.smoothness = Smoothness::First,
        Some(RoughArg::Curvature) => loss.smoothness = Smoothness::Curvature,
    }
    Ok(CarsPlan {
        network,
        preset: base.preset,
        mixture: match args.cars.mixture {
            None => base.mixture,
            Some(MixtureArg::Advised) => CarsMixture::Advised,
            Some(MixtureArg::Broad) => CarsMixture::Broad,
        },
        loss,
        validation: args.data.validation.unwrap_or(base.validation),
        from: args.course.from.clone().or(base.from),
        seed: args.course.seed.unwrap_or(base.seed),
        course: course(&base.course, &args.course, args.limits.samples)?,
    })
}

/// Trains on one device from the newest checkpoint on.
fn train(args: &TrainArgs, plan: &CarsPlan, turn: &Turn, begun: Instant) -> Result<(), Stop<TrainError>> {
    let (crew, device_name) = crew(args, turn).map_err(Stop::Job)?;
    let device: &Device = crew.device();
    let task = Recovery::new(plan, device);
    let net = first_cars_network(plan, device).map_err(blame)?;
    let stored = serde_json::to_value(plan).map_err(|e| Stop::Job(TrainError::Asked(e.to_string())))?;
    let trainer =
        Trainer::new(&task, net, &crew, plan.course.clone(), stored, &args.out, plan.seed).map_err(blame)?;
    say!("rampinn {}: {} parameters, on {device_name}", plan.preset, trainer.parameters());
    let zero = task.zero_db();
    let words: Vec<String> = zero.iter().map(|(name, db)| format!("{name} {db:.2}")).collect();
    say!(
        "spectra of {POINTS} points, made while training; answering nothing gives in dB: {}",
        words.join(", ")
    );
    let live = Live::with(Words { loss: "", score: TOLD, unit: "" });
    let Followed { trainer, weights, speed } = follow(args, trainer, begun, live)?;
    let (course, sets) = (trainer.course(), task.sets());
    let first_zero = zero.first().map_or(0.0, |(_, db)| *db);
    let card = export_cars(&args.out, &weights, plan, (course, &sets), &device_name, first_zero);
    let card = card.map_err(Stop::Job)?;
    say!("{}", outlook(course, &sets, args.goal, speed));
    say_end(args, course, &card.weights, None);
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::nets::{DataTerm, RampinnForm};

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        args: TrainArgs,
    }

    fn args(options: &str) -> TrainArgs {
        let words = "train rampinn --out run ".to_owned() + options;
        Line::try_parse_from(words.split_whitespace()).unwrap().args
    }

    #[test]
    fn options_reach_the_plan() {
        let plan = new(&args("")).unwrap();
        assert_eq!((plan.network.form, plan.loss.term), (RampinnForm::Retrieval, DataTerm::Decibels));
        let options = "--preset small --loss self --smooth first --mixture broad --batch 8 --seed 5";
        let plan = new(&args(options)).unwrap();
        let expected = RampinnLoss { smoothness: Smoothness::First, ..RampinnLoss::self_supervised() };
        assert_eq!((plan.loss, plan.mixture), (expected, CarsMixture::Broad));
        assert_eq!((plan.course.batch, plan.course.at_once, plan.seed), (8, 16, 5));
    }

    #[test]
    fn options_of_other_networks_are_refused() {
        let refused = |options: &str| new(&args(options)).map(|_| ()).unwrap_err().0;
        assert!(refused("--data lib").contains("its own spectra"));
        assert!(refused("--heads 8").contains("--widths"));
        assert!(refused("--preset paper").contains("full, small, usual, tiny"));
        assert!(refused("--widths 4,5,6").contains("4 heads do not divide 6"));
    }

    #[test]
    fn a_run_goes_on_with_its_own_network_and_loss() {
        let stored = new(&args("--preset tiny --seed 3")).unwrap();
        assert_eq!(resumed(&stored, &args("--resume")).unwrap(), stored);
        let slower = resumed(&stored, &args("--resume --lr 0.0005 --samples 500 --cool-down 100")).unwrap();
        assert_eq!((slower.course.cool_to, slower.course.cool_down), (500, 100));
        for other in ["--preset small", "--seed 4", "--loss data", "--mixture advised", "--widths 4,8,8,8"] {
            let refused = resumed(&stored, &args(other)).map(|_| ()).unwrap_err().0;
            assert!(refused.contains("leave them out"), "{other}: {refused}");
        }
    }
}
