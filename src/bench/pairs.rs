//! The mixtures of `bench unmix`, `noise` and `paper`: two pure spectra of different species by the separation papers'
//! protocol ([`Recipe::rssnet`]) or another one. Mixture `k` of a seed is always the same.

use super::BenchError;
use super::pools::{Pools, Pure};
use super::score::Truth;
use crate::library::species_key;
use crate::synth::{Pures, Recipe, Sample, Stream, SynthError};

/// One mixture and what it was made of.
#[derive(Debug, Clone)]
pub struct Pair<'a> {
    /// What went in with its fraction, in the order it was drawn.
    pub parts: Vec<(&'a Pure, f64)>,
    /// Intensities.
    pub mixture: Vec<f32>,
}

impl Pair<'_> {
    /// What the estimates are compared with.
    pub fn truths(&self) -> Vec<Truth<'_>> {
        self.parts
            .iter()
            .map(|(pure, fraction)| Truth { species: &pure.species, curve: &pure.curve, fraction: *fraction })
            .collect()
    }
}

/// Draws mixtures `0..n` of a seed by a recipe.
pub fn draw<'a>(pools: &'a Pools, recipe: &Recipe, seed: u64, n: usize) -> Result<Vec<Pair<'a>>, BenchError> {
    let refused = |e: SynthError| BenchError::Asked(format!("the mixtures cannot be drawn: {e}"));
    let values: Vec<f32> = pools.mixed.iter().flat_map(|pure| pure.curve.iter().copied()).collect();
    let species: Vec<String> = pools.mixed.iter().map(|pure| species_key(&pure.species)).collect();
    let pures = Pures::named(pools.axis.values().to_vec(), values, &species).map_err(refused)?;
    let stream = Stream::new(pures, recipe.clone(), seed).map_err(refused)?;
    let mut sample = Sample::default();
    let mut pair = |k: u64| {
        stream.sample(k, &mut sample);
        let truth = sample.truth();
        let part = |(row, weight): (&usize, &f64)| Some((pools.mixed.get(*row)?, *weight));
        Pair {
            parts: truth.rows.iter().zip(&truth.weights).filter_map(part).collect(),
            mixture: sample.mixture().to_vec(),
        }
    };
    Ok((0..n as u64).map(&mut pair).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::library::Library;
    use crate::spectrum::{Axis, AxisKind};

    fn pools() -> Pools {
        let pure = |species: &str, at: usize| {
            let curve: Arc<[f32]> = (0..64).map(|i| if i == at { 1.0 } else { 0.0 }).collect();
            Pure { species: species.into(), curve }
        };
        let mixed =
            vec![pure("A", 5), pure("A", 6), pure("a ", 7), pure("B", 20), pure("C", 40), pure("C", 41)];
        let axis = Arc::new(Axis::even(AxisKind::RamanShift, 100.0, 163.0, 64).unwrap());
        Pools { axis, library: Library::new("none"), mixed, left_out: 0 }
    }

    #[test]
    fn pairs_are_of_two_species_and_all_of_them_occur() {
        let pools = pools();
        let mut seen = std::collections::BTreeSet::new();
        for pair in draw(&pools, &Recipe::rssnet(), 1, 500).unwrap() {
            let truths = pair.truths();
            let names: Vec<String> = truths.iter().map(|t| species_key(t.species)).collect();
            assert_eq!(names.len(), 2);
            assert_ne!(names[0], names[1]);
            assert!((truths[0].fraction + truths[1].fraction - 1.0).abs() < 1e-12);
            seen.insert(names);
        }
        assert_eq!(seen.len(), 6);
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
        let pools = pools();
        let bits = |seed| {
            draw(&pools, &Recipe::rssnet(), seed, 4).unwrap()[3]
                .mixture
                .iter()
                .map(|v| v.to_bits())
                .collect::<Vec<_>>()
        };
        assert_eq!(bits(1), bits(1));
        assert_ne!(bits(1), bits(2));
    }

    #[test]
    fn the_fractions_are_those_of_the_spectra_and_the_noise_is_10_to_20_db_below_them() {
        let pools = pools();
        for pair in draw(&pools, &Recipe::rssnet(), 9, 50).unwrap() {
            let clean = |i: usize| pair.parts.iter().map(|(p, f)| f * f64::from(p.curve[i])).sum::<f64>();
            let (mut signal, mut noise) = (0.0, 0.0);
            for (i, v) in pair.mixture.iter().enumerate() {
                signal += clean(i).powi(2);
                noise += (f64::from(*v) - clean(i)).powi(2);
            }
            let snr = 10.0 * (signal / noise).log10();
            // Rounding of the mixture to f32.
            assert!((9.999..20.001).contains(&snr), "{snr}");
        }
    }
}
