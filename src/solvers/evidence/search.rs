//! Which sets are weighed, and which of them wins.

use std::ops::{Range, RangeInclusive};

use super::super::{SolverError, Target};
use super::belief::Belief;
use super::effort::{Effort, Limits};
use super::fixed::{best_of, fix, insist, try_pending};
use super::local::{Deviation, Posterior};
use super::pairs::PairHit;
use super::prepared::Prepared;
use super::scorer::{EvidenceLibrary, Fitted, Hypothesis, Scorer};

/// Sets of so many and more take long to weigh and leave little to explain.
const LARGE: usize = 5;
/// Nats by which a background ten times as rough must be better: misfit looks like background.
const ROUGHER: f64 = 100.0;
/// Least variance of the noise, in units of the mean square of the spectrum: stored spectra are no better than that.
const LEAST_NOISE: f64 = 1e-10;

/// Cosines that a level of noise is read from, at least.
const LEAST_BAND: usize = 16;

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
    /// Species that are part of every set, unless no positive amount of them fits beside the others; the sizes in
    /// `components` count them.
    pub fixed: Vec<usize>,
    /// How much is tried.
    pub effort: Effort,
}

impl Default for EvidenceSettings {
    fn default() -> Self {
        let (gain, shift, spacing, effort) = (0.2, 2.0, 21.0, Effort::Full);
        Self { components: 1..=5, gain, shift, spacing, pairs: 150, fixed: Vec::new(), effort }
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

    /// Library part of each component of the first set: its stored rows times their weights.
    #[must_use]
    pub fn library_parts(&self, library: &EvidenceLibrary<'_>) -> Vec<Vec<f64>> {
        self.ranked.first().map(|first| first.library_parts(library)).unwrap_or_default()
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
    search_hiding(library, spectrum, &[], settings, go_on)
}

/// As [`search`], in the rows that are not `hidden` (one flag a row; none at all where nothing is hidden): the answer
/// is that of a library without those rows.
pub fn search_hiding(
    library: EvidenceLibrary<'_>,
    spectrum: &[f32],
    hidden: &[bool],
    settings: &EvidenceSettings,
    go_on: &mut dyn FnMut(f32) -> bool,
) -> Result<Option<Found>, SolverError> {
    let target = library.dictionary.target(spectrum)?;
    let prepared = Prepared::new(library, settings.spacing)?;
    search_in(&prepared, spectrum, &target, hidden, settings, go_on)
}

/// The search for one spectrum, everything made ready.
pub(super) fn search_in(
    prepared: &Prepared<'_>,
    spectrum: &[f32],
    target: &Target,
    hidden: &[bool],
    settings: &EvidenceSettings,
    go_on: &mut dyn FnMut(f32) -> bool,
) -> Result<Option<Found>, SolverError> {
    let axis = prepared.library.axis;
    let length = axis.len();
    let rows = prepared.library.dictionary.count();
    if !hidden.is_empty() && hidden.len() != rows {
        let (what, found, expected) = ("flags of hidden rows", hidden.len(), rows);
        return Err(SolverError::Mismatch { what, found, expected });
    }
    let power = spectrum.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / length as f64;
    if power <= 0.0 || target.energy() <= 0.0 {
        let deviation = Deviation { gain: settings.gain, shift: settings.shift, noise: 0.0, drift: 0.0 };
        let (ranked, probabilities) = (Vec::new(), Vec::new());
        return Ok(Some(Found { ranked, probabilities, posterior: None, deviation, unit: 1.0 }));
    }
    let limits = settings.effort.limits();
    let noise = white_noise(target, axis).max(LEAST_NOISE * power);
    // As much power in the drift as in the white noise: the variance of a random walk grows by 6 / length a point.
    let drift = 6.0 * noise / (axis[length - 1] - axis[0]).max(f64::MIN_POSITIVE);
    let deviation = Deviation { gain: settings.gain, shift: settings.shift, noise, drift };
    let mut scorer = Scorer::new(prepared, spectrum, target, hidden, deviation);
    let pairs = settings.pairs.min(limits.pairs);
    let (hits, components) = fix(&mut scorer, &settings.fixed, &settings.components, pairs);
    let of_pair = |hit: &PairHit| hit.rows.map(|row| prepared.library.species[row]).to_vec();
    let mut judges: Vec<Vec<usize>> = hits.iter().take(limits.judges).map(of_pair).collect();
    if judges.is_empty() && !scorer.fixed.is_empty() {
        judges.push(scorer.fixed.clone());
    } else if judges.is_empty() {
        let first = scorer.by_correlation(target.correlations(), &[]);
        judges = first.into_iter().take(1).map(|species| vec![species]).collect();
    }
    for species in &mut judges {
        species.sort_unstable();
    }
    let starts = if *components.end() > 2 { limits.starts } else { &[1.0] };
    let mut best: Option<(f64, Deviation, Vec<Hypothesis>)> = None;
    for part in starts {
        let start = Deviation { gain: part * deviation.gain, shift: part * deviation.shift, ..deviation };
        if !settle(&mut scorer, &limits, start, judges.clone(), &hits, &components, go_on)? {
            return Ok(None);
        }
        let belief = Belief::new(&scorer.all, scorer.ideal(), scorer.species());
        let score = best_score(&scorer.all, &belief, |_| true);
        if best.as_ref().is_none_or(|b| score > b.0) {
            best = Some((score, scorer.deviation, scorer.take()));
        }
    }
    if let Some((_, deviation, all)) = best {
        scorer.resume(deviation, all);
    }
    Ok(Some(finish(scorer, &limits, &components)))
}

/// Weighs everything under the deviations that the judges like best, then lets the best set judge. False when stopped.
fn settle(
    scorer: &mut Scorer<'_>,
    limits: &Limits,
    start: Deviation,
    mut judges: Vec<Vec<usize>>,
    hits: &[PairHit],
    components: &RangeInclusive<usize>,
    go_on: &mut dyn FnMut(f32) -> bool,
) -> Result<bool, SolverError> {
    let mut agreed = None;
    for _ in 0..limits.rounds {
        let judged = judge(scorer, limits, &judges, start);
        scorer.deviation = judged;
        if agreed == Some(judged) {
            break;
        }
        agreed = Some(judged);
        scorer.take();
        if !weigh_all(scorer, limits, hits, components, go_on)? {
            return Ok(false);
        }
        let belief = Belief::new(&scorer.all, scorer.ideal(), scorer.species());
        let best = scorer.all.iter().max_by(|a, b| belief.score(a).total_cmp(&belief.score(b)));
        judges = best.iter().map(|h| h.species.clone()).collect();
        if judges.iter().all(|species| species.len() <= 2) {
            break;
        }
    }
    Ok(true)
}

/// Weighs single species, pairs, and what grows from them. False when stopped.
fn weigh_all(
    scorer: &mut Scorer<'_>,
    limits: &Limits,
    hits: &[PairHit],
    components: &RangeInclusive<usize>,
    go_on: &mut dyn FnMut(f32) -> bool,
) -> Result<bool, SolverError> {
    if components.contains(&1) || hits.is_empty() {
        let singles =
            scorer.by_correlation(scorer.target.correlations(), &[]).into_iter().take(limits.singles);
        let singles: Vec<Vec<usize>> = singles.map(|species| vec![species]).collect();
        let first = if scorer.fixed.is_empty() { singles } else { vec![scorer.fixed.clone()] };
        for species in first {
            scorer.weigh(&species, None);
        }
    }
    for (done, hit) in hits.iter().enumerate() {
        if done % 16 == 0 && !go_on(0.2 + 0.4 * done as f32 / hits.len() as f32) {
            return Ok(false);
        }
        scorer.weigh(&hit.rows.map(|row| scorer.library.species[row]), Some(hit.rows));
    }
    grow(scorer, limits, components, go_on)
}

/// Variance of white noise, from the quarter of the cosines with the highest frequencies: no line is that narrow. On an
/// axis much finer than the instrument nothing is left there, so a band of 0.25 to 0.38 periods per unit is asked too.
fn white_noise(target: &Target, axis: &[f64]) -> f64 {
    /// Median of a squared standard normal number.
    const MEDIAN: f64 = 0.454_936;
    let length = axis.len();
    let level = |band: Range<usize>| {
        let mut powers: Vec<f64> = target.whitened()[band].iter().map(|v| v * v).collect();
        powers.sort_by(f64::total_cmp);
        powers.get(powers.len() / 2).map_or(0.0, |middle| middle / MEDIAN)
    };
    let range = axis[length - 1] - axis[0];
    let band = (0.5 * range) as usize..(0.76 * range) as usize;
    let highest = level(length - length / 4..length);
    if band.end < length && band.len() > LEAST_BAND { highest.max(level(band)) } else { highest }
}

/// The deviations under which sets explain the spectrum best: one after the other the roughness of the background, how
/// far bands may stray from the library, and the noise. Smooth backgrounds are preferred, because misfit looks rough.
fn judge(scorer: &mut Scorer<'_>, limits: &Limits, judges: &[Vec<usize>], start: Deviation) -> Deviation {
    let judges: Vec<Fitted> = judges.iter().map(|species| scorer.fitted(species, None)).collect();
    let mut evidence_under = |deviation: Deviation| {
        scorer.deviation = deviation;
        let each = judges.iter().map(|fitted| scorer.judged(fitted).evidence);
        each.fold(f64::NEG_INFINITY, f64::max)
    };
    let mut best = (f64::NEG_INFINITY, start);
    let mut charged = f64::NEG_INFINITY;
    for decade in limits.drifts {
        let deviation = Deviation { drift: start.drift * 10.0_f64.powi(*decade), ..start };
        let evidence = evidence_under(deviation);
        let less = evidence - ROUGHER * f64::from(decade.abs());
        if less > charged {
            (charged, best) = (less, (evidence, deviation));
        }
    }
    let found = best.1;
    let strayed = limits.stray.iter().map(|part| {
        let (gain, shift) = (start.gain * part, start.shift * part);
        Deviation { gain, shift, ..found }
    });
    for deviation in strayed {
        let evidence = evidence_under(deviation);
        if evidence > best.0 {
            best = (evidence, deviation);
        }
    }
    let found = best.1;
    for factor in limits.noisier {
        let deviation = Deviation { noise: start.noise * factor, ..found };
        let evidence = evidence_under(deviation);
        if evidence > best.0 {
            best = (evidence, deviation);
        }
    }
    best.1
}

/// Sets of three and more: the best sets with one species more, as long as that pays. False when stopped.
fn grow(
    scorer: &mut Scorer<'_>,
    limits: &Limits,
    components: &RangeInclusive<usize>,
    go_on: &mut dyn FnMut(f32) -> bool,
) -> Result<bool, SolverError> {
    for size in (scorer.fixed.len() + 1).max(3)..=*components.end() {
        let belief = Belief::new(&scorer.all, scorer.ideal(), scorer.species());
        let best_before = best_score(&scorer.all, &belief, |n| n < size);
        let mut beam: Vec<usize> = (0..scorer.all.len())
            .filter(|at| scorer.all[*at].species.len() == size - 1 && scorer.all[*at].evidence.is_finite())
            .collect();
        beam.sort_by(|a, b| scorer.all[*b].evidence.total_cmp(&scorer.all[*a].evidence));
        let (width, extensions) = if size < LARGE {
            (limits.beam, limits.extensions)
        } else {
            (limits.beam_of_large, limits.extensions_of_large)
        };
        beam.truncate(width);
        for at in beam {
            if !go_on(0.6 + 0.3 * size as f32 / *components.end() as f32) {
                return Ok(false);
            }
            let parent = scorer.all[at].clone();
            let pending: Vec<usize> =
                scorer.pending.iter().copied().filter(|s| !parent.species.contains(s)).collect();
            for species in pending.into_iter().chain(scorer.wanted(&parent)?.into_iter().take(extensions)) {
                let mut set = parent.species.clone();
                set.push(species);
                scorer.weigh(&set, None);
            }
        }
        let of_size = scorer.all.iter().filter(|h| h.species.len() == size);
        if let Some(best) = of_size.max_by(|a, b| a.evidence.total_cmp(&b.evidence)).cloned() {
            exchange(scorer, &best, limits.relatives);
        }
        let belief = Belief::new(&scorer.all, scorer.ideal(), scorer.species());
        if size >= *components.start() && best_score(&scorer.all, &belief, |n| n == size) <= best_before {
            break;
        }
    }
    Ok(true)
}

/// Tries relatives in the place of each member of a set, and the set without it.
fn exchange(scorer: &mut Scorer<'_>, of: &Hypothesis, relatives: usize) {
    for (at, rows) in of.rows.iter().enumerate() {
        if scorer.fixed.contains(&of.species[at]) {
            continue;
        }
        let Some((row, _)) = rows.iter().max_by(|a, b| a.1.total_cmp(&b.1)) else { continue };
        for relative in scorer.relatives(*row, &of.species).into_iter().take(relatives) {
            let mut set = of.species.clone();
            set[at] = relative;
            scorer.weigh(&set, None);
        }
        if of.species.len() > 1 {
            let mut set = of.species.clone();
            set.remove(at);
            scorer.weigh(&set, None);
        }
    }
}

fn best_score(all: &[Hypothesis], belief: &Belief, size: impl Fn(usize) -> bool) -> f64 {
    all.iter().filter(|h| size(h.species.len())).map(|h| belief.score(h)).fold(f64::NEG_INFINITY, f64::max)
}

fn finish(mut scorer: Scorer<'_>, limits: &Limits, components: &RangeInclusive<usize>) -> Found {
    let belief = Belief::new(&scorer.all, scorer.ideal(), scorer.species());
    if let Some(best) = best_of(&scorer, &belief, components) {
        try_pending(&mut scorer, &best, *components.end());
    }
    insist(&mut scorer, components);
    if let Some(best) = best_of(&scorer, &belief, components) {
        exchange(&mut scorer, &best, limits.rivals);
    }
    // Whether there is anything at all is a question too, where the number was left open.
    if scorer.fixed.is_empty() && components.start() != components.end() {
        scorer.weigh(&[], None);
    }
    let belief = Belief::new(&scorer.all, scorer.ideal(), scorer.species());
    let mut ranked = scorer.take();
    ranked.retain(|h| h.evidence.is_finite());
    // Where no set of the sizes asked for fits, the largest one that does.
    let most = ranked.iter().map(|h| h.species.len()).max().unwrap_or(0);
    let least = (*components.start()).min(most);
    let sizes = least..=*components.end();
    ranked.retain(|h| sizes.contains(&h.species.len()) || h.species.is_empty());
    ranked
        .sort_by(|a, b| belief.score(b).total_cmp(&belief.score(a)).then_with(|| a.species.cmp(&b.species)));
    let probabilities = belief.probabilities(&ranked);
    let posterior = ranked.first().map(|first| scorer.posterior(first));
    Found { ranked, probabilities, posterior, deviation: scorer.deviation, unit: belief.unit }
}
