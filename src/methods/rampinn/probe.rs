//! What a GPU has to compute as the CPU does before networks for CARS run on it.

use burn::tensor::Device;

use super::forward::on_device;
use super::method::model;
use crate::compute::{Probe, Stop};

/// A forward pass of the model that ships.
pub(in crate::methods) fn cars_probe() -> Probe {
    Probe::new("a forward pass of RamPINN", forward_pass)
}

fn forward_pass(device: &Device) -> Result<Vec<f32>, String> {
    let model = model("").map_err(|e| e.to_string())?;
    let net = model.on(device).map_err(|e| e.to_string())?;
    let points = model.card.axis.points;
    // Three lines on a background that rises.
    let at = |i: usize| {
        let u = i as f32 / points as f32;
        let line = |centre: f32, height: f32| {
            let off = (centre - u) / 0.01;
            let scale = height / (off * off + 1.0);
            (scale * off, scale)
        };
        let (re, im) = [line(0.2, 0.3), line(0.5, 0.1), line(0.8, 0.2)]
            .iter()
            .fold((0.6 + 0.2 * u, 0.0), |(re, im), (a, b)| (re + a, im + b));
        re * re + im * im
    };
    let spectrum: Vec<f32> = (0..points).map(at).collect();
    let highest = spectrum.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let input = spectrum.iter().map(|v| v / highest).collect();
    let pairs = on_device(&net, &model.card.architecture, &[input], device).map_err(|stop| match stop {
        Stop::Device(problem) => problem,
        Stop::Job(error) => error.to_string(),
    })?;
    Ok(pairs.into_iter().flat_map(|(raman, background)| [raman, background].concat()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_probe_gives_the_same_finite_numbers_twice_on_the_cpu() {
        let numbers = forward_pass(&Device::flex()).unwrap();
        assert!(numbers.iter().all(|v| v.is_finite()) && numbers.iter().any(|v| v.abs() > 1e-3));
        assert_eq!(numbers, forward_pass(&Device::flex()).unwrap());
    }
}
