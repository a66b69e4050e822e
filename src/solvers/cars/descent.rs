//! Minimising a smooth function of many numbers that must not be negative.
//!
//! Limited-memory BFGS on the numbers that are free, the others held at zero, steps bent back into the positive range
//! (Bertsekas 1982, SIAM J. Control Optim. 20, 221; Schmidt, Kim and Sra 2012, section 3.2.2).

use std::collections::VecDeque;

/// Steps remembered.
const MEMORY: usize = 12;
/// Sufficient decrease of a step (Armijo).
const DECREASE: f64 = 1e-4;
/// Halvings of a step before the descent is over.
const HALVINGS: usize = 25;
/// Rounds in a row that gain less than the tolerance before the descent is over.
const STALLED: usize = 5;

/// Where a descent ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Descent {
    pub at: Vec<f64>,
    pub value: f64,
    pub rounds: usize,
    pub converged: bool,
}

/// Descends from `start` in at most `most` rounds; ends when the value falls by less than `tolerance` of itself for
/// several rounds. `function` writes the gradient and gives the value; `go_on` is asked before each round.
pub(super) fn descend(
    start: Vec<f64>,
    most: usize,
    tolerance: f64,
    go_on: &dyn Fn(usize) -> bool,
    mut function: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> Descent {
    let mut x: Vec<f64> = start.into_iter().map(|v| v.max(0.0)).collect();
    let mut gradient = vec![0.0; x.len()];
    let mut value = function(&x, &mut gradient);
    let (mut trial, mut trial_gradient) = (x.clone(), gradient.clone());
    let mut pairs: VecDeque<Pair> = VecDeque::with_capacity(MEMORY);
    let mut stalled = 0;
    for round in 0..most {
        if !go_on(round) {
            return Descent { at: x, value, rounds: round, converged: false };
        }
        let held: Vec<bool> = x.iter().zip(&gradient).map(|(x, g)| *x <= 0.0 && *g > 0.0).collect();
        let mut step = direction(&gradient, &held, &pairs);
        if dot(&step, &gradient) >= 0.0 {
            pairs.clear();
            step = direction(&gradient, &held, &pairs);
        }
        let mut length = if pairs.is_empty() { first_length(&x, &step) } else { 1.0 };
        let mut found = None;
        for _ in 0..HALVINGS {
            for ((t, x), s) in trial.iter_mut().zip(&x).zip(&step) {
                *t = (x + length * s).max(0.0);
            }
            let there = function(&trial, &mut trial_gradient);
            let promised: f64 =
                gradient.iter().zip(trial.iter().zip(&x)).map(|(g, (t, x))| g * (t - x)).sum();
            if there.is_finite() && there <= value + DECREASE * promised {
                found = Some(there);
                break;
            }
            length *= 0.5;
        }
        let Some(there) = found else {
            if pairs.is_empty() {
                return Descent { at: x, value, rounds: round, converged: true };
            }
            // A bad memory: forget it and try the gradient itself.
            pairs.clear();
            continue;
        };
        remember(&mut pairs, difference(&trial, &x), difference(&trial_gradient, &gradient));
        let gained = value - there;
        std::mem::swap(&mut x, &mut trial);
        std::mem::swap(&mut gradient, &mut trial_gradient);
        value = there;
        stalled = if gained <= tolerance * value.abs() { stalled + 1 } else { 0 };
        if stalled >= STALLED {
            return Descent { at: x, value, rounds: round + 1, converged: true };
        }
    }
    Descent { at: x, value, rounds: most, converged: false }
}

/// A step and the change of the gradient along it.
struct Pair {
    step: Vec<f64>,
    change: Vec<f64>,
    inverse: f64,
}

fn remember(pairs: &mut VecDeque<Pair>, step: Vec<f64>, change: Vec<f64>) {
    let product = dot(&step, &change);
    if product <= 1e-12 * (dot(&step, &step) * dot(&change, &change)).sqrt() {
        return;
    }
    if pairs.len() == MEMORY {
        pairs.pop_front();
    }
    pairs.push_back(Pair { step, change, inverse: 1.0 / product });
}

/// The two-loop recursion (Nocedal and Wright, algorithm 7.4) on the numbers that are not held.
fn direction(gradient: &[f64], held: &[bool], pairs: &VecDeque<Pair>) -> Vec<f64> {
    let free = |values: &mut [f64]| {
        for (value, held) in values.iter_mut().zip(held) {
            if *held {
                *value = 0.0;
            }
        }
    };
    let mut q = gradient.to_vec();
    free(&mut q);
    let mut shares = Vec::with_capacity(pairs.len());
    for pair in pairs.iter().rev() {
        let share = pair.inverse * dot(&pair.step, &q);
        add(&mut q, -share, &pair.change);
        shares.push(share);
    }
    if let Some(last) = pairs.back() {
        let scale = 1.0 / (last.inverse * dot(&last.change, &last.change));
        for v in &mut q {
            *v *= scale;
        }
    }
    for (pair, share) in pairs.iter().zip(shares.into_iter().rev()) {
        let back = pair.inverse * dot(&pair.change, &q);
        add(&mut q, share - back, &pair.step);
    }
    free(&mut q);
    for v in &mut q {
        *v = -*v;
    }
    q
}

/// Without a memory: a step that moves nothing by more than a hundredth of the largest number.
fn first_length(x: &[f64], step: &[f64]) -> f64 {
    let largest = |v: &[f64]| v.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
    let (size, step) = (largest(x).max(1e-3), largest(step));
    if step > 0.0 { 0.01 * size / step } else { 1.0 }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f64], factor: f64, what: &[f64]) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += factor * what;
    }
}

fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `sum c (x - a)^2 / 2 + (sum x - b)^2`, badly scaled.
    fn bowl(x: &[f64], gradient: &mut [f64]) -> f64 {
        let aim = |i: usize| if i.is_multiple_of(3) { -1.0 } else { i as f64 / 10.0 };
        let weight = |i: usize| 1.0 + 100.0 * (i % 5) as f64;
        let excess = x.iter().sum::<f64>() - 30.0;
        for (i, (g, x)) in gradient.iter_mut().zip(x).enumerate() {
            *g = weight(i) * (x - aim(i)) + 2.0 * excess;
        }
        x.iter().enumerate().map(|(i, x)| 0.5 * weight(i) * (x - aim(i)).powi(2)).sum::<f64>()
            + excess * excess
    }

    #[test]
    fn it_ends_where_no_allowed_step_gains() {
        let end = descend(vec![1.0; 40], 500, 1e-14, &|_| true, bowl);
        assert!(end.converged, "{}", end.rounds);
        let mut gradient = vec![0.0; 40];
        bowl(&end.at, &mut gradient);
        for (x, g) in end.at.iter().zip(&gradient) {
            assert!(*x >= 0.0);
            assert!(if *x > 0.0 { g.abs() < 1e-3 } else { *g > -1e-3 }, "{x} {g}");
        }
        assert!(end.at.iter().filter(|x| **x <= 0.0).count() > 5);
    }

    #[test]
    fn it_stops_when_asked_and_where_there_is_nothing_to_do() {
        let end = descend(vec![1.0; 40], 500, 1e-14, &|round| round < 3, bowl);
        assert!(!end.converged && end.rounds == 3);
        let flat = descend(vec![2.0; 3], 500, 1e-9, &|_| true, |_, g| {
            g.fill(0.0);
            1.0
        });
        assert!(flat.converged && flat.at == [2.0; 3]);
    }
}
