//! What the options ask for: a new training, or a stored one with other limits.

use std::path::{Path, PathBuf};

use super::super::{Usage, process, ranges};
use super::args::{CourseArgs, DataArgs, TrainArgs};
use super::family::Family;
use super::network::name;
use crate::train::{DataPlan, LoopSettings, Plan};

/// The plan of a new run.
pub fn new<F: Family>(args: &TrainArgs) -> Result<Plan<F>, Usage> {
    let data = args.data.data.as_deref();
    let data =
        data.ok_or_else(|| Usage("no data: give --data PATH with a library of pure spectra".into()))?;
    let (network, name) = F::chosen(args.network, args.sizes.preset.as_deref())?;
    let library = library(data);
    let base = Plan {
        network,
        preset: name,
        data: DataPlan {
            splits: splits_beside(&library),
            library,
            also: Vec::new(),
            split: "known".into(),
            low_cm1: 150.0,
            high_cm1: 1500.0,
            points: 1024,
            prepare: String::new(),
            preprocessing: "despike|arpls".into(),
            hold_out: 0.05,
            citation: String::new(),
            licence: String::new(),
        },
        realistic: false,
        validation: 200,
        from: None,
        seed: 1,
        course: LoopSettings::default(),
    };
    with_options(base, args)
}

/// The stored plan with the options that a run may change: those of its course.
pub fn resumed<F: Family>(stored: &Plan<F>, args: &TrainArgs) -> Result<Plan<F>, Usage> {
    let (there, asked) = (stored.network.name(), name(args.network));
    if there != asked {
        let out = args.out.display();
        return Err(Usage(format!(
            "{out}: the run there trains {there}; go on with `unravel train {there}`, not {asked}"
        )));
    }
    let base = match &args.sizes.preset {
        Some(name) => {
            let (network, preset) = F::chosen(args.network, Some(name))?;
            Plan { network, preset, ..stored.clone() }
        }
        None => stored.clone(),
    };
    let base = match &args.data.data {
        Some(data) => Plan { data: DataPlan { library: library(data), ..base.data }, ..base },
        None => base,
    };
    let plan = with_options(base, args)?;
    let fixed = |plan: &Plan<F>| Plan { course: LoopSettings::default(), ..plan.clone() };
    if fixed(&plan) != fixed(stored) {
        return Err(Usage(format!(
            "{}: this run has another network, other data or another seed than these options ask for; leave them out to go \
             on with it, or begin in another folder",
            args.out.display()
        )));
    }
    Ok(plan)
}

fn with_options<F: Family>(base: Plan<F>, args: &TrainArgs) -> Result<Plan<F>, Usage> {
    Ok(Plan {
        network: base.network.changed(&args.sizes)?,
        preset: base.preset,
        data: data(base.data, &args.data)?,
        realistic: base.realistic || args.data.realistic,
        validation: args.data.validation.unwrap_or(base.validation),
        from: args.course.from.clone().or(base.from),
        seed: args.course.seed.unwrap_or(base.seed),
        course: course(&base.course, &args.course, args.limits.samples)?,
    })
}

/// The library itself, or the folder `rruff` in a folder of data.
fn library(path: &Path) -> PathBuf {
    let inside = path.join("rruff");
    if path.join("labels.csv").is_file() || !inside.join("labels.csv").is_file() {
        path.to_path_buf()
    } else {
        inside
    }
}

fn splits_beside(library: &Path) -> Option<PathBuf> {
    let folder = if library.is_dir() { library } else { library.parent()? };
    let path = folder.join("splits.csv");
    (path.is_file() && folder.join("labels.csv").is_file()).then_some(path)
}

fn data(base: DataPlan, args: &DataArgs) -> Result<DataPlan, Usage> {
    let (low_cm1, high_cm1) = match &args.range {
        None => (base.low_cm1, base.high_cm1),
        Some(range) => ranges::ends(range)
            .ok_or_else(|| Usage(format!("--range {range}: expected lo-hi in cm-1, for example 150-1500")))?,
    };
    let steps = |option: &Option<String>, base: String| -> Result<String, Usage> {
        match option.as_deref().map(str::trim) {
            None => Ok(base),
            Some("none" | "") => Ok(String::new()),
            Some(steps) => process::parse(steps).map(|_| steps.to_owned()),
        }
    };
    let points = args.points.unwrap_or(base.points);
    if points < 32 {
        return Err(Usage(format!("--points {points}: at least 32 points are needed")));
    }
    let hold_out = args.hold_out.unwrap_or(base.hold_out);
    if !(0.0..=0.5).contains(&hold_out) {
        return Err(Usage(format!("--hold-out {hold_out}: a share from 0 to 0.5 can be held out")));
    }
    Ok(DataPlan {
        library: base.library,
        also: if args.also.is_empty() { base.also } else { args.also.clone() },
        splits: args.splits.clone().or(base.splits),
        split: args.split.clone().unwrap_or(base.split),
        low_cm1,
        high_cm1,
        points,
        prepare: steps(&args.prepare, base.prepare)?,
        preprocessing: steps(&args.process, base.preprocessing)?,
        hold_out,
        citation: args.citation.clone().unwrap_or(base.citation),
        licence: args.licence.clone().unwrap_or(base.licence),
    })
}

pub(super) fn course(
    base: &LoopSettings,
    args: &CourseArgs,
    samples: Option<u64>,
) -> Result<LoopSettings, Usage> {
    let (cool_down, cool_to) = match (args.cool_down, samples) {
        (Some(cool_down), Some(samples)) => (cool_down, samples),
        _ => (base.cool_down, base.cool_to),
    };
    let settings = LoopSettings {
        batch: args.batch.unwrap_or(base.batch),
        at_once: args.at_once.unwrap_or(base.at_once),
        rate: args.lr.unwrap_or(base.rate),
        warm_up: args.warm_up.unwrap_or(base.warm_up),
        cool_down,
        cool_to,
        clip: base.clip,
        average: args.average.unwrap_or(base.average),
        patience: args.patience.unwrap_or(base.patience),
        validate_every: args.validate_every.unwrap_or(base.validate_every),
    };
    settings.check().map_err(Usage)?;
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::nets::{RssnetConfig, SeparatorConfig, Side};

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        args: TrainArgs,
    }

    fn args(options: &str) -> TrainArgs {
        let words = "train rssnet --out run ".to_owned() + options;
        Line::try_parse_from(words.split_whitespace()).unwrap().args
    }

    #[test]
    fn every_switch_of_the_ablation_reaches_the_network() {
        let options = "--data lib --preset tiny --kernel 5 --side depthwise --side-kernel 3 --no-second-side \
                       --no-recurrence --mask sigmoid --steering add --repeats 2 --channels 16";
        let plan = new::<SeparatorConfig>(&args(options)).unwrap();
        let tiny = RssnetConfig::preset("tiny").unwrap();
        let expected = RssnetConfig {
            kernel: 5,
            side: Side::Depthwise,
            side_kernel: 3,
            second_side: false,
            recurrence: false,
            mask: crate::nets::Masking::Sigmoid,
            steering: crate::nets::Steering::Add,
            repeats: 2,
            channels: 16,
            ..tiny
        };
        assert_eq!(plan.network, SeparatorConfig::Rssnet(expected));
        assert_eq!((plan.preset.as_str(), plan.data.points), ("tiny", 1024));
    }

    #[test]
    fn wrong_options_are_refused_with_their_name() {
        let refused = |options: &str| new::<SeparatorConfig>(&args(options)).map(|_| ()).unwrap_err().0;
        assert!(refused("--preset tiny").contains("--data"));
        assert!(refused("--data x --preset huge").contains("paper, medium, small, tiny"));
        assert!(refused("--data x --range 5").contains("--range 5"));
        assert!(refused("--data x --points 3").contains("--points 3"));
        assert!(refused("--data x --heads 7").contains("7 heads"));
        assert!(refused("--data x --lr 0").contains("learning rate"));
        assert!(refused("--data x --process nonsense").contains("nonsense"));
    }

    #[test]
    fn a_run_goes_on_with_its_own_network_and_data_and_a_new_course() {
        let stored =
            new::<SeparatorConfig>(&args("--data lib --preset tiny --kernel 5 --seed 3 --lr 0.002")).unwrap();
        let same = resumed(&stored, &args("--resume --minutes 0.5")).unwrap();
        assert_eq!(same, stored);
        let slower = resumed(&stored, &args("--resume --lr 0.0005 --batch 16")).unwrap();
        assert_eq!((slower.course.batch, slower.network), (16, stored.network.clone()));
        let repeated = "--resume --data lib --preset tiny --kernel 5 --seed 3";
        assert_eq!(resumed(&stored, &args(repeated)).unwrap(), stored);
        for other in
            ["--preset small", "--seed 4", "--data elsewhere", "--points 512", "--realistic", "--mask none"]
        {
            let refused = resumed(&stored, &args(other)).map(|_| ()).unwrap_err().0;
            assert!(refused.contains("leave them out"), "{other}: {refused}");
        }
    }

    #[test]
    fn another_network_does_not_go_on_with_a_run() {
        let stored = new::<SeparatorConfig>(&args("--data lib --preset tiny")).unwrap();
        let words = "train dprnn --out run --resume".split_whitespace();
        let other = Line::try_parse_from(words).unwrap().args;
        let refused = resumed(&stored, &other).map(|_| ()).unwrap_err().0;
        assert!(refused.contains("unravel train rssnet"), "{refused}");
    }

    #[test]
    fn the_rate_cools_down_to_the_samples_asked_for() {
        let plan = new::<SeparatorConfig>(&args("--data lib --samples 9000 --cool-down 4000")).unwrap();
        assert_eq!((plan.course.cool_down, plan.course.cool_to), (4000, 9000));
        assert!(Line::try_parse_from("train rssnet --out x --cool-down 5".split_whitespace()).is_err());
    }
}
