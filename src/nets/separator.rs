//! Every network that takes a mixed spectrum apart, behind one name.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::baselines::{
    Afrcnn, AfrcnnConfig, ConvTasnet, ConvTasnetConfig, Dprnn, DprnnConfig, Tdanet, TdanetConfig,
};
use super::dropout::Dropout;
use super::init::Init;
use super::rssnet::{Rssnet, RssnetConfig};

/// Which network, and its sizes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "network", rename_all = "kebab-case")]
pub enum SeparatorConfig {
    /// Dual-path separation with top-down attention.
    Rssnet(RssnetConfig),
    /// Dilated convolutions.
    ConvTasnet(ConvTasnetConfig),
    /// Recurrent networks along chunks and across them.
    Dprnn(DprnnConfig),
    /// Scales that exchange with their neighbours.
    Afrcnn(AfrcnnConfig),
    /// Top-down attention over the whole code.
    Tdanet(TdanetConfig),
}

impl SeparatorConfig {
    /// Names of the networks, as [`SeparatorConfig::named`] takes them.
    pub const NAMES: [&'static str; 5] = ["rssnet", "conv-tasnet", "dprnn", "afrcnn", "tdanet"];

    /// The presets of a network, largest first; `None` where no network has the name.
    pub fn presets(name: &str) -> Option<&'static [&'static str]> {
        match name {
            "rssnet" => Some(&RssnetConfig::PRESETS),
            "conv-tasnet" => Some(&ConvTasnetConfig::PRESETS),
            "dprnn" => Some(&DprnnConfig::PRESETS),
            "afrcnn" => Some(&AfrcnnConfig::PRESETS),
            "tdanet" => Some(&TdanetConfig::PRESETS),
            _ => None,
        }
    }

    /// A preset of a network by both names, or a sentence that lists what there is.
    pub fn named(name: &str, preset: &str) -> Result<Self, String> {
        let found = match name {
            "rssnet" => RssnetConfig::preset(preset).map(Self::Rssnet),
            "conv-tasnet" => ConvTasnetConfig::preset(preset).map(Self::ConvTasnet),
            "dprnn" => DprnnConfig::preset(preset).map(Self::Dprnn),
            "afrcnn" => AfrcnnConfig::preset(preset).map(Self::Afrcnn),
            "tdanet" => TdanetConfig::preset(preset).map(Self::Tdanet),
            _ => None,
        };
        found.ok_or_else(|| match Self::presets(name) {
            Some(presets) => format!("{name} has no preset {preset}: choose one of {}", presets.join(", ")),
            None => format!("there is no network {name}: choose one of {}", Self::NAMES.join(", ")),
        })
    }

    /// The network's name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Rssnet(_) => "rssnet",
            Self::ConvTasnet(_) => "conv-tasnet",
            Self::Dprnn(_) => "dprnn",
            Self::Afrcnn(_) => "afrcnn",
            Self::Tdanet(_) => "tdanet",
        }
    }

    /// What is wrong with the sizes, if anything.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Self::Rssnet(config) => config.check(),
            Self::ConvTasnet(config) => config.check(),
            Self::Dprnn(config) => config.check(),
            Self::Afrcnn(config) => config.check(),
            Self::Tdanet(config) => config.check(),
        }
    }

    /// Share of numbers dropped in training.
    pub fn dropout(&self) -> f64 {
        match self {
            Self::Rssnet(config) => config.dropout,
            Self::Tdanet(config) => config.dropout,
            Self::ConvTasnet(_) | Self::Dprnn(_) | Self::Afrcnn(_) => 0.0,
        }
    }

    /// Spectra that come out.
    pub fn sources(&self) -> usize {
        match self {
            Self::Rssnet(config) => config.sources,
            Self::ConvTasnet(config) => config.sources,
            Self::Dprnn(config) => config.sources,
            Self::Afrcnn(config) => config.sources,
            Self::Tdanet(config) => config.sources,
        }
    }
}

/// A network with its weights.
#[allow(clippy::large_enum_variant, reason = "a program holds a few networks, and weights lie elsewhere")]
#[derive(Module, Debug)]
pub enum Separator {
    /// Dual-path separation with top-down attention.
    Rssnet(Rssnet),
    /// Dilated convolutions.
    ConvTasnet(ConvTasnet),
    /// Recurrent networks along chunks and across them.
    Dprnn(Dprnn),
    /// Scales that exchange with their neighbours.
    Afrcnn(Afrcnn),
    /// Top-down attention over the whole code.
    Tdanet(Tdanet),
}

impl Separator {
    /// First weights of this seed. The sizes must pass [`SeparatorConfig::check`].
    pub fn new(config: &SeparatorConfig, seed: u64, device: &Device) -> Self {
        Self::drawn(config, &mut Init::new(device, seed))
    }

    /// To be filled by [`super::with_arrays`]: no weight takes memory before it is. The sizes must pass
    /// [`SeparatorConfig::check`].
    pub(super) fn blank(config: &SeparatorConfig, device: &Device) -> Self {
        Self::drawn(config, &mut Init::blank(device))
    }

    fn drawn(config: &SeparatorConfig, init: &mut Init) -> Self {
        match config {
            SeparatorConfig::Rssnet(config) => Self::Rssnet(Rssnet::new(init, config)),
            SeparatorConfig::ConvTasnet(config) => Self::ConvTasnet(ConvTasnet::new(init, config)),
            SeparatorConfig::Dprnn(config) => Self::Dprnn(Dprnn::new(init, config)),
            SeparatorConfig::Afrcnn(config) => Self::Afrcnn(Afrcnn::new(init, config)),
            SeparatorConfig::Tdanet(config) => Self::Tdanet(Tdanet::new(init, config)),
        }
    }

    /// Mixed spectra `[batch, point]` to estimates `[batch, source, point]`, whose scale, sign and offset are free.
    pub fn forward(&self, spectra: Tensor<2>, dropout: &mut Dropout) -> Tensor<3> {
        match self {
            Self::Rssnet(net) => net.forward(spectra, dropout),
            Self::ConvTasnet(net) => net.forward(spectra),
            Self::Dprnn(net) => net.forward(spectra),
            Self::Afrcnn(net) => net.forward(spectra),
            Self::Tdanet(net) => net.forward(spectra, dropout),
        }
    }
}
