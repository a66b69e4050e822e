//! The two libraries of a mixture set: its own pure spectra, and these among distractors.

use std::path::{Path, PathBuf};

use super::set::MixtureSet;
use crate::bench::BenchError;
use crate::bench::names::{is_called, mentions};
use crate::bench::pools::KNOWN;
use crate::library::{Entry, Facts, Library, LoadOptions, RowFilter};
use crate::methods::MIN_COVERAGE;
use crate::process::{Pipeline, References};
use crate::spectrum::{Axis, Spectrum};
use crate::synth::Rng;

/// Folder of the data folder that holds the split minerals.
const MINERALS: &str = "rruff";
/// How the folders of further libraries begin.
const LIBRARY: &str = "library_";

/// Steps applied to everything that is compared.
#[derive(Debug, Clone, Default)]
pub struct Steps {
    /// The steps.
    pub pipeline: Pipeline,
    /// Spectra that the steps name.
    pub references: References,
}

impl Steps {
    /// The processed spectrum, or why a step refuses it.
    pub fn run(&self, spectrum: &Spectrum) -> Result<Spectrum, String> {
        self.pipeline.run(spectrum, &self.references).map_err(|e| e.to_string())
    }
}

/// The set's own pure spectra; for a set without any, the known spectra of the minerals its labels name.
pub fn own(set: &MixtureSet, data: &Path, steps: &Steps) -> Result<Library, BenchError> {
    let mut library = Library::new(format!("{}, own pure spectra", set.name));
    let mut add = |group: &str, name: &str, spectrum: &Spectrum| -> Result<(), BenchError> {
        let problem = |e: String| BenchError::data(Path::new(name), e);
        let facts = Facts { name: name.to_owned(), group: group.to_owned(), ..Facts::default() };
        library.add(facts, steps.run(spectrum).map_err(problem)?);
        Ok(())
    };
    for pure in &set.pures {
        let name = pure.meta.display_name();
        add(name, name, pure)?;
    }
    if set.pures.is_empty() {
        let minerals = minerals(data)?;
        for name in set.truth.names() {
            for entry in minerals.entries().iter().filter(|e| is_called(&name, &e.facts.group)) {
                add(&name, &entry.facts.name, &entry.spectrum)?;
            }
        }
    }
    if library.is_empty() {
        let problem = format!("the set {} has no pure spectra, and {MINERALS} none of its names", set.name);
        return Err(BenchError::data(data, problem));
    }
    Ok(library)
}

/// The minerals that may be stored: the split `known` where there is one.
fn minerals(data: &Path) -> Result<Library, BenchError> {
    let folder = data.join(MINERALS);
    let splits = folder.join("splits.csv");
    let rows = splits.is_file().then(|| filter(Some(splits), "split", KNOWN));
    Ok(Library::load(&folder, &LoadOptions { rows, ..LoadOptions::default() })?.library)
}

fn filter(table: Option<PathBuf>, column: &str, value: &str) -> RowFilter {
    RowFilter { table, column: column.into(), value: value.into() }
}

/// Spectra that are not in the mixtures.
#[derive(Debug, Clone, Default)]
pub struct Distractors {
    /// They, in drawn order.
    pub entries: Vec<(Facts, Spectrum)>,
    /// Spectra left out because they are a substance of the set.
    pub same_substance: usize,
}

/// All spectra that distractors are drawn from, unprocessed: first one spectrum a known mineral and every spectrum of
/// the other libraries, then the other known spectra of the minerals, which are used when the first ones run out.
#[derive(Debug, Clone)]
pub struct Stock {
    first: Vec<Entry>,
    then: Vec<Entry>,
}

impl Stock {
    /// Loads them.
    pub fn load(from: &Path) -> Result<Self, BenchError> {
        let (mut first, mut then) = (Vec::new(), Vec::new());
        let folder = from.join(MINERALS);
        if folder.is_dir() {
            let rows = Some(filter(None, "representative", "1"));
            // A table without that column has no representatives; all its rows then come second.
            let chosen = Library::load(&folder, &LoadOptions { rows, ..LoadOptions::default() });
            let files: Vec<Option<String>> = chosen
                .map(|c| c.library.entries().iter().map(|e| e.spectrum.meta.source_file.clone()).collect())
                .unwrap_or_default();
            for entry in minerals(from)?.entries() {
                let file = &entry.spectrum.meta.source_file;
                let is_first = file.is_some() && files.contains(file);
                if is_first { &mut first } else { &mut then }.push(entry.clone());
            }
        }
        let inside = std::fs::read_dir(from).map_err(|e| BenchError::data(from, e.to_string()))?;
        let mut libraries: Vec<PathBuf> = inside.filter_map(|entry| Some(entry.ok()?.path())).collect();
        let named = |path: &PathBuf| {
            path.is_dir() && path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(LIBRARY))
        };
        libraries.retain(named);
        libraries.sort();
        for path in libraries {
            first.extend(Library::load(&path, &LoadOptions::default())?.library.entries().iter().cloned());
        }
        if first.is_empty() && then.is_empty() {
            let problem = format!(
                "no library to draw distractors from: the folders {MINERALS} or {LIBRARY}NAME are needed; give \
                 --distractors-from DIR, or --distractors 0"
            );
            return Err(BenchError::data(from, problem));
        }
        Ok(Self { first, then })
    }

    /// Draws `count` distractors for a set: usable on the axis, and none of `substances`.
    pub fn draw(
        &self,
        substances: &[String],
        axis: &Axis,
        count: usize,
        seed: u64,
        steps: &Steps,
    ) -> Distractors {
        let mut drawn = Distractors::default();
        for (part, entries) in [&self.first, &self.then].into_iter().enumerate() {
            let mut order: Vec<&Entry> = entries.iter().collect();
            shuffle(&mut order, &mut Rng::new(seed, part as u64));
            for entry in order {
                let facts = &entry.facts;
                if substances.iter().any(|s| mentions(&facts.group, s) || mentions(&facts.name, s)) {
                    drawn.same_substance += 1;
                } else if drawn.entries.len() < count
                    && coverage(&entry.spectrum, axis) >= MIN_COVERAGE
                    && let Ok(spectrum) = steps.run(&entry.spectrum)
                {
                    drawn.entries.push((facts.clone(), spectrum));
                }
            }
        }
        drawn
    }
}

/// Fisher-Yates.
fn shuffle<T>(items: &mut [T], rng: &mut Rng) {
    for last in (1..items.len()).rev() {
        items.swap(last, rng.below(last + 1));
    }
}

/// Part of an axis that a spectrum covers.
fn coverage(spectrum: &Spectrum, axis: &Axis) -> f64 {
    let own = spectrum.axis();
    (own.high().min(axis.high()) - own.low().max(axis.low())) / (axis.high() - axis.low())
}

/// The own pure spectra among distractors.
pub fn among(own: &Library, set: &str, distractors: &Distractors) -> Library {
    let mut library = own.clone();
    library.name = format!("{set}, own pure spectra among {} distractors", distractors.entries.len());
    for (facts, spectrum) in &distractors.entries {
        library.add(facts.clone(), spectrum.clone());
    }
    library
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::{AxisKind, Metadata};

    fn entry(name: &str, low: f64, high: f64) -> Entry {
        let axis = Axis::even(AxisKind::RamanShift, low, high, 50).unwrap();
        let y: Vec<f32> = (0..50_u8).map(|i| f32::from(i % 7)).collect();
        let mut library = Library::new("x");
        library.add(Facts::named(name), Spectrum::new(axis, y, Metadata::titled(name)).unwrap());
        library.entries()[0].clone()
    }

    fn stock() -> Stock {
        let first = (0..6).map(|k| entry(&format!("first {k}"), 100.0, 1000.0));
        let others = [entry("l-alanine", 100.0, 1000.0), entry("far", 900.0, 2000.0)];
        Stock {
            first: first.chain(others).collect(),
            then: vec![entry("then", 100.0, 1000.0), entry("quartz", 100.0, 1000.0)],
        }
    }

    #[test]
    fn distractors_are_usable_and_no_substance_of_the_set() {
        let axis = Axis::even(AxisKind::RamanShift, 100.0, 1000.0, 100).unwrap();
        let substances = ["alanine".to_owned(), "silica".to_owned()];
        let draw = |count, seed| stock().draw(&substances, &axis, count, seed, &Steps::default());
        let all = draw(100, 1);
        let names: Vec<&str> = all.entries.iter().map(|e| e.0.name.as_str()).collect();
        assert_eq!((names.len(), all.same_substance), (7, 2));
        assert_eq!(names[6], "then", "the second choice comes when the first runs out");
        assert!(!names.contains(&"far"));
        let few = |seed| draw(3, seed).entries.iter().map(|e| e.0.name.clone()).collect::<Vec<_>>();
        assert_eq!(few(5), few(5));
        assert!((0..9).any(|seed| few(seed) != few(5)), "the seed decides");
    }
}
