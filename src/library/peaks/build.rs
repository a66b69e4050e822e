//! The command `unravel library peaks`: real spectra in, line tables out, with the table of how well they match.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rayon::prelude::*;

use super::crosscheck;
use super::report::{Judged, Report};
use super::sources::{self, Candidate, Task};
use super::table::{self, FULL_HEIGHT, Substance};
use super::{Curve, Fit, FitSettings, correlation, fit};
use crate::library::LibraryError;
use crate::process::{Progress, Watch};

/// Quality rule for records nobody chose by hand: the strongest line stands this many times above the noise,
const LEAST_SIGNAL_TO_NOISE: f64 = 100.0;
/// the background is at most this many times the strongest line,
const MOST_BACKGROUND: f64 = 1.0;
/// and the lines rebuild the record at least this well.
const LEAST_CORRELATION: f64 = 0.985;

/// Files written, with the class of the substances in each.
pub(super) const FILES: [(&str, &str); 4] = [
    ("minerals.csv", "mineral"),
    ("polymers.csv", "polymer"),
    ("pigments.csv", "pigment"),
    ("chemicals.csv", "chemical"),
];

const COMMENT: &str = "Lines fitted to measured spectra by `unravel library peaks`; facts only, no spectrum is stored.\n\
                       substance;name;formula;class;group;laser nm;range cm-1;source, then rows of\n\
                       position cm-1;height;full width at half maximum cm-1;Lorentzian share";

/// Fits every substance of the data folder, writes one table a class into `out` and compares what was written with
/// the originals. Deterministic: the same data gives the same files.
pub fn build_default(data: &Path, out: &Path, watch: Watch<'_>) -> Result<Report, LibraryError> {
    let tasks = sources::tasks(data)?;
    let (done, total) = (AtomicUsize::new(0), tasks.len());
    let stopped = AtomicBool::new(false);
    let fitted: Vec<Option<Result<Substance, String>>> = tasks
        .par_iter()
        .map(|task| {
            if stopped.load(Ordering::Relaxed) {
                return None;
            }
            let result = fit_task(task);
            let progress = Progress { done: done.fetch_add(1, Ordering::Relaxed) + 1, total };
            if watch(progress).is_break() {
                stopped.store(true, Ordering::Relaxed);
            }
            Some(result)
        })
        .collect();
    let mut substances = Vec::with_capacity(total);
    let mut skipped = Vec::new();
    for (task, result) in tasks.iter().zip(fitted) {
        match result.ok_or(LibraryError::Cancelled)? {
            Ok(substance) => substances.push(substance),
            Err(why) => skipped.push(format!("{}: {why}", task.name)),
        }
    }
    substances.sort_by(|a, b| a.name.cmp(&b.name));
    let io = |file: &Path| {
        let file = file.display().to_string();
        move |source| LibraryError::Io { file, source }
    };
    std::fs::create_dir_all(out).map_err(io(out))?;
    let mut written = Vec::new();
    for (file, class) in FILES {
        let of_class: Vec<Substance> =
            substances.iter().filter(|s| s.class.split('/').next() == Some(class)).cloned().collect();
        let text = table::write(&of_class, COMMENT);
        written.extend(table::parse(file, &text)?);
        let path = out.join(file);
        std::fs::write(&path, text).map_err(io(&path))?;
    }
    let cross_check = crosscheck::run(data, &written)?;
    Ok(Report { skipped, cross_check, ..compare(&tasks, &written) })
}

/// Fits only the substances of these names, rounded as a table stores them.
pub fn fit_named(data: &Path, names: &[&str]) -> Result<Vec<Substance>, LibraryError> {
    let tasks = sources::tasks(data)?;
    let mut fitted = Vec::with_capacity(names.len());
    for name in names {
        let missing = |why: String| LibraryError::NotFitted { name: (*name).to_owned(), why };
        let task = tasks.iter().find(|task| task.name == *name);
        let task = task.ok_or_else(|| missing("no record has this name".into()))?;
        fitted.push(fit_task(task).map_err(missing)?);
    }
    table::parse("fitted lines", &table::write(&fitted, ""))
}

/// Compares line tables with the spectra they were fitted to.
pub fn check(data: &Path, substances: &[Substance]) -> Result<Report, LibraryError> {
    let tasks = sources::tasks(data)?;
    let mut report = compare(&tasks, substances);
    report.cross_check = crosscheck::run(data, substances)?;
    Ok(report)
}

fn compare(tasks: &[Task], substances: &[Substance]) -> Report {
    let judged: Vec<Option<Judged>> = tasks
        .par_iter()
        .map(|task| {
            let substance = substances.iter().find(|s| s.name == task.name && s.class == task.class)?;
            let candidate = task.candidates.iter().find(|c| c.source == substance.source)?;
            let curve = Curve::new(&candidate.spectrum).ok()?;
            Some(Judged {
                name: task.name.clone(),
                origin: task.origin.to_owned(),
                lines: substance.lines.len(),
                correlation: correlation(&curve, &substance.lines),
            })
        })
        .collect();
    Report { judged: judged.into_iter().flatten().collect(), ..Report::default() }
}

/// The first candidate that passes, as a table entry; the reasons when none does.
fn fit_task(task: &Task) -> Result<Substance, String> {
    let mut reasons = Vec::new();
    for candidate in &task.candidates {
        match fit_candidate(task, candidate) {
            Ok(substance) => return Ok(substance),
            Err(why) => reasons.push(format!("{}: {why}", candidate.source)),
        }
    }
    Err(reasons.join("; "))
}

fn fit_candidate(task: &Task, candidate: &Candidate) -> Result<Substance, String> {
    let curve = Curve::new(&candidate.spectrum).map_err(|e| e.to_string())?;
    let signal_to_noise = 1.0 / curve.noise.max(f64::MIN_POSITIVE);
    if task.judged && signal_to_noise < LEAST_SIGNAL_TO_NOISE {
        return Err(format!("the strongest line is only {signal_to_noise:.0} times the noise"));
    }
    if task.judged && curve.background > MOST_BACKGROUND {
        return Err(format!("the background is {:.1} times the strongest line", curve.background));
    }
    let Fit { lines, correlation } = fit(&curve, &FitSettings::default());
    if task.judged && correlation < LEAST_CORRELATION {
        return Err(format!("lines rebuild it with a correlation of only {correlation:.3}"));
    }
    let (Some(first), Some(last)) = (curve.x.first(), curve.x.last()) else {
        return Err("no points are left".into());
    };
    let full = |line: super::Line| super::Line { height: line.height * FULL_HEIGHT, ..line };
    Ok(Substance {
        name: task.name.clone(),
        formula: task.formula.clone(),
        class: task.class.clone(),
        group: task.group.clone(),
        laser_nm: candidate.laser_nm,
        low_cm1: first.ceil(),
        high_cm1: last.floor(),
        source: candidate.source.clone(),
        lines: lines.into_iter().map(full).collect(),
    })
}
