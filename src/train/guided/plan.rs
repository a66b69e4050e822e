//! Everything that decides what a guided training does; stored in its checkpoints.

use std::path::PathBuf;

use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use super::super::separator::DataPlan;
use super::super::{LoopSettings, TrainError, files};
use crate::nets::{Guided, GuidedConfig, from_bytes, with_arrays};

/// Largest file of weights read.
const MOST_WEIGHTS: u64 = 1 << 30;

/// A training, but for its limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GuidedPlan {
    /// The network.
    pub network: GuidedConfig,
    /// Name of its preset.
    pub preset: String,
    /// The data.
    pub data: DataPlan,
    /// Mixtures with errors of real instruments.
    pub realistic: bool,
    /// Mixtures of each set of the validation.
    pub validation: usize,
    /// Weights to begin with.
    pub from: Option<PathBuf>,
    /// Seed of weights and data.
    pub seed: u64,
    /// The loop.
    pub course: LoopSettings,
}

/// The network that a plan begins with.
pub fn first_guided(plan: &GuidedPlan, device: &Device) -> Result<Guided, TrainError> {
    plan.network.check().map_err(TrainError::Asked)?;
    let step = plan.network.step();
    if !plan.data.points.is_multiple_of(step) {
        let points = plan.data.points;
        return Err(TrainError::Asked(format!(
            "{points} points: this network needs a multiple of {step}; choose another --points"
        )));
    }
    let net = Guided::new(&plan.network, plan.seed, device);
    let Some(path) = &plan.from else { return Ok(net) };
    let arrays = from_bytes(&files::read(path, MOST_WEIGHTS)?);
    let filled = arrays.and_then(|arrays| with_arrays(net, &arrays));
    filled.map_err(|e| TrainError::file(path, e.to_string()))
}
