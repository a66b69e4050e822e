//! The mixtures of `bench unmix`: two pure spectra of different species, brown and white noise (the separation
//! papers' protocol: fraction uniform in 0..1, SNR uniform in 10..20 dB). Mixture `k` of a seed is always the same.

use super::pools::Pure;
use super::score::Truth;
use crate::library::species_key;
use crate::synth::{Rng, noise};

/// Range of the signal-to-noise ratio in dB.
const SNR_DB: (f64, f64) = (10.0, 20.0);

/// One mixture and what it was made of.
#[derive(Debug, Clone)]
pub struct Pair<'a> {
    /// What went in, in the order it was drawn.
    pub parts: [(&'a Pure, f64); 2],
    /// Intensities.
    pub mixture: Vec<f32>,
}

impl Pair<'_> {
    /// What the estimates are compared with.
    pub fn truths(&self) -> [Truth<'_>; 2] {
        self.parts.map(|(pure, fraction)| Truth { species: &pure.species, curve: &pure.curve, fraction })
    }
}

/// Pure spectra ready to be drawn from.
#[derive(Debug)]
pub struct Urn<'a> {
    pures: &'a [Pure],
    /// For each row, where the rows of its species begin and end.
    blocks: Vec<(usize, usize)>,
}

impl<'a> Urn<'a> {
    /// Rows must be sorted by species; at least two species.
    pub fn new(pures: &'a [Pure]) -> Self {
        let mut blocks = Vec::with_capacity(pures.len());
        for block in pures.chunk_by(|a, b| species_key(&a.species) == species_key(&b.species)) {
            let start = blocks.len();
            blocks.extend(std::iter::repeat_n((start, start + block.len()), block.len()));
        }
        Self { pures, blocks }
    }

    /// Mixture `k` of `seed`.
    pub fn draw(&self, seed: u64, k: u64) -> Pair<'a> {
        let mut rng = Rng::new(seed, k);
        let first = rng.below(self.pures.len());
        let (start, end) = self.blocks[first];
        // Uniform over the rows of all other species.
        let other = rng.below(self.pures.len() - (end - start));
        let second = if other < start { other } else { other + (end - start) };
        let fraction = rng.unit();
        let (a, b) = (&self.pures[first], &self.pures[second]);
        let mut mixture: Vec<f32> = a
            .curve
            .iter()
            .zip(b.curve.iter())
            .map(|(a, b)| (fraction * f64::from(*a) + (1.0 - fraction) * f64::from(*b)) as f32)
            .collect();
        let snr_db = rng.uniform(SNR_DB.0, SNR_DB.1);
        noise::brown_and_white(&mut rng, &mut mixture, snr_db);
        Pair { parts: [(a, fraction), (b, 1.0 - fraction)], mixture }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn pures() -> Vec<Pure> {
        let pure = |species: &str, at: usize| {
            let curve: Arc<[f32]> = (0..64).map(|i| if i == at { 1.0 } else { 0.0 }).collect();
            Pure { species: species.into(), curve }
        };
        vec![pure("A", 5), pure("A", 6), pure("a ", 7), pure("B", 20), pure("C", 40), pure("C", 41)]
    }

    #[test]
    fn pairs_are_of_two_species_and_all_of_them_occur() {
        let pures = pures();
        let urn = Urn::new(&pures);
        let mut seen = std::collections::BTreeSet::new();
        for k in 0..500 {
            let pair = urn.draw(1, k);
            let names = pair.parts.map(|(pure, _)| species_key(&pure.species));
            assert_ne!(names[0], names[1]);
            assert!((pair.parts[0].1 + pair.parts[1].1 - 1.0).abs() < 1e-12);
            seen.insert(names);
        }
        assert_eq!(seen.len(), 6);
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
        let pures = pures();
        let urn = Urn::new(&pures);
        let bits = |seed| urn.draw(seed, 3).mixture.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(1), bits(1));
        assert_ne!(bits(1), bits(2));
    }

    #[test]
    fn the_noise_is_10_to_20_db_below_the_signal() {
        let pures = pures();
        let urn = Urn::new(&pures);
        for k in 0..50 {
            let pair = urn.draw(9, k);
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
