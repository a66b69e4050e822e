//! Everything that decides what a training does; stored in its checkpoints.

use std::path::PathBuf;

use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use super::super::{LoopSettings, TrainError, model_file};
use super::draw::{CarsMixture, POINTS};
use crate::nets::{Rampinn, RampinnConfig, RampinnForm, RampinnLoss};

/// A training, but for its limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CarsPlan {
    /// The network.
    pub network: RampinnConfig,
    /// Name of its preset.
    pub preset: String,
    /// Generators of the spectra.
    pub mixture: CarsMixture,
    /// Parts of the loss.
    pub loss: RampinnLoss,
    /// Spectra of each generator in the validation.
    pub validation: usize,
    /// Weights to begin with.
    pub from: Option<PathBuf>,
    /// Seed of weights and data.
    pub seed: u64,
    /// The loop.
    pub course: LoopSettings,
}

impl CarsPlan {
    /// The usual training of a network.
    pub fn new(network: RampinnConfig, preset: impl Into<String>) -> Self {
        let paper = network.form == RampinnForm::Paper;
        let course = if paper {
            // Specification section 7. Statistics of a batch want some spectra at once.
            LoopSettings {
                batch: 64,
                at_once: 16,
                clip: 1.0,
                validate_every: 20_000,
                ..LoopSettings::default()
            }
        } else {
            LoopSettings {
                batch: 16,
                rate: 2e-3,
                warm_up: 100,
                validate_every: 20_000,
                ..LoopSettings::default()
            }
        };
        Self {
            loss: if paper { RampinnLoss::supervised() } else { RampinnLoss::decibels() },
            mixture: if paper { CarsMixture::Advised } else { CarsMixture::Broad },
            network,
            preset: preset.into(),
            validation: 60,
            from: None,
            seed: 1,
            course,
        }
    }
}

/// The network that a plan begins with.
pub fn first_cars_network(plan: &CarsPlan, device: &Device) -> Result<Rampinn, TrainError> {
    plan.network.check().map_err(TrainError::Asked)?;
    let step = plan.network.step();
    if !POINTS.is_multiple_of(step) {
        let scales = plan.network.widths.len();
        let problem = format!("{scales} scales need a multiple of {step} points, spectra have {POINTS}");
        return Err(TrainError::Asked(problem));
    }
    let net = Rampinn::new(&plan.network, plan.seed, device);
    model_file::filled(net, plan.from.as_deref())
}
