//! One spectrum through the steps, the preparation and the methods, to files and rows of the summary.

use std::path::Path;

use super::super::runs::{Chosen, Job};
use super::plan::Plan;
use crate::formats::write::{Overwrite, save};
use crate::methods::export::{OutcomeRow, curves_csv};
use crate::methods::{Method, MethodError, Outcome, Request, Unwatched, prepare, score};
use crate::spectrum::Spectrum;

/// Runs every method on one spectrum, writes the tables and gives one row each.
pub fn run(plan: &Plan, input: &str, job: &Job, out: &Path, overwrite: Overwrite) -> Vec<OutcomeRow> {
    let title = job.spectrum.meta.display_name();
    let ready = plan
        .pipeline
        .run(&job.spectrum, &plan.step_references)
        .map_err(|e| e.to_string())
        .and_then(|s| prepare(&s, plan.range, plan.covered).map_err(|e| e.to_string()));
    let done = |(chosen, file): (&Chosen<dyn Method>, &String)| {
        let id = chosen.method.id();
        let row = ready
            .clone()
            .and_then(|(mixture, notes)| one(plan, chosen, &mixture, notes).map_err(|e| e.to_string()))
            .and_then(|outcome| {
                let bytes = curves_csv(&outcome).map_err(|e| e.to_string())?;
                save(&out.join(file), &bytes, overwrite).map_err(|e| e.to_string())?;
                let scores = score(&outcome, &plan.truths);
                Ok(OutcomeRow::of(input, job.number, file, &outcome, &scores, &plan.truths))
            });
        row.unwrap_or_else(|error| {
            let error = format!("{input} spectrum {}: {error}", job.number);
            OutcomeRow::failed(input, job.number, title, id, error)
        })
    };
    plan.methods.iter().zip(&job.files).map(done).collect()
}

fn one(
    plan: &Plan,
    chosen: &Chosen<dyn Method>,
    mixture: &Spectrum,
    notes: Vec<String>,
) -> Result<Outcome, MethodError> {
    let (references, missing) = plan.cache.lend(chosen.method.info(), &plan.library, mixture.axis())?;
    let request = Request::new(mixture, references.as_deref())
        .with_components(plan.components)
        .with_settings(chosen.settings.clone())
        .with_fixed(&plan.fixed)
        .with_excluded(&plan.excluded);
    let mut outcome = chosen.method.run(&request, &Unwatched)?;
    outcome.notes.splice(0..0, notes);
    outcome.notes.extend(missing);
    Ok(outcome)
}
