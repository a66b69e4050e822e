//! What must not change an answer: intensity scale, order of rows, copies of rows, background within the metric.

use proptest::prelude::*;

use super::testing::numbers;
use super::{
    Dictionary, FclsSettings, GreedySettings, Metric, NnlsSettings, Solution, SunsalPath, SunsalSettings,
    Target, fcls, nnls, nnols, nnomp, sunsal,
};

type Solve = fn(&Dictionary, &Target) -> Solution;

/// Every solver, with whether its answer is the minimum of something (and not the end of a greedy way).
fn solvers() -> [(&'static str, Solve, bool); 6] {
    [
        ("nnls", |d, t| nnls(d, t, NnlsSettings::default(), None).unwrap(), true),
        ("fcls", |d, t| fcls(d, t, FclsSettings::default(), None).unwrap(), true),
        ("sunsal", |d, t| sunsal(d, t, SunsalSettings::default(), None).unwrap(), true),
        ("admm", |d, t| sunsal(d, t, admm(), None).unwrap(), true),
        ("nnomp", |d, t| nnomp(d, t, GreedySettings::default(), None).unwrap(), false),
        ("nnols", |d, t| nnols(d, t, GreedySettings::default(), None).unwrap(), false),
    ]
}

fn admm() -> SunsalSettings<'static> {
    SunsalSettings { path: SunsalPath::Admm(1e-8), max_iterations: Some(50_000), ..SunsalSettings::default() }
}

const COUNT: usize = 18;
const LENGTH: usize = 40;

/// Positive rows of similar height and a noisy mixture of two of them.
fn problem(seed: u64) -> (Vec<f32>, Vec<f32>) {
    let mut next = numbers(seed + 1);
    let rows: Vec<f32> = (0..COUNT * LENGTH).map(|_| (next() + 0.5).powi(3) as f32).collect();
    let y = (0..LENGTH)
        .map(|i| 0.6 * rows[3 * LENGTH + i] + 0.4 * rows[11 * LENGTH + i] + 0.1 * next() as f32)
        .collect();
    (rows, y)
}

fn dense(solution: &Solution, count: usize) -> Vec<f64> {
    (0..count).map(|j| solution.weight(j)).collect()
}

/// All weights agree. Inputs are rounded to f32 differently; the conditioning of these rows is below 100.
fn agree(a: &[f64], b: &[f64], what: &str) {
    let size = a.iter().fold(f64::MIN_POSITIVE, |m, v| m.max(v.abs()));
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 2e-5 * size, "{what}: {a} {b}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn answers_do_not_depend_on_scale_order_copies_or_background(seed in 0_u64..1_000_000, exponent in -9_i32..9) {
        let (rows, y) = problem(seed);
        let metric = Metric::Cosines(3);
        let dictionary = Dictionary::new(&rows, LENGTH, metric).unwrap();
        let reversed: Vec<f32> = rows.chunks_exact(LENGTH).rev().flatten().copied().collect();
        let reversed = Dictionary::new(&reversed, LENGTH, metric).unwrap();
        let twice = Dictionary::new(&[rows.clone(), rows.clone()].concat(), LENGTH, metric).unwrap();
        let scale = 10_f32.powi(exponent);
        let scaled: Vec<f32> = y.iter().map(|v| v * scale).collect();
        let drifted: Vec<f32> = y
            .iter()
            .enumerate()
            .map(|(i, v)| {
                let angle = std::f64::consts::PI * (i as f64 + 0.5) / LENGTH as f64;
                v + (0.7 - 0.9 * angle.cos() + 0.4 * (2.0 * angle).cos()) as f32
            })
            .collect();
        let target = dictionary.target(&y).unwrap();
        for (name, solve, minimum) in solvers() {
            let plain = solve(&dictionary, &target);
            prop_assert!(plain.converged, "{}: {:?}", name, plain);
            let weights = dense(&plain, COUNT);
            let background = solve(&dictionary, &dictionary.target(&drifted).unwrap());
            agree(&weights, &dense(&background, COUNT), name);
            let mut backwards = dense(&solve(&reversed, &reversed.target(&y).unwrap()), COUNT);
            backwards.reverse();
            agree(&weights, &backwards, name);
            if name != "fcls" {
                let mut large = dense(&solve(&dictionary, &dictionary.target(&scaled).unwrap()), COUNT);
                for weight in &mut large {
                    *weight /= f64::from(scale);
                }
                agree(&weights, &large, name);
            }
            // Which copy carries the weight is free, what they carry together is not.
            let copies = dense(&solve(&twice, &twice.target(&y).unwrap()), 2 * COUNT);
            let together: Vec<f64> = (0..COUNT).map(|j| copies[j] + copies[j + COUNT]).collect();
            agree(&weights, &together, name);
            prop_assert!(minimum || copies[COUNT..].iter().all(|w| *w <= 0.0), "the lower index wins: {}", name);
        }
    }
}
