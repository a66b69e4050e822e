//! Every network that takes a mixed spectrum apart, behind one name.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::dropout::Dropout;
use super::rssnet::{Rssnet, RssnetConfig};

/// Which network, and its sizes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "network", rename_all = "kebab-case")]
pub enum SeparatorConfig {
    /// Dual-path separation with top-down attention.
    Rssnet(RssnetConfig),
}

impl SeparatorConfig {
    /// What is wrong with the sizes, if anything.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Self::Rssnet(config) => config.check(),
        }
    }

    /// Share of numbers dropped in training.
    pub fn dropout(&self) -> f64 {
        match self {
            Self::Rssnet(config) => config.dropout,
        }
    }

    /// Spectra that come out.
    pub fn sources(&self) -> usize {
        match self {
            Self::Rssnet(config) => config.sources,
        }
    }
}

/// A network with its weights.
#[derive(Module, Debug)]
pub enum Separator {
    /// Dual-path separation with top-down attention.
    Rssnet(Rssnet),
}

impl Separator {
    /// First weights of this seed. The sizes must pass [`SeparatorConfig::check`].
    pub fn new(config: &SeparatorConfig, seed: u64, device: &Device) -> Self {
        match config {
            SeparatorConfig::Rssnet(config) => Self::Rssnet(Rssnet::new(config, seed, device)),
        }
    }

    /// Mixed spectra `[batch, point]` to estimates `[batch, source, point]`, whose scale, sign and offset are free.
    pub fn forward(&self, spectra: Tensor<2>, dropout: &mut Dropout) -> Tensor<3> {
        match self {
            Self::Rssnet(net) => net.forward(spectra, dropout),
        }
    }
}
