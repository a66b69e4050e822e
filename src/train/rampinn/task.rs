//! What is trained: both answers, by the parts of the loss; judged by decibels and correlation, generator by generator.

use std::ops::Range;

use burn::tensor::{Device, Tensor};

use super::super::task::{Set, Task};
use super::draw::{CarsDraw, CarsExample, POINTS};
use super::plan::CarsPlan;
use crate::nets::{CarsInput, CarsTruth, Physics, Rampinn, RampinnLoss, Retrieved, rampinn_loss};
use crate::synth::Rng;
use crate::synth::cars::{Breadth, CarsPreset, Crowd};

/// Turns the seed of a training into that of its validation.
const CHECKS: u64 = 0xC43C_CA25;
/// Raw decibels of single spectra are told up to here.
const MOST_DB: f64 = 100.0;

/// Generators of the validation, with the columns of decibels and of correlation.
const JUDGED: [(CarsPreset, [&str; 2], [&str; 2]); 6] = [
    (CarsPreset::Mix, ["mix_psnr_db", "mix"], ["mix_r_percent", "mix r"]),
    (CarsPreset::Weak, ["weak_psnr_db", "weak"], ["weak_r_percent", "weak r"]),
    (CarsPreset::Phantom, ["phantom_psnr_db", "phantom"], ["phantom_r_percent", "phantom r"]),
    (CarsPreset::Specnet, ["specnet_psnr_db", "specnet"], ["specnet_r_percent", "specnet r"]),
    (
        CarsPreset::Vector(Breadth::Medium, Crowd::Some),
        ["vector_2b_psnr_db", "vector-2b"],
        ["vector_2b_r_percent", "vector-2b r"],
    ),
    (CarsPreset::Crimson, ["crimson_psnr_db", "crimson"], ["crimson_r_percent", "crimson r"]),
];

/// The training of one plan.
#[derive(Debug)]
pub struct Recovery {
    draw: CarsDraw,
    loss: RampinnLoss,
    seed: u64,
    physics: Physics,
    /// Validation, generator after generator: example and `s`.
    checks: Vec<(CarsExample, f64)>,
    each: usize,
}

impl Recovery {
    /// Makes the validation; `device` is where networks are trained.
    pub fn new(plan: &CarsPlan, device: &Device) -> Self {
        let draw = CarsDraw::new(&plan.network, plan.mixture);
        let seed = plan.seed ^ CHECKS;
        let made = |preset: CarsPreset| {
            let draw = &draw;
            (0..plan.validation as u64).map(move |k| {
                let sample = preset.sample(seed, k);
                (draw.example(&sample, false), sample.scaled().scale)
            })
        };
        let checks = JUDGED.iter().flat_map(|(preset, ..)| made(*preset)).collect();
        Self {
            loss: plan.loss.clone(),
            seed: plan.seed,
            physics: Physics::new(POINTS, &device.clone().autodiff()),
            checks,
            each: plan.validation,
            draw,
        }
    }

    /// Raw decibels of answering nothing, generator by generator: what every network has to beat.
    pub fn zero_db(&self) -> Vec<(&'static str, f64)> {
        let mean = |checks: &[(CarsExample, f64)]| {
            let db =
                |(example, scale): &(CarsExample, f64)| decibels(&vec![0.0; POINTS], &example.raman, *scale);
            checks.iter().map(db).sum::<f64>() / checks.len().max(1) as f64
        };
        let sets = self.checks.chunks(self.each.max(1));
        JUDGED.iter().zip(sets).map(|((preset, ..), checks)| (preset.name(), mean(checks))).collect()
    }
}

impl Task for Recovery {
    type Net = Rampinn;
    type Batch = Vec<CarsExample>;

    fn batch(&self, first: u64, count: usize) -> Vec<CarsExample> {
        (first..first + count as u64).map(|k| self.draw.trained(self.seed, k)).collect()
    }

    fn loss(
        &self,
        net: &Rampinn,
        batch: &Vec<CarsExample>,
        rows: Range<usize>,
        _chance: Rng,
        device: &Device,
    ) -> Tensor<1> {
        let examples: Vec<&CarsExample> = batch[rows].iter().collect();
        let input = input(&examples, device);
        let (answer, pull) = net.forward_training(&input);
        let loss =
            rampinn_loss(&answer, &input.spectra, &truth(&examples, device), &self.physics, &self.loss);
        match pull {
            Some(pull) => loss + pull,
            None => loss,
        }
    }

    fn sets(&self) -> Vec<Set> {
        let mut first = 0;
        let mut set = |[name, label]: [&'static str; 2]| {
            let items = first..first + self.each;
            first = items.end;
            Set { name, label, items }
        };
        let decibels: Vec<Set> = JUDGED.iter().map(|(_, names, _)| set(*names)).collect();
        decibels.into_iter().chain(JUDGED.iter().map(|(.., names)| set(*names))).collect()
    }

    fn judge(&self, net: &Rampinn, items: Range<usize>, device: &Device) -> Result<Vec<f64>, String> {
        let chosen: Vec<&(CarsExample, f64)> =
            items.clone().filter_map(|item| self.checks.get(item % self.checks.len().max(1))).collect();
        let examples: Vec<&CarsExample> = chosen.iter().map(|(example, _)| example).collect();
        let answer = net.forward(&input(&examples, device));
        let data = answer.raman.try_into_data().map_err(|e| format!("the answers cannot be read: {e:?}"))?;
        let values = data.try_to_vec::<f32>().map_err(|e| format!("the answers cannot be read: {e:?}"))?;
        let figure = |((item, found), (example, scale)): ((usize, &[f32]), &&(CarsExample, f64))| {
            if item < self.checks.len() {
                decibels(found, &example.raman, *scale)
            } else {
                100.0 * correlation(found, &example.raman)
            }
        };
        Ok(items.zip(values.chunks(POINTS)).zip(&chosen).map(figure).collect())
    }
}

fn input(examples: &[&CarsExample], device: &Device) -> CarsInput {
    let spectra: Vec<&[f32]> = examples.iter().map(|e| e.input.as_slice()).collect();
    let retrieved: Vec<&Retrieved> = examples.iter().filter_map(|e| e.retrieved.as_ref()).collect();
    CarsInput::new(&spectra, &retrieved, device)
}

fn truth(examples: &[&CarsExample], device: &Device) -> CarsTruth {
    let rows = |each: fn(&CarsExample) -> &[f32]| {
        let values: Vec<f32> = examples.iter().flat_map(|e| each(e).iter().copied()).collect();
        let width = values.len() / examples.len().max(1);
        Tensor::<1>::from_floats(values.as_slice(), device).reshape([examples.len(), width])
    };
    CarsTruth {
        raman: rows(|e| &e.raman),
        background: rows(|e| &e.background),
        weight: rows(|e| std::slice::from_ref(&e.weight)),
    }
}

/// `10 log10(1 / MSE)` of the un-normalised curves; `scale` is `s`.
fn decibels(found: &[f32], truth: &[f32], scale: f64) -> f64 {
    let off = |(a, b): (&f32, &f32)| f64::from(a.clamp(0.0, 1.0) - b).powi(2);
    let mean = found.iter().zip(truth).map(off).sum::<f64>() / truth.len().max(1) as f64;
    (-10.0 * (mean * scale).max(f64::MIN_POSITIVE).log10()).min(MOST_DB)
}

/// Pearson's r; 0 where one of the curves is constant.
fn correlation(a: &[f32], b: &[f32]) -> f64 {
    let mean = |x: &[f32]| x.iter().map(|v| f64::from(*v)).sum::<f64>() / x.len().max(1) as f64;
    let (ma, mb) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (f64::from(*a) - ma, f64::from(*b) - mb);
        ab += a * b;
        aa += a * a;
        bb += b * b;
    }
    let norm = (aa * bb).sqrt();
    if norm > 0.0 { ab / norm } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decibels_are_those_of_the_spectrum_as_measured() {
        // An error of 0.1 everywhere at s = 0.25: 0.05 in the unit of the measurement.
        let found = decibels(&[0.1; 8], &[0.2; 8], 0.25);
        assert!((found - 10.0 * 400.0_f64.log10()).abs() < 1e-4, "{found}");
        assert!((decibels(&[0.2; 8], &[0.2; 8], 1.0) - MOST_DB).abs() < 1e-12);
    }

    #[test]
    fn correlation_knows_shape_not_size() {
        let x = [0.0, 1.0, 0.0, 2.0];
        assert!((correlation(&x, &x.map(|v| 3.0 * v + 1.0)) - 1.0).abs() < 1e-12);
        assert!((correlation(&x, &x.map(|v| -v)) + 1.0).abs() < 1e-12);
        assert!(correlation(&x, &[1.0; 4]).abs() < 1e-12);
    }
}
