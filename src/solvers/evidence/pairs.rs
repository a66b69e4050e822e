//! The exhaustive search over all pairs of library rows of different species.
//!
//! Never a shortlist by correlation: it fills with relatives of the main component and loses the minor one.

/// Pairs closer than this to parallel (`1 - g^2`) are one spectrum in single precision.
const LEAST_ANGLE: f32 = 1e-4;

/// The best pair of rows of two species.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PairHit {
    /// Energy of the spectrum that both explain with positive weights.
    pub energy: f32,
    /// The two rows; their species differ.
    pub rows: [usize; 2],
}

/// Two runs of neighbouring rows of one species each, and the best that any pair of theirs explains.
#[derive(Clone, Copy)]
struct RunPair {
    energy: f32,
    runs: [usize; 2],
}

/// The `keep` best pairs of species, each by its best pair of rows, best first; only pairs that hold all `fixed` species.
///
/// `gram` holds the inner products of unit rows, `b` those with the spectrum, `species` the species of each row.
pub(super) fn best_pairs(
    gram: &[f32],
    b: &[f64],
    species: &[usize],
    fixed: &[usize],
    keep: usize,
) -> Vec<PairHit> {
    let n = b.len();
    let largest = b.iter().copied().fold(0.0, f64::max);
    if largest <= 0.0 || keep == 0 {
        return Vec::new();
    }
    let b: Vec<f32> = b.iter().map(|v| (v / largest) as f32).collect();
    let runs = runs_of(species);
    // Rows of one species may stand apart in several runs, so a few more are kept than are asked for.
    let room = 4 * keep;
    let mut kept: Vec<RunPair> = Vec::with_capacity(2 * room);
    let mut floor = 0.0_f32;
    let mut energies = vec![0.0_f32; n];
    let mut best = vec![0.0_f32; runs.len()];
    for (p, first) in runs.iter().enumerate() {
        best[p + 1..].fill(0.0);
        for i in first.clone() {
            let row = &gram[i * n..(i + 1) * n];
            explained(b[i], &b[first.end..], &row[first.end..], &mut energies[first.end..]);
            for (best, run) in best[p + 1..].iter_mut().zip(&runs[p + 1..]) {
                *best = energies[run.clone()].iter().fold(*best, |a, e| a.max(*e));
            }
        }
        for (q, energy) in best.iter().enumerate().skip(p + 1) {
            let pair = [species[first.start], species[runs[q].start]];
            if *energy > floor && pair[0] != pair[1] && fixed.iter().all(|s| pair.contains(s)) {
                kept.push(RunPair { energy: *energy, runs: [p, q] });
                if kept.len() == 2 * room {
                    floor = shorten(&mut kept, room);
                }
            }
        }
    }
    kept.sort_by(|a, b| b.energy.total_cmp(&a.energy).then(a.runs.cmp(&b.runs)));
    let scale = (largest * largest) as f32;
    let mut hits: Vec<PairHit> = Vec::with_capacity(keep);
    let mut seen = std::collections::HashSet::new();
    for pair in kept {
        let rows = runs[pair.runs[0]].clone();
        let [p, q] = pair.runs.map(|r| species[runs[r].start]);
        if hits.len() < keep && seen.insert((p.min(q), p.max(q))) {
            let found = rows.flat_map(|i| runs[pair.runs[1]].clone().map(move |j| [i, j])).find(|[i, j]| {
                let mut energy = [0.0];
                explained(b[*i], &b[*j..=*j], &gram[i * n + j..=i * n + j], &mut energy);
                energy[0] >= pair.energy
            });
            hits.extend(found.map(|rows| PairHit { energy: pair.energy * scale, rows }));
        }
    }
    hits
}

/// Runs of neighbouring rows of one species.
fn runs_of(species: &[usize]) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for (i, own) in species.iter().enumerate() {
        match runs.last_mut() {
            Some(run) if species[run.start] == *own => run.end = i + 1,
            _ => runs.push(i..i + 1),
        }
    }
    runs
}

/// Keeps the best `room` and gives the least energy among them.
fn shorten(kept: &mut Vec<RunPair>, room: usize) -> f32 {
    kept.select_nth_unstable_by(room - 1, |a, b| b.energy.total_cmp(&a.energy).then(a.runs.cmp(&b.runs)));
    kept.truncate(room);
    kept.last().map_or(0.0, |k| k.energy)
}

/// Energy that row `i` and each row `j` explain together, 0 unless both weights are positive.
fn explained(bi: f32, bj: &[f32], gram: &[f32], out: &mut [f32]) {
    for ((out, bj), g) in out.iter_mut().zip(bj).zip(gram) {
        let (own, other) = (bi - g * bj, bj - g * bi);
        let angle = 1.0 - g * g;
        let energy = (bi * own + bj * other) / angle;
        *out = if own > 0.0 && other > 0.0 && angle > LEAST_ANGLE { energy } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::numbers;
    use super::*;

    /// Every pair of species by its best pair of rows, in double precision and without any shortcut.
    fn by_hand(gram: &[f32], b: &[f64], species: &[usize]) -> Vec<(f64, [usize; 2])> {
        let n = b.len();
        let mut all: Vec<(f64, [usize; 2])> = Vec::new();
        for i in 0..n {
            for j in i + 1..n {
                let g = f64::from(gram[i * n + j]);
                let (own, other) = (b[i] - g * b[j], b[j] - g * b[i]);
                if species[i] != species[j] && own > 0.0 && other > 0.0 {
                    all.push(((b[i] * own + b[j] * other) / (1.0 - g * g), [i, j]));
                }
            }
        }
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut seen = std::collections::HashSet::new();
        all.retain(|(_, [i, j])| seen.insert((species[*i].min(species[*j]), species[*i].max(species[*j]))));
        all
    }

    #[test]
    fn all_pairs_are_tried_and_each_pair_of_species_comes_once() {
        let mut next = numbers(7);
        let (n, length) = (40, 12);
        let rows: Vec<Vec<f64>> = (0..n)
            .map(|_| {
                let row: Vec<f64> = (0..length).map(|_| next() + 0.4).collect();
                let norm = row.iter().map(|v| v * v).sum::<f64>().sqrt();
                row.iter().map(|v| v / norm).collect()
            })
            .collect();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let gram: Vec<f32> = (0..n * n).map(|k| dot(&rows[k / n], &rows[k % n]) as f32).collect();
        let y: Vec<f64> = rows[3].iter().zip(&rows[30]).map(|(a, b)| 5e4 * (a + 0.3 * b)).collect();
        let b: Vec<f64> = rows.iter().map(|row| dot(row, &y)).collect();
        // Neighbours share a species, and the last rows belong to the first species again.
        let species: Vec<usize> = (0..n).map(|i| if i >= 36 { 0 } else { i / 3 }).collect();
        let expected = by_hand(&gram, &b, &species);
        let found = best_pairs(&gram, &b, &species, &[], 10);
        assert_eq!(found.len(), 10);
        assert_eq!(found[0].rows, [3, 30]);
        for (hit, (energy, rows)) in found.iter().zip(&expected) {
            assert!((f64::from(hit.energy) / energy - 1.0).abs() < 1e-4, "{hit:?} {energy}");
            assert_eq!(hit.rows, *rows);
        }
        assert_eq!(best_pairs(&gram, &b, &species, &[], 10_000).len(), expected.len());
        for fixed in [&[10][..], &[1, 10], &[10, 0], &[0, 1, 10]] {
            let holds = |rows: &[usize; 2]| fixed.iter().all(|s| rows.iter().any(|row| species[*row] == *s));
            let right: Vec<[usize; 2]> = expected.iter().map(|e| e.1).filter(holds).take(4).collect();
            let found: Vec<[usize; 2]> =
                best_pairs(&gram, &b, &species, fixed, 4).iter().map(|hit| hit.rows).collect();
            assert_eq!(found, right, "{fixed:?}");
        }
    }

    #[test]
    fn nothing_comes_of_one_species_or_of_no_correlation() {
        let gram = [1.0, 0.2, 0.2, 1.0];
        assert!(best_pairs(&gram, &[1.0, 1.0], &[4, 4], &[], 5).is_empty());
        assert!(best_pairs(&gram, &[-1.0, -1.0], &[0, 1], &[], 5).is_empty());
        assert!(best_pairs(&gram, &[1.0, 1.0], &[0, 1], &[], 0).is_empty());
        assert!(best_pairs(&[], &[], &[], &[], 5).is_empty());
    }
}
