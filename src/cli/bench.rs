//! `unravel bench`: the benchmarks, their tables and their JSON.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::bench_args::{
    BenchArgs, BenchCarsArgs, BenchCommand, BenchFiles, BenchMixturesArgs, BenchNoiseArgs, BenchPairs,
    BenchPaperArgs, BenchShared, BenchUnmixArgs, HalfArg, ToldArg,
};
use super::bench_classify::{self, BenchClassifyArgs};
use super::output::{print_json, say};
use super::{Ended, Usage, process, progress, ranges};
use crate::bench::{
    BenchError, CarsOptions, Half, MixtureOptions, NoiseOptions, PairOptions, PaperOptions, PoolOptions,
    Told, UnmixOptions, bench_cars, bench_mixtures, bench_noise, bench_paper, bench_unmix,
};
use crate::formats::write::{Overwrite, save};
use crate::methods::recovery::{find_recovery, recoveries};
use crate::methods::{find, probes};
use crate::process::Pipeline;

pub fn run(args: &BenchArgs) -> Result<Ended, Usage> {
    match &args.command {
        BenchCommand::Unmix(args) => unmix(args),
        BenchCommand::Noise(args) => noise(args),
        BenchCommand::Paper(args) => paper(args),
        BenchCommand::Mixtures(args) => mixtures(args),
        BenchCommand::Classify(args) => classify(args),
        BenchCommand::Cars(args) => cars(args),
    }
}

/// The data folder: the one given, else the one the environment names.
fn data(shared: &BenchShared) -> Option<PathBuf> {
    shared.data.clone().or_else(|| std::env::var_os("UNRAVEL_DATA").map(PathBuf::from))
}

/// Makes the device ready where a network is among the methods; no names are all methods.
fn ready_device(shared: &BenchShared, methods: &[String]) -> Result<(), Usage> {
    let network = |text: &String| {
        let id = text.split(':').next().unwrap_or_default();
        find(id).is_ok_and(|method| method.info().network)
    };
    if methods.is_empty() || methods.iter().any(network) {
        shared.device.prepare(probes(), shared.json)?;
    }
    Ok(())
}

/// The mixtures of two.
fn mixed(n: usize, pairs: &BenchPairs, shared: &BenchShared) -> Result<PairOptions, Usage> {
    let data = data(shared);
    let library = match (&pairs.library, &data) {
        (Some(path), data) => found_in(path, data.as_deref()),
        (None, Some(data)) => data.join("rruff"),
        (None, None) => {
            return Err(Usage(
                "no library: give --library PATH, or --data DIR with the folder rruff in it".into(),
            ));
        }
    };
    let splits = match &pairs.splits {
        Some(path) => found_in(path, data.as_deref()),
        None if library.is_dir() => library.join("splits.csv"),
        None => library.with_file_name("splits.csv"),
    };
    let axis = axis(&pairs.range, pairs.points)?;
    let pools = PoolOptions { library, splits, set: pairs.set.clone(), axis };
    Ok(PairOptions { pools, n, seed: pairs.seed, threads: shared.threads })
}

fn unmix(args: &BenchUnmixArgs) -> Result<Ended, Usage> {
    let pairs = mixed(args.n, &args.pairs, &args.shared)?;
    let options = UnmixOptions { pairs, components: args.components, methods: args.methods.clone() };
    let (files, overwrite) = results(&args.files, ["calibration.svg"])?;
    ready_device(&args.shared, &args.methods)?;
    let report = reported(args.shared.json, |told| bench_unmix(&options, told))?;
    if let Some([figure]) = files {
        save(&figure, report.calibration_svg().as_bytes(), overwrite)?;
        if !args.shared.json {
            say!("-> {}", figure.display());
        }
    }
    Ok(Ended::from_failures(report.methods.iter().map(|m| m.failed).sum()))
}

fn noise(args: &BenchNoiseArgs) -> Result<Ended, Usage> {
    let pairs = mixed(args.n, &args.pairs, &args.shared)?;
    let options = NoiseOptions { pairs, methods: args.methods.clone() };
    let (files, overwrite) = results(&args.files, ["noise.csv", "noise.svg"])?;
    ready_device(&args.shared, &args.methods)?;
    let report = reported(args.shared.json, |told| bench_noise(&options, told))?;
    if let Some([table, figure]) = files {
        save(&table, &report.csv()?, overwrite)?;
        save(&figure, report.svg().as_bytes(), overwrite)?;
        if !args.shared.json {
            say!("-> {}\n-> {}", table.display(), figure.display());
        }
    }
    Ok(Ended::from_failures(report.rows.iter().map(|row| row.failed).sum()))
}

fn paper(args: &BenchPaperArgs) -> Result<Ended, Usage> {
    let pairs = mixed(args.n, &args.pairs, &args.shared)?;
    let options = PaperOptions { pairs, models: args.model.clone(), methods: args.methods.clone() };
    ready_device(&args.shared, &[])?;
    let report = reported(args.shared.json, |told| bench_paper(&options, told))?;
    Ok(Ended::from_failures(report.rows.iter().map(|row| row.failed).sum()))
}

/// Files of results in a folder, refused before hours of work where they are there and shall stay.
fn results<const N: usize>(
    asked: &BenchFiles,
    names: [&str; N],
) -> Result<(Option<[PathBuf; N]>, Overwrite), Usage> {
    let overwrite = Overwrite::when(asked.overwrite);
    let Some(out) = &asked.out else { return Ok((None, overwrite)) };
    std::fs::create_dir_all(out)
        .map_err(|e| Usage(format!("{}: cannot make the folder for the results: {e}", out.display())))?;
    let files = names.map(|name| out.join(name));
    match files.iter().find(|file| overwrite == Overwrite::Refuse && file.exists()) {
        Some(there) => {
            let there = there.display();
            Err(Usage(format!("{there}: exists already; give --overwrite to replace results")))
        }
        None => Ok((Some(files), overwrite)),
    }
}

/// A path as given, or below the data folder when it is only there.
fn found_in(path: &Path, data: Option<&Path>) -> PathBuf {
    match data.map(|data| data.join(path)) {
        Some(inside) if !path.exists() && inside.exists() => inside,
        _ => path.to_path_buf(),
    }
}

fn axis(range: &str, points: usize) -> Result<(f64, f64, usize), Usage> {
    let (low, high) = ranges::ends(range)
        .ok_or_else(|| Usage(format!("--range {range}: expected lo-hi in cm-1, for example 150-1500")))?;
    if points < 32 {
        return Err(Usage(format!("--points {points}: at least 32 points are needed")));
    }
    Ok((low, high, points))
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
    ready_device(&args.shared, &args.methods)?;
    let report = reported(args.shared.json, |told| bench_mixtures(&options, told))?;
    Ok(Ended::from_failures(report.rows.iter().map(|row| row.failed).sum()))
}

fn classify(args: &BenchClassifyArgs) -> Result<Ended, Usage> {
    let data = data(&args.shared).ok_or_else(|| {
        Usage("no data: give --data DIR with the folder mixtures in it, or one such set".into())
    })?;
    let (options, thrown) = bench_classify::options(args, data)?;
    args.shared.device.prepare(probes(), args.shared.json)?;
    let report = reported(args.shared.json, |told| crate::bench::bench_classify(&options, told));
    if let Some(folder) = thrown {
        let _it_may_not_be_there = std::fs::remove_dir_all(folder);
    }
    report.map(|_| Ended::Good)
}

fn cars(args: &BenchCarsArgs) -> Result<Ended, Usage> {
    let data = args.data.clone().or_else(|| std::env::var_os("UNRAVEL_DATA").map(PathBuf::from));
    let data = data.ok_or_else(|| Usage("no data: give --data DIR with the folder cars in it".into()))?;
    let network = |text: &String| {
        let id = text.split(':').next().unwrap_or_default();
        find_recovery(id).is_ok_and(|method| method.info().network)
    };
    let all = args.methods.is_empty() && recoveries().iter().any(|method| method.info().network);
    if all || args.methods.iter().any(network) {
        args.device.prepare(probes(), args.json)?;
    }
    let half = match args.half {
        HalfArg::First => Half::First,
        HalfArg::Second => Half::Second,
        HalfArg::Both => Half::Both,
    };
    let options = CarsOptions { data, sets: args.sets.clone(), methods: args.methods.clone(), half };
    let report = reported(args.json, |told| bench_cars(&options, told))?;
    Ok(Ended::from_failures(report.rows.iter().map(|row| row.failed).sum()))
}

/// Runs a benchmark under a progress bar and prints its report.
fn reported<R: Display + Serialize>(
    json: bool,
    run: impl FnOnce(&(dyn Fn(usize, usize) + Sync)) -> Result<R, BenchError>,
) -> Result<R, Usage> {
    let bar = progress::bar(0, "unmixing", json);
    let report = run(&|done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    if json {
        print_json(&report)?;
    } else {
        say!("{report}");
    }
    Ok(report)
}
