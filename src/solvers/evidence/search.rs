//! Which sets are weighed, and which of them wins.

use std::ops::RangeInclusive;

use super::super::{SolverError, Target};
use super::belief::Belief;
use super::local::{Deviation, Posterior};
use super::pairs::{PairHit, best_pairs};
use super::scorer::{EvidenceLibrary, Hypothesis, Scorer};

/// Single species that are weighed.
const SINGLES: usize = 60;
/// Sets that are extended by one species, and species tried on each.
const BEAM: usize = 4;
const EXTENSIONS: usize = 40;
/// Relatives tried in the place of each member of the best set.
const RELATIVES: usize = 8;
/// Nats by which a background ten times as rough must be better: misfit looks like background.
const ROUGHER: f64 = 100.0;
/// Pairs on which noise, background and deviations are judged first.
const JUDGES: usize = 4;
/// How much of the deviations of another specimen may be needed: all of it, or less for the same bottle and instrument.
const STRAY: [f64; 4] = [1.0, 0.3, 0.1, 0.03];
/// Variance of what neither noise nor deviations explain, in units of the noise.
const NOISIER: [f64; 4] = [1.0, 3.0, 10.0, 30.0];
/// Times that everything is weighed anew under better judged deviations.
const ROUNDS: usize = 3;

/// Settings of [`search`].
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceSettings {
    /// How many components the answer may have.
    pub components: RangeInclusive<usize>,
    /// Standard deviation of local gains.
    pub gain: f64,
    /// Standard deviation of local shifts, in units of the axis.
    pub shift: f64,
    /// Distance over which gains and shifts are independent, in units of the axis.
    pub spacing: f64,
    /// Pairs of species that are weighed.
    pub pairs: usize,
}

impl Default for EvidenceSettings {
    fn default() -> Self {
        Self { components: 1..=5, gain: 0.2, shift: 2.0, spacing: 21.0, pairs: 150 }
    }
}

/// What a search found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Sets of the sizes asked for, most likely first; empty when no species fits at all.
    pub ranked: Vec<Hypothesis>,
    /// Their probabilities.
    pub probabilities: Vec<f64>,
    /// Components of the first set as they are in the sample, in the order of its species, and the background.
    pub posterior: Option<Posterior>,
    /// The noise and the background that were found.
    pub deviation: Deviation,
    /// Nats that count as one.
    pub unit: f64,
}

impl Found {
    /// Probability that a species is in the sample.
    #[must_use]
    pub fn probability_of(&self, species: usize) -> f64 {
        let with = self.ranked.iter().zip(&self.probabilities).filter(|(h, _)| h.species.contains(&species));
        with.map(|(_, p)| p).sum()
    }

    /// Species that stand in the place of one of the best set in sets that differ from it in nothing else, with the
    /// probability of those sets, most likely first.
    #[must_use]
    pub fn instead_of(&self, species: usize) -> Vec<(usize, f64)> {
        let Some(best) = self.ranked.first() else { return Vec::new() };
        let other = |set: &Hypothesis| {
            let mut new = set.species.iter().filter(|s| !best.species.contains(s));
            let found = *new.next()?;
            let stay = best.species.iter().all(|s| *s == species || set.species.contains(s));
            (new.next().is_none() && stay && set.species.len() == best.species.len()).then_some(found)
        };
        let sets = self.ranked.iter().zip(&self.probabilities);
        sets.filter_map(|(set, probability)| Some((other(set)?, *probability))).collect()
    }
}

/// Finds the most likely set of species. `go_on` is told how much is done and ends the search (`None`) with `false`.
pub fn search(
    library: EvidenceLibrary<'_>,
    spectrum: &[f32],
    settings: &EvidenceSettings,
    go_on: &mut dyn FnMut(f32) -> bool,
) -> Result<Option<Found>, SolverError> {
    let target = library.dictionary.target(spectrum)?;
    let axis = library.axis;
    let length = axis.len();
    if spectrum.len() != length || library.species.len() != library.dictionary.count() {
        let (what, found, expected) = ("positions of the axis", length, spectrum.len());
        return Err(SolverError::Mismatch { what, found, expected });
    }
    let noise = white_noise(&target, length).powi(2).max(f64::MIN_POSITIVE);
    // As much power in the drift as in the white noise: the variance of a random walk grows by 6 / length a point.
    let drift = 6.0 * noise / (axis[length - 1] - axis[0]).max(f64::MIN_POSITIVE);
    let deviation = Deviation { gain: settings.gain, shift: settings.shift, noise, drift };
    let mut scorer = Scorer::new(library, spectrum, settings.spacing, deviation)?;
    let hits = if *settings.components.end() >= 2 {
        best_pairs(library.dictionary.gram(), target.correlations(), library.species, settings.pairs)
    } else {
        Vec::new()
    };
    let of_pair = |hit: &PairHit| hit.rows.map(|row| library.species[row]).to_vec();
    let mut judges: Vec<Vec<usize>> = hits.iter().take(JUDGES).map(of_pair).collect();
    if judges.is_empty() {
        let first = scorer.by_correlation(target.correlations(), &[]);
        judges = first.into_iter().take(1).map(|species| vec![species]).collect();
    }
    let mut agreed = None;
    for _ in 0..ROUNDS {
        let judged = judge(&mut scorer, &judges, deviation);
        if agreed == Some(judged) {
            break;
        }
        agreed = Some(judged);
        scorer.deviation = judged;
        scorer.forget();
        if !weigh_all(&mut scorer, &hits, &settings.components, go_on)? {
            return Ok(None);
        }
        // The best set so far knows better than pairs how far bands stray and how much noise there is.
        let belief = Belief::new(&scorer.all, scorer.ideal(), scorer.species());
        let best = scorer.all.iter().max_by(|a, b| belief.score(a).total_cmp(&belief.score(b)));
        judges = best.iter().map(|h| h.species.clone()).collect();
        if judges.iter().all(|species| species.len() <= 2) {
            break;
        }
    }
    scorer.deviation = agreed.unwrap_or(deviation);
    Ok(Some(finish(scorer, settings)))
}

/// Weighs single species, pairs, and what grows from them. False when stopped.
fn weigh_all(
    scorer: &mut Scorer<'_>,
    hits: &[PairHit],
    components: &RangeInclusive<usize>,
    go_on: &mut dyn FnMut(f32) -> bool,
) -> Result<bool, SolverError> {
    if components.contains(&1) || hits.is_empty() {
        for species in scorer.by_correlation(scorer.target.correlations(), &[]).into_iter().take(SINGLES) {
            scorer.weigh(&[species], None);
        }
    }
    for (done, hit) in hits.iter().enumerate() {
        if done % 16 == 0 && !go_on(0.2 + 0.4 * done as f32 / hits.len() as f32) {
            return Ok(false);
        }
        scorer.weigh(&hit.rows.map(|row| scorer.library.species[row]), Some(hit.rows));
    }
    grow(scorer, components, go_on)
}

/// Standard deviation of white noise, from the quarter of the cosines with the highest frequencies: no line is that
/// narrow.
fn white_noise(target: &Target, length: usize) -> f64 {
    /// Median of a squared standard normal number.
    const MEDIAN: f64 = 0.454_936;
    let mut high: Vec<f64> = target.whitened()[length - length / 4..length].iter().map(|v| v * v).collect();
    high.sort_by(f64::total_cmp);
    high.get(high.len() / 2).map_or(0.0, |middle| (middle / MEDIAN).sqrt())
}

/// The deviations under which sets explain the spectrum best: one after the other the roughness of the background, how
/// far bands may stray from the library, and the noise. Smooth backgrounds are preferred, because misfit looks rough.
fn judge(scorer: &mut Scorer<'_>, judges: &[Vec<usize>], start: Deviation) -> Deviation {
    let mut best = (f64::NEG_INFINITY, start);
    let try_on = |scorer: &mut Scorer<'_>, deviation: Deviation, charge: f64, best: &mut (f64, Deviation)| {
        scorer.deviation = deviation;
        for species in judges {
            let mut species = species.clone();
            species.sort_unstable();
            let evidence = scorer.hypothesis(&species, None).evidence - charge;
            if evidence > best.0 {
                *best = (evidence, deviation);
            }
        }
    };
    for decade in -1..=4_i32 {
        let drift = start.drift * 10.0_f64.powi(decade);
        try_on(scorer, Deviation { drift, ..start }, ROUGHER * f64::from(decade.abs()), &mut best);
    }
    best.0 = f64::NEG_INFINITY;
    let found = best.1;
    for part in STRAY {
        let (gain, shift) = (start.gain * part, start.shift * part);
        try_on(scorer, Deviation { gain, shift, ..found }, 0.0, &mut best);
    }
    let found = best.1;
    for factor in NOISIER {
        try_on(scorer, Deviation { noise: start.noise * factor, ..found }, 0.0, &mut best);
    }
    best.1
}

/// Sets of three and more: the best sets with one species more, as long as that pays. False when stopped.
fn grow(
    scorer: &mut Scorer<'_>,
    components: &RangeInclusive<usize>,
    go_on: &mut dyn FnMut(f32) -> bool,
) -> Result<bool, SolverError> {
    for size in 3..=*components.end() {
        let belief = Belief::new(&scorer.all, scorer.ideal(), scorer.species());
        let best_before = best(&scorer.all, &belief, |n| n < size);
        let mut beam: Vec<usize> = (0..scorer.all.len())
            .filter(|at| scorer.all[*at].species.len() == size - 1 && scorer.all[*at].evidence.is_finite())
            .collect();
        beam.sort_by(|a, b| scorer.all[*b].evidence.total_cmp(&scorer.all[*a].evidence));
        beam.truncate(BEAM);
        for at in beam {
            if !go_on(0.6 + 0.3 * size as f32 / *components.end() as f32) {
                return Ok(false);
            }
            let parent = scorer.all[at].clone();
            for species in scorer.wanted(&parent)?.into_iter().take(EXTENSIONS) {
                let mut set = parent.species.clone();
                set.push(species);
                scorer.weigh(&set, None);
            }
        }
        exchange(scorer, size);
        let belief = Belief::new(&scorer.all, scorer.ideal(), scorer.species());
        if size >= *components.start() && best(&scorer.all, &belief, |n| n == size) <= best_before {
            break;
        }
    }
    Ok(true)
}

/// Tries relatives in the place of each member of the best set of a size.
fn exchange(scorer: &mut Scorer<'_>, size: usize) {
    let of_size = scorer.all.iter().filter(|h| h.species.len() == size);
    let Some(best) = of_size.max_by(|a, b| a.evidence.total_cmp(&b.evidence)).cloned() else { return };
    for (at, rows) in best.rows.iter().enumerate() {
        let Some((row, _)) = rows.iter().max_by(|a, b| a.1.total_cmp(&b.1)) else { continue };
        for relative in scorer.relatives(*row, &best.species).into_iter().take(RELATIVES) {
            let mut set = best.species.clone();
            set[at] = relative;
            scorer.weigh(&set, None);
        }
    }
}

fn best(all: &[Hypothesis], belief: &Belief, size: impl Fn(usize) -> bool) -> f64 {
    all.iter().filter(|h| size(h.species.len())).map(|h| belief.score(h)).fold(f64::NEG_INFINITY, f64::max)
}

fn finish(mut scorer: Scorer<'_>, settings: &EvidenceSettings) -> Found {
    let belief = Belief::new(&scorer.all, scorer.ideal(), scorer.species());
    let mut ranked = std::mem::take(&mut scorer.all);
    ranked.retain(|h| h.evidence.is_finite());
    // Where no set of the sizes asked for fits, the largest one that does.
    let most = ranked.iter().map(|h| h.species.len()).max().unwrap_or(0);
    let least = (*settings.components.start()).min(most);
    ranked.retain(|h| (least..=*settings.components.end()).contains(&h.species.len()));
    ranked
        .sort_by(|a, b| belief.score(b).total_cmp(&belief.score(a)).then_with(|| a.species.cmp(&b.species)));
    let probabilities = belief.probabilities(&ranked);
    let posterior = ranked.first().map(|first| scorer.posterior(first));
    Found { ranked, probabilities, posterior, deviation: scorer.deviation, unit: belief.unit }
}
