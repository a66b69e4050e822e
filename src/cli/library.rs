//! `unravel library`: build, info, search, and the commands that make what ships.

use std::ops::ControlFlow;
use std::path::Path;

use serde::Serialize;

use super::args::{
    BuildArgs, LibraryArgs, LibraryCommand, LibraryInfoArgs, Metric as MetricArg, PeaksArgs, SearchArgs,
};
use super::output::{self, print_json, say};
use super::{Ended, Usage, process, progress, ranges, samples};
use crate::formats::write::{Overwrite, save};
use crate::library::peaks::{self, Report};
use crate::library::{
    Duplicates, Entry, Index, Library, LoadOptions, Metric, Ranking, SearchOptions, Window, default_library,
};
use crate::process::{Pipeline, References};
use crate::spectrum::Spectrum;

pub fn run(args: &LibraryArgs) -> Result<Ended, Usage> {
    match &args.command {
        LibraryCommand::Build(args) => build(args),
        LibraryCommand::Info(args) => info(args),
        LibraryCommand::Search(args) => search(args),
        LibraryCommand::Peaks(args) => fit_peaks(args),
        LibraryCommand::Samples(args) => samples::run(args),
    }
}

/// One entry in the documented JSON (docs/json.md).
#[derive(Debug, Serialize)]
struct EntryJson<'a> {
    id: u64,
    name: &'a str,
    group: &'a str,
    formula: &'a str,
    source: &'a str,
    licence: &'a str,
    kind: &'a str,
    points: usize,
    low_cm1: f64,
    high_cm1: f64,
}

impl<'a> From<&'a Entry> for EntryJson<'a> {
    fn from(entry: &'a Entry) -> Self {
        let (facts, axis) = (&entry.facts, entry.spectrum.axis());
        Self {
            id: entry.id.0,
            name: &facts.name,
            group: &facts.group,
            formula: &facts.formula,
            source: &facts.source,
            licence: &facts.licence,
            kind: &facts.kind,
            points: axis.len(),
            low_cm1: axis.low(),
            high_cm1: axis.high(),
        }
    }
}

#[derive(Debug, Serialize)]
struct LibraryJson<'a> {
    library: &'a str,
    entries: Vec<EntryJson<'a>>,
    warnings: &'a [String],
    failed: &'a [FailedJson],
}

#[derive(Debug, Serialize)]
struct FailedJson {
    path: String,
    error: String,
}

/// A library the user named; the default one when none was.
pub(super) fn load(path: Option<&Path>, warnings: &mut Vec<String>) -> Result<Library, Usage> {
    let Some(path) = path else { return Ok(default_library().clone()) };
    let loaded = Library::load(path, &LoadOptions::default())?;
    warnings.extend(loaded.warnings);
    Ok(loaded.library)
}

fn build(args: &BuildArgs) -> Result<Ended, Usage> {
    if args.out.exists() && !args.overwrite {
        return Err(Usage(format!("{}: exists already; give --overwrite to replace it", args.out.display())));
    }
    let duplicates = if args.keep_duplicates { Duplicates::Keep } else { Duplicates::Fold };
    let name = args.out.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let mut library = Library::new(name);
    let (mut warnings, mut failed, mut folded) = (Vec::new(), Vec::new(), 0);
    let bar = progress::bar(args.inputs.len() as u64, "reading", args.json);
    for input in &args.inputs {
        match Library::load(input, &LoadOptions::default()) {
            Ok(loaded) => {
                warnings.extend(loaded.warnings);
                folded += library.merge(&loaded.library, duplicates).folded.len();
            }
            Err(error) => {
                failed.push(FailedJson { path: input.display().to_string(), error: error.to_string() });
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    if library.is_empty() {
        let reasons: Vec<&str> = failed.iter().map(|f| f.error.as_str()).collect();
        return Err(Usage(format!("nothing to build a library from: {}", reasons.join("; "))));
    }
    let overwrite = Overwrite::when(args.overwrite);
    save(&args.out, &library.to_packed()?, overwrite)?;
    if args.json {
        print_json(&LibraryJson {
            library: &args.out.display().to_string(),
            entries: library.entries().iter().map(EntryJson::from).collect(),
            warnings: &warnings,
            failed: &failed,
        })?;
    } else {
        say!(
            "{}: {} entries of {} species, {folded} near-duplicates left out",
            args.out.display(),
            library.len(),
            library.species().len()
        );
        report(&warnings, &failed);
    }
    Ok(Ended::from_failures(failed.len()))
}

fn report(warnings: &[String], failed: &[FailedJson]) {
    for warning in warnings {
        say!("  warning: {warning}");
    }
    for failure in failed {
        eprintln!("unravel: {}", failure.error);
    }
}

fn info(args: &LibraryInfoArgs) -> Result<Ended, Usage> {
    let mut warnings = Vec::new();
    let library = load(args.library.as_deref(), &mut warnings)?;
    let wanted = args.find.as_deref().unwrap_or_default();
    let entries: Vec<&Entry> = library.find(wanted).collect();
    if args.json {
        print_json(&LibraryJson {
            library: &library.name,
            entries: entries.into_iter().map(EntryJson::from).collect(),
            warnings: &warnings,
            failed: &[],
        })?;
        return Ok(Ended::Good);
    }
    say!("{}: {} entries of {} species", library.name, library.len(), library.species().len());
    if entries.is_empty() && !wanted.is_empty() {
        say!("nothing in it has '{wanted}' in its name, formula or kind");
    }
    for entry in entries {
        let (facts, axis) = (&entry.facts, entry.spectrum.axis());
        say!(
            "{:>5}  {:<34} {:<26} {:>5.0}-{:<5.0} {:<10} {}",
            entry.id.0,
            facts.name,
            facts.formula,
            axis.low(),
            axis.high(),
            facts.kind,
            facts.source
        );
    }
    report(&warnings, &[]);
    Ok(Ended::Good)
}

#[derive(Debug, Serialize)]
struct SearchJson<'a> {
    library: &'a str,
    entries: usize,
    metric: &'static str,
    queries: Vec<QueryJson>,
}

#[derive(Debug, Serialize)]
struct QueryJson {
    path: String,
    /// Number of the spectrum in its file, from 1.
    spectrum: usize,
    title: String,
    hits: Vec<HitJson>,
    margin: Option<f64>,
    warnings: Vec<String>,
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct HitJson {
    rank: usize,
    name: String,
    group: String,
    formula: String,
    score: f64,
    overlap: f64,
    folded: Vec<String>,
}

impl From<MetricArg> for Metric {
    fn from(metric: MetricArg) -> Self {
        match metric {
            MetricArg::Cosine => Self::Cosine,
            MetricArg::Pearson => Self::Pearson,
            MetricArg::Derivative => Self::Derivative,
            MetricArg::Sad => Self::Sad,
        }
    }
}

/// `lo-hi` or `lo-hi*weight`.
fn window(text: &str) -> Result<Window, Usage> {
    let (range, weight) = text.split_once('*').unwrap_or((text, "1"));
    let weight = ranges::number(weight).map(|w| w as f32).filter(|w| *w > 0.0);
    let (Some((low_cm1, high_cm1)), Some(weight)) = (ranges::ends(range), weight) else {
        return Err(Usage(format!(
            "--range {text}: expected lo-hi in cm-1, optionally lo-hi*weight, for example 200-1200*2"
        )));
    };
    Ok(Window { low_cm1, high_cm1, weight })
}

/// The built-in library holds lines without background or spikes, so queries against it are brought to that form.
const FOR_BUILT_IN: &str = "despike|arpls";

fn search(args: &SearchArgs) -> Result<Ended, Usage> {
    let mut warnings = Vec::new();
    let windows = args.range.iter().map(|r| window(r)).collect::<Result<Vec<_>, _>>()?;
    let pipeline = match (args.process.as_deref(), &args.library) {
        (Some("none"), _) | (None, Some(_)) => Pipeline::default(),
        (Some(steps), _) => process::parse(steps)?,
        (None, None) => process::parse(FOR_BUILT_IN)?,
    };
    let references = process::references(&pipeline)?;
    let library = load(args.library.as_deref(), &mut warnings)?;
    let index = Index::new(&library)?;
    let options =
        SearchOptions { metric: args.metric.into(), windows, max_hits: args.top, ..SearchOptions::default() };
    let mut queries = Vec::new();
    output::each_input(&args.files, args.json, &mut |opened| match opened.result {
        Err(error) => queries.push(QueryJson::failed(&opened.name, 1, "", error.to_string())),
        Ok(decoded) => {
            for (k, spectrum) in decoded.spectra().enumerate() {
                let found = prepared(&pipeline, &references, &spectrum)
                    .and_then(|spectrum| Ok(index.search(&spectrum, &options)?));
                queries.push(match found {
                    Ok(ranking) => {
                        QueryJson::found(&opened.name, k + 1, &library, &ranking, &decoded.warnings)
                    }
                    Err(Usage(error)) => {
                        let error = format!("{}: {error}", opened.name);
                        QueryJson::failed(&opened.name, k + 1, spectrum.meta.display_name(), error)
                    }
                });
            }
        }
    });
    let failures = queries.iter().filter(|q| q.error.is_some()).count();
    if args.json {
        let metric = options.metric.id();
        print_json(&SearchJson { library: &library.name, entries: library.len(), metric, queries })?;
    } else {
        report(&warnings, &[]);
        for query in &queries {
            query.print();
        }
    }
    Ok(Ended::from_failures(failures))
}

fn prepared(pipeline: &Pipeline, references: &References, spectrum: &Spectrum) -> Result<Spectrum, Usage> {
    Ok(pipeline.run(spectrum, references)?)
}

impl QueryJson {
    fn failed(path: &str, spectrum: usize, title: &str, error: String) -> Self {
        let (path, title) = (path.to_owned(), title.to_owned());
        Self {
            path,
            spectrum,
            title,
            hits: Vec::new(),
            margin: None,
            warnings: Vec::new(),
            error: Some(error),
        }
    }

    fn found(path: &str, spectrum: usize, library: &Library, ranking: &Ranking, warnings: &[String]) -> Self {
        let hits = ranking.hits.iter().enumerate().map(|(k, hit)| HitJson {
            rank: k + 1,
            name: hit.name.to_string(),
            group: hit.species.to_string(),
            formula: library.get(hit.entry).map(|e| e.facts.formula.clone()).unwrap_or_default(),
            score: hit.score,
            overlap: hit.overlap,
            folded: hit.folded.iter().map(|f| f.species.to_string()).collect(),
        });
        Self {
            path: path.to_owned(),
            spectrum,
            title: ranking.query.clone(),
            hits: hits.collect(),
            margin: ranking.hits.first().and_then(|h| h.margin),
            warnings: warnings.to_vec(),
            error: None,
        }
    }

    fn print(&self) {
        if let Some(error) = &self.error {
            eprintln!("unravel: {error}");
            return;
        }
        say!("{} spectrum {} ({})", self.path, self.spectrum, self.title);
        for hit in &self.hits {
            let also = if hit.folded.is_empty() {
                String::new()
            } else {
                format!("  also {}", hit.folded.join(", "))
            };
            say!("  {:>2}  {:.3}  {:<34} {}{also}", hit.rank, hit.score, hit.group, hit.formula);
        }
        if let Some(margin) = self.margin {
            say!("      {margin:.3} ahead of the next species");
        }
    }
}

fn fit_peaks(args: &PeaksArgs) -> Result<Ended, Usage> {
    let bar = progress::bar(0, "fitting", args.json);
    let report: Report = peaks::build_default(&args.data, &args.out, &|progress| {
        bar.set_length(progress.total as u64);
        bar.set_position(progress.done as u64);
        ControlFlow::Continue(())
    })?;
    bar.finish_and_clear();
    if args.json {
        print_json(&report)?;
    } else {
        say!("{report}");
    }
    Ok(Ended::Good)
}
