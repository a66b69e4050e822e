//! What can be chosen about the network.

use serde::{Deserialize, Serialize};

use crate::nets::sizes::check_sizes;

/// What the network begins with and how it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RampinnForm {
    /// As published: the spectrum alone, a decoder each for the Raman-like spectrum and the background, sigmoids.
    Paper,
    /// Ours: the spectrum and what classical retrieval makes of it; both answers correct that.
    Retrieval,
}

/// Sizes and variants. [`RampinnConfig::preset`] names the usual ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "network", rename = "rampinn")]
pub struct RampinnConfig {
    /// What it begins with and how it answers.
    pub form: RampinnForm,
    /// Channels of every scale, the finest first.
    pub widths: Vec<usize>,
    /// Taps of the convolutions, odd.
    pub taps: usize,
    /// Heads of the attention at the coarsest scale.
    pub heads: usize,
}

impl RampinnConfig {
    /// Names of the presets.
    pub const PRESETS: [&'static str; 4] = ["full", "small", "usual", "tiny"];

    /// A preset by its name.
    pub fn preset(name: &str) -> Option<Self> {
        let base = |form, widths: &[usize], taps| Self { form, widths: widths.to_vec(), taps, heads: 4 };
        match name {
            "full" => Some(base(RampinnForm::Paper, &[32, 64, 128, 256], 7)),
            "small" => Some(base(RampinnForm::Paper, &[8, 16, 32, 64], 7)),
            "usual" => Some(base(RampinnForm::Retrieval, &[24, 32, 48, 64, 96, 96], 7)),
            "tiny" => Some(base(RampinnForm::Retrieval, &[4, 8, 8], 3)),
            _ => None,
        }
    }

    /// What is wrong with the settings, if anything.
    pub fn check(&self) -> Result<(), String> {
        check_sizes(&[("heads", self.heads)])?;
        if !(2..=10).contains(&self.widths.len()) {
            return Err(format!("{} scales: there must be 2 to 10", self.widths.len()));
        }
        for width in &self.widths {
            check_sizes(&[("a width", *width)])?;
        }
        let last = self.widths.last().copied().unwrap_or_default();
        if !last.is_multiple_of(self.heads) {
            return Err(format!("{} heads do not divide {last} channels", self.heads));
        }
        if self.taps.is_multiple_of(2) || self.taps > 63 {
            return Err(format!("{} taps: they must be odd, 1 to 63", self.taps));
        }
        Ok(())
    }

    /// Points must be a multiple of this.
    pub fn step(&self) -> usize {
        match self.form {
            RampinnForm::Paper => 1 << self.widths.len(),
            RampinnForm::Retrieval => 1 << self.widths.len().saturating_sub(1),
        }
    }
}
