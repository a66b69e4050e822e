//! The exhaustive search over all pairs of library rows of different species.
//!
//! Never a shortlist by correlation: it fills with relatives of the main component and loses the minor one. Pairs are
//! passed over only where a bound says that they cannot be among the best.

use std::collections::HashSet;
use std::ops::Range;

/// Pairs closer than this to parallel (`1 - g^2`) are one spectrum in single precision.
const LEAST_ANGLE: f32 = 1e-4;

/// How far above its bound an energy may come out by rounding, where rows are nearly parallel.
const ROUNDING: f32 = 0.01;

/// The best pair of rows of two species.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PairHit {
    /// Energy of the spectrum that both explain with positive weights.
    pub energy: f32,
    /// The two rows; their species differ.
    pub rows: [usize; 2],
}

/// Two runs of neighbouring rows of one species each, and the best pair of their rows.
#[derive(Clone, Copy)]
struct RunPair {
    energy: f32,
    runs: [usize; 2],
    rows: [usize; 2],
}

/// The rows of a library as the search over pairs sees them.
#[derive(Debug)]
pub(super) struct PairScan<'a> {
    /// Inner products of unit rows.
    gram: &'a [f32],
    /// Largest negative inner product of each row with another, without its sign.
    opposed: &'a [f32],
    species: &'a [usize],
    runs: Vec<Range<usize>>,
    /// No species has more than one run.
    whole: bool,
}

impl<'a> PairScan<'a> {
    pub fn new(gram: &'a [f32], opposed: &'a [f32], species: &'a [usize]) -> Self {
        let runs = runs_of(species);
        let mut seen = HashSet::new();
        let whole = runs.iter().all(|run| seen.insert(species[run.start]));
        Self { gram, opposed, species, runs, whole }
    }

    /// The `keep` best pairs of species, each by its best pair of rows, best first; only pairs that hold all `fixed`
    /// species and no hidden row (`hidden` may be empty).
    ///
    /// `b` holds the inner products of the spectrum with the unit rows.
    pub fn best(&self, b: &[f64], hidden: &[bool], fixed: &[usize], keep: usize) -> Vec<PairHit> {
        let shown = |row: usize| !hidden.get(row).copied().unwrap_or(false);
        let largest = (0..b.len()).filter(|row| shown(*row)).map(|row| b[row]).fold(0.0, f64::max);
        if largest <= 0.0 || keep == 0 {
            return Vec::new();
        }
        let b: Vec<f32> = b.iter().map(|v| (v / largest) as f32).collect();
        let kept = self.kept(&b, hidden, fixed, if self.whole { keep } else { 4 * keep });
        let scale = (largest * largest) as f32;
        let mut seen = HashSet::new();
        let mut of_species = |pair: &RunPair| {
            let [p, q] = pair.rows.map(|row| self.species[row]);
            seen.insert((p.min(q), p.max(q)))
        };
        let hits = kept.into_iter().filter(|pair| of_species(pair)).take(keep);
        hits.map(|pair| PairHit { energy: pair.energy * scale, rows: pair.rows }).collect()
    }

    /// The best `room` pairs of runs, best first.
    ///
    /// Two rows explain at most `(b_i^2 + b_j^2) / (1 - a)`, where `a` is how much they are opposed: with falling `b`
    /// most runs have no partner, and the others few.
    fn kept(&self, b: &[f32], hidden: &[bool], fixed: &[usize], room: usize) -> Vec<RunPair> {
        let shown = |row: &usize| !hidden.get(*row).copied().unwrap_or(false);
        let rows: Vec<Vec<usize>> = self.runs.iter().map(|run| run.clone().filter(shown).collect()).collect();
        let most =
            |run: usize, of: &[f32]| rows[run].iter().fold(0.0_f32, |most, row| most.max(of[*row].abs()));
        let mut order: Vec<(f32, usize)> = (0..rows.len())
            .map(|run| (most(run, b).powi(2), run))
            .filter(|(square, _)| *square > 0.0)
            .collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut kept: Vec<RunPair> = Vec::with_capacity(2 * room);
        let mut floor = 0.0_f32;
        for (at, (square, p)) in order.iter().enumerate() {
            let part = (1.0 - most(*p, self.opposed)).max(0.0) * (1.0 - ROUNDING);
            for (other, q) in &order[at + 1..] {
                if square + other < floor * part {
                    break;
                }
                let runs = [*p.min(q), *p.max(q)];
                let pair = runs.map(|run| self.species[self.runs[run].start]);
                if pair[0] == pair[1] || fixed.iter().any(|s| !pair.contains(s)) {
                    continue;
                }
                let (energy, best) = self.best_rows(b, runs, &rows, floor);
                if energy > 0.0 && energy >= floor {
                    kept.push(RunPair { energy, runs, rows: best });
                    if kept.len() == 2 * room {
                        floor = shorten(&mut kept, room);
                    }
                }
            }
        }
        kept.sort_by(|a, b| b.energy.total_cmp(&a.energy).then(a.runs.cmp(&b.runs)));
        kept.truncate(room);
        kept
    }

    /// The pair of rows that explains most, the first among equals; 0 where none reaches `floor`.
    fn best_rows(&self, b: &[f32], runs: [usize; 2], rows: &[Vec<usize>], floor: f32) -> (f32, [usize; 2]) {
        let n = b.len();
        let second = self.runs[runs[1]].clone();
        let largest = rows[runs[1]].iter().fold(0.0_f32, |most, j| most.max(b[*j].abs())).powi(2);
        let mut best = (0.0, [0, 0]);
        for i in &rows[runs[0]] {
            let bi = b[*i];
            let part = (1.0 - self.opposed[*i]).max(0.0) * (1.0 - ROUNDING);
            let gram = &self.gram[i * n..(i + 1) * n];
            if bi * bi + largest >= floor * part
                && any_reaches(bi, &b[second.clone()], &gram[second.clone()], floor)
            {
                for j in &rows[runs[1]] {
                    let energy = explained(bi, b[*j], gram[*j]);
                    if energy > best.0 {
                        best = (energy, [*i, *j]);
                    }
                }
            }
        }
        best
    }
}

/// Whether row `i` may explain `floor` beside any of these rows: without a division, and without a branch.
fn any_reaches(bi: f32, bj: &[f32], gram: &[f32], floor: f32) -> bool {
    let floor = floor * (1.0 - ROUNDING);
    let mut any = false;
    for (bj, g) in bj.iter().zip(gram) {
        let (own, other) = (bi - g * bj, bj - g * bi);
        let energy = if own > 0.0 && other > 0.0 { bi * own + bj * other } else { 0.0 };
        any |= energy >= floor * (1.0 - g * g);
    }
    any
}

/// Runs of neighbouring rows of one species.
fn runs_of(species: &[usize]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
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

/// Energy that two rows explain together, 0 unless both weights are positive.
fn explained(bi: f32, bj: f32, g: f32) -> f32 {
    let (own, other) = (bi - g * bj, bj - g * bi);
    let angle = 1.0 - g * g;
    if own > 0.0 && other > 0.0 && angle > LEAST_ANGLE { (bi * own + bj * other) / angle } else { 0.0 }
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
        let mut seen = HashSet::new();
        all.retain(|(_, [i, j])| seen.insert((species[*i].min(species[*j]), species[*i].max(species[*j]))));
        all
    }

    fn pairs(gram: &[f32], b: &[f64], species: &[usize], fixed: &[usize], keep: usize) -> Vec<PairHit> {
        let opposed: Vec<f32> = (0..b.len())
            .map(|i| -gram[i * b.len()..(i + 1) * b.len()].iter().fold(0.0_f32, |a, g| a.min(*g)))
            .collect();
        PairScan::new(gram, &opposed, species).best(b, &[], fixed, keep)
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
        let found = pairs(&gram, &b, &species, &[], 10);
        assert_eq!(found.len(), 10);
        assert_eq!(found[0].rows, [3, 30]);
        for (hit, (energy, rows)) in found.iter().zip(&expected) {
            assert!((f64::from(hit.energy) / energy - 1.0).abs() < 1e-4, "{hit:?} {energy}");
            assert_eq!(hit.rows, *rows);
        }
        assert_eq!(pairs(&gram, &b, &species, &[], 10_000).len(), expected.len());
        for fixed in [&[10][..], &[1, 10], &[10, 0], &[0, 1, 10]] {
            let holds = |rows: &[usize; 2]| fixed.iter().all(|s| rows.iter().any(|row| species[*row] == *s));
            let right: Vec<[usize; 2]> = expected.iter().map(|e| e.1).filter(holds).take(4).collect();
            let found: Vec<[usize; 2]> =
                pairs(&gram, &b, &species, fixed, 4).iter().map(|hit| hit.rows).collect();
            assert_eq!(found, right, "{fixed:?}");
        }
    }

    #[test]
    fn bounds_pass_over_no_pair_and_hidden_rows_are_in_none() {
        let mut next = numbers(23);
        let (n, length) = (90, 14);
        // Directions of every kind: many rows are opposed to each other, and some correlations are negative.
        let rows: Vec<Vec<f64>> = (0..n)
            .map(|_| {
                let row: Vec<f64> = (0..length).map(|_| next()).collect();
                let norm = row.iter().map(|v| v * v).sum::<f64>().sqrt();
                row.iter().map(|v| v / norm).collect()
            })
            .collect();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let gram: Vec<f32> = (0..n * n).map(|k| dot(&rows[k / n], &rows[k % n]) as f32).collect();
        let opposed: Vec<f32> =
            gram.chunks_exact(n).map(|row| -row.iter().fold(0.0_f32, |a, g| a.min(*g))).collect();
        for of in [1, 4] {
            let species: Vec<usize> = (0..n).map(|row| row / of).collect();
            let scan = PairScan::new(&gram, &opposed, &species);
            for _ in 0..20 {
                let y: Vec<f64> = (0..length).map(|_| next()).collect();
                let b: Vec<f64> = rows.iter().map(|row| dot(row, &y)).collect();
                let hidden: Vec<bool> = (0..n).map(|_| next() > 0.2).collect();
                let mut expected = Vec::new();
                for i in 0..n {
                    for j in i + 1..n {
                        let g = f64::from(gram[i * n + j]);
                        let (own, other) = (b[i] - g * b[j], b[j] - g * b[i]);
                        let shown = !hidden[i] && !hidden[j] && species[i] != species[j];
                        if shown && own > 0.0 && other > 0.0 {
                            expected.push(((b[i] * own + b[j] * other) / (1.0 - g * g), [i, j]));
                        }
                    }
                }
                expected.sort_by(|a, b| b.0.total_cmp(&a.0));
                let mut seen = HashSet::new();
                expected.retain(|(_, [i, j])| seen.insert((species[*i], species[*j])));
                let found: Vec<[usize; 2]> =
                    scan.best(&b, &hidden, &[], 12).iter().map(|hit| hit.rows).collect();
                let expected: Vec<[usize; 2]> = expected.into_iter().map(|e| e.1).take(12).collect();
                assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn nothing_comes_of_one_species_or_of_no_correlation() {
        let gram = [1.0, 0.2, 0.2, 1.0];
        assert!(pairs(&gram, &[1.0, 1.0], &[4, 4], &[], 5).is_empty());
        assert!(pairs(&gram, &[-1.0, -1.0], &[0, 1], &[], 5).is_empty());
        assert!(pairs(&gram, &[1.0, 1.0], &[0, 1], &[], 0).is_empty());
        assert!(pairs(&[], &[], &[], &[], 5).is_empty());
    }
}
