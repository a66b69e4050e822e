//! How much dosages vary with neurons left out and with other numbers about the fit.

use burn::tensor::{Device, Tensor, activation};

use super::{DROPOUT_RATE, Ramixnet};
use crate::nets::WeightsError;
use crate::nets::dropout::Dropout;
use crate::synth::Rng;

/// Standard deviations of the dosages over `draws` answers to each of the rows of `features`: `[batch, class]`, flat.
/// `told` has `draws` rows of numbers for every row. Nothing from a network without dosages.
pub fn deviations(
    net: &Ramixnet,
    features: &[f32],
    told: &[f32],
    rows: usize,
    draws: usize,
    rng: Rng,
    device: &Device,
) -> Result<Vec<f32>, WeightsError> {
    if rows == 0 || draws == 0 {
        return Ok(Vec::new());
    }
    let width = features.len() / rows;
    let repeated: Vec<f32> = features
        .chunks_exact(width)
        .flat_map(|row| std::iter::repeat_n(row, draws).flatten().copied())
        .collect();
    let tensor = |values: &[f32]| {
        Tensor::<1>::from_floats(values, device).reshape([rows * draws, values.len() / (rows * draws)])
    };
    let told = (!told.is_empty()).then(|| tensor(told));
    let answers = net.judge(tensor(&repeated), told.as_ref(), &mut Dropout::new(DROPOUT_RATE, rng));
    let Some(dosage) = answers.dosage else { return Ok(Vec::new()) };
    let classes = dosage.dims()[1];
    let all = activation::sigmoid(dosage);
    let all = all.try_into_data().map_err(|e| WeightsError::Device(format!("{e:?}")))?;
    let all = all.try_to_vec::<f32>().map_err(|e| WeightsError::Device(format!("{e:?}")))?;
    let mut out = Vec::with_capacity(rows * classes);
    for row in all.chunks_exact(draws * classes) {
        for class in 0..classes {
            let values = || row.iter().skip(class).step_by(classes).map(|v| f64::from(*v));
            let mean = values().sum::<f64>() / draws as f64;
            let square = values().map(|v| (v - mean).powi(2)).sum::<f64>() / draws as f64;
            out.push(square.sqrt() as f32);
        }
    }
    Ok(out)
}
