//! Everything that decides what a training does; stored in its checkpoints.

use std::path::PathBuf;

use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use super::{LoopSettings, TrainError, model_file};
use crate::nets::{Design, SeparatorConfig};

/// Where the pure spectra come from and how they are brought together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataPlan {
    /// Library file, folder or table.
    pub library: PathBuf,
    /// More of them, raw: the steps of `preprocessing` are applied to their spectra.
    #[serde(default)]
    pub also: Vec<PathBuf>,
    /// Table with the columns `row` and `split`; without it every spectrum is taken.
    pub splits: Option<PathBuf>,
    /// The split that is trained on.
    pub split: String,
    /// First position of the common axis in cm-1.
    pub low_cm1: f64,
    /// Last position of the common axis in cm-1.
    pub high_cm1: f64,
    /// Positions of the common axis.
    pub points: usize,
    /// Steps applied to the library's spectra first; blank for none.
    pub prepare: String,
    /// Steps that raw spectra will need before the network sees them; blank for none.
    pub preprocessing: String,
    /// Share of the specimens held out for validation.
    pub hold_out: f64,
    /// Whom to cite.
    pub citation: String,
    /// Terms of the data.
    pub licence: String,
}

/// A training, but for its limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Plan<D: Design = SeparatorConfig> {
    /// The network.
    pub network: D,
    /// Name of its preset.
    pub preset: String,
    /// The data.
    pub data: DataPlan,
    /// Mixtures with errors of real instruments.
    pub realistic: bool,
    /// Mixtures of each of the two validation sets.
    pub validation: usize,
    /// Weights to begin with.
    pub from: Option<PathBuf>,
    /// Seed of weights, data and dropout.
    pub seed: u64,
    /// The loop.
    pub course: LoopSettings,
}

/// The network that a plan begins with.
pub fn first_network<D: Design>(plan: &Plan<D>, device: &Device) -> Result<D::Net, TrainError> {
    plan.network.check().map_err(TrainError::Asked)?;
    let step = plan.network.step();
    if !plan.data.points.is_multiple_of(step) {
        let points = plan.data.points;
        let problem =
            format!("{points} points: this network needs a multiple of {step}; choose another --points");
        return Err(TrainError::Asked(problem));
    }
    let net = plan.network.first(plan.seed, device);
    model_file::filled(net, plan.from.as_deref())
}
