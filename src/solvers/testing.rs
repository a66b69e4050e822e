//! Dictionaries of every awkward kind, and an independent judge of optimality.

use super::{Dictionary, Metric, Solution, Target};

/// A small generator of numbers in [-0.5, 0.5).
pub fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    }
}

/// One awkward problem: rows, points per row, spectrum.
#[derive(Debug)]
pub struct Case {
    pub name: &'static str,
    pub rows: Vec<f32>,
    pub length: usize,
    pub y: Vec<f32>,
}

impl Case {
    pub fn ready(&self, metric: Metric) -> (Dictionary, Target) {
        let dictionary = Dictionary::new(&self.rows, self.length, metric).unwrap();
        let target = dictionary.target(&self.y).unwrap();
        (dictionary, target)
    }
}

fn random(name: &'static str, count: usize, length: usize, seed: u64, positive: bool) -> Case {
    let mut next = numbers(seed);
    let shift = if positive { 0.5 } else { 0.0 };
    let rows = (0..count * length).map(|_| (next() + shift) as f32).collect();
    let y = (0..length).map(|_| (next() + shift) as f32).collect();
    Case { name, rows, length, y }
}

/// Bands on an axis, neighbours alike: every atom is the previous one moved a little.
fn coherent(count: usize, length: usize, seed: u64) -> Case {
    let mut next = numbers(seed);
    let width = length as f64 / 6.0;
    let row = |at: f64| {
        (0..length).map(move |i| (-((i as f64 - at) / width).powi(2)).exp() as f32).collect::<Vec<f32>>()
    };
    let rows: Vec<f32> =
        (0..count).flat_map(|k| row(length as f64 * (k as f64 + 0.5) / count as f64)).collect();
    let y =
        (0..length).map(|i| rows[i] + 0.7 * rows[(count / 2) * length + i] + 0.05 * next() as f32).collect();
    Case { name: "coherent", rows, length, y }
}

fn scaled(mut case: Case, name: &'static str, of_rows: f32, of_y: f32) -> Case {
    case.rows.iter_mut().for_each(|v| *v *= of_rows);
    case.y.iter_mut().for_each(|v| *v *= of_y);
    case.name = name;
    case
}

/// The families of spec and house: random, coherent, rank-deficient, tiny, huge, small, wide and tall.
pub fn families(seed: u64) -> Vec<Case> {
    let mut duplicates = random("duplicates", 6, 12, seed + 1, true);
    let once = duplicates.rows.clone();
    duplicates.rows.extend(once.iter().map(|v| 2.0 * v));
    duplicates.rows.extend(once.iter().map(|v| 0.3 * v));
    let mut low_rank = random("rank 3", 3, 20, seed + 2, true);
    let base = low_rank.rows.clone();
    for k in 0..9 {
        let mix = [f32::from(k % 3 == 0), 0.3 * k as f32, 1.0 / (k as f32 + 1.0)];
        low_rank
            .rows
            .extend((0..20).map(|i| mix[0] * base[i] + mix[1] * base[20 + i] + mix[2] * base[40 + i]));
    }
    let mut negative = random("nothing correlates", 8, 16, seed + 3, true);
    negative.y.iter_mut().for_each(|v| *v = -*v);
    let mut zero = random("zero spectrum", 5, 9, seed + 4, true);
    zero.y.fill(0.0);
    vec![
        random("random tall", 10, 40, seed + 5, false),
        random("random positive", 30, 40, seed + 6, true),
        random("wide", 60, 12, seed + 7, true),
        random("wide signed", 60, 12, seed + 8, false),
        random("one by one", 1, 1, seed + 9, true),
        random("two rows of one point", 2, 1, seed + 10, true),
        random("one row of two points", 1, 2, seed + 11, true),
        coherent(25, 30, seed + 12),
        coherent(40, 200, seed + 13),
        scaled(random("", 12, 30, seed + 14, true), "huge rows", 1e12, 1.0),
        scaled(random("", 12, 30, seed + 15, true), "huge spectrum", 1.0, 1e12),
        scaled(random("", 12, 30, seed + 16, true), "small rows", 1e-12, 1e-12),
        scaled(random("", 12, 30, seed + 17, true), "small spectrum", 1e12, 1e-12),
        duplicates,
        low_rank,
        negative,
        zero,
    ]
}

/// Violation of the optimality conditions, computed afresh in plain `f64` loops and divided by the spectrum's norm.
pub fn violation(
    dictionary: &Dictionary,
    target: &Target,
    solution: &Solution,
    lambda: f64,
    signed: bool,
) -> f64 {
    let mut residual = target.whitened().to_vec();
    for (j, w) in solution.support.iter().zip(&solution.weights) {
        for (r, d) in residual.iter_mut().zip(dictionary.atom(*j)) {
            *r -= w * dictionary.scales()[*j] * f64::from(*d);
        }
    }
    let norm = residual.iter().map(|v| v * v).sum::<f64>().sqrt();
    assert!((norm - solution.residual_norm).abs() <= 1e-9 * target.norm(), "{norm} {solution:?}");
    let mut worst = 0.0_f64;
    for j in 0..dictionary.count() {
        let gradient: f64 = dictionary.atom(j).iter().zip(&residual).map(|(d, r)| f64::from(*d) * r).sum();
        let weight = solution.weight(j);
        assert!(signed || weight >= 0.0, "row {j} has weight {weight}");
        worst = worst.max(if weight > 0.0 {
            (gradient - lambda).abs()
        } else if weight < 0.0 {
            (gradient + lambda).abs()
        } else if signed {
            gradient.abs() - lambda
        } else {
            gradient - lambda
        });
    }
    if target.norm() > 0.0 { worst / target.norm() } else { worst }
}

/// Orthonormal rows (unit vectors), correlations of both signs.
pub fn orthonormal() -> Case {
    let mut rows = vec![0.0; 36];
    (0..6).for_each(|i| rows[i * 6 + i] = 1.0);
    Case { name: "orthonormal", rows, length: 6, y: vec![3.0, -1.0, 0.5, 2.0, 0.0, -4.0] }
}
