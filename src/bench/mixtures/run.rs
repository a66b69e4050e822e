//! Every set, library and method of `bench mixtures`.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::libraries::{self, Steps, Stock};
use super::report::{MixtureReport, MixtureRow, RowFacts};
use super::score::{Found, found, lines_of};
use super::set::{self, MixtureSet};
use super::truth::Truth;
use crate::bench::BenchError;
use crate::bench::names::same_species;
use crate::bench::runner::{Answers, Chosen, on_threads, run};
use crate::library::Library;
use crate::methods::{Components, Outcome, References, prepare};
use crate::process::{self, Pipeline};
use crate::spectrum::Spectrum;
use crate::spectrum::resample::on_axis;

/// What is run.
#[derive(Debug, Clone)]
pub struct MixtureOptions {
    /// Folder with the mixture sets.
    pub data: PathBuf,
    /// Folder with the libraries that distractors come from.
    pub distractors_from: PathBuf,
    /// Sets by name; all when empty.
    pub sets: Vec<String>,
    /// Methods, with settings behind colons; all when empty.
    pub methods: Vec<String>,
    /// Steps applied to everything that is compared.
    pub process: Pipeline,
    /// Spectra that the steps name.
    pub process_references: process::References,
    /// How many components the methods are told.
    pub told: Told,
    /// Number of distractors.
    pub distractors: usize,
    /// Seed of the distractors.
    pub seed: u64,
    /// Mixtures scored side by side.
    pub threads: usize,
}

/// How many components the methods are told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Told {
    /// Nothing where finding them is the question, else as many as the substances of the set in the library.
    #[default]
    Protocol,
    /// Nothing.
    Auto,
    /// The number that is in each mixture: separates finding how many from finding which.
    True,
}

/// Runs the benchmark. `progress` is told how many of how many runs are done.
pub fn bench_mixtures(
    options: &MixtureOptions,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<MixtureReport, BenchError> {
    let chosen = Chosen::parse_all(&options.methods)?;
    let steps = Steps { pipeline: options.process.clone(), references: options.process_references.clone() };
    let folders = set::find(&options.data, &options.sets)?;
    let sets = folders.iter().map(|folder| set::load(folder)).collect::<Result<Vec<_>, _>>()?;
    let stock = (options.distractors > 0).then(|| Stock::load(&options.distractors_from)).transpose()?;
    let each_set: usize = sets.iter().map(|set| set.mixtures.len()).sum();
    let total = each_set * chosen.len() * if stock.is_some() { 3 } else { 2 };
    let finished = AtomicUsize::new(0);
    let done = |_k: usize| progress(finished.fetch_add(1, Ordering::Relaxed) + 1, total);
    let mut rows = Vec::new();
    for set in &sets {
        let own = libraries::own(set, &options.distractors_from, &steps)?;
        let mut scored =
            vec![Scored { library: own.clone(), kind: "own", distractors: 0, same_substance: 0 }];
        if let (Some(stock), Some(first)) = (&stock, set.mixtures.first()) {
            let drawn =
                stock.draw(&set.substances(), first.axis(), options.distractors, options.seed, &steps);
            scored.push(Scored {
                library: libraries::among(&own, &set.name, &drawn),
                kind: "distractors",
                distractors: drawn.entries.len(),
                same_substance: drawn.same_substance,
            });
        }
        for library in &scored {
            rows.extend(score_set(
                set,
                library,
                &own,
                &chosen,
                &steps,
                (options.told, options.threads),
                &done,
            )?);
        }
        rows.extend(score_without(set, &own, &chosen, &steps, options.threads, &done)?);
    }
    Ok(MixtureReport { bench: "mixtures", rows, threads: options.threads.max(1), seed: options.seed })
}

/// A library that a set is scored with.
struct Scored {
    library: Library,
    kind: &'static str,
    distractors: usize,
    same_substance: usize,
}

/// All methods on one set with one library.
fn score_set(
    set: &MixtureSet,
    scored: &Scored,
    own: &Library,
    chosen: &[Chosen],
    steps: &Steps,
    (told, threads): (Told, usize),
    done: &(dyn Fn(usize) + Sync),
) -> Result<Vec<MixtureRow>, BenchError> {
    let components = |k: usize| components(set, own, told, k);
    let covered = References::covered(&scored.library);
    let ready = |mixture: &Spectrum| -> Result<Spectrum, String> {
        let processed = steps.run(mixture)?;
        prepare(&processed, None, covered).map(|(spectrum, _)| spectrum).map_err(|e| e.to_string())
    };
    let problem = |mixture: &Spectrum, e: String| {
        BenchError::Asked(format!("{}, {}: {e}", set.name, mixture.meta.display_name()))
    };
    let mixtures = set
        .mixtures
        .iter()
        .enumerate()
        .map(|(k, m)| ready(m).map(|spectrum| (spectrum, components(k))).map_err(|e| problem(m, e)))
        .collect::<Result<Vec<_>, _>>()?;
    let Some((first, _)) = mixtures.first() else { return Ok(Vec::new()) };
    let references = References::new(&scored.library, first.axis())
        .map_err(|e| BenchError::Asked(format!("{}: {e}", set.name)))?;
    let facts = RowFacts {
        set: &set.name,
        library: scored.kind,
        library_spectra: references.len(),
        library_species: references.species().len(),
        distractors: scored.distractors,
        same_substance: scored.same_substance,
        told: &told_in_words(&mixtures),
        lists: set.truth.varies() && (told != Told::Protocol || components(0) == Components::Auto),
        held: &groups(own),
        process: &steps.pipeline.to_string(),
    };
    let take = |_k: usize, outcome: Option<&Outcome>| -> Vec<Found> { found(outcome, own.len(), None) };
    on_threads(threads, || {
        let row = |chosen: &Chosen| {
            let answers = run(chosen, &references, &mixtures, &take, done);
            MixtureRow::new(&facts, chosen, &set.truth, &answers)
        };
        chosen.iter().map(row).collect()
    })
}

/// All methods on one set, each mixture with a library of the set's own pure spectra less one that is in it, one after
/// the other from mixture to mixture. Nothing for a set whose mixtures leave nothing then.
fn score_without(
    set: &MixtureSet,
    own: &Library,
    chosen: &[Chosen],
    steps: &Steps,
    threads: usize,
    done: &(dyn Fn(usize) + Sync),
) -> Result<Vec<MixtureRow>, BenchError> {
    let held = groups(own);
    let removed = |k: usize| -> Option<&String> {
        let there: Vec<&String> =
            held.iter().filter(|h| set.truth.present(k).iter().any(|name| same_species(name, h))).collect();
        (there.len() > 1).then(|| there[k % there.len()])
    };
    let taken: Vec<(usize, &String)> =
        (0..set.mixtures.len()).filter_map(|k| Some((k, removed(k)?))).collect();
    if taken.is_empty() || held.len() < 3 {
        return Ok(Vec::new());
    }
    let wrong = |e: String| BenchError::Asked(format!("{}: {e}", set.name));
    let mut all: Vec<Vec<(usize, Vec<Found>)>> = chosen.iter().map(|_| Vec::new()).collect();
    let mut sums: Vec<(f64, usize, Option<String>)> = vec![(0.0, 0, None); chosen.len()];
    for name in &held {
        let of: Vec<usize> = taken.iter().filter(|(_, n)| *n == name).map(|(k, _)| *k).collect();
        let library = without(own, name);
        let covered = References::covered(&library);
        let ready = |k: &usize| {
            let processed = steps.run(&set.mixtures[*k])?;
            let (spectrum, _) = prepare(&processed, None, covered).map_err(|e| e.to_string())?;
            Ok((spectrum, Components::Auto))
        };
        let mixtures: Vec<(Spectrum, Components)> =
            of.iter().map(ready).collect::<Result<_, String>>().map_err(wrong)?;
        let Some((first, _)) = mixtures.first() else { continue };
        let references = References::new(&library, first.axis()).map_err(|e| wrong(e.to_string()))?;
        let pure = own.entries().iter().find(|e| same_species(&e.facts.group, name));
        let there =
            pure.map(|e| lines_of(first.axis(), &on_axis(e.spectrum.axis(), e.spectrum.y(), first.axis())));
        let take = |_k: usize, outcome: Option<&Outcome>| found(outcome, own.len(), there.as_deref());
        let answered: Vec<Answers<Vec<Found>>> = on_threads(threads, || {
            chosen.iter().map(|c| run(c, &references, &mixtures, &take, done)).collect()
        })?;
        for ((all, sum), answers) in all.iter_mut().zip(&mut sums).zip(answered) {
            *sum = (
                sum.0 + answers.ms * answers.each.len() as f64,
                sum.1 + answers.failed,
                sum.2.take().or(answers.error),
            );
            all.extend(of.iter().copied().zip(answers.each));
        }
    }
    let facts = RowFacts {
        set: &set.name,
        library: "one removed",
        library_spectra: own.len().saturating_sub(1),
        library_species: held.len() - 1,
        distractors: 0,
        same_substance: 0,
        told: "auto",
        lists: false,
        held: &held,
        process: &steps.pipeline.to_string(),
    };
    let rows = chosen.iter().zip(all).zip(sums).map(|((chosen, mut all), (ms, failed, error))| {
        all.sort_by_key(|(k, _)| *k);
        let ms = ms / all.len().max(1) as f64;
        let truth = set.truth.only(all.iter().map(|(k, _)| *k));
        let each = all.into_iter().map(|(_, found)| found).collect();
        MixtureRow::new(&facts, chosen, &truth, &Answers { each, ms, preparation_ms: 0.0, failed, error })
    });
    Ok(rows.collect())
}

/// A library less one species.
fn without(library: &Library, name: &str) -> Library {
    let mut rest = Library::new(format!("{} without {name}", library.name));
    for entry in library.entries().iter().filter(|e| !same_species(&e.facts.group, name)) {
        rest.add(entry.facts.clone(), entry.spectrum.clone());
    }
    rest
}

/// How many components the methods are told about mixture `k`.
fn components(set: &MixtureSet, own: &Library, told: Told, k: usize) -> Components {
    match (told, &set.truth) {
        (Told::Auto, _) | (Told::Protocol, Truth::Lists(_)) => Components::Auto,
        (Told::Protocol, truth @ Truth::Shares { .. }) if truth.varies() => Components::Auto,
        (Told::Protocol, _) => Components::Exactly(groups(own).len()),
        // No more than there are: what the library lacks cannot be named.
        (Told::True, truth) => Components::Exactly(truth.present(k).len().clamp(1, groups(own).len().max(1))),
    }
}

/// Species of a library in alphabetical order.
fn groups(library: &Library) -> Vec<String> {
    let mut groups: Vec<String> = library.species().iter().map(|(name, _)| (*name).to_owned()).collect();
    groups.sort_unstable();
    groups
}

/// `auto`, one number, or `true` where every mixture has its own.
fn told_in_words(mixtures: &[(Spectrum, Components)]) -> String {
    let first = mixtures.first().map(|(_, components)| *components).unwrap_or_default();
    match first {
        _ if mixtures.iter().any(|(_, c)| *c != first) => "true".to_owned(),
        Components::Auto => "auto".to_owned(),
        Components::Exactly(n) => n.to_string(),
    }
}
