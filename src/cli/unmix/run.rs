//! The run over all inputs: spectra in parallel, results in their order.

use std::path::Path;

use rayon::prelude::*;

use super::super::account::Account;
use super::super::args::UnmixArgs;
use super::super::output::print_json;
use super::super::{Ended, Usage, progress};
use super::plan::Plan;
use super::work::{self, Job, Names};
use crate::formats::Decoded;
use crate::formats::write::{Overwrite, save};
use crate::methods::export::{Row, Summary, summary_csv, summary_json};

/// Spectra taken out of a map at a time: enough for many cores, little memory.
const AT_A_TIME: usize = 256;

pub fn run(args: &UnmixArgs) -> Result<Ended, Usage> {
    let plan = Plan::new(args)?;
    let overwrite = if args.overwrite { Overwrite::Replace } else { Overwrite::Refuse };
    ready_folder(&args.out, &[SUMMARY_CSV, SUMMARY_JSON], args.overwrite)?;
    let mut names = Names::default();
    let account = Account::of(&args.files, args.json, plan.warnings.clone(), &mut |name, decoded| {
        input(&plan, args, name, decoded, &mut names, overwrite)
    });
    let failures = account.failures();
    let Account { results, warnings } = account;
    let summary = Summary {
        library: plan.library.name.clone(),
        entries: plan.library.len(),
        steps: plan.pipeline.to_string(),
        results,
        warnings,
    };
    save(&args.out.join(SUMMARY_CSV), &summary_csv(&summary.results)?, overwrite)?;
    save(&args.out.join(SUMMARY_JSON), &summary_json(&summary)?, overwrite)?;
    if args.json {
        print_json(&summary)?;
    }
    Ok(Ended::from_failures(failures))
}

const SUMMARY_CSV: &str = "summary.csv";
const SUMMARY_JSON: &str = "summary.json";

/// Makes the folder and makes sure that results can be written, before any work is done; `names` are the files of their
/// account.
pub fn ready_folder(out: &Path, names: &[&str], overwrite: bool) -> Result<(), Usage> {
    let cannot = |what: &str, e: std::io::Error| Usage(format!("{}: cannot {what}: {e}", out.display()));
    std::fs::create_dir_all(out).map_err(|e| cannot("make the folder for the results", e))?;
    let probe = out.join(format!(".unravel-{}", std::process::id()));
    std::fs::write(&probe, b"")
        .and_then(|()| std::fs::remove_file(&probe))
        .map_err(|e| cannot("write into it", e))?;
    for name in names {
        let path = out.join(name);
        if path.exists() && !overwrite {
            return Err(Usage(format!(
                "{}: exists already; give --overwrite to replace results",
                path.display()
            )));
        }
    }
    Ok(())
}

/// All spectra of one input.
fn input(
    plan: &Plan,
    args: &UnmixArgs,
    name: &str,
    decoded: &Decoded,
    names: &mut Names,
    overwrite: Overwrite,
) -> Vec<Row> {
    let count = decoded.count();
    let bar = progress::bar(count as u64, "unmixing", args.json);
    let mut spectra = decoded.spectra().enumerate().map(|(k, spectrum)| {
        let number = k + 1;
        let files = plan.methods.iter().map(|c| names.give(name, number, count, c.method.id())).collect();
        Job { number, spectrum, files }
    });
    let mut rows = Vec::new();
    let work = |job: &Job| {
        let done = work::run(plan, name, job, &args.out, overwrite);
        bar.inc(1);
        done
    };
    // The first one alone: it prepares the library, which uses all cores, and the others find it prepared.
    if let Some(first) = spectra.next() {
        rows.extend(work(&first));
    }
    loop {
        let jobs: Vec<Job> = spectra.by_ref().take(AT_A_TIME).collect();
        if jobs.is_empty() {
            break;
        }
        rows.extend(jobs.par_iter().map(work).collect::<Vec<_>>().into_iter().flatten());
    }
    bar.finish_and_clear();
    rows
}
