//! Everything that decides what a training does; stored in its checkpoints.

use serde::{Deserialize, Serialize};

use crate::nets::{RamixnetConfig, Version};
use crate::solvers::told_count;
use crate::train::LoopSettings;

/// Mixtures in one step, of which so many pass the network at once on each thread.
const BATCH: usize = 64;
const AT_ONCE: usize = 32;
/// Mixtures from one validation to the next.
const VALIDATE_EVERY: u64 = 2048;
/// Mixtures seen for every substance, and at least.
const EACH: u64 = 3000;
const LEAST: u64 = 20_000;

/// Minutes that a training may take where nobody says: for so many substances, and for more.
const MINUTES: f64 = 5.0;
const FEW: usize = 6;
const MINUTES_FOR_MORE: f64 = 15.0;

/// Minutes that a training with so many substances may take where nobody says.
pub fn usual_minutes(substances: usize) -> f64 {
    if substances <= FEW { MINUTES } else { MINUTES_FOR_MORE }
}

/// A training, but for its spectra and its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RamixPlan {
    /// Which of the two networks.
    pub version: Version,
    /// Without the numbers of a fit, as published.
    pub plain: bool,
    /// Name of the model for people; blank for one made of its substances.
    #[serde(default)]
    pub name: String,
    /// Names of the substances.
    pub names: Vec<String>,
    /// Seed of weights, mixtures and dropout.
    pub seed: u64,
    /// Mixtures after which it ends at the latest.
    pub samples: u64,
    /// Validations without a better one after which it ends.
    pub patience: u32,
    /// The loop.
    pub course: LoopSettings,
}

impl RamixPlan {
    /// The usual one.
    pub fn new(version: Version, names: Vec<String>, seed: u64) -> Self {
        let samples = LEAST.max(EACH * names.len() as u64);
        let course = LoopSettings {
            batch: BATCH,
            at_once: AT_ONCE,
            rate: 2e-3,
            warm_up: 20,
            cool_down: samples / 2,
            cool_to: samples,
            average: 0.98,
            patience: 4,
            validate_every: VALIDATE_EVERY,
            ..LoopSettings::default()
        };
        Self { version, plain: false, name: String::new(), names, seed, samples, patience: 8, course }
    }

    /// The same with this many mixtures: the rate falls over the second half.
    #[must_use]
    pub fn with_samples(mut self, samples: u64) -> Self {
        self.samples = samples.max(1);
        (self.course.cool_down, self.course.cool_to) = (self.samples / 2, self.samples);
        self
    }

    /// The network, with room for what goes with its weights once it is trained.
    pub fn network(&self, kept: usize) -> RamixnetConfig {
        let classes = self.names.len();
        let told = if self.plain { 0 } else { told_count(classes) };
        RamixnetConfig { told, kept, ..RamixnetConfig::new(self.version, classes) }
    }
}
