//! The network.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, activation};

use super::{RamixnetConfig, Version};
use crate::nets::dropout::Dropout;
use crate::nets::init::Init;
use crate::nets::layers::{BatchNormPool, Conv, Linear, Statistics};
use crate::nets::ops;

/// Share of a head's neurons dropped in training.
pub const DROPOUT_RATE: f64 = 0.3;

/// The network.
#[derive(Module, Debug)]
pub struct Ramixnet {
    body: Vec<Stage>,
    presence: Head,
    dosage: Option<Head>,
    /// `[class, point]`: what a fit compares with; nothing is computed from it here.
    pures: Option<Param<Tensor<2>>>,
    /// `[2, feature]`: mean and deviation of the features over mixtures of what is known.
    usual: Option<Param<Tensor<2>>>,
    bins: usize,
}

/// One convolution and the halving behind it.
#[derive(Module, Debug)]
pub(super) struct Stage {
    pub conv: Conv,
    pub norm: BatchNormPool,
}

#[derive(Module, Debug)]
struct Head {
    first: Linear,
    second: Linear,
}

/// What the network says, before the sigmoid.
#[derive(Debug, Clone)]
pub struct Answers {
    /// Log odds that a substance is there. `[batch, class]`
    pub presence: Tensor<2>,
    /// Dosage of each, from II. `[batch, class]`
    pub dosage: Option<Tensor<2>>,
}

impl Ramixnet {
    /// First weights of this seed. The sizes must pass [`RamixnetConfig::check`].
    pub fn new(config: &RamixnetConfig, seed: u64, device: &Device) -> Self {
        Self::drawn(config, &mut Init::new(device, seed))
    }

    /// To be filled: no weight takes memory before it is.
    pub(in crate::nets) fn blank(config: &RamixnetConfig, device: &Device) -> Self {
        Self::drawn(config, &mut Init::blank(device))
    }

    fn drawn(config: &RamixnetConfig, init: &mut Init) -> Self {
        let inputs = std::iter::once(1).chain(config.widths.iter().copied());
        let stage = |((inputs, width), taps): ((usize, &usize), &usize)| Stage {
            conv: Conv::plain(init, inputs, *width, *taps, 1),
            norm: BatchNormPool::new(init, *width),
        };
        let body = inputs.zip(&config.widths).zip(&config.taps).map(stage).collect();
        let features = config.widths.last().copied().unwrap_or(1) * config.bins;
        let mut head = || Head {
            first: Linear::new(init, features + config.told, config.hidden),
            second: Linear::new(init, config.hidden + config.told, config.classes),
        };
        let presence = head();
        let dosage = (config.version == Version::II).then(head);
        let pures = (config.kept > 0).then(|| init.uniform([config.classes, config.kept], 1));
        let usual = (config.kept > 0).then(|| init.uniform([2, features], 1));
        Self { body, presence, dosage, pures, usual, bins: config.bins }
    }

    /// Spectra `[batch, point]`, and what the heads are told besides `[batch, number]`; `None` for a network that is
    /// told nothing.
    pub fn forward(
        &self,
        x: Tensor<2>,
        told: Option<&Tensor<2>>,
        statistics: Statistics,
        dropout: &mut Dropout,
    ) -> Answers {
        let features = self.features(x, statistics);
        self.judge(features, told, dropout)
    }

    /// What the heads see of spectra `[batch, point]`: `[batch, feature]`.
    pub fn features(&self, x: Tensor<2>, statistics: Statistics) -> Tensor<2> {
        let [batch, points] = x.dims();
        let mut x = x.reshape([batch, points, 1]);
        for stage in &self.body {
            x = stage.norm.forward(stage.conv.forward(x), statistics);
        }
        let channels = x.dims()[2];
        ops::pool(x, self.bins).reshape([batch, self.bins * channels])
    }

    /// The heads alone.
    pub fn judge(&self, features: Tensor<2>, told: Option<&Tensor<2>>, dropout: &mut Dropout) -> Answers {
        let presence = self.presence.forward(features.clone(), told, dropout);
        let dosage = self.dosage.as_ref().map(|head| head.forward(features, told, dropout));
        Answers { presence, dosage }
    }

    /// The pure spectra kept with the weights, `[class, point]`.
    pub fn pures(&self) -> Option<Tensor<2>> {
        self.pures.as_ref().map(Param::val)
    }

    /// Mean and deviation of the features over mixtures of what is known, `[2, feature]`.
    pub fn usual(&self) -> Option<Tensor<2>> {
        self.usual.as_ref().map(Param::val)
    }

    pub(super) fn stages(&self) -> &[Stage] {
        &self.body
    }
}

impl Head {
    fn forward(&self, features: Tensor<2>, told: Option<&Tensor<2>>, dropout: &mut Dropout) -> Tensor<2> {
        let with = |x: Tensor<2>| match told {
            Some(told) => Tensor::cat(vec![x, told.clone()], 1),
            None => x,
        };
        let map = |linear: &Linear, x: Tensor<2>| {
            let [rows, width] = x.dims();
            let y = linear.forward(x.reshape([1, rows, width]));
            let outputs = y.dims()[2];
            y.reshape([rows, outputs])
        };
        let hidden = dropout.apply(activation::relu(map(&self.first, with(features))));
        map(&self.second, with(hidden))
    }
}
