//! What happens to one mixture of the training: how many components, what the library hides, what the search is told.

use crate::synth::Rng;

/// Marks these draws among those of the same seed.
const DRAWS: u64 = 0x6D1D_E012;

/// Chances of the kinds of mixture, summed up: own spectra stored, own specimens hidden, whole species hidden; the rest
/// are substances that nobody has seen.
const STORED: f64 = 0.2;
const OTHERS: f64 = 0.65;
const LACKING: f64 = 0.8;
/// Chance of a third component.
const THREE: f64 = 0.15;
/// Chances that the search is told one component less or one more than there are.
const FEWER: f64 = 0.12;
const MORE: f64 = 0.08;

/// What the library lacks of a mixture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hidden {
    /// Nothing: the mixed spectra are stored.
    Nothing,
    /// All spectra of the mixed specimens.
    Specimens,
    /// All spectra of the mixed species that have their bit set, and the specimens of the others.
    Species(u32),
    /// Nothing, but the mixed spectra were moved and stretched until they are no known substance.
    Invented,
}

/// The circumstances of one mixture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draw {
    /// Components that are mixed.
    pub components: usize,
    /// Components that the search is told.
    pub asked: usize,
    /// What the library lacks.
    pub hidden: Hidden,
}

impl Draw {
    /// Of mixture `k` of this seed.
    pub fn new(seed: u64, k: u64) -> Self {
        let mut rng = Rng::new(seed ^ DRAWS, k);
        let components = if rng.unit() < THREE { 3 } else { 2 };
        let kind = rng.unit();
        let bits = 1 + rng.below((1 << components) - 1) as u32;
        let hidden = match kind {
            kind if kind < STORED => Hidden::Nothing,
            kind if kind < OTHERS => Hidden::Specimens,
            kind if kind < LACKING => Hidden::Species(bits),
            _ => Hidden::Invented,
        };
        let told = rng.unit();
        let asked = match told {
            told if told < FEWER => components - 1,
            told if told < FEWER + MORE => components + 1,
            _ => components,
        };
        Self { components, asked, hidden }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_circumstance_comes_as_often_as_stated() {
        let draws: Vec<Draw> = (0..20_000).map(|k| Draw::new(7, k)).collect();
        let share = |is: &dyn Fn(&Draw) -> bool| draws.iter().filter(|d| is(d)).count() as f64 / 20_000.0;
        // Standard errors are 0.0035 at most.
        let close =
            |found: f64, expected: f64| assert!((found - expected).abs() < 0.015, "{found} {expected}");
        close(share(&|d| d.hidden == Hidden::Nothing), STORED);
        close(share(&|d| d.hidden == Hidden::Specimens), OTHERS - STORED);
        close(share(&|d| matches!(d.hidden, Hidden::Species(_))), LACKING - OTHERS);
        close(share(&|d| d.hidden == Hidden::Invented), 1.0 - LACKING);
        close(share(&|d| d.components == 3), THREE);
        close(share(&|d| d.asked < d.components), FEWER);
        close(share(&|d| d.asked > d.components), MORE);
        let whole = |d: &Draw| matches!(d.hidden, Hidden::Species(bits) if bits.count_ones() as usize == d.components);
        assert!(share(&whole) > 0.03 && draws.iter().all(|d| d.hidden != Hidden::Species(0)));
        assert_eq!(draws[5], Draw::new(7, 5));
    }
}
