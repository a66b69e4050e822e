//! `unravel bench classify`.

use std::path::PathBuf;

use clap::Args;

use super::bench_args::BenchShared;
use super::{Usage, process};
use crate::bench::ClassifyOptions;

pub const CLASSIFY: &str = "RaMixNet, trained on the pure spectra of a set, on its real mixtures, beside methods that fit those.

Each set is a folder as for `bench mixtures`; its pure_single_shots.csv is trained on where there is one, else pure.csv. \
Presence is scored over all substances and mixtures, shares (amounts in units of the pure spectra, summing to 1) where \
the labels have them. Something else: the pure spectra of other sets are added at 30 % of the height, one to each \
mixture in turn. Trainings take minutes; --models keeps them.";

#[derive(Debug, Args)]
pub struct BenchClassifyArgs {
    /// Sets, separated by commas; all that have pure spectra without it
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub sets: Vec<String>,
    /// Networks and methods, separated by commas
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        default_value = "ramixnet1,ramixnet2,nnls,nnomp,evidence"
    )]
    pub methods: Vec<String>,
    /// Folder in which trained models are kept and looked for; without it they are trained anew and thrown away
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
    /// Minutes of each training at most [default: 5, or 15 for more than 6 substances]
    #[arg(long, value_name = "M")]
    pub minutes: Option<f64>,
    /// Steps for what the other methods compare, as for `process`, or 'none'
    #[arg(long, default_value = "arpls", value_name = "STEPS")]
    pub process: String,
    /// As well with noise, backgrounds, errors of the scale and lower resolution
    #[arg(long)]
    pub robustness: bool,
    /// Seed of trainings
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    #[command(flatten)]
    pub shared: BenchShared,
}

/// What is asked for, and a folder to throw away afterwards.
pub fn options(args: &BenchClassifyArgs, data: PathBuf) -> Result<(ClassifyOptions, Option<PathBuf>), Usage> {
    if let Some(minutes) = args.minutes.filter(|m| !(m.is_finite() && *m > 0.0)) {
        return Err(Usage(format!("--minutes {minutes}: a number above 0 is needed")));
    }
    let process = match args.process.trim() {
        "none" => crate::process::Pipeline::default(),
        steps => process::parse(steps)?,
    };
    let scratch = || std::env::temp_dir().join(format!("unravel_classify_{}", std::process::id()));
    let thrown = args.models.is_none().then(scratch);
    let models = args.models.clone().or_else(|| thrown.clone()).unwrap_or_default();
    let options = ClassifyOptions {
        data,
        sets: args.sets.clone(),
        methods: args.methods.clone(),
        process,
        models,
        minutes: args.minutes,
        robustness: args.robustness,
        seed: args.seed,
        threads: args.shared.threads,
    };
    Ok((options, thrown))
}
