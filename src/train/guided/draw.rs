//! What happens to one mixture of the training: how many components, how it is measured, what the library hides, what the
//! search is told.

use std::ops::RangeInclusive;

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
/// Chances that the search is told one component less or one more than there are, and that it is told none where
/// mixtures are realistic.
const FEWER: f64 = 0.12;
const MORE: f64 = 0.08;
const UNTOLD: f64 = 0.3;
/// Chances of the ways in which realistic mixtures are measured, summed up; the rest are measured as the paper says.
const MEASURED: f64 = 0.4;
const ANY_NOISE: f64 = 0.55;

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

/// How a mixture is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    /// By the paper's protocol.
    Paper,
    /// With brown and white noise from none to more than signal.
    AnyNoise,
    /// By a spectrometer: fluorescence, a counting detector, small errors of the axis and the resolution.
    Spectrometer,
}

impl Measured {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Paper, Self::AnyNoise, Self::Spectrometer];
}

/// The circumstances of one mixture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    /// Components that are mixed.
    pub components: usize,
    /// How it is measured.
    pub measured: Measured,
    /// How many components the search may find.
    pub told: RangeInclusive<usize>,
    /// What the library lacks.
    pub hidden: Hidden,
}

impl Draw {
    /// Of mixture `k` of this seed.
    pub fn new(seed: u64, k: u64, realistic: bool) -> Self {
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
        let told = match told {
            told if told < FEWER => components - 1,
            told if told < FEWER + MORE => components + 1,
            _ => components,
        };
        let (way, untold) = (rng.unit(), rng.unit() < UNTOLD);
        let measured = match way {
            way if realistic && way < MEASURED => Measured::Spectrometer,
            way if realistic && way < ANY_NOISE => Measured::AnyNoise,
            _ => Measured::Paper,
        };
        let told = if realistic && untold { 1..=components + 1 } else { told..=told };
        Self { components, measured, told, hidden }
    }

    /// Of two components that the search is told of.
    pub fn two(measured: Measured, hidden: Hidden) -> Self {
        Self { components: 2, measured, told: 2..=2, hidden }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_circumstance_comes_as_often_as_stated() {
        let draws: Vec<Draw> = (0..20_000).map(|k| Draw::new(7, k, true)).collect();
        let share = |is: &dyn Fn(&Draw) -> bool| draws.iter().filter(|d| is(d)).count() as f64 / 20_000.0;
        // Standard errors are 0.0035 at most.
        let close =
            |found: f64, expected: f64| assert!((found - expected).abs() < 0.015, "{found} {expected}");
        close(share(&|d| d.hidden == Hidden::Nothing), STORED);
        close(share(&|d| d.hidden == Hidden::Specimens), OTHERS - STORED);
        close(share(&|d| matches!(d.hidden, Hidden::Species(_))), LACKING - OTHERS);
        close(share(&|d| d.hidden == Hidden::Invented), 1.0 - LACKING);
        close(share(&|d| d.components == 3), THREE);
        close(share(&|d| *d.told.end() < d.components), FEWER * (1.0 - UNTOLD));
        close(share(&|d| *d.told.start() > d.components), MORE * (1.0 - UNTOLD));
        close(share(&|d| d.told.start() < d.told.end()), UNTOLD);
        close(share(&|d| d.measured == Measured::Spectrometer), MEASURED);
        close(share(&|d| d.measured == Measured::AnyNoise), ANY_NOISE - MEASURED);
        let whole = |d: &Draw| matches!(d.hidden, Hidden::Species(bits) if bits.count_ones() as usize == d.components);
        assert!(share(&whole) > 0.03 && draws.iter().all(|d| d.hidden != Hidden::Species(0)));
        assert_eq!(draws[5], Draw::new(7, 5, true));
        let plain: Vec<Draw> = (0..2000).map(|k| Draw::new(7, k, false)).collect();
        assert!(plain.iter().all(|d| d.measured == Measured::Paper && d.told.start() == d.told.end()));
    }
}
