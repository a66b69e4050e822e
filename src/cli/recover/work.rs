//! The spectra of one input through the steps and the methods, to files and rows.

use std::path::Path;

use rayon::prelude::*;

use super::super::runs::{Chosen, Job};
use super::plan::Plan;
use crate::formats::write::{Overwrite, save};
use crate::methods::recovery::{
    CarsRequest, Recovered, RecoveredRow, Recovery, alike, curves_csv, recover_many,
};
use crate::methods::{MethodError, Unwatched};
use crate::spectrum::Spectrum;

/// Runs every method on these spectra, writes the tables and gives one row each, spectrum after spectrum.
pub fn run(plan: &Plan, input: &str, jobs: &[Job], out: &Path, overwrite: Overwrite) -> Vec<RecoveredRow> {
    let ready: Vec<Result<Spectrum, String>> = jobs.iter().map(|job| prepared(plan, &job.spectrum)).collect();
    let columns: Vec<Vec<RecoveredRow>> = plan
        .methods
        .iter()
        .enumerate()
        .map(|(k, chosen)| {
            let found = answers(plan, chosen, &ready);
            let row = |(job, found): (&Job, Result<Recovered, String>)| {
                let file = job.files.get(k).map(String::as_str).unwrap_or_default();
                let row = found.and_then(|found| {
                    let bytes = curves_csv(&found).map_err(|e| e.to_string())?;
                    save(&out.join(file), &bytes, overwrite).map_err(|e| e.to_string())?;
                    let hits = plan.library.as_ref().map(|(_, index)| alike(&found, index, plan.top));
                    let (hits, trouble) = match hits.unwrap_or(Ok(Vec::new())) {
                        Ok(hits) => (hits, None),
                        Err(why) => (Vec::new(), Some(format!("the library was not searched: {why}"))),
                    };
                    let mut row = RecoveredRow::of(input, job.number, file, &found, hits);
                    row.notes.extend(trouble);
                    Ok(row)
                });
                row.unwrap_or_else(|error| {
                    let error = format!("{input} spectrum {}: {error}", job.number);
                    let title = job.spectrum.meta.display_name();
                    RecoveredRow::failed(input, job.number, title, chosen.method.id(), error)
                })
            };
            jobs.par_iter().zip(found).map(row).collect()
        })
        .collect();
    let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
    jobs.iter().flat_map(|_| columns.iter_mut().filter_map(Iterator::next).collect::<Vec<_>>()).collect()
}

fn prepared(plan: &Plan, spectrum: &Spectrum) -> Result<Spectrum, String> {
    let stepped = plan.pipeline.run(spectrum, &plan.step_references).map_err(|e| e.to_string())?;
    match plan.range {
        None => Ok(stepped),
        Some((low, high)) => cut(&stepped, low, high),
    }
}

/// The points between two positions.
fn cut(spectrum: &Spectrum, low: f64, high: f64) -> Result<Spectrum, String> {
    let axis = spectrum.axis();
    let range = axis.range(low, high);
    let nothing = || {
        format!(
            "the range {low} to {high} cm-1 does not meet the spectrum, which covers {:.1} to {:.1}",
            axis.low(),
            axis.high()
        )
    };
    let (Some(x), Some(y)) = (axis.values().get(range.clone()), spectrum.y().get(range)) else {
        return Err(nothing());
    };
    if x.len() < 2 {
        return Err(nothing());
    }
    let axis = crate::spectrum::Axis::new(axis.kind().clone(), x.to_vec()).map_err(|e| e.to_string())?;
    spectrum.derive(axis, y, format!("cut to {low} to {high} cm-1")).map_err(|e| e.to_string())
}

/// The answers of one method, in the order of the spectra.
fn answers(
    plan: &Plan,
    chosen: &Chosen<dyn Recovery>,
    ready: &[Result<Spectrum, String>],
) -> Vec<Result<Recovered, String>> {
    let request = |spectrum| CarsRequest {
        reference: plan.reference.as_ref(),
        dark: plan.dark.clone(),
        ..CarsRequest::new(spectrum).with_settings(chosen.settings.clone())
    };
    let requests: Vec<CarsRequest> = ready.iter().flatten().map(request).collect();
    let found: Result<Vec<_>, MethodError> = recover_many(chosen.method, &requests, &Unwatched);
    match found {
        Ok(found) => {
            let mut found = found.into_iter();
            let next = |ready: &Result<Spectrum, String>| match ready {
                Err(why) => Err(why.clone()),
                Ok(_) => found.next().map_or_else(
                    || Err("no answer was given".to_owned()),
                    |answer| answer.map_err(|e| e.to_string()),
                ),
            };
            ready.iter().map(next).collect()
        }
        Err(error) => ready.iter().map(|_| Err(error.to_string())).collect(),
    }
}
