//! `unravel train ramixnet`: a model of a user's own substances from their pure spectra.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::super::output::{each_of, say};
use super::super::{Ended, Usage};
use super::args::TrainArgs;
use super::begin::{asked, blame, crew, on_device};
use super::live::{Live, Words};
use crate::compute::{Stop, Turn};
use crate::nets::{CardPanel, Version};
use crate::spectrum::Spectrum;
use crate::train::TrainError;
use crate::train::ramixnet::{RamixPlan, Substances, Told, pure_name, train_ramixnet, usual_minutes};

/// Which of the two networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum VersionArg {
    /// Which substances are there
    #[value(name = "I", alias = "1", alias = "i")]
    I,
    /// How much of each, besides
    #[value(name = "II", alias = "2", alias = "ii")]
    Ii,
}

#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(next_help_heading = "RaMixNet")]
pub struct RamixArgs {
    /// Pure spectra of the substances (ramixnet): files or folders. A substance is named by its file, or in a file of
    /// several spectra by its column; several spectra of one (counted at the end of their names) give its natural variation
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub pure: Vec<PathBuf>,
    /// I says which substances are there, II how much of each besides (ramixnet) [default: II]
    #[arg(long, value_enum, ignore_case = true)]
    pub version: Option<VersionArg>,
    /// The network as published, without the numbers of a fit (ramixnet)
    #[arg(long)]
    pub plain: bool,
}

pub fn run(args: &TrainArgs) -> Result<Ended, Usage> {
    check(args)?;
    let measured = pure(&args.ramix.pure)?;
    let substances = Substances::new(&measured)?;
    let plan = plan(args, &substances)?;
    let classes = plan.names.len();
    let minutes = args.limits.minutes.unwrap_or_else(|| usual_minutes(classes));
    say!(
        "RaMixNet {:?}: {classes} substances ({}), {} spectra; {} points from {:.0} to {:.0} cm-1; {minutes} min at most",
        plan.version,
        plan.names.join(", "),
        measured.len(),
        substances.points,
        substances.range_cm1.0,
        substances.range_cm1.1
    );
    on_device(args, |turn| train(args, &plan, &substances, minutes, turn))
}

/// Options of other networks are refused rather than passed over.
fn check(args: &TrainArgs) -> Result<(), Usage> {
    if args.ramix.pure.is_empty() {
        return Err(Usage("--pure: give the pure spectra of the substances, files or folders".into()));
    }
    if args.data.data.is_some() || args.sizes != super::args::SizeArgs::default() {
        return Err(Usage("ramixnet is trained on --pure spectra and has its published sizes; --data and sizes are for the other networks".into()));
    }
    match args.limits.minutes {
        Some(minutes) if !(minutes.is_finite() && minutes > 0.0) => {
            Err(Usage(format!("--minutes {minutes}: a number above 0 is needed")))
        }
        _ => Ok(()),
    }
}

/// Every spectrum with the name of its substance.
pub fn pure(paths: &[PathBuf]) -> Result<Vec<(String, Spectrum)>, Usage> {
    let mut all = Vec::new();
    each_of("--pure", paths, &mut |name, decoded| {
        let stem = Path::new(name).file_stem().map(|s| s.to_string_lossy().into_owned());
        for spectrum in decoded.spectra() {
            let label = match &stem {
                // A map is one substance, however many points it has.
                Some(stem) if decoded.items.len() == 1 => stem.clone(),
                _ => spectrum.meta.display_name().to_owned(),
            };
            all.push((pure_name(&label), spectrum));
        }
    })?;
    Ok(all)
}

/// A new plan, or that of the run in the folder.
fn plan(args: &TrainArgs, substances: &Substances) -> Result<RamixPlan, Usage> {
    let version = match args.ramix.version {
        Some(VersionArg::I) => Version::I,
        Some(VersionArg::Ii) | None => Version::II,
    };
    let mut new = RamixPlan::new(version, substances.names.clone(), args.course.seed.unwrap_or(1));
    new.plain = args.ramix.plain;
    if let Some(samples) = args.limits.samples {
        new = new.with_samples(samples);
    }
    if let Some(rate) = args.course.lr {
        new.course.rate = rate;
    }
    new.course.check().map_err(Usage)?;
    asked(
        args,
        |_| Ok(new.clone()),
        |stored: &RamixPlan, _| {
            if stored.names != new.names {
                let (there, asked) = (stored.names.join(", "), new.names.join(", "));
                let out = args.out.display();
                return Err(Usage(format!("{out}: the run there trains {there}, and --pure holds {asked}")));
            }
            Ok(stored.clone())
        },
    )
}

fn train(
    args: &TrainArgs,
    plan: &RamixPlan,
    substances: &Substances,
    minutes: f64,
    turn: &Turn,
) -> Result<(), Stop<TrainError>> {
    let (crew, device) = crew(args, turn).map_err(Stop::Job)?;
    let mut live = Live::with(Words { loss: "", score: "validation (minus loss)", unit: "" });
    let mut told = |told: Told<'_>| match told {
        Told::Event(event) => live.show(event),
        Told::Ended(why) => say!("ended: {why}"),
        Told::Finishing => {}
        Told::Resumed(course) => say!("goes on after {} mixtures", course.samples),
    };
    let citation = args.data.citation.as_deref().unwrap_or_default();
    let trained = train_ramixnet(
        plan,
        substances,
        Some(minutes),
        &args.out,
        (&crew, &device),
        citation,
        &|| true,
        &mut told,
    );
    live.end();
    let Some(trained) = trained.map_err(blame)? else { return Ok(()) };
    if let Some(panel) = &trained.card.panel {
        scores(panel);
    }
    say!(
        "{} mixtures, {:.1} min in all; {} and model.json are in {}",
        trained.card.training.samples,
        trained.minutes,
        trained.card.weights.file,
        args.out.display()
    );
    Ok(())
}

/// What the model is worth on mixtures of its own that it has not seen.
fn scores(panel: &CardPanel) {
    let s = &panel.scores;
    say!(
        "{} simulated mixtures: precision {:.3}, recall {:.3}, F1 {:.3}, {:.1} % with every decision right",
        s.mixtures,
        s.precision,
        s.recall,
        s.f1,
        s.exact_percent
    );
    if let (Some(mae), Some(inside)) = (s.dosage_mae, s.interval_percent) {
        say!("dosage: mean absolute error {mae:.3}, {inside:.1} % inside the stated 90 % interval");
    }
    say!(
        "something else: flagged in {:.1} % of mixtures with 30 % of it, in {:.1} % without any",
        s.flagged_percent,
        s.false_flags_percent
    );
    say!("{:<24} {:>7} {:>9}", "substance", "spectra", "threshold");
    for substance in &panel.substances {
        say!("{:<24} {:>7} {:>9.2}", substance.name, substance.spectra, substance.threshold);
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        args: TrainArgs,
    }

    fn refused(options: &str) -> String {
        let words = format!("train ramixnet --out run {options}");
        run(&Line::try_parse_from(words.split_whitespace()).unwrap().args).map(|_| ()).unwrap_err().0
    }

    #[test]
    fn options_that_make_no_sense_are_refused_with_their_name() {
        assert!(refused("").contains("--pure"));
        assert!(refused("--pure a.csv --data lib").contains("--data"));
        assert!(refused("--pure a.csv --channels 5").contains("sizes"));
        assert!(refused("--pure a.csv --minutes 0").contains("--minutes 0"));
        assert!(refused("--pure /nowhere/a.csv").contains("/nowhere/a.csv"));
        let words = "train ramixnet --out run --pure a.csv b --version i".split_whitespace();
        let args = Line::try_parse_from(words).unwrap().args;
        assert_eq!((args.ramix.version, args.ramix.pure.len()), (Some(VersionArg::I), 2));
    }

    #[test]
    fn files_name_their_substance_and_columns_theirs() {
        let folder = tempfile::tempdir().unwrap();
        let rows: String = (0..40).map(|i| format!("{},{},{}\n", 300 + 10 * i, i % 7, i % 5)).collect();
        std::fs::write(
            folder.path().join("two.csv"),
            format!("wavenumber_cm1,alanine_shot0,alanine_shot1\n{rows}"),
        )
        .unwrap();
        let rows: String = (0..40).map(|i| format!("{},{}\n", 300 + 10 * i, i % 7)).collect();
        std::fs::write(folder.path().join("toluene_2.csv"), format!("wavenumber_cm1,counts\n{rows}"))
            .unwrap();
        let names: Vec<String> =
            pure(&[folder.path().to_path_buf()]).unwrap().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["toluene", "alanine", "alanine"]);
    }
}
