//! `bench unmix`: seeded two-component mixtures of pure spectra, unmixed by every method, scored against what was mixed.

use super::BenchError;
use super::contest::{Contest, PairOptions};
use super::runner::{Answers, Chosen};
use super::unmix_report::{MethodReport, Scored, UnmixReport};
use crate::synth::Recipe;

/// What is run.
#[derive(Debug, Clone)]
pub struct UnmixOptions {
    /// The mixtures.
    pub pairs: PairOptions,
    /// Methods, with settings behind colons; all when empty.
    pub methods: Vec<String>,
}

/// Runs the benchmark. `progress` is told the method and how many of all runs are done.
pub fn bench_unmix(
    options: &UnmixOptions,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<UnmixReport, BenchError> {
    let pairs = &options.pairs;
    pairs.check()?;
    let chosen = Chosen::parse_all(&options.methods)?;
    let contest = Contest::open(pairs)?;
    let total = chosen.len() * pairs.n;
    let entered = contest.enter(&Recipe::rssnet(), &chosen, &|done| progress(done, total))?;
    let report =
        |(chosen, answers): (&Chosen, &Answers<Scored>)| MethodReport::new(chosen, contest.known, answers);
    Ok(UnmixReport {
        bench: "unmix",
        set: pairs.pools.set.clone(),
        n: pairs.n,
        seed: pairs.seed,
        mean_input_si_snr_db: entered.input_si_snr_db,
        methods: chosen.iter().zip(&entered.answers).map(report).collect(),
        library_spectra: contest.references.len(),
        library_species: contest.references.species().len(),
        mixed_spectra: contest.pools.mixed.len(),
        left_out_spectra: contest.pools.left_out,
        threads: pairs.threads.max(1),
        references_ms: contest.references_ms,
    })
}
