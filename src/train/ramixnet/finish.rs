//! After the training: stored statistics, what goes with the weights, and how far answers can be believed.

use burn::tensor::Device;
use rayon::prelude::*;

use super::flags::{Left, limits, temperature, threshold};
use super::quantile::quantile;
use super::task::{Mixing, Shown, part};
use super::{RamixPlan, Substances};
use crate::nets::{
    Array, CardPanel, CardPanelScores, CardSubstance, Design as _, Dropout, Ramixnet, Statistics,
    WeightsError, deviations, share_statistics, with_arrays,
};
use crate::solvers::told_again;
use crate::synth::Rng;
use crate::train::TrainError;

/// Mixtures for the stored statistics: so many parts of so many.
const PARTS: u64 = 16;
const PART: u64 = 32;
/// Mixtures that limits are found on, and others that scores are told of.
const MIXTURES: u64 = 768;
/// Repeated answers to each mixture.
pub const DRAWS: usize = 16;
/// Mixtures that pass the network at once.
const AT_ONCE: usize = 32;
/// Share of dosages inside their interval.
const INSIDE: f64 = 0.9;
/// Parts of the held-out mixtures.
const TO_SET: u64 = 1;
const TO_TELL: u64 = 2;

/// What the network says about one mixture.
#[derive(Debug, Clone, Default)]
struct Said {
    odds: Vec<f32>,
    dosage: Vec<f32>,
    deviation: Vec<f32>,
    distance: f64,
}

/// Everything that a model file needs.
#[derive(Debug)]
pub struct Finished {
    /// Weights with statistics, pure spectra and usual features.
    pub arrays: Vec<Array>,
    /// For the card; without its curve.
    pub panel: CardPanel,
}

/// Finishes these weights of a plan's network; nothing comes of it once `go_on` says no.
pub fn finish(
    mut weights: Vec<Array>,
    plan: &RamixPlan,
    substances: &Substances,
    task: &Mixing,
    device: &Device,
    go_on: &dyn Fn() -> bool,
) -> Result<Option<Finished>, TrainError> {
    let bare = with_arrays(plan.network(0).blank(device), &weights)?;
    let parts: Vec<Vec<f32>> = (0..PARTS)
        .map(|p| {
            // Beyond everything that was trained on.
            let first = plan.samples + p * PART;
            let shown: Vec<Shown> = (first..first + PART).into_par_iter().map(|k| task.trained(k)).collect();
            task.rows(&shown).x
        })
        .collect();
    share_statistics(&bare, &mut weights, &parts, task.points(), device)?;
    let bare = with_arrays(bare, &weights)?;
    let held = |part: u64, other: Option<bool>| -> Vec<Shown> {
        (0..MIXTURES).into_par_iter().map(|k| task.held_out(part, k, other)).collect()
    };
    let known = held(TO_SET, Some(false));
    let usual = usual(&features(&bare, task, &known, device)?);
    let judged = |shown: &[Shown]| said(&bare, task, shown, &usual, plan.seed, device);
    if !go_on() {
        return Ok(None);
    }
    let mixed = held(TO_SET, None);
    let mixed_said = judged(&mixed)?;
    if !go_on() {
        return Ok(None);
    }
    let known_said = judged(&known)?;
    let classes = task.classes();
    let odds: Vec<f32> = mixed_said.iter().flat_map(|s| s.odds.iter().copied()).collect();
    let present: Vec<bool> = mixed.iter().flat_map(|s| s.dosages.iter().map(|d| *d > 0.0)).collect();
    let temperature = temperature(&odds, &present);
    let probability = |odds: f32| 1.0 / (1.0 + (-f64::from(odds) / temperature).exp());
    let of = |class: usize| {
        let p: Vec<f64> = odds.iter().skip(class).step_by(classes).map(|o| probability(*o)).collect();
        let there: Vec<bool> = present.iter().skip(class).step_by(classes).copied().collect();
        threshold(&p, &there)
    };
    let thresholds: Vec<f64> = (0..classes).map(of).collect();
    let (interval, interval_least) = interval(&mixed, &mixed_said);
    let left = |shown: &[Shown]| Left {
        excess: shown.iter().map(|s| s.fitted.excess).collect(),
        strange: shown.iter().map(|s| s.fitted.strange).collect(),
    };
    let distances = known_said.iter().map(|s| s.distance).collect();
    let other = limits(left(&known), left(&held(TO_SET, Some(true))), distances);

    let substance = |class: usize| CardSubstance {
        name: plan.names[class].clone(),
        spectra: substances.spectra[class].len(),
        height: substances.heights[class],
        threshold: thresholds[class],
    };
    let mut panel = CardPanel {
        substances: (0..classes).map(substance).collect(),
        temperature,
        interval,
        interval_least,
        other,
        curve: Vec::new(),
        scores: CardPanelScores::default(),
    };
    let fresh = held(TO_TELL, Some(false));
    let fresh_said = judged(&fresh)?;
    if !go_on() {
        return Ok(None);
    }
    let with_other = held(TO_TELL, Some(true));
    let other_said = judged(&with_other)?;
    panel.scores = scores(&panel, (&fresh, &fresh_said), (&with_other, &other_said));

    let width = usual.len() / 2;
    weights.push(Array {
        name: "pures".into(),
        shape: vec![classes, task.points()],
        values: substances.means.concat(),
    });
    weights.push(Array { name: "usual".into(), shape: vec![2, width], values: usual });
    Ok(Some(Finished { arrays: weights, panel }))
}

/// Features of mixtures, one row after the other.
fn features(
    net: &Ramixnet,
    task: &Mixing,
    shown: &[Shown],
    device: &Device,
) -> Result<Vec<Vec<f32>>, TrainError> {
    let mut all = Vec::with_capacity(shown.len());
    for chunk in shown.chunks(AT_ONCE) {
        let x = task.rows(chunk).x;
        let found = net.features(part(&x, task.points(), &(0..chunk.len()), device), Statistics::Stored);
        let width = found.dims()[1];
        all.extend(numbers(found)?.chunks_exact(width).map(<[f32]>::to_vec));
    }
    Ok(all)
}

/// Means, then deviations.
fn usual(rows: &[Vec<f32>]) -> Vec<f32> {
    let width = rows.first().map_or(0, Vec::len);
    let count = rows.len().max(1) as f64;
    let mean: Vec<f64> =
        (0..width).map(|i| rows.iter().map(|row| f64::from(row[i])).sum::<f64>() / count).collect();
    let deviation = (0..width).map(|i| {
        let square = rows.iter().map(|row| (f64::from(row[i]) - mean[i]).powi(2)).sum::<f64>() / count;
        // Features that never move would make any noise far away.
        square.sqrt().max(1e-3) as f32
    });
    mean.iter().map(|m| *m as f32).chain(deviation).collect()
}

/// How far features lie from the usual ones: root mean square in deviations.
fn distance(features: &[f32], usual: &[f32]) -> f64 {
    let (mean, deviation) = usual.split_at(features.len());
    let square = |((f, m), d): ((&f32, &f32), &f32)| f64::from((f - m) / d).powi(2);
    (features.iter().zip(mean).zip(deviation).map(square).sum::<f64>() / features.len().max(1) as f64).sqrt()
}

fn said(
    net: &Ramixnet,
    task: &Mixing,
    shown: &[Shown],
    usual: &[f32],
    seed: u64,
    device: &Device,
) -> Result<Vec<Said>, TrainError> {
    let classes = task.classes();
    let mut all = Vec::with_capacity(shown.len());
    for (at, chunk) in shown.chunks(AT_ONCE).enumerate() {
        let rows = task.rows(chunk);
        let range = 0..chunk.len();
        let found = net.features(part(&rows.x, task.points(), &range, device), Statistics::Stored);
        let told =
            (!rows.told.is_empty()).then(|| part(&rows.told, rows.told.len() / chunk.len(), &range, device));
        let answers = net.judge(found.clone(), told.as_ref(), &mut Dropout::none());
        let features = numbers(found)?;
        let odds = numbers(answers.presence)?;
        let dosage = match answers.dosage {
            Some(dosage) => numbers(burn::tensor::activation::sigmoid(dosage))?,
            None => Vec::new(),
        };
        let rng = Rng::new(seed, at as u64);
        let mut again = Vec::new();
        if !task.plain() {
            let mut draw = rng.fork(1);
            for one in chunk {
                (0..DRAWS).for_each(|_| again.extend(told_again(&one.fitted, &mut draw)));
            }
        }
        let deviation = deviations(net, &features, &again, chunk.len(), DRAWS, rng, device)?;
        let width = features.len() / chunk.len();
        for i in range {
            let of = |values: &[f32]| values.get(i * classes..(i + 1) * classes).unwrap_or_default().to_vec();
            all.push(Said {
                odds: of(&odds),
                dosage: of(&dosage),
                deviation: of(&deviation),
                distance: distance(&features[i * width..(i + 1) * width], usual),
            });
        }
    }
    Ok(all)
}

/// Half the width of an interval over the deviation that repeated answers have, and the least one.
fn interval(shown: &[Shown], said: &[Said]) -> (f64, f64) {
    let mut off = Vec::new();
    for (shown, said) in shown.iter().zip(said) {
        for ((truth, found), deviation) in shown.dosages.iter().zip(&said.dosage).zip(&said.deviation) {
            if *truth > 0.0 {
                off.push((f64::from((truth - found).abs()), f64::from(*deviation)));
            }
        }
    }
    if off.is_empty() {
        return (1.0, 0.0);
    }
    // Repeated answers that agree by chance do not make an answer sure: half of the usual error is always allowed.
    let least = 0.5 * quantile(off.iter().map(|(off, _)| *off).collect(), 0.5);
    let factor = quantile(off.iter().map(|(off, d)| (off - least).max(0.0) / d.max(1e-6)).collect(), INSIDE);
    (factor.max(1e-3), least)
}

fn scores(panel: &CardPanel, fresh: (&[Shown], &[Said]), other: (&[Shown], &[Said])) -> CardPanelScores {
    let there = |said: &Said, class: usize| {
        let p = 1.0 / (1.0 + (-f64::from(said.odds[class]) / panel.temperature).exp());
        p >= panel.substances[class].threshold
    };
    let flagged = |(shown, said): (&Shown, &Said)| {
        let stands_out = match panel.other.strange {
            Some(limit) => shown.fitted.strange > limit,
            None => shown.fitted.excess > panel.other.excess,
        };
        stands_out || said.distance > panel.other.distance
    };
    let (mut right, mut found, mut is, mut exact) = (0, 0, 0, 0);
    let (mut off, mut inside, mut counted) = (0.0, 0, 0);
    for (shown, said) in fresh.0.iter().zip(fresh.1) {
        let mut all_right = true;
        for (class, truth) in shown.dosages.iter().enumerate() {
            let (said_there, is_there) = (there(said, class), *truth > 0.0);
            found += usize::from(said_there);
            is += usize::from(is_there);
            right += usize::from(said_there && is_there);
            all_right &= said_there == is_there;
            if let (Some(dosage), Some(deviation)) = (said.dosage.get(class), said.deviation.get(class)) {
                let error = f64::from((dosage - truth).abs());
                off += error;
                if is_there {
                    let half = panel.interval_least + panel.interval * f64::from(*deviation);
                    inside += usize::from(error <= half);
                    counted += 1;
                }
            }
        }
        exact += usize::from(all_right);
    }
    let share = |a: usize, b: usize| if b == 0 { 0.0 } else { a as f64 / b as f64 };
    let mixtures = fresh.0.len();
    let doses = counted > 0;
    let rate = |set: (&[Shown], &[Said])| {
        100.0 * share(set.0.iter().zip(set.1).filter(|pair| flagged(*pair)).count(), set.0.len())
    };
    CardPanelScores {
        mixtures,
        precision: share(right, found),
        recall: share(right, is),
        f1: share(2 * right, found + is),
        exact_percent: 100.0 * share(exact, mixtures),
        dosage_mae: doses.then(|| off / (mixtures * panel.substances.len()).max(1) as f64),
        interval_percent: doses.then(|| 100.0 * share(inside, counted)),
        false_flags_percent: rate(fresh),
        flagged_percent: rate(other),
    }
}

fn numbers<const D: usize>(x: burn::tensor::Tensor<D>) -> Result<Vec<f32>, TrainError> {
    let failed = |problem: String| TrainError::Weights(WeightsError::Device(problem));
    let data = x.try_into_data().map_err(|e| failed(format!("{e:?}")))?;
    data.try_to_vec::<f32>().map_err(|e| failed(format!("{e:?}")))
}
