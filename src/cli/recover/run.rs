//! The run over all inputs.

use super::super::output::print_json;
use super::super::runs::{AT_A_TIME, Account, Job, Names, jobs, ready_folder};
use super::super::{Ended, Usage, progress};
use super::RecoverArgs;
use super::plan::Plan;
use super::work;
use crate::formats::Decoded;
use crate::formats::write::{Overwrite, save};
use crate::methods::recovery::{RecoveredRow, Summary, lines_csv, summary_csv};

/// Files with the account of the run.
const ACCOUNT: [&str; 3] = ["summary.csv", "summary.json", "lines.csv"];

pub fn run(args: &RecoverArgs) -> Result<Ended, Usage> {
    let plan = Plan::new(args)?;
    let overwrite = Overwrite::when(args.overwrite);
    ready_folder(&args.out, &ACCOUNT, args.overwrite)?;
    let mut names = Names::default();
    let account = Account::of(&args.files, args.json, plan.warnings.clone(), &mut |name, decoded| {
        input(&plan, args, name, decoded, &mut names, overwrite)
    });
    let failures = account.failures();
    let Account { results, warnings } = account;
    let library = plan.library.as_ref().map(|(library, _)| library.name.clone());
    let summary = Summary { library, steps: plan.pipeline.to_string(), results, warnings };
    let [csv, json, lines] = ACCOUNT;
    save(&args.out.join(csv), &summary_csv(&summary.results)?, overwrite)?;
    save(&args.out.join(json), serde_json::to_string_pretty(&summary)?.as_bytes(), overwrite)?;
    save(&args.out.join(lines), &lines_csv(&summary.results)?, overwrite)?;
    if args.json {
        print_json(&summary)?;
    }
    Ok(Ended::from_failures(failures))
}

/// All spectra of one input.
fn input(
    plan: &Plan,
    args: &RecoverArgs,
    name: &str,
    decoded: &Decoded,
    names: &mut Names,
    overwrite: Overwrite,
) -> Vec<RecoveredRow> {
    let bar = progress::bar(decoded.count() as u64, "recovering", args.json);
    let mut spectra = jobs(name, decoded, &plan.methods, names);
    let mut rows = Vec::new();
    loop {
        let jobs: Vec<Job> = spectra.by_ref().take(AT_A_TIME).collect();
        if jobs.is_empty() {
            break;
        }
        rows.extend(work::run(plan, name, &jobs, &args.out, overwrite));
        bar.inc(jobs.len() as u64);
    }
    bar.finish_and_clear();
    rows
}
