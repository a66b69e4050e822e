//! What can be chosen about the network.

use serde::{Deserialize, Serialize};

use crate::nets::sizes::{check_depth, check_sizes};

/// Which of the two networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Version {
    /// Presence alone.
    I,
    /// Presence and dosage.
    II,
}

/// Sizes. [`RamixnetConfig::new`] has those of the specification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "network", rename = "ramixnet")]
pub struct RamixnetConfig {
    /// Which of the two.
    pub version: Version,
    /// Substances.
    pub classes: usize,
    /// Channels of every convolution.
    pub widths: Vec<usize>,
    /// Taps of every convolution, odd.
    pub taps: Vec<usize>,
    /// Bins that the last convolution is averaged over.
    pub bins: usize,
    /// Neurons of a head.
    pub hidden: usize,
    /// Numbers about a fit of the pure spectra that the heads are told besides; the paper's networks are told none.
    pub told: usize,
    /// Points of each pure spectrum that is kept with the weights; 0 for none.
    pub kept: usize,
}

impl RamixnetConfig {
    /// The network of the specification for so many substances.
    pub fn new(version: Version, classes: usize) -> Self {
        Self {
            version,
            classes,
            widths: vec![32, 32, 64, 64, 128],
            taps: vec![15, 11, 7, 5, 3],
            bins: 8,
            hidden: 128,
            told: 0,
            kept: 0,
        }
    }

    /// What is wrong with the sizes, if anything.
    pub fn check(&self) -> Result<(), String> {
        check_sizes(&[("classes", self.classes), ("bins", self.bins), ("hidden", self.hidden)])?;
        check_depth(&[("widths", self.widths.len())])?;
        if self.taps.len() != self.widths.len() {
            return Err(format!("{} widths, but {} numbers of taps", self.widths.len(), self.taps.len()));
        }
        for (width, taps) in self.widths.iter().zip(&self.taps) {
            check_sizes(&[("a width", *width)])?;
            if taps.is_multiple_of(2) || *taps > 63 {
                return Err(format!("{taps} taps: they must be odd, 1 to 63"));
            }
        }
        if self.widths.len() > 10 {
            return Err(format!("{} convolutions: there may be 1 to 10", self.widths.len()));
        }
        if self.told > 1 << 16 || self.kept > 1 << 16 {
            return Err(format!("{} numbers told and {} points kept: at most 65536", self.told, self.kept));
        }
        Ok(())
    }

    /// Fewest points of a spectrum: each convolution halves them.
    pub fn least_points(&self) -> usize {
        1 << self.widths.len()
    }
}
