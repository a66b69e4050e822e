//! The library that explains the training's mixtures, parts of it hidden for each of them.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::super::{Material, TrainError};
use super::draw::Hidden;
use crate::nets::{Scene, Slot};
use crate::solvers::evidence::{Effort, EvidenceLibrary, EvidenceSettings, Found, search_batch};
use crate::solvers::{Dictionary, Metric, SolverError};
use crate::synth::Truth;

/// Cosines that count as background when pairs are compared, as in the method.
const COSINES: usize = 12;

/// A scene and the species (a group of the pure spectra) of each slot's candidate.
pub type Explained = (Scene, Vec<Option<u32>>);

/// The trained rows of a library.
#[derive(Debug)]
pub struct Censored {
    axis: Vec<f64>,
    values: Vec<f32>,
    dictionary: Dictionary,
    /// Species of every row, as in the pure spectra, and numbered from 0 as the search wants it.
    groups: Vec<u32>,
    species: Vec<usize>,
    names: Vec<u32>,
    /// Specimen of every row, and of every pure spectrum.
    specimens: Vec<usize>,
    of_pure: Vec<usize>,
}

impl Censored {
    /// With everything that searches need.
    pub fn new(material: &Material) -> Result<Self, TrainError> {
        let pures = &material.pures;
        let values: Vec<f32> = material.trained.iter().flat_map(|row| pures.row(*row)).copied().collect();
        let wrong = |e: SolverError| TrainError::Asked(format!("the library cannot be searched: {e}"));
        let dictionary = Dictionary::new(&values, pures.points(), Metric::Cosines(COSINES)).map_err(wrong)?;
        dictionary.gram();
        let groups: Vec<u32> = material.trained.iter().map(|row| pures.groups()[*row]).collect();
        let mut numbers: BTreeMap<u32, usize> = BTreeMap::new();
        let mut names = Vec::new();
        let mut number = |group: &u32| {
            *numbers.entry(*group).or_insert_with(|| {
                names.push(*group);
                names.len() - 1
            })
        };
        let species = groups.iter().map(&mut number).collect();
        Ok(Self {
            axis: pures.x().to_vec(),
            values,
            dictionary,
            groups,
            species,
            names,
            specimens: material.trained.iter().map(|row| material.specimens[*row]).collect(),
            of_pure: material.specimens.clone(),
        })
    }

    /// Which rows are hidden from the search of a mixture.
    pub fn hidden(&self, truth: &Truth, kind: Hidden) -> Vec<bool> {
        let whole = |part: usize| matches!(kind, Hidden::Species(bits) if bits & (1 << part) != 0);
        let specimens = matches!(kind, Hidden::Specimens | Hidden::Species(_));
        let mixed: Vec<usize> =
            truth.rows.iter().chain(&truth.blended).map(|row| self.of_pure[*row]).collect();
        let hides = |row: usize| {
            let same = specimens && mixed.contains(&self.specimens[row]);
            same || (0..truth.rows.len()).any(|part| whole(part) && self.groups[row] == truth.groups[part])
        };
        (0..self.groups.len()).map(hides).collect()
    }

    /// Whether any row of a species is left.
    pub fn lists(&self, group: u32, hidden: &[bool]) -> bool {
        self.groups.iter().zip(hidden).any(|(own, hidden)| *own == group && !hidden)
    }

    /// What the search makes of mixtures when it may find so many components in each; with a slot for what the library
    /// lacks where that is wanted.
    pub fn scenes(
        &self,
        mixtures: &[&[f32]],
        hidden: &[Vec<bool>],
        told: &[RangeInclusive<usize>],
        lacking: bool,
    ) -> Result<Vec<Explained>, TrainError> {
        let mut all: Vec<Option<Explained>> = mixtures.iter().map(|_| None).collect();
        let mut sizes: Vec<(usize, usize)> = told.iter().map(|told| (*told.start(), *told.end())).collect();
        sizes.sort_unstable();
        sizes.dedup();
        for (least, most) in sizes {
            let members: Vec<usize> = (0..told.len()).filter(|i| told[*i] == (least..=most)).collect();
            // Without their pedestals, as in the method.
            let level = |i: &usize| {
                let y = mixtures[*i];
                let mean = y.iter().map(|v| f64::from(*v)).sum::<f64>() / y.len().max(1) as f64;
                y.iter().map(move |v| (f64::from(*v) - mean) as f32)
            };
            let spectra: Vec<f32> = members.iter().flat_map(level).collect();
            let masks: Vec<Vec<bool>> = members.iter().map(|i| hidden[*i].clone()).collect();
            let settings = EvidenceSettings {
                components: least..=most,
                effort: Effort::Quick,
                ..EvidenceSettings::default()
            };
            let library = self.as_searched();
            let found = search_batch(library, &spectra, &masks, &settings);
            let found = found.map_err(|e| TrainError::Asked(format!("a mixture cannot be searched: {e}")))?;
            let points = self.axis.len();
            for ((i, found), y) in members.iter().zip(found).zip(spectra.chunks_exact(points)) {
                all[*i] = Some(self.explained(y, &found, lacking));
            }
        }
        Ok(all.into_iter().flatten().collect())
    }

    fn as_searched(&self) -> EvidenceLibrary<'_> {
        EvidenceLibrary {
            rows: &self.values,
            dictionary: &self.dictionary,
            species: &self.species,
            axis: &self.axis,
        }
    }

    fn explained(&self, mixture: &[f32], found: &Found, lacking: bool) -> Explained {
        let narrow = |curve: &[f64]| curve.iter().map(|v| *v as f32).collect::<Vec<f32>>();
        let (mut slots, mut species) = (Vec::new(), Vec::new());
        let mut background = vec![0.0; mixture.len()];
        if let (Some(best), Some(posterior)) = (found.ranked.first(), &found.posterior) {
            let stored = found.library_parts(&self.as_searched());
            for ((number, likely), stored) in best.species.iter().zip(&posterior.components).zip(&stored) {
                slots.push(Slot {
                    likely: narrow(likely),
                    stored: narrow(stored),
                    confidence: found.probability_of(*number) as f32,
                    lacking: false,
                });
                species.push(self.names.get(*number).copied());
            }
            background = narrow(&posterior.background);
        }
        if lacking {
            slots.push(Slot::lacking(mixture.len()));
            species.push(None);
        }
        let exact = found.ranked.first().is_some_and(|best| best.exact);
        let noise = found.deviation.noise.sqrt();
        (Scene { mixture: mixture.to_vec(), background, slots, exact, noise }, species)
    }
}
