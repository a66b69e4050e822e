//! What differs between the families of networks that can be trained.

use super::super::Usage;
use super::args::{NetworkArg, SizeArgs};
use super::network;
use crate::bench::paper_si_snri_db;
use crate::nets::{Array, CardCalibration, Design, GuidedConfig, SeparatorConfig};
use crate::train::guided::Guidance;
use crate::train::separator::Separation;
use crate::train::{Crew, Material, Plan, Task, TrainError};

/// Networks with one task.
pub trait Family: Design {
    /// What they are trained for.
    type Job: Task<Net = Self::Net>;

    /// The preset of a network, and the preset's name.
    fn chosen(network: NetworkArg, preset: Option<&str>) -> Result<(Self, String), Usage>;

    /// The network with what the options say otherwise.
    fn changed(self, sizes: &SizeArgs) -> Result<Self, Usage>;

    /// The task of a plan.
    fn job(plan: &Plan<Self>, material: &Material) -> Result<Self::Job, TrainError>;

    /// Mean SI-SNR of the mixtures against their components in dB, and what else is known before training.
    fn opening(job: &Self::Job) -> (f64, Option<String>);

    /// SI-SNRi that the learning curve is extrapolated to.
    fn goal_db(&self) -> Option<f64>;

    /// What stated uncertainties of these weights are to be multiplied by.
    fn calibration(
        job: &Self::Job,
        plan: &Plan<Self>,
        weights: &[Array],
        crew: &Crew,
    ) -> Result<Option<CardCalibration>, TrainError>;
}

impl Family for SeparatorConfig {
    type Job = Separation;

    fn chosen(network: NetworkArg, preset: Option<&str>) -> Result<(Self, String), Usage> {
        network::preset(network, preset)
    }

    fn changed(self, sizes: &SizeArgs) -> Result<Self, Usage> {
        network::changed(self, sizes)
    }

    fn job(plan: &Plan<Self>, material: &Material) -> Result<Separation, TrainError> {
        Separation::new(plan, material)
    }

    fn opening(job: &Separation) -> (f64, Option<String>) {
        (job.input_si_snr_db(), None)
    }

    fn goal_db(&self) -> Option<f64> {
        paper_si_snri_db(self.name())
    }

    fn calibration(
        _: &Separation,
        _: &Plan<Self>,
        _: &[Array],
        _: &Crew,
    ) -> Result<Option<CardCalibration>, TrainError> {
        Ok(None)
    }
}

impl Family for GuidedConfig {
    type Job = Guidance;

    fn chosen(_: NetworkArg, preset: Option<&str>) -> Result<(Self, String), Usage> {
        let name = preset.unwrap_or("usual");
        let config = network::of_preset("guided", name, Self::preset, &Self::PRESETS)?;
        Ok((config, name.to_owned()))
    }

    fn changed(self, sizes: &SizeArgs) -> Result<Self, Usage> {
        network::only_widths("guided", sizes)?;
        let config = Self { widths: sizes.widths.clone().unwrap_or(self.widths), ..self };
        config.check().map_err(|problem| Usage(format!("this network cannot be built: {problem}")))?;
        Ok(config)
    }

    fn job(plan: &Plan<Self>, material: &Material) -> Result<Guidance, TrainError> {
        Guidance::new(plan, material)
    }

    fn opening(job: &Guidance) -> (f64, Option<String>) {
        let [known, other, lacking] = job.candidates_db();
        let words = format!(
            "the search's own components: {known:.2} dB SI-SNRi where the spectra are stored, {other:.2} where others of the \
             substances are, {lacking:.2} where the substances are not"
        );
        (job.input_si_snr_db(), Some(words))
    }

    fn goal_db(&self) -> Option<f64> {
        None
    }

    fn calibration(
        job: &Guidance,
        plan: &Plan<Self>,
        weights: &[Array],
        crew: &Crew,
    ) -> Result<Option<CardCalibration>, TrainError> {
        job.calibration(&plan.network, weights, crew)
    }
}
