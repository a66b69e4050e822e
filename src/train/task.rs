//! What is trained.

use std::ops::Range;

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use crate::synth::Rng;

/// A part of the validation, judged and written down by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// Name of its column.
    pub name: &'static str,
    /// Name for people.
    pub label: &'static str,
    /// Its items.
    pub items: Range<usize>,
}

impl Set {
    /// What its score is in.
    #[must_use]
    pub fn unit(&self) -> &'static str {
        if self.name.ends_with("_percent") { "%" } else { "dB" }
    }
}

/// A network's trade. Everything is a function of its arguments: the same sample numbers give the same batch.
pub trait Task: Sync {
    /// The network.
    type Net: Module;
    /// Samples in plain memory.
    type Batch: Send + Sync;

    /// What the validation's figures are, for the figure of the course.
    const SCORE: &'static str = "Validation (dB)";
    /// What the loss is.
    const LOSS: &'static str = "Training loss (dB)";

    /// Samples `first..first + count` of the endless stream.
    fn batch(&self, first: u64, count: usize) -> Self::Batch;

    /// Mean loss of these rows of a batch, one number. `chance` is for dropout.
    fn loss(
        &self,
        net: &Self::Net,
        batch: &Self::Batch,
        rows: Range<usize>,
        chance: Rng,
        device: &Device,
    ) -> Tensor<1>;

    /// Parts of the validation, one after the other from item 0 on.
    fn sets(&self) -> Vec<Set>;

    /// A figure for each of these items, higher is better; or why the device gave none.
    fn judge(&self, net: &Self::Net, items: Range<usize>, device: &Device) -> Result<Vec<f64>, String>;
}
