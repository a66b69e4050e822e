//! The run over all inputs: spectra in parallel, results in their order.

use rayon::prelude::*;

use super::super::args::UnmixArgs;
use super::super::output::print_json;
use super::super::runs::{AT_A_TIME, Account, Job, Names, jobs, ready_folder};
use super::super::{Ended, Usage, progress};
use super::plan::Plan;
use super::work;
use crate::formats::Decoded;
use crate::formats::write::{Overwrite, save};
use crate::methods::export::{OutcomeRow, Summary, summary_csv, summary_json};

const SUMMARY_CSV: &str = "summary.csv";
const SUMMARY_JSON: &str = "summary.json";

pub fn run(args: &UnmixArgs) -> Result<Ended, Usage> {
    let plan = Plan::new(args)?;
    let overwrite = Overwrite::when(args.overwrite);
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

/// All spectra of one input.
fn input(
    plan: &Plan,
    args: &UnmixArgs,
    name: &str,
    decoded: &Decoded,
    names: &mut Names,
    overwrite: Overwrite,
) -> Vec<OutcomeRow> {
    let bar = progress::bar(decoded.count() as u64, "unmixing", args.json);
    let mut spectra = jobs(name, decoded, &plan.methods, names);
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
