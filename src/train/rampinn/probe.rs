//! What a GPU has to compute as the CPU does before a network for CARS is trained on it.

use burn::tensor::Device;

use super::super::TrainError;
use super::super::flat::{Layout, numbers};
use super::super::task::Task as _;
use super::plan::{CarsPlan, first_cars_network};
use super::task::Recovery;
use crate::compute::Probe;
use crate::nets::{RampinnConfig, RampinnForm};
use crate::synth::Rng;

const BATCH: usize = 2;

/// Gradients of the losses of small networks of both forms, all weights in one.
pub fn cars_training_probe() -> Probe {
    Probe::new("a training step of RamPINN tiny", |device: &Device| {
        let gradients = [RampinnForm::Paper, RampinnForm::Retrieval].map(|form| gradient(form, device));
        let gradients: Result<Vec<Vec<f32>>, TrainError> = gradients.into_iter().collect();
        gradients.map(|all| all.concat()).map_err(|e| e.to_string())
    })
}

fn gradient(form: RampinnForm, device: &Device) -> Result<Vec<f32>, TrainError> {
    let tiny = RampinnConfig::preset("tiny").ok_or_else(|| TrainError::Asked("no preset tiny".into()))?;
    let plan = CarsPlan { validation: 0, ..CarsPlan::new(RampinnConfig { form, ..tiny }, "tiny") };
    let task = Recovery::new(&plan, device);
    let tracked = device.clone().autodiff();
    let net = first_cars_network(&plan, &tracked)?;
    let (layout, _) = Layout::of(&net)?;
    let batch = task.batch(0, BATCH);
    let mut gradients = task.loss(&net, &batch, 0..BATCH, Rng::new(0, 0), &tracked).backward();
    let gradient = numbers(&layout.gradient(&net, &mut gradients, device))?;
    // The forms differ in the size of their losses; each counts by its own largest number.
    let largest = gradient.iter().fold(f32::MIN_POSITIVE, |largest, v| largest.max(v.abs()));
    Ok(gradient.iter().map(|v| v / largest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_give_a_gradient_that_is_not_nothing() {
        for form in [RampinnForm::Paper, RampinnForm::Retrieval] {
            let first = gradient(form, &Device::flex()).unwrap();
            assert!(
                first.iter().all(|v| v.is_finite()) && first.iter().any(|v| (v.abs() - 1.0).abs() < 1e-6)
            );
            assert_eq!(first, gradient(form, &Device::flex()).unwrap());
        }
    }
}
