//! `bench unmix`: seeded two-component mixtures of pure spectra, unmixed by every method, scored against what was mixed.

use std::time::Instant;

use super::BenchError;
use super::contest::Contest;
use super::pools::{PoolOptions, UNKNOWN, load_pools};
use super::runner::{Answers, Chosen};
use super::unmix_report::{MethodReport, Scored, UnmixReport};
use crate::methods::References;
use crate::synth::Recipe;

/// What is run.
#[derive(Debug, Clone)]
pub struct UnmixOptions {
    /// The data.
    pub pools: PoolOptions,
    /// Number of mixtures.
    pub n: usize,
    /// Seed of the mixtures.
    pub seed: u64,
    /// Methods, with settings behind colons; all when empty.
    pub methods: Vec<String>,
    /// Mixtures scored side by side.
    pub threads: usize,
}

/// Runs the benchmark. `progress` is told the method and how many of all runs are done.
pub fn bench_unmix(
    options: &UnmixOptions,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<UnmixReport, BenchError> {
    if options.n == 0 {
        return Err(BenchError::Asked("--n 0: at least one mixture is needed".into()));
    }
    let chosen = Chosen::parse_all(&options.methods)?;
    let pools = load_pools(&options.pools)?;
    let start = Instant::now();
    let references = References::new(&pools.library, &pools.axis)
        .map_err(|e| BenchError::data(&options.pools.library, e.to_string()))?;
    let references_ms = 1e3 * start.elapsed().as_secs_f64();
    let contest = Contest {
        pools: &pools,
        references: &references,
        seed: options.seed,
        n: options.n,
        threads: options.threads,
    };
    let total = chosen.len() * options.n;
    let entered = contest.enter(&Recipe::rssnet(), &chosen, &|done| progress(done, total))?;
    let known = options.pools.set != UNKNOWN;
    let report =
        |(chosen, answers): (&Chosen, &Answers<Scored>)| MethodReport::new(&chosen.name, known, answers);
    Ok(UnmixReport {
        set: options.pools.set.clone(),
        n: options.n,
        seed: options.seed,
        mean_input_si_snr_db: entered.input_si_snr_db,
        methods: chosen.iter().zip(&entered.answers).map(report).collect(),
        library_spectra: references.len(),
        library_species: references.species().len(),
        mixed_spectra: pools.mixed.len(),
        left_out_spectra: pools.left_out,
        threads: options.threads.max(1),
        references_ms,
    })
}
