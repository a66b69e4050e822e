//! `bench unmix`: seeded two-component mixtures of pure spectra, unmixed by every method, scored against what was mixed.

use std::time::Instant;

use super::BenchError;
use super::pairs::draw;
use super::pools::{PoolOptions, UNKNOWN, load_pools};
use super::runner::{Answers, Chosen, estimates, on_threads, run};
use super::score::score;
use super::stats::mean;
use super::unmix_report::{MethodReport, Scored, UnmixReport};
use crate::methods::{Components, Outcome, References};
use crate::spectrum::{Metadata, Spectrum};

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
    let pairs = draw(&pools, options.seed, options.n)?;
    let mixtures = pairs
        .iter()
        .map(|pair| Spectrum::new(pools.axis.clone(), pair.mixture.as_slice(), Metadata::default()))
        .map(|spectrum| spectrum.map(|s| (s, Components::Exactly(2))))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| BenchError::Asked(format!("a mixture cannot be scored: {e}")))?;
    let start = Instant::now();
    let references = References::new(&pools.library, &pools.axis)
        .map_err(|e| BenchError::data(&options.pools.library, e.to_string()))?;
    let references_ms = 1e3 * start.elapsed().as_secs_f64();

    let total = chosen.len() * pairs.len();
    let finished = std::sync::atomic::AtomicUsize::new(0);
    let take = |k: usize, outcome: Option<&Outcome>| {
        let components = estimates(outcome);
        Scored {
            named: components.iter().any(|c| !c.species.is_empty()),
            score: score(&pairs[k].mixture, &pairs[k].truths(), &components),
            unexplained: outcome.is_some_and(|o| !o.unexplained.peaks.is_empty()),
        }
    };
    let done = |_k: usize| {
        progress(finished.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, total);
    };
    let known = options.pools.set != UNKNOWN;
    let methods = on_threads(options.threads, || {
        let report = |chosen: &Chosen| {
            let answers: Answers<Scored> = run(chosen, &references, &mixtures, &take, &done);
            MethodReport::new(&chosen.name, known, &answers)
        };
        chosen.iter().map(report).collect::<Vec<_>>()
    })?;
    let inputs: Vec<f64> =
        pairs.iter().map(|p| score(&p.mixture, &p.truths(), &[]).input_si_snr_db).collect();
    Ok(UnmixReport {
        set: options.pools.set.clone(),
        n: options.n,
        seed: options.seed,
        mean_input_si_snr_db: mean(&inputs).unwrap_or_default(),
        methods,
        library_spectra: references.len(),
        library_species: references.species().len(),
        mixed_spectra: pools.mixed.len(),
        left_out_spectra: pools.left_out,
        threads: options.threads.max(1),
        references_ms,
    })
}
