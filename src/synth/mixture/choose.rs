//! Which rows meet in a sample, and with which weights.

use std::collections::BTreeMap;

use super::super::{Rng, SynthError};
use super::pures::Pures;
use super::sample::Truth;
use super::settings::{Choice, Parts};

/// Draws that may hit something taken before the rest is counted out; both ways have the same law.
const TRIES: usize = 32;

/// Rows to draw from, by species.
#[derive(Debug, Clone)]
pub struct Chooser {
    rows: Vec<usize>,
    /// Rows of each species, in the order of the species numbers.
    species: Vec<(u32, Vec<usize>)>,
    parts: Parts,
}

impl Chooser {
    /// Fails when no mixture of these parts can be drawn.
    pub fn new(pures: &Pures, rows: &[usize], parts: &Parts) -> Result<Self, SynthError> {
        let mut rows = rows.to_vec();
        rows.sort_unstable();
        rows.dedup();
        let mut species: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for row in &rows {
            let Some(group) = pures.groups().get(*row) else {
                return Err(SynthError::NoRow { row: *row, rows: pures.rows() });
            };
            species.entry(*group).or_default().push(*row);
        }
        let chooser = Self { rows, species: species.into_iter().collect(), parts: parts.clone() };
        let (needed, what, found) = match parts {
            Parts::Simplex { most, choice: Choice::AnyRows, .. } => (*most, "spectra", chooser.rows.len()),
            Parts::Simplex { most, .. } => (*most, "species", chooser.species.len()),
            Parts::Levels { .. } => (1, "species", chooser.species.len()),
        };
        if found < needed {
            return Err(SynthError::TooFew { needed, what, found });
        }
        Ok(chooser)
    }

    /// Rows that are drawn from, ascending.
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// Rows of a species that may be drawn.
    pub fn rows_of(&self, group: u32) -> &[usize] {
        let at = self.species.binary_search_by_key(&group, |(group, _)| *group);
        at.ok().and_then(|at| self.species.get(at)).map(|(_, rows)| rows.as_slice()).unwrap_or_default()
    }

    /// Largest number of components.
    pub fn most(&self) -> usize {
        match &self.parts {
            Parts::Simplex { most, .. } => *most,
            Parts::Levels { .. } => self.species.len(),
        }
    }

    /// Fills in rows, groups and weights of sample `k`.
    pub fn choose(&self, rng: &mut Rng, k: u64, pures: &Pures, truth: &mut Truth) {
        truth.rows.clear();
        truth.groups.clear();
        truth.weights.clear();
        match &self.parts {
            Parts::Simplex { least, most, choice, least_weight } => {
                let count = least + rng.below(most - least + 1);
                for _ in 0..count {
                    let row = self.another(rng, *choice, pures, truth);
                    truth.rows.push(row);
                    truth.groups.push(pures.groups()[row]);
                }
                simplex(rng, count, *least_weight, &mut truth.weights);
            }
            Parts::Levels { levels } => self.levels(rng, k, *levels, truth),
        }
    }

    /// A row that goes with those already there.
    fn another(&self, rng: &mut Rng, choice: Choice, pures: &Pures, truth: &Truth) -> usize {
        let free = |row: usize| match choice {
            Choice::AnyRows => !truth.rows.contains(&row),
            Choice::Rows | Choice::Species => !truth.groups.contains(&pures.groups()[row]),
        };
        if choice == Choice::Species {
            let open = |species: &(u32, Vec<usize>)| !truth.groups.contains(&species.0);
            let (_, rows) = pick(rng, &self.species, open);
            return rows[rng.below(rows.len())];
        }
        *pick(rng, &self.rows, |row| free(*row))
    }

    fn levels(&self, rng: &mut Rng, k: u64, levels: usize, truth: &mut Truth) {
        let species = self.species.len();
        let take = |truth: &mut Truth, rng: &mut Rng, species: usize, level: u64| {
            let (group, rows) = &self.species[species];
            let row = rows[rng.below(rows.len())];
            if level > 0 {
                truth.rows.push(row);
                truth.groups.push(*group);
                truth.weights.push(level as f64 / 10.0);
            }
        };
        if species <= Parts::TABLED {
            let combinations = (levels as u64).pow(species as u32) - 1;
            let mut left = k % combinations + 1;
            for s in 0..species {
                take(truth, rng, s, left % levels as u64);
                left /= levels as u64;
            }
            return;
        }
        while truth.rows.is_empty() {
            for s in 0..species {
                let level = rng.below(levels) as u64;
                take(truth, rng, s, level);
            }
        }
    }
}

/// One of the free items, every one equally likely. There must be one.
fn pick<'a, T>(rng: &mut Rng, items: &'a [T], free: impl Fn(&T) -> bool) -> &'a T {
    for _ in 0..TRIES {
        let item = &items[rng.below(items.len())];
        if free(item) {
            return item;
        }
    }
    let at = rng.below(items.iter().filter(|item| free(item)).count());
    let mut left = items.iter().filter(|item| free(item)).skip(at);
    left.next().unwrap_or(&items[0])
}

/// Weights uniform on the simplex above `least`: the gaps between sorted uniform cuts of 0..1.
fn simplex(rng: &mut Rng, count: usize, least: f64, weights: &mut Vec<f64>) {
    weights.clear();
    weights.extend((1..count).map(|_| rng.unit()));
    weights.sort_unstable_by(f64::total_cmp);
    weights.push(1.0);
    let free = 1.0 - least * count as f64;
    let mut before = 0.0;
    for w in weights.iter_mut() {
        let cut = *w;
        *w = least + free * (cut - before);
        before = cut;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `species[i]` rows of species `i`, one point each.
    fn pures(species: &[usize]) -> Pures {
        let groups: Vec<u32> =
            species.iter().enumerate().flat_map(|(g, rows)| vec![g as u32; *rows]).collect();
        Pures::new(vec![1.0], vec![1.0; groups.len()], groups).unwrap()
    }

    fn chooser(pures: &Pures, parts: &Parts) -> Chooser {
        Chooser::new(pures, &(0..pures.rows()).collect::<Vec<_>>(), parts).unwrap()
    }

    fn simplex_of(least: usize, most: usize, choice: Choice) -> Parts {
        Parts::Simplex { least, most, choice, least_weight: 0.0 }
    }

    #[test]
    fn the_two_parts_are_a_uniform_number_and_its_rest() {
        let mut weights = Vec::new();
        let mut tenths = [0_i32; 10];
        for sample in 0..20_000 {
            simplex(&mut Rng::new(1, sample), 2, 0.0, &mut weights);
            assert!((weights[0] + weights[1] - 1.0).abs() < 1e-15);
            tenths[(weights[0] * 10.0) as usize] += 1;
        }
        // Five standard deviations of a count of mean 2,000.
        assert!(tenths.iter().all(|c| (c - 2_000).abs() < 220), "{tenths:?}");
    }

    #[test]
    fn more_weights_are_uniform_on_their_simplex() {
        let mut weights = Vec::new();
        for count in 1..=5_usize {
            let n = 20_000;
            let (mut mean, mut above) = (vec![0.0; count], 0.0);
            for sample in 0..n {
                simplex(&mut Rng::new(2, sample), count, 0.0, &mut weights);
                assert!(weights.len() == count && weights.iter().all(|w| (0.0..=1.0).contains(w)));
                weights.iter().zip(&mut mean).for_each(|(w, m)| *m += w / n as f64);
                above += f64::from(u8::from(weights[count - 1] > 0.4)) / n as f64;
            }
            // P(w > t) = (1 - t)^(count - 1); five standard errors of at most 0.5 / sqrt(n).
            let expected = 0.6_f64.powi(count as i32 - 1);
            assert!((above - expected).abs() < 0.018, "{count}: {above} {expected}");
            assert!(mean.iter().all(|m| (m - 1.0 / count as f64).abs() < 0.018), "{mean:?}");
        }
        simplex(&mut Rng::new(2, 0), 4, 0.25, &mut weights);
        assert!(weights.iter().all(|w| (w - 0.25).abs() < 1e-15));
    }

    #[test]
    fn rows_or_species_are_equally_likely_and_never_meet_their_kin() {
        // Three species of 1, 2 and 3 rows, drawn one at a time.
        let pures = pures(&[1, 2, 3]);
        for (choice, expected) in [(Choice::Rows, [1.0, 2.0, 3.0]), (Choice::Species, [2.0, 2.0, 2.0])] {
            let chooser = chooser(&pures, &simplex_of(1, 3, choice));
            let (mut first, mut truth) = ([0.0_f64; 3], Truth::default());
            for sample in 0..12_000 {
                chooser.choose(&mut Rng::new(3, sample), sample, &pures, &mut truth);
                first[truth.groups[0] as usize] += 6.0 / 12_000.0;
                let mut groups = truth.groups.clone();
                groups.sort_unstable();
                groups.dedup();
                assert_eq!(groups.len(), truth.rows.len());
                assert!(truth.rows.iter().zip(&truth.groups).all(|(r, g)| pures.groups()[*r] == *g));
            }
            // Five standard errors of a share near a third, times six.
            assert!(first.iter().zip(expected).all(|(f, e)| (f - e).abs() < 0.14), "{choice:?} {first:?}");
        }
    }

    #[test]
    fn a_species_hidden_among_thousands_of_rows_of_another_is_still_found() {
        let pures = pures(&[5_000, 1]);
        let chooser = chooser(&pures, &simplex_of(2, 2, Choice::Rows));
        let mut truth = Truth::default();
        for sample in 0..50 {
            chooser.choose(&mut Rng::new(4, sample), sample, &pures, &mut truth);
            assert!(truth.rows.contains(&5_000), "{:?}", truth.rows);
        }
    }

    #[test]
    fn levels_walk_through_the_whole_table() {
        let pures = pures(&[1, 2, 1, 1]);
        let chooser = chooser(&pures, &Parts::Levels { levels: 10 });
        let mut truth = Truth::default();
        let (mut by_count, mut seen) = ([0; 5], std::collections::BTreeSet::new());
        for k in 0..9_999 {
            chooser.choose(&mut Rng::new(5, k), k, &pures, &mut truth);
            by_count[truth.rows.len()] += 1;
            let mut label = [0.0_f32; 8];
            truth.label(&[0, 1, 2, 3], &mut label);
            seen.insert(label.map(|v| (10.0 * v).round() as u8));
        }
        // Binomial counts of components over 9^n level choices.
        assert_eq!(by_count, [0, 36, 486, 2_916, 6_561]);
        assert_eq!(seen.len(), 9_999);
        let first = truth.rows.clone();
        chooser.choose(&mut Rng::new(5, 9_998), 9_998 + 9_999, &pures, &mut truth);
        assert_eq!(truth.rows, first);
    }

    #[test]
    fn many_species_draw_their_levels_and_are_never_all_absent() {
        let pures = pures(&[1; 12]);
        let chooser = chooser(&pures, &Parts::Levels { levels: 2 });
        let mut truth = Truth::default();
        for k in 0..500 {
            chooser.choose(&mut Rng::new(6, k), k, &pures, &mut truth);
            assert!(!truth.rows.is_empty() && truth.weights.iter().all(|w| (w - 0.1).abs() < 1e-15));
        }
    }

    #[test]
    fn impossible_mixtures_are_refused() {
        let pures = pures(&[3, 1]);
        let three = |choice| Chooser::new(&pures, &[0, 1, 2, 3], &simplex_of(2, 3, choice)).map(|_| ());
        assert_eq!(three(Choice::Rows), Err(SynthError::TooFew { needed: 3, what: "species", found: 2 }));
        assert_eq!(three(Choice::AnyRows), Ok(()));
        let beyond = Chooser::new(&pures, &[4], &simplex_of(1, 1, Choice::Rows)).map(|_| ());
        assert_eq!(beyond, Err(SynthError::NoRow { row: 4, rows: 4 }));
        let none = Chooser::new(&pures, &[], &Parts::Levels { levels: 11 }).map(|_| ());
        assert_eq!(none, Err(SynthError::TooFew { needed: 1, what: "species", found: 0 }));
    }
}
