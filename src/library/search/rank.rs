//! Scores of entries to a ranking of species.

use std::sync::Arc;

use super::super::duplicates::DUPLICATE_OVERLAP;
use super::index::Index;
use super::query::{Overlap, Query};
use super::{Folded, Hit, Ranking, SearchOptions};

/// The best specimen of a species so far.
#[derive(Debug, Clone, Copy)]
struct Best {
    row: usize,
    score: f64,
    overlap: Overlap,
    enough: bool,
    specimens: usize,
}

impl Best {
    fn above(&self, other: &Self) -> bool {
        (self.enough, self.score) > (other.enough, other.score)
    }
}

pub(super) fn ranking(index: &Index, query: Query, scores: &[f64], options: &SearchOptions) -> Ranking {
    let rows = index.rows(options.metric);
    let mut best: Vec<Option<Best>> = vec![None; index.species().len()];
    let mut compared = 0;
    for (row, (entry, &score)) in index.entries().iter().zip(scores).enumerate() {
        let Some(overlap) = query.overlap(rows.row(row)).filter(|_overlap| score.is_finite()) else {
            continue;
        };
        compared += 1;
        let enough = overlap.share >= options.min_overlap;
        let new = Best { row, score, overlap, enough, specimens: 1 };
        match &mut best[entry.species] {
            slot @ None => *slot = Some(new),
            Some(old) => {
                let specimens = old.specimens + 1;
                if new.above(old) {
                    *old = new;
                }
                old.specimens = specimens;
            }
        }
    }
    let mut order: Vec<(usize, Best)> =
        best.into_iter().enumerate().filter_map(|(species, best)| Some((species, best?))).collect();
    order.sort_by(|(species_a, a), (species_b, b)| {
        b.enough.cmp(&a.enough).then(b.score.total_cmp(&a.score)).then(species_a.cmp(species_b))
    });
    let mut hits = fold(index, &query, &order, options);
    for i in 0..hits.len() {
        let next = hits.get(i + 1).filter(|next| next.enough_overlap == hits[i].enough_overlap);
        hits[i].margin = next.map(|next| hits[i].score - next.score);
    }
    hits.truncate(options.max_hits.max(1));
    let left_out = index.len() - compared;
    Ranking { query: query.title, metric: options.metric, hits, compared, left_out }
}

/// Hits in order, one more than wanted so that the last one's margin is known.
fn fold(index: &Index, query: &Query, order: &[(usize, Best)], options: &SearchOptions) -> Vec<Hit> {
    let wanted = options.max_hits.max(1) + 1;
    let mut rows: Vec<usize> = Vec::new();
    let mut hits: Vec<Hit> = Vec::new();
    for &(species, best) in order {
        let Best { row, score, overlap, enough, specimens } = best;
        let score = query.presented(score);
        let (entry, species) = (&index.entries()[row], Arc::clone(&index.species()[species]));
        let twin = options.fold.and_then(|limit| {
            let alike = |have: &usize| {
                index.levels().likeness(*have, row, DUPLICATE_OVERLAP).is_some_and(|r| r >= limit)
            };
            rows.iter().position(alike)
        });
        if let Some(hit) = twin.and_then(|twin| hits.get_mut(twin)) {
            hit.folded.push(Folded { entry: entry.id, species, score });
            continue;
        }
        if hits.len() == wanted {
            break;
        }
        let position = |point: usize| index.grid().values().get(point).copied().unwrap_or(f64::NAN);
        rows.push(row);
        hits.push(Hit {
            entry: entry.id,
            name: Arc::clone(&entry.name),
            species,
            score,
            margin: None,
            specimens,
            overlap: overlap.share,
            enough_overlap: enough,
            low_cm1: position(overlap.start),
            high_cm1: position(overlap.end - 1),
            folded: Vec::new(),
        });
    }
    hits
}
