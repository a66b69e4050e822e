//! What the network says about a few spectra, as plain numbers.

use burn::tensor::{Device, Tensor, activation};

use super::super::MethodError;
use crate::compute::Stop;
use crate::nets::{Dropout, Ramixnet, Statistics, deviations};
use crate::solvers::{Fitted, told, told_again};
use crate::synth::Rng;

/// Repeated answers that the interval of a dosage comes from; as many as the interval was calibrated with.
const DRAWS: usize = 16;
/// The same answers every time.
const SEED: u64 = 0x4A31;

/// One spectrum.
#[derive(Debug, Clone)]
pub struct Numbers {
    pub odds: Vec<f32>,
    /// Empty from `RaMixNet` I.
    pub dosage: Vec<f32>,
    /// Deviation of repeated answers; empty from `RaMixNet` I.
    pub deviation: Vec<f32>,
    pub distance: f64,
}

/// Asks the network about spectra that were fitted.
pub fn numbers(
    net: &Ramixnet,
    fitted: &[Fitted],
    usual: &[f32],
    classes: usize,
    is_told: bool,
    device: &Device,
) -> Result<Vec<Numbers>, Stop<MethodError>> {
    let rows = fitted.len();
    let Some(points) = fitted.first().map(|f| f.input.len()) else { return Ok(Vec::new()) };
    let tensor =
        |values: &[f32], width: usize| Tensor::<1>::from_floats(values, device).reshape([rows, width]);
    let x: Vec<f32> = fitted.iter().flat_map(|f| f.input.iter().copied()).collect();
    let found = net.features(tensor(&x, points), Statistics::Stored);
    let words = is_told.then(|| {
        let words: Vec<f32> = fitted.iter().flat_map(told).collect();
        tensor(&words, words.len() / rows)
    });
    let answers = net.judge(found.clone(), words.as_ref(), &mut Dropout::none());
    let features = found.try_into_vec_as::<f32>()?;
    let odds = answers.presence.try_into_vec_as::<f32>()?;
    let dosage = match answers.dosage {
        Some(dosage) => activation::sigmoid(dosage).try_into_vec_as::<f32>()?,
        None => Vec::new(),
    };
    let mut again = Vec::new();
    if is_told && !dosage.is_empty() {
        for one in fitted {
            // Each spectrum its own draws: an answer does not depend on what else is asked at once.
            let mut rng = Rng::new(SEED, 1);
            (0..DRAWS).for_each(|_| again.extend(told_again(one, &mut rng)));
        }
    }
    let width = features.len() / rows;
    let mut all = Vec::with_capacity(rows);
    for row in 0..rows {
        let of = |values: &[f32], width: usize| {
            values.get(row * width..(row + 1) * width).unwrap_or_default().to_vec()
        };
        let own = of(&features, width);
        let deviation = if dosage.is_empty() {
            Vec::new()
        } else {
            let said = of(&again, again.len() / rows);
            deviations(net, &own, &said, 1, DRAWS, Rng::new(SEED, 0), device)
                .map_err(|e| Stop::Device(e.to_string()))?
        };
        all.push(Numbers {
            odds: of(&odds, classes),
            dosage: of(&dosage, classes),
            deviation,
            distance: distance(&own, usual),
        });
    }
    Ok(all)
}

/// How far features lie from the usual ones: root mean square in deviations.
fn distance(features: &[f32], usual: &[f32]) -> f64 {
    let Some((mean, deviation)) = usual.split_at_checked(features.len()) else { return 0.0 };
    let square = |((f, m), d): ((&f32, &f32), &f32)| f64::from((f - m) / d).powi(2);
    (features.iter().zip(mean).zip(deviation).map(square).sum::<f64>() / features.len().max(1) as f64).sqrt()
}
