//! Methods against each other on the same seeded mixtures of two.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::BenchError;
use super::pairs::draw;
use super::pools::{PoolOptions, Pools, UNKNOWN, load_pools};
use super::runner::{Answers, Chosen, estimates, on_threads, run};
use super::score::score;
use super::stats::mean;
use super::unmix_report::Scored;
use crate::methods::{Components, Outcome, References};
use crate::spectrum::{Metadata, Spectrum};
use crate::synth::Recipe;

/// What every benchmark on mixtures of two is asked.
#[derive(Debug, Clone)]
pub struct PairOptions {
    /// The data.
    pub pools: PoolOptions,
    /// Number of mixtures; of each kind, where there are several.
    pub n: usize,
    /// Seed of the mixtures.
    pub seed: u64,
    /// Mixtures scored side by side.
    pub threads: usize,
}

impl PairOptions {
    /// Refuses a benchmark of nothing, before anything is loaded.
    pub fn check(&self) -> Result<(), BenchError> {
        if self.n == 0 {
            return Err(BenchError::Asked("--n 0: at least one mixture is needed".into()));
        }
        Ok(())
    }
}

/// Where methods meet.
pub struct Contest {
    /// What is mixed.
    pub pools: Pools,
    /// The library on the axis of the mixtures.
    pub references: References,
    /// Time to bring it there.
    pub references_ms: f64,
    /// Whether the library holds the species that are mixed, so that they can be named.
    pub known: bool,
    seed: u64,
    n: usize,
    threads: usize,
}

/// How they did.
pub struct Entered {
    /// SI-SNR of the untouched mixtures against their pure spectra, mean.
    pub input_si_snr_db: f64,
    /// One a method, in order.
    pub answers: Vec<Answers<Scored>>,
}

impl Contest {
    /// Loads what is mixed and what it is compared with.
    pub fn open(options: &PairOptions) -> Result<Self, BenchError> {
        let pools = load_pools(&options.pools)?;
        let start = Instant::now();
        let references = References::new(&pools.library, &pools.axis)
            .map_err(|e| BenchError::data(&options.pools.library, e.to_string()))?;
        Ok(Self {
            pools,
            references,
            references_ms: 1e3 * start.elapsed().as_secs_f64(),
            known: options.pools.set != UNKNOWN,
            seed: options.seed,
            n: options.n,
            threads: options.threads,
        })
    }

    /// All methods on mixtures by a recipe; each is told how many components there are. `progress` is told how many runs
    /// are done.
    pub fn enter(
        &self,
        recipe: &Recipe,
        chosen: &[Chosen],
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Entered, BenchError> {
        let pairs = draw(&self.pools, recipe, self.seed, self.n)?;
        let mixtures = pairs
            .iter()
            .map(|pair| {
                let spectrum =
                    Spectrum::new(self.pools.axis.clone(), pair.mixture.as_slice(), Metadata::default());
                spectrum.map(|s| (s, Components::Exactly(pair.parts.len())))
            })
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
            run(chosen, &self.references, &mixtures, &take, &done)
        };
        let answers = on_threads(self.threads, || chosen.iter().map(one).collect())?;
        let inputs: Vec<f64> =
            pairs.iter().map(|p| score(&p.mixture, &p.truths(), &[]).input_si_snr_db).collect();
        Ok(Entered { input_si_snr_db: mean(&inputs).unwrap_or_default(), answers })
    }
}
