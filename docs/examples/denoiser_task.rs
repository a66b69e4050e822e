//! The denoiser's training: one line at a random place, with white noise of a fifth of its height.

use std::ops::Range;

use burn::tensor::{Device, Tensor};

use super::{Set, Task};
use crate::nets::Denoiser;
use crate::synth::Rng;

const POINTS: usize = 64;
/// Validation samples count from here, far behind any training.
const CHECKS: u64 = 1 << 40;

/// Spectra of this seed.
pub struct Denoising {
    pub seed: u64,
}

impl Denoising {
    /// Spectrum `number` with noise, and without.
    fn pair(&self, number: u64) -> [Vec<f32>; 2] {
        let mut rng = Rng::new(self.seed, number);
        let centre = rng.uniform(8.0, 56.0);
        let line = |i: usize| libm::exp(-((i as f64 - centre) / 4.0).powi(2)) as f32;
        let clean: Vec<f32> = (0..POINTS).map(line).collect();
        let noisy = clean.iter().map(|v| v + 0.2 * rng.normal() as f32).collect();
        [noisy, clean]
    }
}

fn tensor<'a>(rows: impl Iterator<Item = &'a Vec<f32>>, device: &Device) -> Tensor<2> {
    let flat: Vec<f32> = rows.flatten().copied().collect();
    Tensor::<1>::from_floats(flat.as_slice(), device).reshape([flat.len() / POINTS, POINTS])
}

impl Task for Denoising {
    type Net = Denoiser;
    type Batch = Vec<[Vec<f32>; 2]>;

    const LOSS: &'static str = "Mean square error";

    fn batch(&self, first: u64, count: usize) -> Self::Batch {
        (first..first + count as u64).map(|number| self.pair(number)).collect()
    }

    fn loss(
        &self,
        net: &Denoiser,
        batch: &Self::Batch,
        rows: Range<usize>,
        _: Rng,
        device: &Device,
    ) -> Tensor<1> {
        let rows = batch.get(rows).unwrap_or_default();
        let answer = net.forward(tensor(rows.iter().map(|[noisy, _]| noisy), device));
        (answer - tensor(rows.iter().map(|[_, clean]| clean), device)).square().mean()
    }

    fn sets(&self) -> Vec<Set> {
        vec![Set { name: "less_noise_db", label: "less noise", items: 0..32 }]
    }

    fn judge(&self, net: &Denoiser, items: Range<usize>, device: &Device) -> Result<Vec<f64>, String> {
        let pairs = self.batch(CHECKS + items.start as u64, items.len());
        let answer = net.forward(tensor(pairs.iter().map(|[noisy, _]| noisy), device)).into_data();
        let values = answer.try_to_vec::<f32>().map_err(|e| format!("the answer cannot be read: {e:?}"))?;
        let power =
            |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>();
        let gain = |([noisy, clean], y): (&[Vec<f32>; 2], &[f32])| power(noisy, clean) / power(y, clean);
        Ok(pairs.iter().zip(values.chunks_exact(POINTS)).map(|p| 10.0 * gain(p).log10()).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::nets::{DenoiserConfig, Design as _};
    use crate::train::{Crew, Limits, LoopSettings, Trainer};

    #[test]
    fn two_hundred_steps_take_half_of_the_noise_off() {
        let folder = tempfile::tempdir().unwrap();
        let config = DenoiserConfig { width: 8, taps: 9 };
        let crew = Crew::of_cpu(Device::flex(), 1).unwrap();
        let net = config.first(1, crew.device());
        let course =
            LoopSettings { rate: 1e-2, average: 0.9, validate_every: 1600, ..LoopSettings::default() };
        let plan = serde_json::to_value(&config).unwrap();
        let mut trainer =
            Trainer::new(&Denoising { seed: 1 }, net, &crew, course, plan, folder.path(), 1).unwrap();
        trainer.run(Limits { steps: Some(200), ..Limits::default() }, Instant::now(), &mut |_| {}).unwrap();
        let gain = trainer.course().last_scores().unwrap()[0];
        assert!(gain > 3.0, "{gain} dB");
    }
}
