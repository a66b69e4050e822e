//! Stored statistics of trained weights: what each normalisation sees over many spectra.

use burn::tensor::{Device, Tensor};

use super::Ramixnet;
use crate::nets::layers::Statistics;
use crate::nets::ops;
use crate::nets::{Array, WeightsError};

/// Puts the mean statistics of these parts (each `[batch, point]`, rows of `points`) into `arrays`, the weights of
/// `net`. Each part passes the network with its own statistics, as in training.
pub fn share_statistics(
    net: &Ramixnet,
    arrays: &mut [Array],
    parts: &[Vec<f32>],
    points: usize,
    device: &Device,
) -> Result<(), WeightsError> {
    let stages = net.stages().len();
    let mut sums: Vec<(Vec<f64>, Vec<f64>)> = vec![(Vec::new(), Vec::new()); stages];
    for part in parts {
        let rows = part.len() / points.max(1);
        let mut x = Tensor::<1>::from_floats(part.as_slice(), device).reshape([rows, points, 1]);
        for (stage, (means, squares)) in net.stages().iter().zip(&mut sums) {
            let y = stage.conv.forward(x);
            let channels = y.dims()[2];
            let values = y.clone().try_into_data().map_err(|e| WeightsError::Device(format!("{e:?}")))?;
            let values = values.try_to_vec::<f32>().map_err(|e| WeightsError::Device(format!("{e:?}")))?;
            let (mean, variance) = ops::channel_moments(&values, channels);
            means.resize(channels, 0.0);
            squares.resize(channels, 0.0);
            for (((m, s), mean), variance) in means.iter_mut().zip(squares).zip(&mean).zip(&variance) {
                *m += f64::from(*mean);
                *s += f64::from(*variance) + f64::from(*mean).powi(2);
            }
            x = stage.norm.forward(y, Statistics::Batch);
        }
    }
    let count = parts.len().max(1) as f64;
    for (stage, (means, squares)) in sums.into_iter().enumerate() {
        let means: Vec<f64> = means.iter().map(|m| m / count).collect();
        let variances =
            squares.iter().zip(&means).map(|(s, m)| (s / count - m * m).max(0.0) as f32).collect();
        put(arrays, &format!("body.{stage}.norm.mean"), means.iter().map(|m| *m as f32).collect())?;
        put(arrays, &format!("body.{stage}.norm.variance"), variances)?;
    }
    Ok(())
}

fn put(arrays: &mut [Array], name: &str, values: Vec<f32>) -> Result<(), WeightsError> {
    let array = arrays.iter_mut().find(|array| array.name == name && array.values.len() == values.len());
    let array = array.ok_or_else(|| WeightsError::Other(format!("array {name} is missing")))?;
    array.values = values;
    Ok(())
}
