//! Normalisation by the statistics of the batch in training, by stored ones in use.
//!
//! The stored statistics are weights like the others: in training a loss of its own draws them to those of the batch. So
//! they are averaged, stored and cooled down with the rest.

use burn::module::{Module, Param};
use burn::tensor::{Tensor, activation};

use crate::nets::init::Init;
use crate::nets::ops::{self, Activation};

/// Keeps the square root away from zero, as PyTorch does.
const EPSILON: f64 = 1e-5;

/// Normalisation channel by channel, then a ReLU.
#[derive(Module, Debug)]
pub struct BatchNorm {
    /// `[channel]`, begins at 1.
    pub gain: Param<Tensor<1>>,
    /// `[channel]`, begins at 0.
    pub shift: Param<Tensor<1>>,
    /// Stored means. `[channel]`
    pub mean: Param<Tensor<1>>,
    /// Natural logarithms of the stored variances. `[channel]`
    pub log_variance: Param<Tensor<1>>,
}

/// What draws stored statistics to those of a batch: a sum of squares.
#[derive(Debug, Default)]
pub struct Pull(Option<Tensor<1>>);

impl Pull {
    fn add(&mut self, more: Tensor<1>) {
        self.0 = Some(match self.0.take() {
            Some(sum) => sum + more,
            None => more,
        });
    }

    /// The sum so far.
    pub fn sum(self) -> Option<Tensor<1>> {
        self.0
    }
}

impl BatchNorm {
    /// For this many channels.
    pub fn new(init: &mut Init, channels: usize) -> Self {
        Self {
            gain: init.constant(channels, 1.0),
            shift: init.constant(channels, 0.0),
            mean: init.constant(channels, 0.0),
            log_variance: init.constant(channels, 0.0),
        }
    }

    /// Through the ReLU; with a pull the batch's own statistics count.
    pub fn forward_relu(&self, x: Tensor<3>, pull: Option<&mut Pull>) -> Tensor<3> {
        let Some(pull) = pull else {
            let scale = self.gain.val() * (self.log_variance.val().exp() + EPSILON).sqrt().recip();
            let level = self.shift.val() - self.mean.val() * scale.clone();
            return activation::relu(x * scale.unsqueeze() + level.unsqueeze());
        };
        let [batch, points, channels] = x.dims();
        let rows = x.clone().detach().reshape([batch * points, channels]);
        let mean = rows.clone().mean_dim(0);
        let off = rows - mean.clone();
        let variance = (off.clone() * off).mean_dim(0);
        let flat = |t: Tensor<2>| t.reshape([channels]);
        let off = self.mean.val() - flat(mean);
        let spread = self.log_variance.val() - (flat(variance) + EPSILON).log();
        pull.add((off.clone() * off).sum() + (spread.clone() * spread).sum());
        // One sequence of all points, every channel a group of its own: the statistics of the batch.
        let x = x.reshape([1, batch * points, channels]);
        let y = ops::norm(x, self.gain.val(), self.shift.val(), channels, Activation::Relu);
        y.reshape([batch, points, channels])
    }
}
