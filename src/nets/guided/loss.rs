//! What a refinement is judged by in training.

use burn::tensor::{Tensor, activation};

use super::network::Refined;

/// Keeps logarithms and quotients away from zero.
const GUARD: f64 = 1e-8;
/// dB beyond which a component is as good as its data.
const ENOUGH: f64 = 35.0;
/// dB below the mixture at which nothing is nothing.
const NOTHING: f64 = 1e-3;

/// How much each part of the loss counts, against one dB of SI-SNR.
const LEVEL: f64 = 0.3;
const SPREAD: f64 = 3.0;
const VERDICT: f64 = 3.0;
const SIZE: f64 = 1.0;
/// Largest deviation of the logarithm of a size that counts.
const FAR_OFF: f64 = 3.0;

/// What the slots of a few scenes should have become, in the unit of each scene.
#[derive(Debug, Clone)]
pub struct Targets {
    /// Pure spectra of all scenes one after the other. `[truth, point]`
    pub truths: Tensor<2>,
    /// 1 over the number of truths of the scene where a slot stands for a truth, else 0. `[slot, truth]`
    pub pairs: Tensor<2>,
    /// The same with ones. `[slot, truth]`
    pub chosen: Tensor<2>,
    /// 1 for slots that stand for nothing. `[slot]`
    pub idle: Tensor<1>,
    /// The right answers to the questions of [`super::Judged`]. `[slot, question]`
    pub verdicts: Tensor<2>,
}

/// Decibels of every slot against every truth, once as shapes and once with their size. `[slot, truth]`
#[derive(Debug, Clone)]
pub struct Terms {
    /// SI-SNR.
    pub shape: Tensor<2>,
    /// SNR.
    pub level: Tensor<2>,
}

impl Terms {
    /// Of components and truths without their means.
    pub fn new(components: &Tensor<2>, truths: &Tensor<2>) -> Self {
        let (s, t) = (centred(components.clone()), centred(truths.clone()));
        let power = |x: &Tensor<2>| (x.clone() * x.clone()).sum_dim(1);
        let (power_s, power_t) = (power(&s), power(&t).transpose());
        let product = s.matmul(t.transpose());
        let along = product.clone() * product.clone() / (power_t.clone() + GUARD);
        let rest = (power_s.clone() - along.clone()).clamp_min(0.0);
        let decibels =
            |a: Tensor<2>, b: Tensor<2>| ((a + GUARD) / (b + GUARD)).log() * (10.0 / std::f64::consts::LN_10);
        let off = (power_s + power_t.clone() - product * 2.0).clamp_min(0.0);
        Self { shape: decibels(along, rest), level: decibels(power_t.expand(off.dims()), off) }
    }
}

/// Mean loss of `scenes` scenes. `components` are the corrected ones, `terms` theirs against the truths.
pub fn guided_loss(
    components: Tensor<2>,
    terms: &Terms,
    refined: &Refined,
    targets: &Targets,
    scenes: usize,
) -> Tensor<1> {
    let [slots, points] = components.dims();
    let pairs = &targets.pairs;
    let shape = (terms.shape.clone().clamp_max(ENOUGH) * pairs.clone()).sum();
    let level = (terms.level.clone().clamp(-10.0, ENOUGH) * pairs.clone()).sum();
    let power = (components.clone() * components.clone()).mean_dim(1).reshape([slots]);
    let silent = ((power + NOTHING).log() * (10.0 / std::f64::consts::LN_10) * targets.idle.clone()).sum();
    let mut loss = silent * LEVEL - shape - level * LEVEL;
    if let Some(judged) = &refined.judged {
        let (truth, found) = (targets.chosen.clone().matmul(targets.truths.clone()), components.detach());
        let off = (centred(found.clone()) - centred(truth.clone())).abs();
        // A Laplace density: tails as heavy as those of bands that were missed.
        let spread = judged.log_spread.clone();
        let surprise = (spread.clone() + off * (-spread).exp()).sum() / points as f64;
        let odds = judged.odds.clone();
        let wrong = (activation::softplus(odds.clone(), 1.0) - odds * targets.verdicts.clone()).sum();
        let size = |x: Tensor<2>| (x.clone() * x).mean_dim(1).reshape([slots]) + GUARD;
        let ratio = (size(truth) / size(found)).log().abs().clamp_max(2.0 * FAR_OFF) * 0.5;
        let level = judged.log_level.clone();
        let paired = targets.idle.clone() * -1.0 + 1.0;
        let missed = ((level.clone() + ratio * (-level).exp()) * paired).sum();
        loss = loss + surprise * SPREAD + wrong * VERDICT + missed * SIZE;
    }
    loss / scenes as f64
}

fn centred(x: Tensor<2>) -> Tensor<2> {
    x.clone() - x.mean_dim(1)
}
