//! `unravel bench`: the benchmarks, their tables and their JSON.

use std::path::{Path, PathBuf};

use super::bench_args::{BenchArgs, BenchCommand, BenchMixturesArgs, BenchShared, BenchUnmixArgs, ToldArg};
use super::output::{print_json, say};
use super::{Ended, Usage, process, progress};
use crate::bench::{MixtureOptions, PoolOptions, Told, UnmixOptions, bench_mixtures, bench_unmix};
use crate::process::Pipeline;

pub fn run(args: &BenchArgs) -> Result<Ended, Usage> {
    match &args.command {
        BenchCommand::Unmix(args) => unmix(args),
        BenchCommand::Mixtures(args) => mixtures(args),
    }
}

/// The data folder: the one given, else the one the environment names.
fn data(shared: &BenchShared) -> Option<PathBuf> {
    shared.data.clone().or_else(|| std::env::var_os("UNRAVEL_DATA").map(PathBuf::from))
}

fn unmix(args: &BenchUnmixArgs) -> Result<Ended, Usage> {
    let data = data(&args.shared);
    let library = match (&args.library, &data) {
        (Some(path), data) => found_in(path, data.as_deref()),
        (None, Some(data)) => data.join("rruff"),
        (None, None) => {
            return Err(Usage(
                "no library: give --library PATH, or --data DIR with the folder rruff in it".into(),
            ));
        }
    };
    let splits = match &args.splits {
        Some(path) => found_in(path, data.as_deref()),
        None if library.is_dir() => library.join("splits.csv"),
        None => library.with_file_name("splits.csv"),
    };
    let pools = PoolOptions { library, splits, set: args.set.clone(), axis: axis(&args.range, args.points)? };
    let options = UnmixOptions {
        pools,
        n: args.n,
        seed: args.seed,
        methods: args.methods.clone(),
        threads: args.shared.threads,
    };
    let bar = progress::bar(0, "unmixing", args.shared.json);
    let report = bench_unmix(&options, &|done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    if args.shared.json {
        print_json(&report)?;
    } else {
        say!("{report}");
    }
    Ok(Ended::from_failures(report.methods.iter().map(|m| m.failed).sum()))
}

/// A path as given, or below the data folder when it is only there.
fn found_in(path: &Path, data: Option<&Path>) -> PathBuf {
    match data.map(|data| data.join(path)) {
        Some(inside) if !path.exists() && inside.exists() => inside,
        _ => path.to_path_buf(),
    }
}

fn axis(range: &str, points: usize) -> Result<(f64, f64, usize), Usage> {
    let ends = range.split_once('-').and_then(|(low, high)| {
        let number = |s: &str| s.trim().parse::<f64>().ok().filter(|v| v.is_finite());
        Some((number(low)?, number(high)?))
    });
    match ends {
        Some((low, high)) if low < high && points >= 32 => Ok((low, high, points)),
        Some((low, high)) if low < high => {
            Err(Usage(format!("--points {points}: at least 32 points are needed")))
        }
        _ => Err(Usage(format!("--range {range}: expected lo-hi in cm-1, for example 150-1500"))),
    }
}

fn mixtures(args: &BenchMixturesArgs) -> Result<Ended, Usage> {
    let data = data(&args.shared).ok_or_else(|| {
        Usage("no data: give --data DIR with the folder mixtures in it, or one such set".into())
    })?;
    let pipeline = match args.process.trim() {
        "none" => Pipeline::default(),
        steps => process::parse(steps)?,
    };
    let process_references = process::references(&pipeline)?;
    let options = MixtureOptions {
        distractors_from: args.distractors_from.clone().unwrap_or_else(|| data.clone()),
        data,
        sets: args.sets.clone(),
        methods: args.methods.clone(),
        process: pipeline,
        process_references,
        told: match args.components {
            ToldArg::Protocol => Told::Protocol,
            ToldArg::Auto => Told::Auto,
            ToldArg::True => Told::True,
        },
        distractors: args.distractors,
        seed: args.seed,
        threads: args.shared.threads,
    };
    let bar = progress::bar(0, "unmixing", args.shared.json);
    let report = bench_mixtures(&options, &|done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    if args.shared.json {
        print_json(&report)?;
    } else {
        say!("{report}");
    }
    Ok(Ended::from_failures(report.rows.iter().map(|row| row.failed).sum()))
}
