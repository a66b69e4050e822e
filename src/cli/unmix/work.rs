//! One spectrum through the steps, the preparation and the methods, to files and rows of the summary.

use std::collections::HashSet;
use std::path::Path;

use super::plan::{Chosen, Plan};
use crate::formats::write::{Overwrite, safe_stem, save};
use crate::methods::export::{Row, curves_csv};
use crate::methods::{MethodError, Outcome, Request, Unwatched, prepare, score};
use crate::spectrum::Spectrum;

/// One spectrum of an input, and the files its results go to: one for each method.
pub struct Job {
    /// Number in its file, from 1.
    pub number: usize,
    pub spectrum: Spectrum,
    pub files: Vec<String>,
}

/// File names given out in this run; unique also where upper and lower case are one.
#[derive(Debug, Default)]
pub struct Names(HashSet<String>);

impl Names {
    /// A name for the result of a method on spectrum `number` of `count` of an input.
    pub fn give(&mut self, input: &str, number: usize, count: usize, method: &str) -> String {
        let name = Path::new(input).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let width = count.to_string().len();
        let stem = match count {
            0 | 1 => safe_stem(&name),
            _ => format!("{}_{number:0width$}", safe_stem(&name)),
        };
        let mut candidate = format!("{stem}_{method}.csv");
        let mut next = 2;
        while !self.0.insert(candidate.to_lowercase()) {
            candidate = format!("{stem}-{next}_{method}.csv");
            next += 1;
        }
        candidate
    }
}

/// Runs every method on one spectrum, writes the tables and gives one row each.
pub fn run(plan: &Plan, input: &str, job: &Job, out: &Path, overwrite: Overwrite) -> Vec<Row> {
    let title = job.spectrum.meta.display_name();
    let ready = plan
        .pipeline
        .run(&job.spectrum, &plan.step_references)
        .map_err(|e| e.to_string())
        .and_then(|s| prepare(&s, plan.range, plan.covered).map_err(|e| e.to_string()));
    let done = |(chosen, file): (&Chosen, &String)| {
        let id = chosen.method.id();
        let row = ready
            .clone()
            .and_then(|(mixture, notes)| one(plan, chosen, &mixture, notes).map_err(|e| e.to_string()))
            .and_then(|outcome| {
                let bytes = curves_csv(&outcome).map_err(|e| e.to_string())?;
                save(&out.join(file), &bytes, overwrite).map_err(|e| e.to_string())?;
                let scores = score(&outcome, &plan.truths);
                Ok(Row::of(input, job.number, file, &outcome, &scores, &plan.truths))
            });
        row.unwrap_or_else(|error| {
            let error = format!("{input} spectrum {}: {error}", job.number);
            Row::failed(input, job.number, title, id, error)
        })
    };
    plan.methods.iter().zip(&job.files).map(done).collect()
}

fn one(plan: &Plan, chosen: &Chosen, mixture: &Spectrum, notes: Vec<String>) -> Result<Outcome, MethodError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_safe_and_never_given_twice() {
        let mut names = Names::default();
        assert_eq!(names.give("a/b.csv", 1, 1, "nnomp"), "b_nnomp.csv");
        assert_eq!(names.give("c/B.spc", 1, 1, "nnomp"), "B-2_nnomp.csv");
        assert_eq!(names.give("map.txt", 7, 120, "nnls"), "map_007_nnls.csv");
        assert_eq!(names.give("x/map_007.txt", 1, 1, "nnls"), "map_007-2_nnls.csv");
        assert_eq!(names.give("a:b?.txt", 1, 1, "nnls"), "a_b__nnls.csv");
    }
}
