//! Methods against each other on the same seeded mixtures of two.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::BenchError;
use super::pairs::draw;
use super::pools::Pools;
use super::runner::{Answers, Chosen, estimates, on_threads, run};
use super::score::score;
use super::stats::mean;
use super::unmix_report::Scored;
use crate::methods::{Components, Outcome, References};
use crate::spectrum::{Metadata, Spectrum};
use crate::synth::Recipe;

/// Where methods meet.
pub struct Contest<'a> {
    /// What is mixed.
    pub pools: &'a Pools,
    /// The library on the axis of the mixtures.
    pub references: &'a References,
    /// Seed of the mixtures.
    pub seed: u64,
    /// Number of mixtures.
    pub n: usize,
    /// Mixtures scored side by side.
    pub threads: usize,
}

/// How they did.
pub struct Entered {
    /// SI-SNR of the untouched mixtures against their pure spectra, mean.
    pub input_si_snr_db: f64,
    /// One a method, in order.
    pub answers: Vec<Answers<Scored>>,
}

impl Contest<'_> {
    /// All methods on mixtures by a recipe; each is told that there are two components. `progress` is told how many runs
    /// are done.
    pub fn enter(
        &self,
        recipe: &Recipe,
        chosen: &[Chosen],
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Entered, BenchError> {
        let pairs = draw(self.pools, recipe, self.seed, self.n)?;
        let mixtures = pairs
            .iter()
            .map(|pair| Spectrum::new(self.pools.axis.clone(), pair.mixture.as_slice(), Metadata::default()))
            .map(|spectrum| spectrum.map(|s| (s, Components::Exactly(2))))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| BenchError::Asked(format!("a mixture cannot be scored: {e}")))?;
        let finished = AtomicUsize::new(0);
        let done = |_k: usize| progress(finished.fetch_add(1, Ordering::Relaxed) + 1);
        let one = |chosen: &Chosen| {
            let take = |k: usize, outcome: Option<&Outcome>| {
                let components = estimates(chosen.method, outcome);
                Scored {
                    named: components.iter().any(|c| !c.species.is_empty()),
                    score: score(&pairs[k].mixture, &pairs[k].truths(), &components),
                    unexplained: outcome.is_some_and(|o| !o.unexplained.peaks.is_empty()),
                }
            };
            run(chosen, self.references, &mixtures, &take, &done)
        };
        let answers = on_threads(self.threads, || chosen.iter().map(one).collect())?;
        let inputs: Vec<f64> =
            pairs.iter().map(|p| score(&p.mixture, &p.truths(), &[]).input_si_snr_db).collect();
        Ok(Entered { input_si_snr_db: mean(&inputs).unwrap_or_default(), answers })
    }
}
