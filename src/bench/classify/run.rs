//! Every set and method of `bench classify`.

use std::path::{Path, PathBuf};

use super::answers;
use super::faults::{Fault, with_stranger};
use super::models::{Models, Ready};
use super::report::{ClassifyReport, ClassifyRow, OtherRow};
use super::score::score;
use crate::bench::BenchError;
use crate::bench::mixtures::libraries::{self, Steps};
use crate::bench::mixtures::set::{self, MixtureSet};
use crate::bench::names::is_called;
use crate::bench::runner::{Chosen, on_threads};
use crate::methods::{Components, Verdict};
use crate::nets::Version;
use crate::process::{self, Pipeline};
use crate::spectrum::Spectrum;
use crate::spectrum::resample::{on_axis, overlap};

/// Part of something else that is added.
const PART: f64 = 0.3;
/// Part of a mixture's range that a stranger must cover.
const COVERED: f64 = 0.6;

/// What is run.
#[derive(Debug, Clone)]
pub struct ClassifyOptions {
    /// Folder with the mixture sets.
    pub data: PathBuf,
    /// Sets by name; all when empty.
    pub sets: Vec<String>,
    /// `ramixnet1`, `ramixnet2` and other methods, with settings behind colons.
    pub methods: Vec<String>,
    /// Steps applied to what other methods compare.
    pub process: Pipeline,
    /// Folder in which models are kept; those that are there are taken.
    pub models: PathBuf,
    /// Minutes of each training at most; what suits the number of substances without it.
    pub minutes: Option<f64>,
    /// The same with mixtures made worse.
    pub robustness: bool,
    /// Seed of trainings.
    pub seed: u64,
    /// Threads.
    pub threads: usize,
}

/// A network or a method that compares.
enum Rival {
    Network(&'static str, Version),
    Method(Box<Chosen>),
}

fn rivals(names: &[String]) -> Result<Vec<Rival>, BenchError> {
    let rival = |name: &String| match name.trim() {
        "ramixnet1" => Ok(Rival::Network("ramixnet1", Version::I)),
        "ramixnet2" => Ok(Rival::Network("ramixnet2", Version::II)),
        other => {
            let chosen = Chosen::parse(other)?;
            if chosen.method.info().needs_library {
                return Ok(Rival::Method(Box::new(chosen)));
            }
            let problem = format!(
                "--methods {other}: give ramixnet1, ramixnet2 or methods that compare with a library"
            );
            Err(BenchError::Asked(problem))
        }
    };
    names.iter().map(rival).collect()
}

/// Runs the benchmark. `progress` is told how many of how many parts are done.
pub fn bench_classify(
    options: &ClassifyOptions,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<ClassifyReport, BenchError> {
    let rivals = rivals(&options.methods)?;
    let steps = Steps { pipeline: options.process.clone(), references: process::References::default() };
    let folders: Vec<PathBuf> = set::find(&options.data, &options.sets)?;
    let mut sets = Vec::new();
    for folder in folders {
        let set = set::load(&folder)?;
        if set.pures.is_empty() && !options.sets.is_empty() {
            return Err(BenchError::data(&folder, "the set has no pure spectra to train on"));
        }
        if !set.pures.is_empty() {
            sets.push((folder, set));
        }
    }
    let all = set::find(&options.data, &[])?.iter().filter_map(|f| set::load(f).ok()).collect::<Vec<_>>();
    let strangers: Vec<Spectrum> = all.into_iter().flat_map(|set| set.pures).collect();
    let models = Models {
        folder: options.models.clone(),
        // Times are told of one spectrum at a time; a training takes what there is.
        threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        seed: options.seed,
        minutes: options.minutes,
    };
    let mut report = ClassifyReport {
        bench: "classify",
        rows: Vec::new(),
        robustness: Vec::new(),
        other: Vec::new(),
        seed: options.seed,
        threads: options.threads.max(1),
    };
    let total = sets.len() * rivals.len();
    for (at, (folder, set)) in sets.iter().enumerate() {
        for (k, rival) in rivals.iter().enumerate() {
            let one = One { set, folder, steps: &steps, strangers: &strangers, options };
            on_threads(options.threads, || one.run(rival, &models, &mut report))??;
            progress(at * rivals.len() + k + 1, total);
        }
    }
    Ok(report)
}

/// One set with what it is scored by.
struct One<'a> {
    set: &'a MixtureSet,
    folder: &'a Path,
    steps: &'a Steps,
    strangers: &'a [Spectrum],
    options: &'a ClassifyOptions,
}

impl One<'_> {
    fn run(&self, rival: &Rival, models: &Models, report: &mut ClassifyReport) -> Result<(), BenchError> {
        let names: Vec<String> = self.set.pures.iter().map(|p| p.meta.display_name().to_owned()).collect();
        let faults: &[Fault] = if self.options.robustness { &Fault::ALL } else { &[Fault::None] };
        let ready = match rival {
            Rival::Network(_, version) => Some(models.of(self.set, self.folder, *version)?),
            Rival::Method(_) => None,
        };
        for fault in faults {
            let mixtures = self
                .set
                .mixtures
                .iter()
                .enumerate()
                .map(|(k, m)| fault.done_to(m, k))
                .collect::<Result<Vec<_>, _>>()?;
            let row = match (rival, &ready) {
                (Rival::Network(name, _), Some(ready)) => {
                    let (row, verdicts) = self.network(name, ready, &names, &mixtures, *fault)?;
                    if *fault == Fault::None {
                        report.other.push(self.other(name, ready, &names, &verdicts)?);
                    }
                    row
                }
                (Rival::Method(chosen), _) => self.method(chosen, &names, &mixtures, *fault)?,
                (Rival::Network(..), None) => continue,
            };
            if *fault == Fault::None { &mut report.rows } else { &mut report.robustness }.push(row);
        }
        Ok(())
    }

    fn network(
        &self,
        name: &str,
        ready: &Ready,
        names: &[String],
        mixtures: &[Spectrum],
        fault: Fault,
    ) -> Result<(ClassifyRow, Vec<Option<Verdict>>), BenchError> {
        let (asked, verdicts) = answers::network(&ready.classifier, names, mixtures)?;
        let figures = score(names, &self.set.truth, &asked.answers);
        let mut row =
            ClassifyRow::new(&self.set.name, name, fault.words(), mixtures.len(), figures, asked.ms);
        row.minutes = ready.minutes;
        row.flagged_percent = Some(flagged(&verdicts));
        Ok((row, verdicts))
    }

    fn method(
        &self,
        chosen: &Chosen,
        names: &[String],
        mixtures: &[Spectrum],
        fault: Fault,
    ) -> Result<ClassifyRow, BenchError> {
        let library = libraries::own(self.set, &self.options.data, self.steps)?;
        // As `bench mixtures` does: where everything is always there, finding it says nothing.
        let components =
            if self.set.truth.varies() { Components::Auto } else { Components::Exactly(names.len()) };
        let asked = answers::method(chosen, &library, names, mixtures, components, self.steps)?;
        let figures = score(names, &self.set.truth, &asked.answers);
        Ok(ClassifyRow::new(&self.set.name, &chosen.name, fault.words(), mixtures.len(), figures, asked.ms))
    }

    /// Flags on the mixtures as they are, and with pure spectra of other sets added, one after the other.
    fn other(
        &self,
        name: &str,
        ready: &Ready,
        names: &[String],
        verdicts: &[Option<Verdict>],
    ) -> Result<OtherRow, BenchError> {
        let wrong = |e: String| BenchError::Asked(format!("{}: {e}", self.set.name));
        let substances = self.set.substances();
        let known = |s: &Spectrum| substances.iter().any(|n| is_called(n, s.meta.display_name()));
        let covers = |s: &Spectrum, m: &Spectrum| {
            let range = m.axis().high() - m.axis().low();
            overlap(s.axis(), m.axis()).is_ok_and(|(low, high)| high - low >= COVERED * range)
        };
        let arpls = Steps {
            pipeline: "arpls".parse().map_err(|e: process::ProcessError| wrong(e.to_string()))?,
            references: process::References::default(),
        };
        let first = self.set.mixtures.first();
        let strangers: Vec<Spectrum> = self
            .strangers
            .iter()
            .filter(|s| !known(s) && first.is_some_and(|m| covers(s, m)))
            .map(|s| arpls.run(s).map_err(wrong))
            .collect::<Result<_, _>>()?;
        let mut mixtures = Vec::new();
        for (k, mixture) in self.set.mixtures.iter().enumerate() {
            let Some(stranger) = strangers.get(k % strangers.len().max(1)) else { break };
            let flat = arpls.run(mixture).map_err(wrong)?;
            let y = on_axis(stranger.axis(), stranger.y(), mixture.axis());
            mixtures.push(with_stranger(mixture, flat.y(), &y, PART)?);
        }
        let (_, with_other) = answers::network(&ready.classifier, names, &mixtures)?;
        let scores = ready.classifier.card().panel.as_ref().map(|p| p.scores).unwrap_or_default();
        Ok(OtherRow {
            set: self.set.name.clone(),
            method: name.to_owned(),
            false_flags_percent: flagged(verdicts),
            flagged_percent: flagged(&with_other),
            with_other: mixtures.len(),
            second_false_flags_percent: flagged(&second(verdicts)),
            second_flagged_percent: flagged(&second(&with_other)),
            simulated_false_flags_percent: scores.false_flags_percent,
            simulated_flagged_percent: scores.flagged_percent,
        })
    }
}

/// The second, the fourth, ...
fn second(verdicts: &[Option<Verdict>]) -> Vec<Option<Verdict>> {
    verdicts.iter().skip(1).step_by(2).cloned().collect()
}

fn flagged(verdicts: &[Option<Verdict>]) -> f64 {
    let count = verdicts.iter().flatten().filter(|v| v.other).count();
    100.0 * count as f64 / verdicts.len().max(1) as f64
}
