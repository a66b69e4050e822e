//! The network: scales of convolutions with attention at the coarsest, curves from the finest, verdicts from the
//! coarsest.

use burn::module::Module;
use burn::tensor::{Device, Tensor, activation};

use super::{Form, GuidedConfig};
use crate::nets::init::Init;
use crate::nets::layers::Linear;
use crate::nets::unet::{Unet, UnetConfig};

/// Middle and half the range of the logarithm of the spread.
const SPREAD: (f64, f64) = (-4.0, 6.0);
/// Channels between the coarsest scale and the verdicts.
const VERDICT: usize = 32;

/// The network.
#[derive(Module, Debug)]
pub struct Guided {
    body: Unet,
    verdict: Option<Verdict>,
}

/// From the coarsest scale to a few numbers.
#[derive(Module, Debug)]
struct Verdict {
    first: Linear,
    second: Linear,
}

/// What the network says about slots, in the unit of the scene.
#[derive(Debug, Clone)]
pub struct Refined {
    /// To be added to the likely components. `[slot, point]`
    pub corrections: Tensor<2>,
    /// What only [`Form::Full`] says.
    pub judged: Option<Judged>,
}

/// How sure the network is.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Natural logarithm of the mean deviation of the corrected component from the truth. `[slot, point]`
    pub log_spread: Tensor<2>,
    /// Log odds of the [`Judged::QUESTIONS`] about every slot. `[slot, question]`
    pub odds: Tensor<2>,
    /// Natural logarithm of the mean deviation of the logarithm of its size. `[slot]`
    pub log_level: Tensor<1>,
}

impl Judged {
    /// Is the likely component the true one as it is? Is its species in the sample (of the slot for what the library
    /// lacks: is there anything)? Does the library hold the species that is there?
    pub const QUESTIONS: usize = 3;
}

impl Guided {
    /// First weights of this seed. The sizes must pass [`GuidedConfig::check`].
    pub fn new(config: &GuidedConfig, seed: u64, device: &Device) -> Self {
        Self::drawn(config, &mut Init::new(device, seed))
    }

    /// To be filled: no weight takes memory before it is.
    pub(in crate::nets) fn blank(config: &GuidedConfig, device: &Device) -> Self {
        Self::drawn(config, &mut Init::blank(device))
    }

    fn drawn(config: &GuidedConfig, init: &mut Init) -> Self {
        let full = config.form == Form::Full;
        let body = UnetConfig {
            ends: (config.inputs(), if full { 3 } else { 2 }),
            widths: config.widths.clone(),
            taps: config.taps,
            groups: config.groups,
            heads: config.heads,
        };
        let last = config.widths.last().copied().unwrap_or(1);
        let body = Unet::drawn(&body, init);
        let verdict = full.then(|| Verdict {
            first: Linear::new(init, 2 * last, VERDICT),
            second: Linear::new(init, VERDICT, Judged::QUESTIONS + 1),
        });
        Self { body, verdict }
    }

    /// Channels of slots `[slot, point, channel]` and the slots' sizes `[slot]` to what is wrong with them.
    pub fn forward(&self, x: Tensor<3>, sizes: Tensor<1>) -> Refined {
        let [slots, points, _] = x.dims();
        let (curves, coarse) = self.body.forward_both(x);
        let curve = |k: usize| curves.clone().narrow(2, k, 1).reshape([slots, points]);
        // Small components are corrected in their own size as well as in the mixture's.
        let corrections = curve(0) + curve(1) * sizes.reshape([slots, 1]);
        let judged = self.verdict.as_ref().map(|verdict| {
            let (middle, half) = SPREAD;
            let pooled = Tensor::cat(vec![coarse.clone().mean_dim(1), coarse.max_dim(1)], 2);
            let hidden = activation::relu(verdict.first.forward(pooled));
            let said = verdict.second.forward(hidden).reshape([slots, Judged::QUESTIONS + 1]);
            let bounded = |x: Tensor<2>| (x / half).tanh() * half + middle;
            Judged {
                log_spread: bounded(curve(2)),
                odds: said.clone().narrow(1, 0, Judged::QUESTIONS),
                log_level: bounded(said.narrow(1, Judged::QUESTIONS, 1)).reshape([slots]),
            }
        });
        Refined { corrections, judged }
    }
}
