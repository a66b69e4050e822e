//! What a GPU has to compute as the CPU does before a network is trained on it.

use burn::tensor::{Device, Tensor};

use super::super::flat::{Layout, numbers};
use crate::compute::Probe;
use crate::nets::{Dropout, RssnetConfig, Separator, SeparatorConfig, WeightsError, separation_loss};
use crate::synth::Rng;

const POINTS: usize = 256;
const BATCH: usize = 2;

/// The gradient of a small network's loss, all weights in one.
pub fn training_probe() -> Probe {
    Probe::new("a training step of RSSNet tiny", |device: &Device| {
        gradient(device).map_err(|e| e.to_string())
    })
}

fn gradient(device: &Device) -> Result<Vec<f32>, super::super::TrainError> {
    let tiny = RssnetConfig::preset("tiny").ok_or_else(|| WeightsError::Other("no preset".into()))?;
    let network = SeparatorConfig::Rssnet(tiny);
    let sources = network.sources();
    let tracked = device.clone().autodiff();
    let net = Separator::new(&network, 1, &tracked);
    let (layout, _) = Layout::of(&net)?;
    let mut rng = Rng::new(1, 1);
    let mut draw = |count: usize| {
        let values: Vec<f32> = (0..count).map(|_| rng.unit() as f32).collect();
        Tensor::<1>::from_floats(values.as_slice(), &tracked)
    };
    let spectra = draw(BATCH * POINTS).reshape([BATCH, POINTS]);
    let references = draw(BATCH * sources * POINTS).reshape([BATCH, sources, POINTS]);
    let loss = separation_loss(net.forward(spectra, &mut Dropout::none()), references);
    let mut gradients = loss.backward();
    numbers(&layout.gradient(&net, &mut gradients, device))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_probe_gives_a_gradient_that_is_not_nothing() {
        let first = gradient(&Device::flex()).unwrap();
        assert_eq!(first.len(), 96_548_usize.next_multiple_of(1024));
        assert!(first.iter().all(|v| v.is_finite()) && first.iter().any(|v| v.abs() > 1e-3));
        assert_eq!(first, gradient(&Device::flex()).unwrap());
    }
}
