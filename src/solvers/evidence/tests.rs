//! The search as a whole, on made-up libraries of a few lines a species.

use super::super::testing::numbers;
use super::super::{Dictionary, Metric};
use super::*;

const POINTS: usize = 400;

struct Made {
    rows: Vec<f32>,
    species: Vec<usize>,
    axis: Vec<f64>,
    dictionary: Dictionary,
}

impl Made {
    /// `count` species of `copies` specimens each: the same lines, some stronger, some weaker.
    fn new(count: usize, copies: usize) -> Self {
        let mut next = numbers(11);
        let axis: Vec<f64> = (0..POINTS).map(|i| 200.0 + 2.0 * i as f64).collect();
        let (mut rows, mut species) = (Vec::new(), Vec::new());
        for s in 0..count {
            let lines: Vec<(f64, f64)> =
                (0..4).map(|_| (260.0 + 340.0 * (next() + 1.0), 1.5 + next())).collect();
            for _ in 0..copies {
                let heights: Vec<f64> = lines.iter().map(|(_, h)| h * (1.0 + 0.2 * next())).collect();
                rows.extend(axis.iter().map(|x| {
                    let line = |(at, h): (&(f64, f64), &f64)| h / (1.0 + ((x - at.0) / 6.0).powi(2));
                    lines.iter().zip(&heights).map(line).sum::<f64>() as f32
                }));
                species.push(s);
            }
        }
        let dictionary = Dictionary::new(&rows, POINTS, Metric::default()).unwrap();
        Self { rows, species, axis, dictionary }
    }

    /// A library without these rows.
    fn without(&self, hidden: &[bool]) -> Self {
        let keep: Vec<usize> = (0..self.species.len()).filter(|row| !hidden[*row]).collect();
        let rows: Vec<f32> =
            keep.iter().flat_map(|row| &self.rows[row * POINTS..(row + 1) * POINTS]).copied().collect();
        let species: Vec<usize> = keep.iter().map(|row| self.species[*row]).collect();
        let dictionary = Dictionary::new(&rows, POINTS, Metric::default()).unwrap();
        Self { rows, species, axis: self.axis.clone(), dictionary }
    }

    fn library(&self) -> EvidenceLibrary<'_> {
        let (rows, dictionary) = (&self.rows, &self.dictionary);
        EvidenceLibrary { rows, dictionary, species: &self.species, axis: &self.axis }
    }

    /// A mixture of rows with noise of this standard deviation and a slope beneath.
    fn mixture(&self, parts: &[(usize, f64)], noise: f64) -> Vec<f32> {
        let mut next = numbers(5);
        (0..POINTS)
            .map(|i| {
                let signal: f64 =
                    parts.iter().map(|(row, w)| w * f64::from(self.rows[row * POINTS + i])).sum();
                (signal + 0.3 + 0.001 * i as f64 + noise * (next() + next() + next())) as f32
            })
            .collect()
    }

    fn search(&self, y: &[f32], components: std::ops::RangeInclusive<usize>) -> Found {
        let settings = EvidenceSettings { components, ..EvidenceSettings::default() };
        search(self.library(), y, &settings, &mut |_| true).unwrap().unwrap()
    }
}

#[test]
fn one_two_and_three_components_are_found_without_being_told_how_many() {
    let made = Made::new(30, 3);
    for parts in [vec![(4, 1.0)], vec![(4, 1.0), (50, 0.4)], vec![(4, 1.0), (50, 0.5), (80, 0.3)]] {
        let found = made.search(&made.mixture(&parts, 0.01), 1..=5);
        let mut expected: Vec<usize> = parts.iter().map(|(row, _)| made.species[*row]).collect();
        expected.sort_unstable();
        assert_eq!(found.ranked[0].species, expected);
        for species in expected {
            assert!(found.probability_of(species) > 0.95, "{}", found.probability_of(species));
        }
        assert!((found.probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }
}

#[test]
fn the_amounts_are_those_of_the_mixture() {
    let made = Made::new(30, 1);
    let found = made.search(&made.mixture(&[(2, 1.0), (9, 0.25)], 0.002), 2..=2);
    let best = &found.ranked[0];
    assert!(best.exact);
    let weight = |row: usize| best.rows.iter().flatten().find(|r| r.0 == row).map_or(0.0, |r| r.1);
    assert!((weight(2) - 1.0).abs() < 0.02 && (weight(9) - 0.25).abs() < 0.02);
}

#[test]
fn a_specimen_that_is_not_stored_is_named_and_followed() {
    let made = Made::new(30, 4);
    // The last specimen of species 7 and 12 is taken out of the library.
    let y = made.mixture(&[(31, 1.0), (51, 0.6)], 0.004);
    let hidden: Vec<bool> = (0..made.species.len()).map(|row| [31, 51].contains(&row)).collect();
    let found = made.without(&hidden).search(&y, 2..=2);
    assert_eq!(found.ranked[0].species, [7, 12]);
    let distance = |curve: &[f64], row: usize| {
        let truth = &made.rows[row * POINTS..(row + 1) * POINTS];
        let scale = curve.iter().zip(truth).map(|(c, t)| c * f64::from(*t)).sum::<f64>()
            / truth.iter().map(|t| f64::from(*t).powi(2)).sum::<f64>();
        curve.iter().zip(truth).map(|(c, t)| (c - scale * f64::from(*t)).powi(2)).sum::<f64>().sqrt()
    };
    let posterior = found.posterior.unwrap();
    for (component, row) in posterior.components.iter().zip([31, 51]) {
        assert!(distance(component, row) < 0.8, "{row}: {}", distance(component, row));
    }
}

#[test]
fn twins_under_two_names_share_the_probability() {
    let mut made = Made::new(10, 1);
    let twin = made.rows[3 * POINTS..4 * POINTS].to_vec();
    made.rows.extend(twin);
    made.species.push(10);
    made.dictionary = Dictionary::new(&made.rows, POINTS, Metric::default()).unwrap();
    let found = made.search(&made.mixture(&[(3, 1.0), (6, 0.5)], 0.01), 2..=2);
    assert!((found.probability_of(3) - 0.5).abs() < 0.05, "{}", found.probability_of(3));
    assert!(found.probability_of(6) > 0.9);
    let other = if found.ranked[0].species.contains(&3) { (3, 10) } else { (10, 3) };
    assert_eq!(found.instead_of(other.0).first().map(|a| a.0), Some(other.1));
}

#[test]
fn every_set_holds_the_fixed_species_and_the_rest_is_found_beside_them() {
    let made = Made::new(30, 2);
    // Species 2, 25 and a trace of 11.
    let y = made.mixture(&[(4, 1.0), (50, 0.5), (22, 0.01)], 0.01);
    let with = |fixed: &[usize], components| {
        let settings = EvidenceSettings { components, fixed: fixed.to_vec(), ..EvidenceSettings::default() };
        search(made.library(), &y, &settings, &mut |_| true).unwrap().unwrap()
    };
    for (fixed, components, right) in [
        (&[][..], 2..=2, &[2, 25][..]),
        (&[25], 1..=5, &[2, 11, 25]),
        (&[25, 2], 2..=2, &[2, 25]),
        (&[2], 1..=1, &[2]),
        (&[11], 1..=5, &[2, 11, 25]),
        // Beside 2 alone no positive amount of 11 fits.
        (&[11], 2..=2, &[11, 25]),
        (&[11, 2, 25], 3..=3, &[2, 11, 25]),
        (&[25, 11], 1..=2, &[11, 25]),
        (&[25, 11, 2], 1..=4, &[2, 11, 25]),
    ] {
        let found = with(fixed, components.clone());
        assert_eq!(found.ranked[0].species, right, "{fixed:?} {components:?}");
        let holds = |set: &&Hypothesis| fixed.iter().all(|s| set.species.contains(s));
        assert_eq!(found.ranked.iter().find(|set| !holds(set)), None, "{fixed:?} {components:?}");
        assert!((found.probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }
}

#[test]
fn a_fixed_species_without_any_positive_amount_stays_away() {
    let mut made = Made::new(10, 1);
    let upside_down: Vec<f32> = made.rows[3 * POINTS..4 * POINTS].iter().map(|v| -v).collect();
    made.rows.extend(upside_down);
    made.species.push(10);
    made.dictionary = Dictionary::new(&made.rows, POINTS, Metric::default()).unwrap();
    let settings = EvidenceSettings { components: 1..=3, fixed: vec![10], ..EvidenceSettings::default() };
    let y = made.mixture(&[(3, 1.0), (6, 0.5)], 0.01);
    let found = search(made.library(), &y, &settings, &mut |_| true).unwrap().unwrap();
    assert_eq!(found.ranked[0].species, [3, 6]);
}

#[test]
fn scale_changes_nothing() {
    let made = Made::new(20, 2);
    let y = made.mixture(&[(4, 1.0), (30, 0.4)], 0.01);
    let expected = made.search(&y, 1..=4);
    for scale in [1e-12_f32, 1e12] {
        let scaled: Vec<f32> = y.iter().map(|v| v * scale).collect();
        let found = made.search(&scaled, 1..=4);
        assert_eq!(found.ranked[0].species, expected.ranked[0].species);
        assert!((found.probabilities[0] - expected.probabilities[0]).abs() < 1e-3);
    }
}

#[test]
fn small_libraries_and_degenerate_spectra_have_an_answer() {
    let one = Made::new(1, 1);
    let found = one.search(&one.mixture(&[(0, 1.0)], 0.01), 2..=2);
    assert_eq!(found.ranked[0].species, [0]);
    let made = Made::new(6, 2);
    assert!(made.search(&[0.0; POINTS], 1..=3).ranked.is_empty());
    assert!(made.search(&[5.0; POINTS], 1..=3).ranked.is_empty());
    let negative: Vec<f32> = made.mixture(&[(1, 1.0)], 0.0).iter().map(|v| -v).collect();
    for component in made.search(&negative, 1..=3).posterior.map(|p| p.components).unwrap_or_default() {
        assert!(component.iter().all(|v| v.is_finite()));
    }
    // Not a trace of noise: the floor holds.
    let clean = made.search(&made.mixture(&[(1, 1.0), (8, 0.3)], 0.0), 1..=3);
    assert_eq!(clean.ranked[0].species, [0, 4]);
    assert!(clean.probabilities.iter().all(|p| p.is_finite()));
}

#[test]
fn the_search_stops_when_told_to_and_refuses_what_does_not_belong_together() {
    let made = Made::new(10, 1);
    let y = made.mixture(&[(1, 1.0), (8, 0.3)], 0.01);
    let settings = EvidenceSettings::default();
    assert!(search(made.library(), &y, &settings, &mut |_| false).unwrap().is_none());
    assert!(search(made.library(), &y[1..], &settings, &mut |_| true).is_err());
    let wrong = EvidenceLibrary { species: &made.species[1..], ..made.library() };
    assert!(search(wrong, &y, &settings, &mut |_| true).is_err());
    let wrong = EvidenceLibrary { axis: &made.axis[1..], ..made.library() };
    assert!(search(wrong, &y, &settings, &mut |_| true).is_err());
}

/// Two answers are one, to the last bit; `row` says which row of the second is which of the first.
fn same(found: &Found, expected: &Found, row: impl Fn(usize) -> usize) {
    assert_eq!(found.ranked.len(), expected.ranked.len());
    for (found, expected) in found.ranked.iter().zip(&expected.ranked) {
        let rows = expected.rows.iter().map(|rows| rows.iter().map(|(r, w)| (row(*r), *w)).collect());
        assert_eq!(*found, Hypothesis { rows: rows.collect(), ..expected.clone() });
    }
    assert_eq!(found.probabilities, expected.probabilities);
    assert_eq!(found.deviation, expected.deviation);
    let posterior =
        |found: &Found| found.posterior.as_ref().map(|p| (p.components.clone(), p.background.clone()));
    assert_eq!(posterior(found), posterior(expected));
}

#[test]
fn hidden_rows_are_as_if_they_had_never_been_stored() {
    let made = Made::new(30, 4);
    let y = made.mixture(&[(31, 1.0), (51, 0.6), (90, 0.3)], 0.004);
    for effort in [Effort::Full, Effort::Quick] {
        // Two specimens; a whole species; two species, one of them the last; every other row.
        let masks: [&dyn Fn(usize) -> bool; 4] = [
            &|row| row == 31 || row == 51,
            &|row| row / 4 == 7,
            &|row| row / 4 == 12 || row / 4 == 29,
            &|row| row % 2 == 1,
        ];
        for (hide, components) in masks.into_iter().zip([2..=2, 1..=4, 3..=3, 1..=3]) {
            let hidden: Vec<bool> = (0..made.species.len()).map(hide).collect();
            let keep: Vec<usize> = (0..hidden.len()).filter(|row| !hidden[*row]).collect();
            let settings = EvidenceSettings { components, effort, ..EvidenceSettings::default() };
            let less = made.without(&hidden);
            let expected = search(less.library(), &y, &settings, &mut |_| true).unwrap().unwrap();
            let found =
                search_hiding(made.library(), &y, &hidden, &settings, &mut |_| true).unwrap().unwrap();
            same(&found, &expected, |row| keep[row]);
            let rows: Vec<usize> = found.ranked.iter().flat_map(|h| &h.rows).flatten().map(|r| r.0).collect();
            assert!(!rows.is_empty() && rows.iter().all(|row| !hidden[*row]));
            assert_eq!(found.library_parts(&made.library()), expected.library_parts(&less.library()));
        }
    }
}

#[test]
fn where_every_row_is_hidden_nothing_is_found() {
    let made = Made::new(6, 2);
    let y = made.mixture(&[(1, 1.0), (8, 0.3)], 0.01);
    let settings = EvidenceSettings { components: 2..=2, ..EvidenceSettings::default() };
    let found = search_hiding(made.library(), &y, &[true; 12], &settings, &mut |_| true).unwrap().unwrap();
    assert!(found.ranked.is_empty() && found.posterior.is_none());
    assert!(search_hiding(made.library(), &y, &[true; 11], &settings, &mut |_| true).is_err());
}

#[test]
fn a_batch_gives_what_one_by_one_gives_for_any_number_of_threads() {
    let made = Made::new(20, 3);
    let count = 19;
    let mut spectra: Vec<f32> =
        (0..count).flat_map(|k| made.mixture(&[(k, 1.0), (k + 30, 0.5)], 0.01 * (k % 3) as f64)).collect();
    spectra[3 * POINTS..4 * POINTS].fill(0.0);
    let hidden: Vec<Vec<bool>> = (0..count)
        .map(|k| if k % 4 == 1 { Vec::new() } else { (0..60).map(|row| row == k || row == k + 30).collect() })
        .collect();
    for (effort, components) in [(Effort::Full, 2..=2), (Effort::Quick, 2..=2), (Effort::Quick, 1..=3)] {
        let settings = EvidenceSettings { components, effort, ..EvidenceSettings::default() };
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| search_batch(made.library(), &spectra, &hidden, &settings).unwrap())
        };
        let (one, many) = (on(1), on(3));
        assert_eq!((one.len(), many.len()), (count, count));
        for (k, y) in spectra.chunks_exact(POINTS).enumerate() {
            let go_on = &mut |_| true;
            let single = search_hiding(made.library(), y, &hidden[k], &settings, go_on).unwrap().unwrap();
            same(&one[k], &single, |row| row);
            same(&many[k], &single, |row| row);
        }
    }
    let settings = EvidenceSettings::default();
    assert!(search_batch(made.library(), &spectra[1..], &hidden, &settings).is_err());
    assert!(search_batch(made.library(), &spectra, &hidden[1..], &settings).is_err());
    assert!(search_batch(made.library(), &[f32::NAN; POINTS], &[], &settings).is_err());
    assert!(search_batch(made.library(), &[], &[], &settings).unwrap().is_empty());
}
