//! One mixture of the training: what the search made of it, and the truth.

use std::ops::Range;

use burn::tensor::{Device, Tensor};

use crate::nets::{GuidedConfig, Judged, Scene, Slot, Targets};
use crate::spectrum::metrics::si_snr_db;

/// A likely component that is this close to the truth in dB is the truth.
const THE_SAME_DB: f64 = 35.0;

/// One mixture.
#[derive(Debug, Clone)]
pub struct Example {
    /// Components to be found.
    pub asked: usize,
    /// The library holds the mixed spectra themselves.
    pub stored: bool,
    /// The mixture in the unit of the scene.
    pub mixture: Vec<f32>,
    /// Its pure spectra in the unit of the scene.
    pub truths: Vec<Vec<f32>>,
    /// Likely components in the unit of the scene.
    pub likely: Vec<Vec<f32>>,
    /// Probabilities of the candidates' species by the search.
    pub confidence: Vec<f32>,
    /// Whether a slot is for what the library lacks.
    pub lacking: Vec<bool>,
    /// Whether the library holds the species of each truth.
    pub listed: Vec<bool>,
    /// The truth of the same species as each slot's candidate.
    pub same: Vec<Option<usize>>,
    /// Whether the likely component is that truth as it is.
    pub exact: Vec<bool>,
    /// The network's input.
    pub channels: Vec<f32>,
    /// Sizes of the slots.
    pub sizes: Vec<f32>,
}

impl Example {
    /// From a scene, the pure spectra in the units of the mixture, whether the library holds their species, and which of
    /// them each slot's species is.
    pub fn new(
        config: &GuidedConfig,
        scene: &Scene,
        truths: &[&[f32]],
        listed: Vec<bool>,
        same: Vec<Option<usize>>,
        asked: usize,
    ) -> Self {
        let scale = (1.0 / scene.unit()) as f32;
        let scaled = |curve: &[f32]| curve.iter().map(|v| v * scale).collect::<Vec<f32>>();
        let mut channels = Vec::new();
        scene.channels(config, &mut channels);
        let is_exact = |(slot, same): (&Slot, &Option<usize>)| {
            same.is_some_and(|truth| si_snr_db(&slot.likely, truths[truth]) > THE_SAME_DB)
        };
        Self {
            asked,
            stored: false,
            mixture: scaled(&scene.mixture),
            truths: truths.iter().map(|truth| scaled(truth)).collect(),
            likely: scene.slots.iter().map(|slot| scaled(&slot.likely)).collect(),
            confidence: scene.slots.iter().map(|slot| slot.confidence).collect(),
            lacking: scene.slots.iter().map(|slot| slot.lacking).collect(),
            listed,
            exact: scene.slots.iter().zip(&same).map(is_exact).collect(),
            same,
            channels,
            sizes: scene.sizes(),
        }
    }

    /// Number of slots.
    pub fn slots(&self) -> usize {
        self.likely.len()
    }

    /// Which truth each slot stands for: the one of its species, the others in the order that fits best. `fit` holds a
    /// figure for every slot and truth.
    pub fn pair(&self, fit: &dyn Fn(usize, usize) -> f64) -> Vec<Option<usize>> {
        let mut pairs: Vec<Option<usize>> = self.same.clone();
        let free = |pairs: &[Option<usize>]| {
            (0..self.truths.len()).filter(|t| !pairs.contains(&Some(*t))).collect::<Vec<_>>()
        };
        let left = free(&pairs);
        let mut best = (f64::MIN, pairs.clone());
        try_all(&left, &mut pairs, 0.0, fit, &mut best);
        best.1
    }
}

/// Gives each truth that is left to a slot without one, in all ways.
fn try_all(
    left: &[usize],
    pairs: &mut Vec<Option<usize>>,
    sum: f64,
    fit: &dyn Fn(usize, usize) -> f64,
    best: &mut (f64, Vec<Option<usize>>),
) {
    let open: Vec<usize> = (0..pairs.len()).filter(|slot| pairs[*slot].is_none()).collect();
    let (Some((truth, rest)), false) = (left.split_first(), open.is_empty()) else {
        if sum > best.0 {
            *best = (sum, pairs.clone());
        }
        return;
    };
    for slot in open {
        pairs[slot] = Some(*truth);
        try_all(rest, pairs, sum + fit(slot, *truth), fit, best);
        pairs[slot] = None;
    }
}

/// Input of a few examples: channels `[slot, point, channel]`, sizes `[slot]`, likely components `[slot, point]`.
pub fn inputs(examples: &[&Example], points: usize, device: &Device) -> (Tensor<3>, Tensor<1>, Tensor<2>) {
    let slots: usize = examples.iter().map(|e| e.slots()).sum();
    let flat = |values: Vec<f32>| Tensor::<1>::from_floats(values.as_slice(), device);
    let channels: Vec<f32> = examples.iter().flat_map(|e| &e.channels).copied().collect();
    let width = channels.len() / (slots * points).max(1);
    let likely = examples.iter().flat_map(|e| e.likely.iter().flatten()).copied().collect();
    (
        flat(channels).reshape([slots, points, width]),
        flat(examples.iter().flat_map(|e| &e.sizes).copied().collect()),
        flat(likely).reshape([slots, points]),
    )
}

/// Pure spectra of a few examples one after the other.
pub fn truths(examples: &[&Example], points: usize, device: &Device) -> Tensor<2> {
    let values: Vec<f32> = examples.iter().flat_map(|e| e.truths.iter().flatten()).copied().collect();
    let count = values.len() / points.max(1);
    Tensor::<1>::from_floats(values.as_slice(), device).reshape([count, points])
}

/// What the slots should have become, when `table` holds the SI-SNR of every slot against every truth.
pub fn targets(examples: &[&Example], truths: Tensor<2>, table: &[f32], device: &Device) -> Targets {
    let columns = truths.dims()[0];
    let slots: usize = examples.iter().map(|e| e.slots()).sum();
    let (mut pairs, mut chosen) = (vec![0.0_f32; slots * columns], vec![0.0_f32; slots * columns]);
    let (mut idle, mut verdicts) = (Vec::with_capacity(slots), Vec::with_capacity(Judged::QUESTIONS * slots));
    for (example, rows, first) in places(examples) {
        let cell = |slot: usize, truth: usize| (rows.start + slot) * columns + first + truth;
        let found = example.pair(&|slot, truth| f64::from(table[cell(slot, truth)]));
        for (slot, pair) in found.iter().enumerate() {
            if let Some(truth) = pair {
                pairs[cell(slot, *truth)] = 1.0 / example.truths.len() as f32;
                chosen[cell(slot, *truth)] = 1.0;
            }
            let there = if example.lacking[slot] { pair.is_some() } else { example.same[slot].is_some() };
            idle.push(f32::from(u8::from(pair.is_none())));
            let listed = pair.is_none_or(|truth| example.listed[truth]);
            verdicts.extend([example.exact[slot], there, listed].map(|v| f32::from(u8::from(v))));
        }
    }
    let flat = |values: &[f32]| Tensor::<1>::from_floats(values, device);
    Targets {
        truths,
        pairs: flat(&pairs).reshape([slots, columns]),
        chosen: flat(&chosen).reshape([slots, columns]),
        idle: flat(&idle),
        verdicts: flat(&verdicts).reshape([slots, Judged::QUESTIONS]),
    }
}

/// Every example with its rows of slots and its first truth.
pub fn places<'a>(examples: &'a [&'a Example]) -> impl Iterator<Item = (&'a Example, Range<usize>, usize)> {
    examples.iter().scan((0, 0), |(slot, truth), example| {
        let place = (*example, *slot..*slot + example.slots(), *truth);
        *slot += example.slots();
        *truth += example.truths.len();
        Some(place)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(same: Vec<Option<usize>>, truths: usize) -> Example {
        let config = GuidedConfig::preset("tiny").unwrap();
        let curve = |k: usize| (0..8).map(|i| if i == k { 1.0 } else { 0.0 }).collect::<Vec<f32>>();
        let slot = |k: usize| Slot { likely: curve(k), stored: curve(k), confidence: 0.5, lacking: false };
        let scene = Scene {
            mixture: vec![1.0, 2.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            background: vec![0.0; 8],
            slots: (0..same.len()).map(slot).collect(),
            exact: false,
            noise: 0.1,
        };
        let pure: Vec<Vec<f32>> = (0..truths).map(curve).collect();
        let pure: Vec<&[f32]> = pure.iter().map(Vec::as_slice).collect();
        Example::new(&config, &scene, &pure, vec![true; truths], same, truths)
    }

    #[test]
    fn a_slot_stands_for_its_own_species_and_the_others_for_what_fits_best() {
        let fit = |slot: usize, truth: usize| [[0.0, 9.0], [5.0, 4.0], [3.0, 8.0]][slot][truth];
        // Slot 1 has the species of truth 0, so truth 1 goes to the better of the others.
        assert_eq!(example(vec![None, Some(0), None], 2).pair(&fit), [Some(1), Some(0), None]);
        assert_eq!(example(vec![None, None, None], 2).pair(&fit), [Some(1), Some(0), None]);
        // Fewer slots than truths: one is left over.
        assert_eq!(example(vec![None], 2).pair(&fit), [Some(0)]);
    }

    #[test]
    fn a_likely_component_that_is_the_truth_is_called_exact() {
        let found = example(vec![Some(0), Some(0)], 1);
        assert_eq!(found.exact, [true, false]);
        assert_eq!(found.slots(), 2);
    }

    #[test]
    fn targets_name_pairs_idle_slots_and_verdicts() {
        let (a, b) = (example(vec![Some(0), None], 1), example(vec![None], 1));
        let device = Device::flex();
        let all = [&a, &b];
        let truths = truths(&all, 8, &device);
        assert_eq!(truths.dims(), [2, 8]);
        let found = targets(&all, truths, &[0.0; 6], &device);
        let numbers = |x: Tensor<2>| x.into_data().try_to_vec::<f32>().unwrap();
        assert_eq!(numbers(found.chosen), [1.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
        assert_eq!(found.idle.into_data().try_to_vec::<f32>().unwrap(), [0.0, 1.0, 0.0]);
        assert_eq!(numbers(found.verdicts), [1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0]);
    }
}
