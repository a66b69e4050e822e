//! What a network is built from.

use std::fmt::Debug;

use burn::module::Module;
use burn::tensor::Device;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::guided::{Guided, GuidedConfig};
use super::separator::{Separator, SeparatorConfig};

/// Sizes and variants of a network, as they stand in its card.
pub trait Design: Debug + Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The network.
    type Net: Module + Send;

    /// What is wrong with the sizes, if anything.
    fn check(&self) -> Result<(), String>;

    /// To be filled by [`super::with_arrays`]: no weight takes memory before it is. The sizes must pass the check.
    fn blank(&self, device: &Device) -> Self::Net;
}

impl Design for SeparatorConfig {
    type Net = Separator;

    fn check(&self) -> Result<(), String> {
        Self::check(self)
    }

    fn blank(&self, device: &Device) -> Separator {
        Separator::blank(self, device)
    }
}

impl Design for GuidedConfig {
    type Net = Guided;

    fn check(&self) -> Result<(), String> {
        Self::check(self)
    }

    fn blank(&self, device: &Device) -> Guided {
        Guided::blank(self, device)
    }
}
