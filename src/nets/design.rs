//! What a network is built from.

use std::fmt::Debug;

use burn::module::Module;
use burn::tensor::Device;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::guided::{Guided, GuidedConfig};
use super::ramixnet::{Ramixnet, RamixnetConfig};
use super::rampinn::{Rampinn, RampinnConfig};
use super::separator::{Separator, SeparatorConfig};

/// Sizes and variants of a network, as they stand in its card.
pub trait Design: Debug + Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The network.
    type Net: Module + Send;

    /// What is wrong with the sizes, if anything.
    fn check(&self) -> Result<(), String>;

    /// The network's name.
    fn name(&self) -> &'static str;

    /// Points of an axis must be a multiple of this.
    fn step(&self) -> usize {
        1
    }

    /// With first weights of this seed. The sizes must pass the check.
    fn first(&self, seed: u64, device: &Device) -> Self::Net;

    /// To be filled by [`super::with_arrays`]: no weight takes memory before it is. The sizes must pass the check.
    fn blank(&self, device: &Device) -> Self::Net;
}

impl Design for SeparatorConfig {
    type Net = Separator;

    fn check(&self) -> Result<(), String> {
        Self::check(self)
    }

    fn name(&self) -> &'static str {
        Self::name(self)
    }

    fn first(&self, seed: u64, device: &Device) -> Separator {
        Separator::new(self, seed, device)
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

    fn name(&self) -> &'static str {
        "guided"
    }

    fn step(&self) -> usize {
        Self::step(self)
    }

    fn first(&self, seed: u64, device: &Device) -> Guided {
        Guided::new(self, seed, device)
    }

    fn blank(&self, device: &Device) -> Guided {
        Guided::blank(self, device)
    }
}

impl Design for RamixnetConfig {
    type Net = Ramixnet;

    fn check(&self) -> Result<(), String> {
        Self::check(self)
    }

    fn name(&self) -> &'static str {
        "ramixnet"
    }

    fn first(&self, seed: u64, device: &Device) -> Ramixnet {
        Ramixnet::new(self, seed, device)
    }

    fn blank(&self, device: &Device) -> Ramixnet {
        Ramixnet::blank(self, device)
    }
}

impl Design for RampinnConfig {
    type Net = Rampinn;

    fn check(&self) -> Result<(), String> {
        Self::check(self)
    }

    fn name(&self) -> &'static str {
        "rampinn"
    }

    fn step(&self) -> usize {
        Self::step(self)
    }

    fn first(&self, seed: u64, device: &Device) -> Rampinn {
        Rampinn::new(self, seed, device)
    }

    fn blank(&self, device: &Device) -> Rampinn {
        Rampinn::blank(self, device)
    }
}
