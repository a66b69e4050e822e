//! The pure spectra of a training: a library over one axis, some specimens held out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::TrainError;
use super::plan::DataPlan;
use crate::library::{Entry, LEAST_COVERAGE, Library, LoadOptions, species_key};
use crate::process::{Pipeline, References};
use crate::spectrum::{Axis, AxisKind, Spectrum};
use crate::synth::{Pures, Rng};

/// Marks the draw of the specimens held out among the generators of the same seed.
const HOLD_OUT: u64 = 0x401D;
/// Columns that name a specimen.
const SPECIMEN: [&str; 2] = ["rruff_id", "rruffid"];

/// What is mixed.
#[derive(Debug, Clone)]
pub struct Material {
    /// Every spectrum over the common axis, unit norm.
    pub pures: Arc<Pures>,
    /// Rows that are trained on.
    pub trained: Vec<usize>,
    /// Rows that are only validated on.
    pub held_out: Vec<usize>,
    /// Species among the trained rows.
    pub species: usize,
    /// Specimen of every row, numbered from 0.
    pub specimens: Vec<usize>,
    /// Spectra left out: too little of the axis, or no positive value.
    pub left_out: usize,
    /// What was not done exactly as the files asked.
    pub warnings: Vec<String>,
}

impl Material {
    /// Whether every species held out is trained on, too: by another specimen.
    pub fn several(&self) -> bool {
        let groups = self.pures.groups();
        let trained: BTreeSet<u32> = self.trained.iter().map(|row| groups[*row]).collect();
        self.held_out.iter().all(|row| trained.contains(&groups[*row]))
    }
}

/// Loads the library and draws the specimens held out.
pub fn load_material(plan: &DataPlan, seed: u64) -> Result<Material, TrainError> {
    let (low, high, points) = (plan.low_cm1, plan.high_cm1, plan.points);
    let axis = Axis::even(AxisKind::RamanShift, low, high, points)
        .map_err(|e| TrainError::Asked(format!("the common axis is not usable: {e}")))?;
    let loaded = match &plan.splits {
        Some(splits) => Library::load_split(&plan.library, splits, &plan.split)?,
        None => Library::load(&plan.library, &LoadOptions::default())?,
    };
    let mut warnings = loaded.warnings;
    let mut library = prepared(&loaded.library, &plan.prepare, &mut warnings)?;
    for path in &plan.also {
        let more = Library::load(path, &LoadOptions::default())?;
        warnings.extend(more.warnings);
        for entry in prepared(&more.library, &plan.preprocessing, &mut warnings)?.entries() {
            library.add(entry.facts.clone(), Spectrum::clone(&entry.spectrum));
        }
    }
    let onto = library.onto(&Arc::new(axis));
    let entries = onto.library.entries();
    let keys: Vec<String> = entries.iter().map(|entry| species_key(&entry.facts.group)).collect();
    let wrong = |problem: String| TrainError::Data { file: plan.library.display().to_string(), problem };
    let species = |rows: &[usize]| rows.iter().map(|row| &keys[*row]).collect::<BTreeSet<_>>().len();
    let (trained, held_out) = hold_out(entries, &keys, plan.hold_out, seed);
    for (what, rows) in [("trained on", &trained), ("held out for validation", &held_out)] {
        if species(rows) < 2 {
            let cover = 100.0 * LEAST_COVERAGE;
            return Err(wrong(format!(
                "{} spectra of {} species can be {what} ({} cover less than {cover:.0} % of {low} to {high} cm-1 or \
                 hold nothing); mixtures need two species: choose another --range or another --hold-out",
                rows.len(),
                species(rows),
                onto.left_out
            )));
        }
    }
    let positions = entries.first().map(|entry| entry.spectrum.axis().values().to_vec()).unwrap_or_default();
    let values = entries.iter().flat_map(|entry| entry.spectrum.y().iter().copied()).collect();
    let pures = Arc::new(Pures::named(positions, values, &keys)?);
    let species = species(&trained);
    let specimens = numbered(entries.iter().map(specimen));
    Ok(Material { pures, trained, held_out, species, specimens, left_out: onto.left_out, warnings })
}

/// The library after these steps; spectra that a step refuses are left out with one warning.
fn prepared(library: &Library, steps: &str, warnings: &mut Vec<String>) -> Result<Library, TrainError> {
    if steps.trim().is_empty() {
        return Ok(library.clone());
    }
    let wrong = |problem: String| TrainError::Asked(format!("the steps \"{steps}\": {problem}"));
    let pipeline: Pipeline = steps.parse().map_err(|e: crate::process::ProcessError| wrong(e.to_string()))?;
    let mut out = Library::new(library.name.as_str());
    let mut refused: Option<String> = None;
    for entry in library.entries() {
        match pipeline.run(&entry.spectrum, &References::none()) {
            Ok(spectrum) => {
                out.add(entry.facts.clone(), spectrum);
            }
            Err(error) => {
                refused.get_or_insert_with(|| format!("{}: {error}", entry.facts.name));
            }
        }
    }
    if let Some(first) = refused {
        let count = library.len() - out.len();
        warnings.push(format!("{count} spectra could not be prepared and were left out; the first: {first}"));
    }
    Ok(out)
}

/// What an entry was measured of: its RRUFF id, or the entry itself.
fn specimen(entry: &Entry) -> String {
    let id = SPECIMEN.iter().find_map(|key| entry.spectrum.meta.get(key));
    id.map_or_else(|| format!("entry {}", entry.id), |id| format!("id {id}"))
}

/// Names as numbers in the order of their first appearance.
fn numbered(names: impl Iterator<Item = String>) -> Vec<usize> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    names
        .map(|name| {
            let next = seen.len();
            *seen.entry(name).or_insert(next)
        })
        .collect()
}

/// Rows that are trained on and rows that are held out: whole specimens, by their RRUFF id, else entry by entry.
/// Specimens are taken first from species that keep another one, so that validation asks for known substances.
fn hold_out(entries: &[Entry], keys: &[String], share: f64, seed: u64) -> (Vec<usize>, Vec<usize>) {
    let mut specimens: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (row, entry) in entries.iter().enumerate() {
        specimens.entry(specimen(entry)).or_default().push(row);
    }
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for rows in specimens.values() {
        *left.entry(keys[rows[0]].as_str()).or_default() += 1;
    }
    // Two specimens of different species are the least that can be mixed.
    let wanted = ((share * specimens.len() as f64).round() as usize).max(2);
    let mut order: Vec<&Vec<usize>> = specimens.values().collect();
    let mut rng = Rng::new(seed, HOLD_OUT);
    for i in (1..order.len()).rev() {
        order.swap(i, rng.below(i + 1));
    }
    let mut taken: Vec<&Vec<usize>> = Vec::new();
    // First only one of a species that keeps another; then any that keep another; then any.
    for round in 0..3 {
        for rows in order.iter().copied() {
            let key = keys[rows[0]].as_str();
            let again = taken.iter().any(|other| keys[other[0]] == key);
            let others = left.get(key).copied().unwrap_or(0);
            let fits = match round {
                0 => others > 1 && !again,
                1 => others > 1,
                _ => true,
            };
            if taken.len() < wanted && fits && !taken.contains(&rows) {
                taken.push(rows);
                left.entry(key).and_modify(|count| *count -= 1);
            }
        }
    }
    let held: BTreeSet<usize> = taken.into_iter().flatten().copied().collect();
    let trained = (0..entries.len()).filter(|row| !held.contains(row)).collect();
    (trained, held.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Facts;
    use crate::spectrum::{Metadata, Spectrum};

    /// `(species, id)` of each entry; a blank id for none.
    fn library(entries: &[(&str, &str)]) -> Library {
        let axis = Arc::new(Axis::even(AxisKind::RamanShift, 100.0, 1600.0, 64).unwrap());
        let mut library = Library::new("test");
        for (i, (species, id)) in entries.iter().enumerate() {
            let mut meta = Metadata::titled(*species);
            meta.push("rruff_id", *id);
            let y: Vec<f32> = (0..64).map(|k| if k == i + 5 { 1.0 } else { 0.1 }).collect();
            library.add(Facts::named(*species), Spectrum::new(axis.clone(), y, meta).unwrap());
        }
        library
    }

    fn cut(library: &Library, share: f64, seed: u64) -> (Vec<usize>, Vec<usize>) {
        let keys: Vec<String> = library.entries().iter().map(|e| species_key(&e.facts.group)).collect();
        hold_out(library.entries(), &keys, share, seed)
    }

    #[test]
    fn whole_specimens_are_held_out_and_their_species_stay() {
        let names =
            [("a", "R1"), ("a", "R1"), ("a", "R2"), ("b", "R3"), ("b", "R4"), ("b", "R4"), ("c", "R5")];
        let library = library(&names);
        let mut seen = BTreeSet::new();
        for seed in 0..20 {
            let (trained, held) = cut(&library, 0.3, seed);
            let ids = |rows: &[usize]| rows.iter().map(|r| names[*r].1).collect::<BTreeSet<_>>();
            assert!(ids(&trained).is_disjoint(&ids(&held)) && trained.len() + held.len() == 7);
            // Two specimens, one each of the species that have two; never the only one of c.
            assert_eq!(ids(&held).len(), 2);
            assert!(!ids(&held).contains("R5"));
            let species = held.iter().map(|r| names[*r].0).collect::<BTreeSet<_>>();
            assert_eq!(species, BTreeSet::from(["a", "b"]));
            assert_eq!((trained, held.clone()), cut(&library, 0.3, seed));
            seen.insert(held);
        }
        assert!(seen.len() > 1, "the seed decides nothing");
    }

    #[test]
    fn only_the_known_rows_of_a_split_are_read() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/rruff");
        if !folder.is_dir() {
            eprintln!("skipped: no {}", folder.display());
            return;
        }
        let plan = DataPlan {
            splits: Some(folder.join("splits.csv")),
            library: folder.clone(),
            also: Vec::new(),
            split: "known".into(),
            low_cm1: 150.0,
            high_cm1: 1500.0,
            points: 64,
            prepare: String::new(),
            preprocessing: String::new(),
            hold_out: 0.05,
            citation: String::new(),
            licence: String::new(),
        };
        let material = load_material(&plan, 1).unwrap();
        let splits = std::fs::read_to_string(folder.join("splits.csv")).unwrap();
        let known = splits.lines().filter(|line| line.ends_with(",known")).count();
        assert_eq!(material.trained.len() + material.held_out.len() + material.left_out, known);
        // 5 % of 258 RRUFF ids whose spectra cover the axis, each with several orientations.
        assert!((60..200).contains(&material.held_out.len()), "{}", material.held_out.len());
        let species = |rows: &[usize]| -> BTreeSet<u32> {
            rows.iter().map(|row| material.pures.groups()[*row]).collect()
        };
        assert!(species(&material.held_out).is_subset(&species(&material.trained)));
        let other = folder.with_file_name("library_openspecy");
        if other.is_dir() {
            let both = load_material(&DataPlan { also: vec![other], ..plan.clone() }, 1).unwrap();
            assert!(both.pures.rows() > material.pures.rows() + 50 && both.species > material.species + 50);
            assert!(both.pures.row(both.pures.rows() - 1).iter().all(|v| v.is_finite()));
        }
        let nowhere = DataPlan { split: "knwon".into(), ..plan.clone() };
        assert!(load_material(&nowhere, 1).unwrap_err().to_string().contains("known (2311 rows)"));
        let narrow = DataPlan { low_cm1: 5000.0, high_cm1: 6000.0, ..plan };
        assert!(load_material(&narrow, 1).unwrap_err().to_string().contains("--range"));
    }

    #[test]
    fn entries_without_ids_are_held_out_one_by_one() {
        let library = library(&[("a", ""), ("a", ""), ("b", ""), ("b", ""), ("c", ""), ("d", "")]);
        let (trained, held) = cut(&library, 0.05, 1);
        assert_eq!((trained.len(), held.len()), (4, 2));
    }
}
