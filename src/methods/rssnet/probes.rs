//! What a GPU has to compute as the CPU does before networks run on it.

use burn::module::Module as _;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};

use super::super::rampinn::cars_probe;
use super::forward::on_device;
use super::model::model;
use crate::compute::Probe;
use crate::nets::{Dropout, RssnetConfig, Separator, SeparatorConfig, gradients_of, separation_loss};

/// A forward pass of the model that ships, the gradients of a training step of a small network, and a forward pass of the
/// network for CARS. Handed to
/// [`crate::compute::Compute::prepare`] by whoever prepares the device.
pub fn probes() -> Vec<Probe> {
    vec![
        Probe::new("a forward pass", forward_pass),
        Probe::new("a training step", training_step),
        cars_probe(),
    ]
}

/// Lines on an even axis, always the same.
fn lines(points: usize, places: &[f32]) -> Vec<f32> {
    let line = |x: f32, at: f32| 1.0 / (1.0 + ((x - at) / 0.01).powi(2));
    (0..points).map(|i| places.iter().map(|at| line(i as f32 / points as f32, *at)).sum()).collect()
}

fn forward_pass(device: &Device) -> Result<Vec<f32>, String> {
    let model = model("").map_err(|e| e.to_string())?;
    let net = model.on(device).map_err(|e| e.to_string())?;
    let y = lines(model.card.axis.points, &[0.2, 0.35, 0.6, 0.61, 0.9]);
    on_device(&net, &[y], device).map_err(|e| e.to_string())
}

fn training_step(device: &Device) -> Result<Vec<f32>, String> {
    const POINTS: usize = 64;
    let tiny = RssnetConfig::preset("tiny").ok_or("there is no preset tiny")?;
    let config =
        SeparatorConfig::Rssnet(RssnetConfig { channels: 8, hidden: 16, heads: 2, repeats: 2, ..tiny });
    let device = device.clone().autodiff();
    let net = Separator::new(&config, 1, &device);
    let pure = [lines(POINTS, &[0.2, 0.6]), lines(POINTS, &[0.4, 0.8])];
    let mixed: Vec<f32> = pure[0].iter().zip(&pure[1]).map(|(a, b)| 0.6 * a + 0.4 * b).collect();
    let tensor = |values: &[f32]| Tensor::<1>::from_floats(values, &device);
    let estimates = net.forward(tensor(&mixed).reshape([1, POINTS]), &mut Dropout::none());
    let loss = separation_loss(estimates, tensor(&pure.concat()).reshape([1, 2, POINTS]));
    let gradients = GradientsParams::from_grads(loss.backward(), &net);
    let arrays = gradients_of(&net, &gradients).map_err(|e| e.to_string())?;
    if arrays.len() < net.num_params().min(2) {
        return Err("no gradients came out".to_owned());
    }
    Ok(arrays.into_iter().flat_map(|array| array.values).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_probes_give_the_same_finite_numbers_twice_on_the_cpu() {
        for work in [forward_pass, training_step] {
            let numbers = work(&Device::flex()).unwrap();
            assert!(numbers.len() > 100 && numbers.iter().all(|v| v.is_finite()));
            assert!(numbers.iter().any(|v| v.abs() > 0.0));
            assert_eq!(numbers, work(&Device::flex()).unwrap());
        }
    }
}
