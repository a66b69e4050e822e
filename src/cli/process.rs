//! `unravel process`: the steps of a pipeline on every spectrum.

use std::path::{Path, PathBuf};

use super::args::{ProcessArgs, RecipeArgs};
use super::output::{self, Writer, print_json};
use super::{Ended, Usage};
use crate::formats::Item;
use crate::process::{Pipeline, ProcessError, References, ignore_progress};
use crate::spectrum::Spectrum;

pub fn run(args: &ProcessArgs) -> Result<Ended, Usage> {
    let pipeline = pipeline(&args.recipe)?;
    let references = references(&pipeline)?;
    let mut writer = Writer::new(&args.output)?;
    output::each_input(&args.files, args.output.json, &mut |opened| match opened.result {
        Err(error) => writer.failed(&opened.name, &error.to_string()),
        Ok(decoded) => {
            let mut warnings = decoded.warnings;
            match process_items(&pipeline, &references, &decoded.items, &mut warnings) {
                Ok(items) => writer.write(&opened.name, &items, warnings),
                Err(error) => writer.failed(&opened.name, &format!("{}: {error}", opened.name)),
            }
        }
    });
    if args.output.json {
        print_json(writer.report())?;
    }
    Ok(Ended::from_failures(writer.failures()))
}

/// The pipeline of `--steps` or `--recipe`; a recipe file holds JSON or the one-line form.
fn pipeline(args: &RecipeArgs) -> Result<Pipeline, Usage> {
    match (&args.steps, &args.recipe) {
        (Some(steps), _) => parse(steps),
        (None, Some(path)) => {
            let named = |e: &dyn std::fmt::Display| Usage(format!("{}: {e}", path.display()));
            let text = std::fs::read_to_string(path).map_err(|e| named(&e))?;
            let text = text.trim();
            if text.starts_with(['{', '[']) {
                Pipeline::from_json(text).map_err(|e| named(&e))
            } else {
                text.parse().map_err(|e: ProcessError| named(&e))
            }
        }
        (None, None) => Err(Usage("give the steps with --steps or --recipe".into())),
    }
}

/// The one-line form from the command line.
pub fn parse(steps: &str) -> Result<Pipeline, Usage> {
    Ok(steps.parse::<Pipeline>()?)
}

/// The other spectra that the steps name: on the command line these names are files.
pub fn references(pipeline: &Pipeline) -> Result<References, Usage> {
    pipeline.references().try_fold(References::none(), |all, name| Ok(all.with(name, first_spectrum(name)?)))
}

fn first_spectrum(path: &str) -> Result<Spectrum, Usage> {
    let mut found = None;
    let mut trouble = None;
    output::each_input(&[PathBuf::from(path)], true, &mut |opened| match opened.result {
        Ok(decoded) => found = found.take().or_else(|| decoded.spectra().next()),
        Err(error) => trouble = Some(error.to_string()),
    });
    found.ok_or_else(|| {
        let name = Path::new(path).display();
        Usage(trouble.unwrap_or_else(|| format!("{name}: holds no spectrum to subtract")))
    })
}

/// All items of one input. A row of a map that a step refuses becomes a warning; anything else fails the input.
fn process_items(
    pipeline: &Pipeline,
    references: &References,
    items: &[Item],
    warnings: &mut Vec<String>,
) -> Result<Vec<Item>, ProcessError> {
    items
        .iter()
        .map(|item| match item {
            Item::Spectrum(spectrum) => pipeline.run(spectrum, references).map(Item::Spectrum),
            Item::Set(set) => {
                let outcome = pipeline.run_set(set, references, &ignore_progress)?;
                if let Some((row, error)) = outcome.refused.first() {
                    warnings.push(format!(
                        "{} of {} spectra could not be processed and hold zeros; spectrum {}: {error}",
                        outcome.refused.len(),
                        set.len(),
                        row + 1
                    ));
                }
                Ok(Item::Set(outcome.set))
            }
        })
        .collect()
}
