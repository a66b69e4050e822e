//! What can be chosen about the network.

use serde::{Deserialize, Serialize};

use crate::nets::sizes::check_sizes;

/// What the network sees and says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Mixture, candidate, the others and the residual; a correction (the form of the pilot study).
    Plain,
    /// What the search knows besides; a correction, its uncertainty, and whether candidate and substance are right.
    Full,
}

/// Sizes and variants. [`GuidedConfig::preset`] names the usual ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "network", rename = "guided")]
pub struct GuidedConfig {
    /// What it sees and says.
    pub form: Form,
    /// Channels of every scale, the finest first.
    pub widths: Vec<usize>,
    /// Taps of the convolutions, odd.
    pub taps: usize,
    /// Groups of channels that are normalised together.
    pub groups: usize,
    /// Heads of the attention at the coarsest scale.
    pub heads: usize,
}

impl GuidedConfig {
    /// Names of the presets, largest first.
    pub const PRESETS: [&'static str; 4] = ["large", "usual", "plain", "tiny"];

    /// A preset by its name.
    pub fn preset(name: &str) -> Option<Self> {
        let base =
            |form, widths: &[usize], taps| Self { form, widths: widths.to_vec(), taps, groups: 1, heads: 4 };
        match name {
            "large" => Some(base(Form::Full, &[24, 48, 96, 192, 192], 7)),
            "usual" => Some(base(Form::Full, &[16, 32, 64, 128, 128], 7)),
            "plain" => Some(base(Form::Plain, &[16, 32, 64, 128, 128], 7)),
            "tiny" => Some(base(Form::Full, &[4, 8, 8], 3)),
            _ => None,
        }
    }

    /// What is wrong with the settings, if anything.
    pub fn check(&self) -> Result<(), String> {
        check_sizes(&[("groups", self.groups), ("heads", self.heads)])?;
        if !(2..=10).contains(&self.widths.len()) {
            return Err(format!("{} scales: there must be 2 to 10", self.widths.len()));
        }
        for width in &self.widths {
            check_sizes(&[("a width", *width)])?;
            if !width.is_multiple_of(self.groups) {
                return Err(format!("{} groups do not divide {width} channels", self.groups));
            }
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

    /// Points of the axis must be a multiple of this.
    pub fn step(&self) -> usize {
        1 << self.widths.len().saturating_sub(1)
    }

    /// Channels that come in.
    pub fn inputs(&self) -> usize {
        match self.form {
            Form::Plain => 4,
            Form::Full => 12,
        }
    }
}
