//! The run over all inputs.

use super::super::account::Account;
use super::super::output::print_json;
use super::super::unmix::{Names, ready_folder};
use super::super::{Ended, Usage, progress};
use super::RecoverArgs;
use super::plan::Plan;
use super::work::{self, Job};
use crate::formats::Decoded;
use crate::formats::write::{Overwrite, save};
use crate::methods::recovery::{Row, Summary, lines_csv, summary_csv};

/// Spectra taken out of a map at a time: enough for a network's batches, little memory.
const AT_A_TIME: usize = 256;
/// Files with the account of the run.
const ACCOUNT: [&str; 3] = ["summary.csv", "summary.json", "lines.csv"];

pub fn run(args: &RecoverArgs) -> Result<Ended, Usage> {
    let plan = Plan::new(args)?;
    let overwrite = if args.overwrite { Overwrite::Replace } else { Overwrite::Refuse };
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
) -> Vec<Row> {
    let count = decoded.count();
    let bar = progress::bar(count as u64, "recovering", args.json);
    let mut spectra = decoded.spectra().enumerate().map(|(k, spectrum)| {
        let number = k + 1;
        let files = plan.methods.iter().map(|c| names.give(name, number, count, c.method.id())).collect();
        Job { number, spectrum, files }
    });
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
