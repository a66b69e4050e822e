//! `bench unmix`: seeded two-component mixtures of pure spectra, unmixed by every method, scored against what was mixed.

use super::BenchError;
use super::contest::{Contest, PairOptions};
use super::runner::{Answers, Chosen};
use super::unmix_report::{MethodReport, Scored, UnmixReport};
use crate::synth::{Choice, Parts, Recipe};

/// What is run.
#[derive(Debug, Clone)]
pub struct UnmixOptions {
    /// The mixtures.
    pub pairs: PairOptions,
    /// Substances in each; two in the paper.
    pub components: usize,
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
    if !(2..=5).contains(&options.components) {
        let asked = options.components;
        return Err(BenchError::Asked(format!(
            "--components {asked}: mixtures of 2 to 5 substances can be made"
        )));
    }
    let chosen = Chosen::parse_all(&options.methods)?;
    let contest = Contest::open(pairs)?;
    let total = chosen.len() * pairs.n;
    let entered = contest.enter(&mixtures_of(options.components), &chosen, &|done| progress(done, total))?;
    let report =
        |(chosen, answers): (&Chosen, &Answers<Scored>)| MethodReport::new(chosen, contest.known, answers);
    Ok(UnmixReport {
        bench: "unmix",
        set: pairs.pools.set.clone(),
        n: pairs.n,
        components: options.components,
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

/// The paper's mixtures of this many components; of more than two with all divisions equally likely.
fn mixtures_of(components: usize) -> Recipe {
    let parts =
        Parts::Simplex { least: components, most: components, choice: Choice::Rows, least_weight: 0.0 };
    Recipe { parts, ..Recipe::rssnet() }
}
