//! Species that are settled from outside: every set shall hold them, wherever a positive amount of them fits.

use std::ops::RangeInclusive;

use super::belief::Belief;
use super::pairs::PairHit;
use super::scorer::{Hypothesis, Scorer};

/// Tells the scorer which species every set holds, and gives the best pairs among those sets and the sizes that sets of
/// so many components may have.
///
/// A species may have no weight by itself and some beside the others. Such a one is pending: sets are tried with it, and
/// where one of them fits, [`insist`] leaves no other.
pub(super) fn fix(
    scorer: &mut Scorer<'_>,
    species: &[usize],
    components: &RangeInclusive<usize>,
    pairs: usize,
) -> (Vec<PairHit>, RangeInclusive<usize>) {
    let mut wanted: Vec<usize> = species.iter().copied().filter(|s| *s < scorer.species()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let least = wanted.len();
    let sizes = least.max(*components.start())..=least.max(*components.end());
    let among = |scorer: &Scorer<'_>, fixed: &[usize]| {
        let pairs = if *sizes.end() < 2 { 0 } else { pairs };
        scorer.prepared.scan.best(scorer.target.correlations(), scorer.hidden, fixed, pairs)
    };
    let hits = among(scorer, &wanted);
    let weighted = if hits.is_empty() { scorer.with_weight(&wanted) } else { wanted.clone() };
    scorer.pending = wanted.into_iter().filter(|s| !weighted.contains(s)).collect();
    scorer.fixed = weighted;
    let hits = if scorer.pending.is_empty() { hits } else { among(scorer, &scorer.fixed) };
    (hits, sizes)
}

/// Tries the pending species beside and in the place of the members of the best set.
pub(super) fn try_pending(scorer: &mut Scorer<'_>, best: &Hypothesis, most: usize) {
    let pending: Vec<usize> = scorer.pending.iter().copied().filter(|s| !best.species.contains(s)).collect();
    let mut sets = vec![[best.species.as_slice(), &pending].concat()];
    for species in &pending {
        sets.push([best.species.as_slice(), &[*species]].concat());
        for at in (0..best.species.len()).filter(|at| !scorer.fixed.contains(&best.species[*at])) {
            let mut set = best.species.clone();
            set[at] = *species;
            sets.push(set);
        }
    }
    for set in sets.iter().filter(|set| set.len() <= most) {
        scorer.weigh(set, None);
    }
}

/// Rules out the sets without a pending species where there are any with it of the sizes asked for that fit.
pub(super) fn insist(scorer: &mut Scorer<'_>, sizes: &RangeInclusive<usize>) {
    for species in std::mem::take(&mut scorer.pending) {
        let holds = |set: &Hypothesis| set.species.contains(&species);
        let fits = |set: &Hypothesis| sizes.contains(&set.species.len()) && set.evidence.is_finite();
        if scorer.all.iter().any(|set| holds(set) && fits(set)) {
            for set in scorer.all.iter_mut().filter(|set| !holds(set)) {
                set.evidence = f64::NEG_INFINITY;
            }
            scorer.fixed.push(species);
        }
    }
}

/// The best set of these sizes.
pub(super) fn best_of(
    scorer: &Scorer<'_>,
    belief: &Belief,
    sizes: &RangeInclusive<usize>,
) -> Option<Hypothesis> {
    let fits = scorer.all.iter().filter(|set| sizes.contains(&set.species.len()));
    fits.max_by(|a, b| belief.score(a).total_cmp(&belief.score(b))).cloned()
}
